// Counters and histograms of /metrics.
#include "app/live_metrics.h"

namespace app {
namespace {

using core::FamilyId;
using core::Label;
using processors::QueueCount;

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
  totals.wait.set(book, f.wait, {client, queue, channel}, BucketBounds::kWait.size());
  totals.handle.set(book, f.handle, {client, queue, channel}, BucketBounds::kHandle.size());
}

}  // namespace

void LiveMetrics::fill_totals(const LiveTotals& totals) {
  for (const auto& [key, sums] : totals.queues) {
    const auto& [client, queue, channel] = key;
    fill_queue(book_, families_, {"client", client}, {"queue", queue}, {"channel", channel}, sums);
  }
  for (const auto& [key, sums] : totals.leads) {
    const Label client{"client", key.first}, campaign{"campaign", key.second};
    book_.set(families_.leads_created, {client, campaign}, static_cast<double>(sums.created));
    book_.set(families_.leads_attempted, {client, campaign}, static_cast<double>(sums.attempted));
    book_.set(families_.leads_contacted, {client, campaign}, static_cast<double>(sums.contacted));
    sums.response.set(book_, families_.response, {client, campaign}, BucketBounds::kResponse.size());
  }
}

}  // namespace app
