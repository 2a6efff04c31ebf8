// The families of /metrics: names, help and buckets, as the contract has them (metrics.md, "Prometheus").
#pragma once

#include <cstdint>
#include <vector>

#include "core/series_book.h"

namespace app {

/// Upper bounds of a family's buckets in milliseconds. They lie on the ends of the figures' own bins, so that the
/// count of every bucket is exact.
struct BucketBounds {
  static const std::vector<std::int64_t> kWait, kHandle, kResponse, kChatResponse;
};

/// Every family, registered in a book. Immutable after construction.
struct MetricFamilies {
  explicit MetricFamilies(core::SeriesBook& book);

  // Totals, by client, queue and channel, of leads by client and campaign, of
  // deals by client and currency.
  core::FamilyId offered, answered, abandoned, flowed_out, handled, missed, chats_started, chats_responded,
      chats_missed, first_response, unanswered, oldest_unanswered, mean_first_response, leads_created, leads_attempted,
      leads_contacted, deals_won, deals_lost, wait, handle, response;
  // Now, and by window.
  core::FamilyId waiting, oldest, agents, service_level, abandonment, mean_wait, mean_handle, occupancy, per_hour,
      lead_median;
  // Recovery help of queues with a target.
  core::FamilyId agents_needed, level_expected;
  // The running period of each contract, by client and profile.
  core::FamilyId sla_target, sla_period, sla_projection, sla_misses_left, sla_target_seconds, sla_period_seconds;
  // Alerts that fire, and who has been told.
  core::FamilyId alerts_firing, alerts_waiting, alerts_sent, alerts_refused;
  // The program itself.
  core::FamilyId received, applied, duplicate, conflict, rejected, late, skipped, letters_dropped, as_of, watermark,
      lag, last_commit, commit, flow_pause, build;

  /// Gauges whose series disappear when they no longer apply; those of queues QueueSeries hides.
  std::vector<core::FamilyId> disappearing() const {
    return {agents_needed,      level_expected,     agents,         occupancy,
            per_hour,           lead_median,        watermark,      lag,
            sla_target,         sla_period,         sla_projection, sla_misses_left,
            sla_target_seconds, sla_period_seconds, alerts_firing,  unanswered,
            oldest_unanswered,  mean_first_response};
  }
};

}  // namespace app
