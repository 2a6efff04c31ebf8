// What counters and histograms of /metrics show: sums over the totals that every shard keeps, so history is never read.
// Read in two steps, as processors::LiveShard is: the shard stands still only for the first.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "core/histogram.h"
#include "core/series_book.h"
#include "processors/noted_names.h"
#include "processors/shard.h"

namespace app {

/// A histogram's counts by the buckets of its family, the last one for what is above every bound.
class Buckets {
 public:
  static constexpr std::size_t kMost = 17;

  void add(const std::vector<std::int64_t>& bounds, const core::Histogram& histogram, std::int64_t sum_ms);
  void add(const Buckets& other);
  /// As the series of a family with so many bounds shows it.
  struct Value {
    std::array<std::uint64_t, kMost> cumulative;
    std::size_t bounds;
    double sum;
    operator core::HistogramValue() const { return {std::span(cumulative).first(bounds), cumulative[bounds], sum}; }
  };
  Value value(std::size_t bounds) const;

 private:
  std::array<std::int64_t, kMost> counts_{};
  std::int64_t sum_ms_ = 0;
};

struct QueueTotals {
  std::array<std::int64_t, processors::QueueCell::kCounts> counts{};
  Buckets wait, handle;
  std::int64_t operator[](processors::QueueCount c) const { return counts[static_cast<std::size_t>(c)]; }
  void add(const processors::QueueCell& cell);
  void add(const QueueTotals& other);
};

struct LeadTotals {
  std::int64_t created = 0, attempted = 0, contacted = 0;
  Buckets response;
  void add(const processors::LeadCell& cell);
  void add(const LeadTotals& other);
};

struct DealTotals {
  std::int64_t won = 0, lost = 0;
  void add(const processors::DealCell& cell);
  void add(const DealTotals& other) { won += other.won, lost += other.lost; }
};

struct ChatTotals {
  std::int64_t started = 0, responded = 0, missed = 0;
  Buckets first_response;
  void add(const processors::ChatCell& cell);
  void add(const ChatTotals& other);
};

struct LiveTotals {
  using Queue = std::tuple<std::string, std::string, std::string>;
  using Campaign = std::pair<std::string, std::string>;
  boost::unordered_flat_map<Queue, QueueTotals, boost::hash<Queue>> queues;      ///< (client, queue, channel)
  boost::unordered_flat_map<Campaign, LeadTotals, boost::hash<Campaign>> leads;  ///< (client, campaign)
  std::map<std::pair<std::string, std::string>, DealTotals> deals;               ///< (client, currency)
  std::map<Queue, ChatTotals> chats;                                             ///< (client, queue, channel)
};

/// Immutable after construction.
class ShardTotals {
 public:
  /// Reads the shard, which must not be changed meanwhile.
  explicit ShardTotals(processors::Shard& shard);
  /// Does not look at the shard any more.
  void add_to(LiveTotals& totals) const;

 private:
  std::vector<std::pair<processors::CellKey, QueueTotals>> queues_;
  std::vector<std::pair<processors::CellKey, LeadTotals>> leads_;
  std::vector<std::pair<processors::CellKey, DealTotals>> deals_;
  std::vector<std::pair<processors::CellKey, ChatTotals>> chats_;
  processors::NotedNames names_;
};

}  // namespace app
