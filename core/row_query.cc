#include "core/row_query.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/query_words.h"

namespace core {
namespace {

constexpr std::size_t kMostRows = 1'000'000;
constexpr std::array<std::string_view, 6> kContactTexts = {"client", "queue",       "channel",
                                                           "agent",  "interaction", "customer"};
constexpr std::array<std::string_view, 5> kLeadTexts = {"client", "campaign", "origin", "agent", "customer"};
constexpr std::array<std::string_view, 5> kDealTexts = {"client", "currency", "product", "agent", "lead"};

using Wrong = std::optional<std::string>;

std::span<const std::string_view> outcomes(RowKind kind) {
  if (kind == RowKind::kLeads) return kLeadOutcomes;
  if (kind == RowKind::kDeals) return kDealOutcomes;
  return kVisitOutcomes;
}

Wrong read_time(const std::string& name, const std::string& word, std::optional<EventTime>& into) {
  into = parse_rfc3339(word);
  if (into) return {};
  return not_a_time(name, word);
}

Wrong read_word(const std::string& name, const std::string& word, std::span<const std::string_view> allowed,
                std::optional<std::string>& into) {
  into = word;
  if (std::ranges::find(allowed, word) != allowed.end()) return {};
  return fmt::format("{}: \"{}\" is not known; allowed: {}", name, word, fmt::join(allowed, ", "));
}

std::string allowed_names(RowKind kind) {
  std::string names = fmt::format("{}, from, to, outcome", fmt::join(row_texts(kind), ", "));
  if (kind == RowKind::kContacts) names += ", class, wait_over";
  return names + ", limit";
}

Wrong read(RowQuery& query, const std::string& name, const std::string& word) {
  const bool contacts = query.kind == RowKind::kContacts;
  if (std::ranges::find(row_texts(query.kind), name) != row_texts(query.kind).end()) {
    query.texts[name] = word;
    return {};
  }
  if (name == "from") return read_time(name, word, query.from);
  if (name == "to") return read_time(name, word, query.to);
  if (name == "outcome") return read_word(name, word, outcomes(query.kind), query.outcome);
  if (name == "class" && contacts) return read_word(name, word, kServiceClasses, query.service_class);
  if (name == "wait_over" && contacts) {
    query.wait_over = parse_duration(word);
    if (query.wait_over) return {};
    return fmt::format("{}: \"{}\" is no duration; allowed: as 20s, 1500ms, 5m", name, word);
  }
  if (name == "limit") {
    query.limit = parse_limit(word, kMostRows);
    if (query.limit) return {};
    return not_a_limit(word, kMostRows);
  }
  return fmt::format("{}: not known; allowed: {}", name, allowed_names(query.kind));
}

}  // namespace

std::span<const std::string_view> row_texts(RowKind kind) {
  if (kind == RowKind::kLeads) return kLeadTexts;
  if (kind == RowKind::kDeals) return kDealTexts;
  return kContactTexts;
}

tl::expected<RowQuery, std::string> parse_row_query(RowKind kind, const std::map<std::string, std::string>& words) {
  RowQuery query;
  query.kind = kind;
  for (const auto& [name, word] : words) {
    if (const Wrong wrong = read(query, name, word)) return tl::unexpected(*wrong);
  }
  if (query.from && query.to && *query.from > *query.to) {
    return tl::unexpected(fmt::format("from: {} is later than to ({}); allowed: from ≤ to", format_rfc3339(*query.from),
                                      format_rfc3339(*query.to)));
  }
  return query;
}

}  // namespace core
