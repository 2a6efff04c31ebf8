// Cells: what facts add up to. Only integers that can be added and subtracted exactly, so order never matters.
//
// Each family of figures has a cell type; a column is an enum value. Adding a column means adding it at the end of its
// enum (the order is the store's format) and giving it facts.
#pragma once

#include <array>
#include <cstdint>

#include "core/event.h"
#include "core/histogram.h"
#include "core/packed.h"
#include "core/wide.h"
#include "processors/maximum.h"

namespace processors {

/// A cell with counts, sums and histograms, each indexed by its enum. `Amount`: of sums.
template <typename Count, typename Sum, typename Hist, typename Amount = std::int64_t>
struct Cell {
  using CountColumn = Count;
  using SumColumn = Sum;
  using HistColumn = Hist;
  static constexpr std::size_t kCounts = static_cast<std::size_t>(Count::kEnd);
  static constexpr std::size_t kSums = static_cast<std::size_t>(Sum::kEnd);
  static constexpr std::size_t kHists = static_cast<std::size_t>(Hist::kEnd);

  std::array<std::int32_t, kCounts> counts{};
  std::array<Amount, kSums> sums{};
  std::array<core::Histogram, kHists> hists;
  std::array<Maximum, kHists> maxima;

  std::int64_t operator[](Count c) const { return counts[static_cast<std::size_t>(c)]; }
  Amount operator[](Sum c) const { return sums[static_cast<std::size_t>(c)]; }
  const core::Histogram& operator[](Hist c) const { return hists[static_cast<std::size_t>(c)]; }
  const Maximum& maximum(Hist c) const { return maxima[static_cast<std::size_t>(c)]; }

  void count(Count c, std::int32_t n) { counts[static_cast<std::size_t>(c)] += n; }
  void sum(Sum c, Amount amount) { sums[static_cast<std::size_t>(c)] += amount; }
  /// `n` times (may be negative) a span of `ms`.
  void span(Hist c, std::int64_t ms, std::int32_t n) {
    hists[static_cast<std::size_t>(c)].add(core::bin_of(ms), n);
    auto& maximum = maxima[static_cast<std::size_t>(c)];
    if (hists[static_cast<std::size_t>(c)].empty()) {
      maximum.reset();
    } else {
      maximum.add(ms, n);
    }
  }

  void merge(const Cell& other) {
    for (std::size_t i = 0; i < kCounts; ++i) counts[i] += other.counts[i];
    for (std::size_t i = 0; i < kSums; ++i) sums[i] += other.sums[i];
    for (std::size_t i = 0; i < kHists; ++i) hists[i].add_all(other.hists[i]), maxima[i].merge(other.maxima[i]);
  }
  bool zero() const {
    for (auto n : counts)
      if (n != 0) return false;
    for (auto n : sums)
      if (n != 0) return false;
    for (const auto& h : hists)
      if (!h.empty()) return false;
    return true;
  }
  /// Whether both show the same figures.
  bool same_as(const Cell& other) const {
    for (std::size_t i = 0; i < kHists; ++i) {
      if (maxima[i].value() != other.maxima[i].value() || maxima[i].lost() != other.maxima[i].lost()) return false;
    }
    return counts == other.counts && sums == other.sums && hists == other.hists;
  }
  bool seeking() const {
    for (const auto& m : maxima)
      if (m.seeking()) return true;
    return false;
  }
  bool maximum_lost() const {
    for (const auto& m : maxima)
      if (m.lost()) return true;
    return false;
  }

  void pack(core::PackedWriter& out) const {
    pack_sparse(out, counts);
    pack_sparse(out, sums);
    for (std::size_t i = 0; i < kHists; ++i) {
      out.number(hists[i].bins().size());
      core::Bin before = 0;
      for (const auto& entry : hists[i].bins()) {
        out.number(static_cast<std::uint64_t>(entry.bin - before)), out.signed_number(entry.count);
        before = entry.bin;
      }
      maxima[i].pack(out);
    }
  }
  void unpack(core::PackedReader& in) {
    *this = Cell{};
    unpack_sparse(in, counts);
    unpack_sparse(in, sums);
    for (std::size_t i = 0; i < kHists; ++i) {
      core::Bin bin = 0;
      for (std::size_t n = in.count(); n > 0; --n) {
        const std::uint64_t step = in.number();
        if (step > std::uint64_t{core::kLastBin} - bin || (step == 0 && !hists[i].empty())) {
          throw core::CorruptState("a histogram's bins are not in order");
        }
        bin = static_cast<core::Bin>(bin + step);
        hists[i].add(bin, unpacked<std::int32_t>(in.signed_number()));
      }
      maxima[i].unpack(in);
    }
  }

 private:
  template <typename Array>
  static constexpr bool kWide = sizeof(typename Array::value_type) > sizeof(std::int64_t);
  template <typename Array>
  static void pack_sparse(core::PackedWriter& out, const Array& values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (values[i] == 0) continue;
      out.number(i + 1);
      if constexpr (kWide<Array>) {
        out.number(static_cast<std::uint64_t>(values[i])),
            out.signed_number(static_cast<std::int64_t>(values[i] >> 64));
      } else {
        out.signed_number(values[i]);
      }
    }
    out.number(0);
  }
  template <typename Array>
  static void unpack_sparse(core::PackedReader& in, Array& values) {
    while (const std::uint64_t place = in.number()) {
      if (place > values.size()) throw core::CorruptState("a cell has a column that this version does not know");
      if constexpr (kWide<Array>) {
        const std::uint64_t low = in.number();
        values[place - 1] = core::Wide{unpacked<std::int64_t>(in.signed_number())} * (core::Wide{1} << 64) + low;
      } else {
        values[place - 1] = unpacked<typename Array::value_type>(in.signed_number());
      }
    }
  }
};

// For families without columns of a kind.
enum class NoCount : std::uint8_t { kEnd };
enum class NoHist : std::uint8_t { kEnd };

/// Visits, segments and offers of a (client, queue, channel).
enum class QueueCount : std::uint8_t {
  kOffered,  ///< four, by Entry
  kAnsweredWithin = kOffered + core::kEntries,
  kAnsweredLate,
  kAbandonedShort,
  kAbandonedWithin,
  kAbandonedLate,
  kFlowedOutWithin,
  kFlowedOutLate,
  kFlowedOutBy,  ///< eleven, by LeaveReason
  kServiceNumerator = kFlowedOutBy + core::kLeaveReasons,
  kServiceDenominator,
  kHandled,
  kCompleted,
  kTransferred,
  kOffers,
  kMissedOffers,
  kDialled,
  kConnected,
  kWaiting,     ///< Overlay only: open visits at as-of.
  kUnfinished,  ///< Overlay only: given-up visits and segments at as-of.
  kEnd,
};
enum class QueueSum : std::uint8_t { kWaitAnswered, kWaitAbandoned, kTalk, kHold, kWrap, kEnd };
enum class QueueHist : std::uint8_t { kWaitAnswered, kWaitAbandoned, kHandle, kEnd };
using QueueCell = Cell<QueueCount, QueueSum, QueueHist>;

/// What an agent did for a client.
enum class AgentCount : std::uint8_t { kHandled, kCompleted, kOffers, kMissedOffers, kEnd };
enum class AgentSum : std::uint8_t { kTalk, kHold, kWrap, kEnd };
using AgentCell = Cell<AgentCount, AgentSum, NoHist>;

/// An agent's time in each state, clock basis, in milliseconds; indexed by core::AgentState. Offline is not kept.
enum class TimeSum : std::uint8_t { kOffline, kAvailable, kRinging, kOnContact, kWrap, kAway, kEnd };
using AgentTimeCell = Cell<NoCount, TimeSum, NoHist>;

/// Leads of a (client, campaign).
enum class LeadCount : std::uint8_t {
  kCreated,
  kAttempted,
  kContacted,
  kWithinTarget,
  kAttempts,        ///< counted attempts
  kAttemptedLeads,  ///< leads with a counted attempt
  kOpen,            ///< Overlay only.
  kEnd,
};
enum class LeadHist : std::uint8_t { kResponse, kContact, kEnd };
enum class LeadSum : std::uint8_t { kResponse, kContact, kEnd };
using LeadCell = Cell<LeadCount, LeadSum, LeadHist>;

/// Deals of a (client, currency). They know no basis: what was opened stands at its opening, what was won or lost at
/// its close.
enum class DealCount : std::uint8_t {
  kOpened,
  kWonOfOpened,  ///< at the opening: those that were won since
  kWon,
  kLost,
  kWonPriced,  ///< with an amount
  kLostPriced,
  kWonCycles,  ///< with an opening
  kLostCycles,
  kProfitKnown,  ///< won, with an amount and every cost that the client asks for
  kLeftStock,    ///< opened and closed: at the later of the two
  kEnd,
};
/// Ten-thousandths of the currency, and milliseconds: one deal's amount may fill 64 bits.
enum class DealSum : std::uint8_t { kWonAmount, kLostAmount, kWonCycle, kLostCycle, kProfit, kProfitOf, kEnd };
enum class DealHist : std::uint8_t { kWonCycle, kEnd };
using DealCell = Cell<DealCount, DealSum, DealHist, core::Wide>;

/// Turns of chats (chat_turns.h) of a (client, queue, channel).
enum class ChatCount : std::uint8_t {
  kStarted,     ///< Chats: first turns.
  kResponded,   ///< Of these, those that an agent answered
  kMissed,      ///< and those that closed before.
  kResponses,   ///< Turns that an agent answered.
  kUnanswered,  ///< Overlay only: turns that wait for an answer at as-of.
  kUnfinished,  ///< Overlay only: those given up.
  kEnd,
};
enum class ChatSum : std::uint8_t { kFirstResponse, kResponse, kEnd };
enum class ChatHist : std::uint8_t { kFirstResponse, kResponse, kEnd };
using ChatCell = Cell<ChatCount, ChatSum, ChatHist>;

/// What an agent answered for a client.
enum class ChatAgentCount : std::uint8_t { kResponded, kResponses, kEnd };
using ChatAgentCell = Cell<ChatAgentCount, ChatSum, NoHist>;

/// What a contract judges, of a (client, profile): sla_facts.h says what goes into the figure.
enum class ContractCount : std::uint8_t {
  kOffered,  ///< visits, segments or leads that began
  kAnsweredWithin,
  kAnsweredLate,
  kAbandonedShort,
  kAbandonedWithin,
  kAbandonedLate,
  kFlowedOutWithin,
  kFlowedOutLate,
  kEnd,
};
enum class ContractSum : std::uint8_t { kNumerator, kDenominator, kEnd };  ///< counts or milliseconds
using ContractCell = Cell<ContractCount, ContractSum, NoHist>;

}  // namespace processors
