// Counters and histograms of /metrics: from the totals that every shard keeps, so history is never read.
#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "app/live_metrics.h"

namespace app {
namespace {

using core::FamilyId;
using core::Label;
using processors::LeadCell;
using processors::LeadCount;
using processors::QueueCell;
using processors::QueueCount;

/// A histogram's counts by bucket, the last one for what is above every bound.
class Buckets {
 public:
  explicit Buckets(const std::vector<std::int64_t>& bounds) : bounds_(&bounds), counts_(bounds.size() + 1, 0) {}
  void add(const core::Histogram& histogram, std::int64_t sum_ms) {
    for (const auto& entry : histogram.bins()) {
      const auto bound = std::lower_bound(bounds_->begin(), bounds_->end(), core::bin_lowest(entry.bin));
      counts_[static_cast<std::size_t>(bound - bounds_->begin())] += entry.count;
    }
    sum_ms_ += sum_ms;
  }
  void set(core::SeriesBook& book, FamilyId family, std::initializer_list<Label> labels) const {
    std::vector<std::uint64_t> cumulative;
    cumulative.reserve(counts_.size());
    std::int64_t count = 0;
    for (const std::int64_t n : counts_) cumulative.push_back(static_cast<std::uint64_t>(count += n));
    cumulative.pop_back();
    book.set(family, labels,
             core::HistogramValue{cumulative, static_cast<std::uint64_t>(count), static_cast<double>(sum_ms_) / 1000});
  }

 private:
  const std::vector<std::int64_t>* bounds_;
  std::vector<std::int64_t> counts_;
  std::int64_t sum_ms_ = 0;
};

struct QueueTotals {
  std::array<std::int64_t, QueueCell::kCounts> counts{};
  Buckets wait{BucketBounds::kWait}, handle{BucketBounds::kHandle};
  std::int64_t operator[](QueueCount c) const { return counts[static_cast<std::size_t>(c)]; }
  void add(const QueueCell& cell) {
    using processors::QueueHist, processors::QueueSum;
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += cell.counts[i];
    wait.add(cell[QueueHist::kWaitAnswered], cell[QueueSum::kWaitAnswered]);
    handle.add(cell[QueueHist::kHandle], cell[QueueSum::kTalk] + cell[QueueSum::kHold] + cell[QueueSum::kWrap]);
  }
};

struct LeadTotals {
  std::int64_t created = 0, attempted = 0, contacted = 0;
  Buckets response{BucketBounds::kResponse};
  void add(const LeadCell& cell) {
    created += cell[LeadCount::kCreated], attempted += cell[LeadCount::kAttempted];
    contacted += cell[LeadCount::kContacted];
    response.add(cell[processors::LeadHist::kResponse], cell[processors::LeadSum::kResponse]);
  }
};

/// A family's totals over all shards, by name.
template <typename Totals, typename FamilyOf>
std::map<std::tuple<std::string, std::string, std::string>, Totals> totals(Floor& floor, FamilyOf&& family_of) {
  std::map<std::tuple<std::string, std::string, std::string>, Totals> sums;
  for (processors::Shard* shard : floor.shards()) {
    const auto* page = std::as_const(family_of(shard->book()).totals).page(0);
    if (page == nullptr) continue;
    const auto text = [&](core::NameId id) { return std::string(shard->names().text(id)); };
    page->each([&](const processors::CellKey& key, const auto& cell) {
      sums[{text(key.a), text(key.b), text(key.c)}].add(cell);
    });
  }
  return sums;
}

void fill_queue(core::SeriesBook& book, const MetricFamilies& f, const Label& client, const Label& queue,
                const Label& channel, const QueueTotals& totals) {
  const auto set = [&](FamilyId family, std::int64_t n) {
    book.set(family, {client, queue, channel}, static_cast<double>(n));
  };
  std::int64_t offered = 0;
  for (std::size_t e = 0; e < core::kEntries; ++e) {
    offered += totals.counts[static_cast<std::size_t>(QueueCount::kOffered) + e];
  }
  set(f.offered, offered);
  set(f.answered, totals[QueueCount::kAnsweredWithin] + totals[QueueCount::kAnsweredLate]);
  set(f.handled, totals[QueueCount::kHandled]);
  set(f.missed, totals[QueueCount::kMissedOffers]);
  const std::int64_t abandoned = totals[QueueCount::kAbandonedWithin] + totals[QueueCount::kAbandonedLate];
  book.set(f.abandoned, {client, queue, channel, {"short", "true"}},
           static_cast<double>(totals[QueueCount::kAbandonedShort]));
  book.set(f.abandoned, {client, queue, channel, {"short", "false"}}, static_cast<double>(abandoned));
  for (std::size_t r = 0; r < core::kLeaveReasons; ++r) {
    const std::int64_t n = totals.counts[static_cast<std::size_t>(QueueCount::kFlowedOutBy) + r];
    const Label reason{"reason", core::kLeaveReasonWords[r]};
    if (n == 0 && !book.has(f.flowed_out, {client, queue, channel, reason})) continue;
    book.set(f.flowed_out, {client, queue, channel, reason}, static_cast<double>(n));
  }
  totals.wait.set(book, f.wait, {client, queue, channel});
  totals.handle.set(book, f.handle, {client, queue, channel});
}

}  // namespace

void LiveMetrics::fill_totals(Floor& floor) {
  for (const auto& [key, sums] : totals<QueueTotals>(floor, [](auto& book) -> auto& { return book.queues; })) {
    const auto& [client, queue, channel] = key;
    fill_queue(book_, families_, {"client", client}, {"queue", queue}, {"channel", channel}, sums);
  }
  for (const auto& [key, sums] : totals<LeadTotals>(floor, [](auto& book) -> auto& { return book.leads; })) {
    const Label client{"client", std::get<0>(key)}, campaign{"campaign", std::get<1>(key)};
    book_.set(families_.leads_created, {client, campaign}, static_cast<double>(sums.created));
    book_.set(families_.leads_attempted, {client, campaign}, static_cast<double>(sums.attempted));
    book_.set(families_.leads_contacted, {client, campaign}, static_cast<double>(sums.contacted));
    sums.response.set(book_, families_.response, {client, campaign});
  }
}

}  // namespace app
