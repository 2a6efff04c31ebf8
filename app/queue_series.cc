#include "app/queue_series.h"

#include <cmath>
#include <type_traits>

#include "app/ratio.h"
#include "app/recovery.h"

namespace app {
namespace {

using core::Label;
using processors::QueueCount;

std::string_view profile_of(const core::FigureConfig& config, const std::string& client, const std::string& queue,
                            const std::string& channel, core::EventTime now) {
  const core::SlaProfile* profile = judging_profile(config, client, queue, channel, now).profile;
  return profile != nullptr ? std::string_view(profile->name) : "default";
}

}  // namespace

QueueSeries::Labels QueueSeries::labels_of(const Key& key) {
  const auto& [client, queue, channel] = key;
  return {{"client", client}, {"queue", queue}, {"channel", channel}};
}

template <typename Value>
void QueueSeries::set(core::FamilyId family, Slot& slot, std::initializer_list<Label> labels, const Value& value) {
  if (slot.slot == Slot::kUnknown) {
    if constexpr (std::is_same_v<Value, double>) {
      if (std::isnan(value)) return;
    }
    const auto id = book_.series(family, labels);
    if (!id) return;
    slot.slot = id->slot;
  }
  book_.set(core::SeriesId{family, slot.slot}, value);
}

void QueueSeries::fill(const LiveTotals& totals) {
  rows_.reserve(totals.queues.size());
  for (const auto& [key, sums] : totals.queues) fill_row(rows_[key], labels_of(key), sums);
}

void QueueSeries::fill_row(Row& row, const Labels& of, const QueueTotals& totals) {
  const MetricFamilies& f = families_;
  const auto count = [&](core::FamilyId family, Slot& slot, std::int64_t n) {
    set(family, slot, {of.client, of.queue, of.channel}, static_cast<double>(n));
  };
  std::int64_t offered = 0;
  for (std::size_t e = 0; e < core::kEntries; ++e) {
    offered += totals.counts[static_cast<std::size_t>(QueueCount::kOffered) + e];
  }
  count(f.offered, row.offered, offered);
  count(f.answered, row.answered, totals[QueueCount::kAnsweredWithin] + totals[QueueCount::kAnsweredLate]);
  count(f.handled, row.handled, totals[QueueCount::kHandled]);
  count(f.missed, row.missed, totals[QueueCount::kMissedOffers]);
  set(f.abandoned, row.abandoned_short, {of.client, of.queue, of.channel, {"short", "true"}},
      static_cast<double>(totals[QueueCount::kAbandonedShort]));
  set(f.abandoned, row.abandoned, {of.client, of.queue, of.channel, {"short", "false"}},
      static_cast<double>(totals[QueueCount::kAbandonedWithin] + totals[QueueCount::kAbandonedLate]));
  for (std::size_t r = 0; r < core::kLeaveReasons; ++r) {
    const std::int64_t n = totals.counts[static_cast<std::size_t>(QueueCount::kFlowedOutBy) + r];
    if (n == 0 && row.flowed_out[r].slot == Slot::kUnknown) continue;
    set(f.flowed_out, row.flowed_out[r], {of.client, of.queue, of.channel, {"reason", core::kLeaveReasonWords[r]}},
        static_cast<double>(n));
  }
  const auto wait = totals.wait.value(BucketBounds::kWait.size()),
             handle = totals.handle.value(BucketBounds::kHandle.size());
  set(f.wait, row.wait, {of.client, of.queue, of.channel}, core::HistogramValue(wait));
  set(f.handle, row.handle, {of.client, of.queue, of.channel}, core::HistogramValue(handle));
}

void QueueSeries::fill(const processors::LiveFigures& figures, const core::FigureConfig& config,
                       core::EventTime as_of) {
  ++round_;
  for (const auto& [key, live] : figures.queues) {
    Row& row = rows_[key];
    row.filled = round_;
    const auto& [client, queue, channel] = key;
    set_profile(row, profile_of(config, client, queue, channel, as_of));
    fill_row(row, labels_of(key), live);
  }
  for (auto& [key, row] : rows_) {
    if (row.filled != round_) hide(row);
  }
}

/// Another profile has come into force: the series of the one before disappear.
void QueueSeries::set_profile(Row& row, std::string_view name) {
  if (row.profile == name) return;
  row.profile = name;
  for (Slot& slot : row.service_level) {
    if (slot.slot != Slot::kUnknown) book_.retire(core::SeriesId{families_.service_level, slot.slot});
    slot = {};
  }
}

void QueueSeries::fill_row(Row& row, const Labels& of, const processors::LiveQueue& live) {
  const MetricFamilies& f = families_;
  const auto& [client, queue, channel] = of;
  set(f.waiting, row.waiting, {client, queue, channel}, static_cast<double>(live.waiting));
  set(f.oldest, row.oldest, {client, queue, channel},
      live.waiting > 0 ? static_cast<double>(core::to_ms(live.oldest)) / 1000 : kNoValue);
  const Label profile{"profile", row.profile};
  for (std::size_t w = 0; w < live.windows.size(); ++w) {
    const processors::QueueSums& s = live.windows[w];
    const Label window{"window", core::kWindowWords[w]};
    set(f.service_level, row.service_level[w], {client, queue, channel, profile, window},
        ratio(s.level_numerator, s.level_denominator));
    set(f.abandonment, row.abandonment[w], {client, queue, channel, window}, ratio(s.abandoned, s.offered));
    set(f.mean_wait, row.mean_wait[w], {client, queue, channel, window}, ratio(s.wait_ms, s.answered) / 1000);
    set(f.mean_handle, row.mean_handle[w], {client, queue, channel, window}, ratio(s.handle_ms, s.completed) / 1000);
  }
}

void QueueSeries::hide(Row& row) {
  const MetricFamilies& f = families_;
  set(f.waiting, row.waiting, {}, kNoValue), set(f.oldest, row.oldest, {}, kNoValue);
  for (std::size_t w = 0; w < processors::kWindows; ++w) {
    set(f.service_level, row.service_level[w], {}, kNoValue), set(f.abandonment, row.abandonment[w], {}, kNoValue);
    set(f.mean_wait, row.mean_wait[w], {}, kNoValue), set(f.mean_handle, row.mean_handle[w], {}, kNoValue);
  }
}

}  // namespace app
