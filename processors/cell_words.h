// The columns of cells in words: for people who compare two of them.
#pragma once

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "core/event.h"
#include "core/row_query.h"
#include "processors/cells.h"

namespace processors {

inline std::string column_word(QueueCount column) {
  const auto at = [&](QueueCount first) { return core::index(column) - core::index(first); };
  if (column < QueueCount::kAnsweredWithin) {
    return fmt::format("offered_{}", core::kEntryWords[at(QueueCount::kOffered)]);
  }
  if (column >= QueueCount::kFlowedOutBy && column < QueueCount::kServiceNumerator) {
    return fmt::format("left_by_{}", core::kLeaveReasonWords[at(QueueCount::kFlowedOutBy)]);
  }
  if (column < QueueCount::kFlowedOutBy) return std::string(core::kServiceClasses[at(QueueCount::kAnsweredWithin)]);
  constexpr std::array<std::string_view, 11> kRest = {
      "service_numerator", "service_denominator", "handled", "completed", "transferred", "offers", "missed_offers",
      "dialled",           "connected",           "waiting", "unfinished"};
  return std::string(kRest[at(QueueCount::kServiceNumerator)]);
}
inline std::string column_word(QueueSum column) {
  constexpr std::array<std::string_view, 5> kWords = {"wait_answered_ms", "wait_abandoned_ms", "talk_ms", "hold_ms",
                                                      "wrap_ms"};
  return std::string(kWords[core::index(column)]);
}
inline std::string column_word(QueueHist column) {
  constexpr std::array<std::string_view, 3> kWords = {"wait_answered", "wait_abandoned", "handle"};
  return std::string(kWords[core::index(column)]);
}
inline std::string column_word(AgentCount column) {
  constexpr std::array<std::string_view, 4> kWords = {"handled", "completed", "offers", "missed_offers"};
  return std::string(kWords[core::index(column)]);
}
inline std::string column_word(AgentSum column) {
  constexpr std::array<std::string_view, 3> kWords = {"talk_ms", "hold_ms", "wrap_ms"};
  return std::string(kWords[core::index(column)]);
}
inline std::string column_word(TimeSum column) {
  return fmt::format("{}_ms", core::kAgentStateWords[core::index(column)]);
}
inline std::string column_word(LeadCount column) {
  constexpr std::array<std::string_view, 7> kWords = {"created",  "attempted",       "contacted", "within_target",
                                                      "attempts", "attempted_leads", "open"};
  return std::string(kWords[core::index(column)]);
}
inline std::string column_word(LeadSum column) {
  constexpr std::array<std::string_view, 2> kWords = {"response_ms", "contact_ms"};
  return std::string(kWords[core::index(column)]);
}
inline std::string column_word(LeadHist column) {
  constexpr std::array<std::string_view, 2> kWords = {"response", "contact"};
  return std::string(kWords[core::index(column)]);
}
inline std::string column_word(ContractCount column) {
  if (column == ContractCount::kOffered) return "offered";
  return std::string(core::kServiceClasses[core::index(column) - core::index(ContractCount::kAnsweredWithin)]);
}
inline std::string column_word(ContractSum column) {
  constexpr std::array<std::string_view, 2> kWords = {"numerator", "denominator"};
  return std::string(kWords[core::index(column)]);
}
inline std::string column_word(DealCount column) {
  constexpr std::array<std::string_view, 10> kWords = {"opened",       "won_of_opened", "won",        "lost",
                                                       "won_priced",   "lost_priced",   "won_cycles", "lost_cycles",
                                                       "profit_known", "left_stock"};
  return std::string(kWords[core::index(column)]);
}
inline std::string column_word(DealSum column) {
  constexpr std::array<std::string_view, 6> kWords = {"won_amount",    "lost_amount", "won_cycle_ms",
                                                      "lost_cycle_ms", "profit",      "profit_of"};
  return std::string(kWords[core::index(column)]);
}
inline std::string column_word(DealHist) { return "won_cycle"; }
inline std::string column_word(ChatCount column) {
  constexpr std::array<std::string_view, 6> kWords = {"started",   "responded",  "missed",
                                                      "responses", "unanswered", "unfinished"};
  return std::string(kWords[core::index(column)]);
}
inline std::string column_word(ChatAgentCount column) {
  constexpr std::array<std::string_view, 2> kWords = {"responded", "responses"};
  return std::string(kWords[core::index(column)]);
}
inline std::string column_word(ChatSum column) {
  constexpr std::array<std::string_view, 2> kWords = {"first_response_ms", "response_ms"};
  return std::string(kWords[core::index(column)]);
}
inline std::string column_word(ChatHist column) {
  constexpr std::array<std::string_view, 2> kWords = {"first_response", "response"};
  return std::string(kWords[core::index(column)]);
}
inline std::string column_word(NoCount) { return {}; }
inline std::string column_word(NoHist) { return {}; }

/// "handled 3, not 4; talk_ms 5000, not 7000".
template <typename Count, typename Sum, typename Hist, typename Amount>
std::string differing_columns(const Cell<Count, Sum, Hist, Amount>& cell, const Cell<Count, Sum, Hist, Amount>& other) {
  std::string text;
  const auto add = [&](const std::string& word, auto now, auto then) {
    if (now != then) text += fmt::format("{}{} {}, not {}", text.empty() ? "" : "; ", word, now, then);
  };
  for (std::size_t i = 0; i < cell.kCounts; ++i) {
    add(column_word(static_cast<Count>(i)), cell.counts[i], other.counts[i]);
  }
  for (std::size_t i = 0; i < cell.kSums; ++i) add(column_word(static_cast<Sum>(i)), cell.sums[i], other.sums[i]);
  for (std::size_t i = 0; i < cell.kHists; ++i) {
    const std::string word = column_word(static_cast<Hist>(i));
    add("longest_" + word + "_ms", cell.maxima[i].value(), other.maxima[i].value());
    std::map<core::Bin, std::pair<std::int64_t, std::int64_t>> bins;
    for (const auto& bin : cell.hists[i].bins()) bins[bin.bin].first = bin.count;
    for (const auto& bin : other.hists[i].bins()) bins[bin.bin].second = bin.count;
    for (const auto& [bin, counts] : bins) add(fmt::format("{}_bin_{}", word, bin), counts.first, counts.second);
  }
  return text;
}

}  // namespace processors
