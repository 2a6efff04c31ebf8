#include "app/live_metrics.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "app/alerting.h"
#include "app/ratio.h"
#include "app/recovery.h"
#include "core/timezone_data.h"
#include "processors/live_shard.h"

namespace app {
namespace {

using core::FamilyId;
using core::Label;

/// So long a scrape goes on from shard to shard before the pipeline has its next turn.
constexpr std::chrono::milliseconds kTurn{2};
constexpr std::int64_t kMsPerHour = 3'600'000;

Label window_label(std::size_t window) { return {"window", core::kWindowWords[window]}; }

}  // namespace

LiveMetrics::LiveMetrics(Pipeline& pipeline, LiveMetricsOptions options)
    : pipeline_(pipeline),
      options_(options),
      book_(core::SeriesBookOptions{options.max_series, true}),
      families_(book_),
      queues_(book_, families_) {}

std::shared_ptr<const core::MetricsSnapshot> LiveMetrics::snapshot() {
  const std::lock_guard lock(mutex_);
  std::size_t shards = 0;
  bool any_event = false;
  pipeline_.read([&](Floor& floor) {
    fill_program(pipeline_.read_point());
    fill_alerts();
    any_event = pipeline_.progress().as_of.has_value();
    shards = floor.shards().size();
  });
  fill_totals(shards);
  if (any_event) fill_figures(shards), fill_contracts();
  for (const FamilyId family : families_.disappearing()) book_.retire_untouched(family);
  return book_.snapshot();
}

void LiveMetrics::each_shard(std::size_t shards, const std::function<void(Floor&, std::size_t)>& take,
                             const std::function<void()>& put_together) {
  using Clock = std::chrono::steady_clock;
  for (std::size_t next = 0; next < shards;) {
    pipeline_.read([&](Floor& floor) {
      const auto begin = Clock::now();
      do take(floor, next++);
      while (next < shards && Clock::now() - begin < kTurn);
    });
    put_together();
  }
}

void LiveMetrics::fill_totals(std::size_t shards) {
  LiveTotals totals;
  totals.queues.reserve(queues_.size());
  std::vector<ShardTotals> parts;
  each_shard(
      shards, [&](Floor& floor, std::size_t s) { parts.emplace_back(*floor.shards()[s]); },
      [&] {
        for (const ShardTotals& part : parts) part.add_to(totals);
        parts.clear();
      });
  queues_.fill(totals);
  fill_leads(totals);
  fill_chats(totals);
  for (const auto& [key, sums] : totals.deals) {
    const Label client{"client", key.first}, currency{"currency", key.second};
    book_.set(families_.deals_won, {client, currency}, static_cast<double>(sums.won));
    book_.set(families_.deals_lost, {client, currency}, static_cast<double>(sums.lost));
  }
}

void LiveMetrics::fill_figures(std::size_t shards) {
  processors::LiveFigures figures;
  figures.queues.reserve(queues_.size());
  const core::FigureConfig* config = nullptr;  // the floor's for as long as there is a pipeline
  core::EventTime as_of{};
  std::vector<processors::LiveShard> parts;
  each_shard(
      shards,
      [&](Floor& floor, std::size_t s) {
        config = &floor.config();
        const processors::ReadPoint point = pipeline_.read_point();
        as_of = point.as_of;
        parts.emplace_back(*floor.shards()[s], floor.config(), point,
                           processors::LiveScope{.each_agent = options_.agents});
      },
      [&] {
        for (const processors::LiveShard& part : parts) part.add_to(figures);
        parts.clear();
      });
  queues_.fill(figures, *config, as_of);
  fill_chats(figures);
  fill_agents(figures);
  fill_campaigns(figures);
  if (config->any_profile()) fill_recovery(figures, *config, as_of);
}

void LiveMetrics::set(FamilyId family, std::initializer_list<Label> labels, double value) {
  if (!std::isnan(value)) book_.set(family, labels, value);
}

void LiveMetrics::fill_leads(const LiveTotals& totals) {
  const MetricFamilies& f = families_;
  for (const auto& [key, sums] : totals.leads) {
    const Label client{"client", key.first}, campaign{"campaign", key.second};
    book_.set(f.leads_created, {client, campaign}, static_cast<double>(sums.created));
    book_.set(f.leads_attempted, {client, campaign}, static_cast<double>(sums.attempted));
    book_.set(f.leads_contacted, {client, campaign}, static_cast<double>(sums.contacted));
    const auto response = sums.response.value(BucketBounds::kResponse.size());
    book_.set(f.response, {client, campaign}, core::HistogramValue(response));
  }
}

void LiveMetrics::fill_chats(const LiveTotals& totals) {
  const MetricFamilies& f = families_;
  for (const auto& [key, sums] : totals.chats) {
    chat_queues_.insert(key);
    const Label client{"client", std::get<0>(key)}, queue{"queue", std::get<1>(key)},
        channel{"channel", std::get<2>(key)};
    book_.set(f.chats_started, {client, queue, channel}, static_cast<double>(sums.started));
    book_.set(f.chats_responded, {client, queue, channel}, static_cast<double>(sums.responded));
    book_.set(f.chats_missed, {client, queue, channel}, static_cast<double>(sums.missed));
    const auto first_response = sums.first_response.value(BucketBounds::kChatResponse.size());
    book_.set(f.first_response, {client, queue, channel}, core::HistogramValue(first_response));
  }
}

/// Of queues that have had a chat.
void LiveMetrics::fill_chats(const processors::LiveFigures& figures) {
  const MetricFamilies& f = families_;
  for (const auto& [key, live] : figures.queues) {
    const Label client{"client", std::get<0>(key)}, queue{"queue", std::get<1>(key)},
        channel{"channel", std::get<2>(key)};
    if (!chat_queues_.contains(key)) {
      if (live.unanswered == 0) continue;
      chat_queues_.insert(key);
    }
    book_.set(f.unanswered, {client, queue, channel}, static_cast<double>(live.unanswered));
    set(f.oldest_unanswered, {client, queue, channel},
        live.unanswered > 0 ? static_cast<double>(core::to_ms(live.oldest_unanswered)) / 1000 : kNoValue);
    for (std::size_t w = 0; w < live.windows.size(); ++w) {
      const processors::QueueSums& s = live.windows[w];
      set(f.mean_first_response, {client, queue, channel, window_label(w)},
          ratio(s.first_response_ms, s.responded) / 1000);
    }
  }
}

void LiveMetrics::fill_agents(const processors::LiveFigures& figures) {
  const MetricFamilies& f = families_;
  for (const auto& [key, n] : figures.agents_by_state) {
    const auto& [client, queue, state] = key;
    set(f.agents, {{"client", client}, {"queue", queue}, {"state", core::kAgentStateWords[core::index(state)]}},
        static_cast<double>(n));
  }
  const auto fill_time = [&](const Label& client, const Label& agent, const auto& windows) {
    for (std::size_t w = 0; w < windows.size(); ++w) {
      const processors::AgentSums& s = windows[w];
      set(f.occupancy, {client, agent, window_label(w)}, ratio(s.busy_ms(), s.working_ms()));
      set(f.per_hour, {client, agent, window_label(w)}, ratio(s.handled * kMsPerHour, s.staffed_ms()));
    }
  };
  for (const auto& [client, windows] : figures.clients) fill_time({"client", client}, {"agent", ""}, windows);
  for (const auto& [key, windows] : figures.agents) fill_time({"client", key.first}, {"agent", key.second}, windows);
}

void LiveMetrics::fill_campaigns(const processors::LiveFigures& figures) {
  for (const auto& [key, windows] : figures.campaigns) {
    for (std::size_t w = 0; w < windows.size(); ++w) {
      if (windows[w].responses.empty()) continue;
      const auto median = std::min(windows[w].responses.quantile(500), windows[w].longest.value());
      set(families_.lead_median, {{"client", key.first}, {"campaign", key.second}, window_label(w)},
          static_cast<double>(median) / 1000);
    }
  }
}

void LiveMetrics::fill_recovery(const processors::LiveFigures& figures, const core::FigureConfig& config,
                                core::EventTime as_of) {
  using State = core::AgentState;
  for (const auto& [key, live] : figures.queues) {
    const auto& [client, queue, channel] = key;
    const core::SlaVersion* version = judging_profile(config, client, queue, channel, as_of).version;
    if (version == nullptr) continue;
    const auto staffed =
        processors::agents_of(figures, queue, {State::kAvailable, State::kRinging, State::kOnContact, State::kWrap});
    const auto recovery = recovery_of(live, *version, staffed);
    if (!recovery) continue;
    const std::initializer_list<Label> labels = {{"client", client}, {"queue", queue}, {"channel", channel}};
    if (recovery->needed) set(families_.agents_needed, labels, *recovery->needed);
    if (recovery->expected) set(families_.level_expected, labels, *recovery->expected);
  }
}

void LiveMetrics::fill_contracts() {
  std::vector<processors::ContractFigure> figures;
  pipeline_.read([&](Floor& floor) {
    if (!floor.config().any_profile()) return;
    try {
      processors::ContractReader reader(floor.shards(), floor.config(), pipeline_.read_point(),
                                        processors::ContractReader::Reach::kRunning, &known_days_);
      figures = reader.running();
    } catch (const core::ArchiveFailure& failure) {  // Their series are absent; all others need no archive.
      if (!std::exchange(contracts_failed_, true)) spdlog::error("contracts are not on /metrics: {}", failure.what());
      return;
    }
    contracts_failed_ = false;
  });
  for (const processors::ContractFigure& figure : figures) {
    const Label client{"client", figure.client}, profile{"profile", figure.profile};
    const auto of = [](const processors::Fraction& f) {
      return f.any() ? ratio(f.numerator, f.denominator) : kNoValue;
    };
    const auto& by = figure.by;
    const double unit = by.share ? static_cast<double>(core::kWhole) : 1000;  // ms
    const MetricFamilies& f = families_;
    if (by.target)
      set(by.share ? f.sla_target : f.sla_target_seconds, {client, profile}, static_cast<double>(*by.target) / unit);
    if (!by.share) {
      set(f.sla_period_seconds, {client, profile}, of(figure.figure) / 1000);
      continue;
    }
    set(f.sla_period, {client, profile}, of(figure.figure));
    if (figure.rest) set(f.sla_projection, {client, profile}, of(figure.projected()));
    const auto left = processors::misses_left(figure.figure, figure.rest ? figure.rest->denominator : 0, by);
    if (left) set(f.sla_misses_left, {client, profile}, static_cast<double>(*left));
  }
}

void LiveMetrics::fill_alerts() {
  Alerting* const alerting = pipeline_.alerting();
  if (alerting == nullptr) return;
  for (const auto& [key, alert] : alerting->desk().open()) {
    book_.set(families_.alerts_firing,
              {{"client", key.client},
               {"profile", key.profile},
               {"alert", key.name},
               {"queue", key.queue},
               {"severity", alert.severity}},
              1);
  }
  const AlertCounts counts = alerting->counts();
  for (const auto& [channel, n] : counts.waiting) {
    book_.set(families_.alerts_waiting, {{"channel", channel}}, static_cast<double>(n));
  }
  for (const auto& [channel, n] : counts.sent) {
    book_.set(families_.alerts_sent, {{"channel", channel}}, static_cast<double>(n));
  }
  for (const auto& [channel, n] : counts.refused) {
    book_.set(families_.alerts_refused, {{"channel", channel}}, static_cast<double>(n));
  }
}

void LiveMetrics::fill_program(const processors::ReadPoint& point) {
  const MetricFamilies& f = families_;
  const core::Progress& progress = pipeline_.progress();
  for (const auto& [source, c] : progress.counts) {
    const core::Label label{"source", source};
    const auto set = [&](FamilyId family, std::uint64_t n) { book_.set(family, {label}, static_cast<double>(n)); };
    set(f.received, c.received), set(f.applied, c.applied), set(f.duplicate, c.duplicate), set(f.skipped, c.skipped);
    set(f.conflict, c.conflict), set(f.late, c.late);
    for (const auto& [reason, n] : c.rejected_by) {
      book_.set(f.rejected, {label, {"reason", reason}}, static_cast<double>(n));
    }
  }
  for (const auto& [source, time] : pipeline_.source_watermarks()) {
    book_.set(f.watermark, {{"source", source}}, static_cast<double>(core::to_ms(time)) / 1000);
  }
  for (const auto& [source, lag] : pipeline_.source_lag()) book_.set(f.lag, {{"source", source}}, static_cast<double>(lag));
  if (progress.as_of) book_.set(f.as_of, {}, static_cast<double>(core::to_ms(point.as_of)) / 1000);
  if (const auto at = pipeline_.committer().last_commit()) {
    book_.set(f.last_commit, {}, static_cast<double>(core::to_ms(*at)) / 1000);
  }
  book_.set(f.letters_dropped, {}, static_cast<double>(pipeline_.committer().dead_letters_dropped()));
  const auto set_durations = [&](FamilyId family, const Durations& d) {
    book_.set(family, {}, core::HistogramValue{d.cumulative, d.count, d.sum});
  };
  set_durations(f.commit, pipeline_.committer().durations());
  set_durations(f.flow_pause, pipeline_.pauses());
  book_.set(f.build, {{"version", FLOORWATCH_VERSION}, {"time_zone_data", core::timezone_data_version()}}, 1);
}

}  // namespace app
