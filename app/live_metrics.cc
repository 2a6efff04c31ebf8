#include "app/live_metrics.h"

#include <limits>

#include <fmt/format.h>

#include "core/timezone_data.h"
#include "processors/figure_rows.h"

namespace app {
namespace {

using core::FamilyId;
using core::MetricType;
using processors::LeadCount;
using processors::QueueCount;

/// Upper bounds in milliseconds that lie on the ends of the figures' own bins, so that bucket counts are exact.
std::vector<std::int64_t> bounds_near(std::initializer_list<std::int64_t> seconds) {
  std::vector<std::int64_t> bounds;
  for (const std::int64_t s : seconds) {
    const core::Bin bin = core::bin_of(s * 1000);
    bounds.push_back(core::bin_lowest(bin) + core::bin_width(bin) - 1);
  }
  return bounds;
}
const std::vector<std::int64_t> kWaitBounds = bounds_near({1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1800, 3600});
const std::vector<std::int64_t> kHandleBounds = bounds_near({10, 30, 60, 120, 180, 300, 450, 600, 900, 1800, 3600, 7200});
const std::vector<std::int64_t> kResponseBounds =
    bounds_near({30, 60, 120, 300, 600, 1800, 3600, 14400, 86400, 604800});

std::vector<double> in_seconds(const std::vector<std::int64_t>& bounds) {
  std::vector<double> seconds;
  for (const auto ms : bounds) seconds.push_back(static_cast<double>(ms) / 1000);
  return seconds;
}

double ratio(std::int64_t numerator, std::int64_t denominator) {
  if (denominator == 0) return std::numeric_limits<double>::quiet_NaN();
  return static_cast<double>(numerator) / static_cast<double>(denominator);
}

/// A family's cells summed over shards, by name.
template <typename CellType, typename TableOf>
std::map<processors::RowKey, CellType> totals(Floor& floor, TableOf&& table_of) {
  std::map<processors::RowKey, CellType> sums;
  for (processors::Shard* shard : floor.shards()) {
    const auto* page = table_of(*shard).totals.page(0);
    if (page == nullptr) continue;
    const auto text = [&](core::NameId id) { return std::string(shard->names().text(id)); };
    page->each([&](const processors::CellKey& key, const CellType& cell) {
      sums[{text(key.a), text(key.b), text(key.c), {}}].merge(cell);
    });
  }
  return sums;
}

/// Cumulative counts of a histogram at bounds that lie on the ends of its bins.
void set_histogram(core::SeriesBook& book, FamilyId family, std::initializer_list<core::Label> labels,
                   const core::Histogram& histogram, std::int64_t sum_ms, const std::vector<std::int64_t>& bounds) {
  std::vector<std::uint64_t> cumulative(bounds.size(), 0);
  std::uint64_t count = 0;
  for (const auto& entry : histogram.bins()) {
    for (std::size_t i = 0; i < bounds.size(); ++i) {
      if (core::bin_lowest(entry.bin) <= bounds[i]) cumulative[i] += static_cast<std::uint64_t>(entry.count);
    }
    count += static_cast<std::uint64_t>(entry.count);
  }
  book.set(family, labels, core::HistogramValue{cumulative, count, static_cast<double>(sum_ms) / 1000});
}

std::string profile_of(const core::FigureConfig& config, const processors::RowKey& key) {
  const auto& sla = config.client(key.a).sla;
  if (!sla) return "default";
  const bool applies = (sla->queues.empty() || sla->queues.contains(key.b)) &&
                       (sla->channels.empty() || sla->channels.contains(key.c));
  return applies ? sla->name : "default";
}

}  // namespace

struct LiveMetrics::Families {
  explicit Families(core::SeriesBook& book) {
    const auto counter = [&](const char* name, const char* help) {
      return book.family({name, help, MetricType::kCounter, {}});
    };
    const auto gauge = [&](const char* name, const char* help) { return book.family({name, help, MetricType::kGauge, {}}); };
    offered = counter("floorwatch_contacts_offered_total", "Queue visits begun.");
    answered = counter("floorwatch_contacts_answered_total", "Queue visits answered.");
    abandoned = counter("floorwatch_contacts_abandoned_total", "Queue visits abandoned; short: within the profile's short_abandon.");
    flowed_out = counter("floorwatch_contacts_flowed_out_total", "Queue visits that left for another reason.");
    handled = counter("floorwatch_contacts_handled_total", "Segments begun.");
    missed = counter("floorwatch_offers_missed_total", "Offers that ended by timeout or rejected.");
    leads_created = counter("floorwatch_leads_created_total", "Leads created.");
    leads_attempted = counter("floorwatch_leads_attempted_total", "Leads with a first attempt by a person.");
    leads_contacted = counter("floorwatch_leads_contacted_total", "Leads with a first contact.");
    wait = book.family({"floorwatch_wait_seconds", "Waits of answered visits.", MetricType::kHistogram, in_seconds(kWaitBounds)});
    handle = book.family({"floorwatch_handle_seconds", "Handle times of completed segments.", MetricType::kHistogram, in_seconds(kHandleBounds)});
    response = book.family({"floorwatch_lead_response_seconds", "From a lead's creation to its first attempt.", MetricType::kHistogram, in_seconds(kResponseBounds)});
    waiting = gauge("floorwatch_contacts_waiting", "Visits that wait now.");
    oldest = gauge("floorwatch_oldest_waiting_timestamp_seconds", "When the longest waiting visit began.");
    agents = gauge("floorwatch_agents", "Agents by state now; queue is empty for all agents of the client.");
    service_level = gauge("floorwatch_service_level_ratio", "Service level of the window by the profile's formula.");
    abandonment = gauge("floorwatch_abandonment_ratio", "Abandoned by offered visits of the window.");
    mean_wait = gauge("floorwatch_mean_wait_seconds", "Mean wait of answered visits of the window.");
    mean_handle = gauge("floorwatch_mean_handle_seconds", "Mean handle time of segments completed in the window.");
    occupancy = gauge("floorwatch_occupancy_ratio", "On contact or in wrap-up by available, on contact or in wrap-up.");
    per_hour = gauge("floorwatch_contacts_per_agent_hour", "Segments begun by staffed hours of the window.");
    lead_median = gauge("floorwatch_lead_response_median_seconds", "Median lead response of the window.");
    received = counter("floorwatch_events_received_total", "Events read: applied, duplicate, rejected and skipped together.");
    applied = counter("floorwatch_events_applied_total", "Events that changed a record.");
    duplicate = counter("floorwatch_events_duplicate_total", "Events that changed nothing.");
    conflict = counter("floorwatch_events_conflict_total", "Events that contradict a milestone.");
    rejected = counter("floorwatch_events_rejected_total", "Dead letters by reason.");
    late = counter("floorwatch_events_late_total", "Events behind the watermark by more than the allowed lateness.");
    skipped = counter("floorwatch_events_skipped_total", "Events of a type that is not known.");
    as_of = gauge("floorwatch_as_of_timestamp_seconds", "The event time for which figures are shown.");
    watermark = gauge("floorwatch_watermark_timestamp_seconds", "Up to here every partition of the source has come.");
    lag = gauge("floorwatch_consumer_lag_events", "Kafka: messages not read yet; files: bytes.");
    last_commit = gauge("floorwatch_last_commit_timestamp_seconds", "When the store was last written.");
    commit = book.family({"floorwatch_commit_seconds", "How long commits took.", MetricType::kHistogram,
                          {Committer::Durations::kBounds.begin(), Committer::Durations::kBounds.end()}});
    build = gauge("floorwatch_build_info", "1, with the program's version.");
  }
  FamilyId offered, answered, abandoned, flowed_out, handled, missed, leads_created, leads_attempted, leads_contacted,
      wait, handle, response, waiting, oldest, agents, service_level, abandonment, mean_wait, mean_handle, occupancy,
      per_hour, lead_median, received, applied, duplicate, conflict, rejected, late, skipped, as_of, watermark, lag,
      last_commit, commit, build;

  std::vector<FamilyId> disappearing() const {
    return {waiting, oldest, agents, service_level, abandonment, mean_wait, mean_handle, occupancy, per_hour, lead_median};
  }
};

LiveMetrics::LiveMetrics(Pipeline& pipeline, LiveMetricsOptions options)
    : pipeline_(pipeline),
      options_(options),
      book_(core::SeriesBookOptions{options.max_series, true}),
      families_(std::make_shared<Families>(book_)) {}

std::shared_ptr<const core::MetricsSnapshot> LiveMetrics::snapshot() {
  pipeline_.read([this](Floor& floor) { fill(floor); });
  for (const FamilyId family : families_->disappearing()) book_.retire_untouched(family);
  return book_.snapshot();
}

void LiveMetrics::fill(Floor& floor) {
  const processors::ReadPoint point = pipeline_.read_point();
  fill_totals(floor);
  fill_program(point);
  if (!pipeline_.progress().as_of) return;
  fill_now(floor, point);
  for (std::size_t w = 0; w < core::kWindowWords.size(); ++w) fill_window(floor, point, static_cast<core::Window>(w));
}

void LiveMetrics::fill_totals(Floor& floor) {
  const Families& f = *families_;
  const auto queues = totals<processors::QueueCell>(floor, [](auto& shard) -> auto& { return shard.book().queues; });
  for (const auto& [key, cell] : queues) {
    const core::Label client{"client", key.a}, queue{"queue", key.b}, channel{"channel", key.c};
    const auto set = [&](FamilyId family, std::int64_t n) {
      book_.set(family, {client, queue, channel}, static_cast<double>(n));
    };
    std::int64_t offered = 0;
    for (std::size_t e = 0; e < core::kEntries; ++e) {
      offered += cell.counts[static_cast<std::size_t>(QueueCount::kOffered) + e];
    }
    set(f.offered, offered);
    set(f.answered, cell[QueueCount::kAnsweredWithin] + cell[QueueCount::kAnsweredLate]);
    set(f.handled, cell[QueueCount::kHandled]);
    set(f.missed, cell[QueueCount::kMissedOffers]);
    const std::int64_t abandoned = cell[QueueCount::kAbandonedWithin] + cell[QueueCount::kAbandonedLate];
    book_.set(f.abandoned, {client, queue, channel, {"short", "true"}}, static_cast<double>(cell[QueueCount::kAbandonedShort]));
    book_.set(f.abandoned, {client, queue, channel, {"short", "false"}}, static_cast<double>(abandoned));
    for (std::size_t r = 0; r < core::kLeaveReasons; ++r) {
      const std::int64_t n = cell.counts[static_cast<std::size_t>(QueueCount::kFlowedOutBy) + r];
      const core::Label reason{"reason", core::kLeaveReasonWords[r]};
      if (n != 0) book_.set(f.flowed_out, {client, queue, channel, reason}, static_cast<double>(n));
    }
    using Sum = processors::QueueSum;
    using Hist = processors::QueueHist;
    set_histogram(book_, f.wait, {client, queue, channel}, cell[Hist::kWaitAnswered], cell[Sum::kWaitAnswered], kWaitBounds);
    set_histogram(book_, f.handle, {client, queue, channel}, cell[Hist::kHandle],
                  cell[Sum::kTalk] + cell[Sum::kHold] + cell[Sum::kWrap], kHandleBounds);
  }
  const auto leads = totals<processors::LeadCell>(floor, [](auto& shard) -> auto& { return shard.book().leads; });
  for (const auto& [key, cell] : leads) {
    const core::Label client{"client", key.a}, campaign{"campaign", key.b};
    book_.set(f.leads_created, {client, campaign}, static_cast<double>(cell[LeadCount::kCreated]));
    book_.set(f.leads_attempted, {client, campaign}, static_cast<double>(cell[LeadCount::kAttempted]));
    book_.set(f.leads_contacted, {client, campaign}, static_cast<double>(cell[LeadCount::kContacted]));
    set_histogram(book_, f.response, {client, campaign}, cell[processors::LeadHist::kResponse],
                  cell[processors::LeadSum::kResponse], kResponseBounds);
  }
}

void LiveMetrics::fill_now(Floor& floor, const processors::ReadPoint& point) {
  const Families& f = *families_;
  struct Waiting {
    std::int64_t n = 0;
    core::EventTime oldest = core::EventTime::max();
  };
  std::map<processors::RowKey, Waiting> waiting;
  std::map<std::tuple<std::string, std::string, std::size_t>, std::int64_t> agents;
  for (processors::Shard* shard : floor.shards()) {
    const auto text = [&](core::NameId id) { return std::string(shard->names().text(id)); };
    // Every queue that ever had a visit shows its zero, so that an empty queue is not an absent one.
    if (const auto* page = shard->book().queues.totals.page(0)) {
      page->each([&](const processors::CellKey& key, const auto&) { waiting[{text(key.a), text(key.b), text(key.c), {}}]; });
    }
    for (const auto* slot : shard->contacts().open()) {
      for (const auto& v : view_of(slot->record, shard->rules(), shard->names()).visits) {
        if (v.outcome != processors::VisitView::Outcome::kOpen) continue;
        if (point.as_of - v.begin > shard->rules().give_up_visit(v.key.c)) continue;
        Waiting& w = waiting[{text(v.key.a), text(v.key.b), text(v.key.c), {}}];
        ++w.n;
        w.oldest = std::min(w.oldest, v.begin);
      }
    }
    for (std::size_t i = 0; i < shard->agents().size(); ++i) {
      const processors::AgentRecord& agent = shard->agents()[i].record;
      const auto* now = agent.current(point.as_of, shard->rules().give_up().agent_state);
      if (now == nullptr) continue;
      const std::string home = agent.home_client() == core::NameId::kNone ? "default" : text(agent.home_client());
      const std::size_t state = core::index(now->state);
      ++agents[{home, "", state}];
      std::string_view queues = shard->names().text(now->queues);
      while (!queues.empty()) {
        const auto end = std::min(queues.find(processors::kQueueSeparator), queues.size());
        ++agents[{home, std::string(queues.substr(0, end)), state}];
        queues.remove_prefix(std::min(end + 1, queues.size()));
      }
    }
  }
  for (const auto& [key, w] : waiting) {
    book_.set(f.waiting, {{"client", key.a}, {"queue", key.b}, {"channel", key.c}}, static_cast<double>(w.n));
    if (w.n == 0) continue;
    book_.set(f.oldest, {{"client", key.a}, {"queue", key.b}, {"channel", key.c}},
              static_cast<double>(core::to_ms(w.oldest)) / 1000);
  }
  for (const auto& [key, n] : agents) {
    const auto& [client, queue, state] = key;
    book_.set(f.agents, {{"client", client}, {"queue", queue}, {"channel", ""}, {"state", core::kAgentStateWords[state]}},
              static_cast<double>(n));
  }
}

void LiveMetrics::fill_window(Floor& floor, const processors::ReadPoint& point, core::Window window) {
  const Families& f = *families_;
  const core::Label label{"window", core::kWindowWords[core::index(window)]};
  core::FigureQuery query;
  query.window = window;
  processors::Placement placement(floor.config(), query, point);
  std::map<std::string, std::int64_t> handled;  // by client
  for (const auto& [key, row] : queue_rows(floor.shards(), placement)) {
    const auto& c = row.cell;
    const core::Label client{"client", key.a}, queue{"queue", key.b}, channel{"channel", key.c};
    const auto set = [&](FamilyId family, double value) {
      if (value == value) book_.set(family, {client, queue, channel, label}, value);
    };
    const double level = ratio(c[QueueCount::kServiceNumerator], c[QueueCount::kServiceDenominator]);
    const std::string profile = profile_of(floor.config(), key);
    if (level == level) book_.set(f.service_level, {client, queue, channel, {"profile", profile}, label}, level);
    std::int64_t offered = 0;
    for (std::size_t e = 0; e < core::kEntries; ++e) offered += c.counts[static_cast<std::size_t>(QueueCount::kOffered) + e];
    set(f.abandonment, ratio(c[QueueCount::kAbandonedShort] + c[QueueCount::kAbandonedWithin] + c[QueueCount::kAbandonedLate], offered));
    using Sum = processors::QueueSum;
    set(f.mean_wait, ratio(c[Sum::kWaitAnswered], c[QueueCount::kAnsweredWithin] + c[QueueCount::kAnsweredLate]) / 1000);
    set(f.mean_handle, ratio(c[Sum::kTalk] + c[Sum::kHold] + c[Sum::kWrap], c[QueueCount::kCompleted]) / 1000);
    handled[key.a] += c[QueueCount::kHandled];
  }

  query.by = core::FigureKey::kAgent;
  std::map<std::string, processors::AgentTimeCell> times;  // by home client
  for (const auto& [key, row] : agent_rows(floor.shards(), placement)) {
    times[key.a].merge(row.time);
    if (!options_.agents) continue;
    const auto& t = row.time;
    using T = processors::TimeSum;
    const double busy = ratio(t[T::kOnContact] + t[T::kWrap], t[T::kAvailable] + t[T::kOnContact] + t[T::kWrap]);
    const double rate = ratio(row.cell[processors::AgentCount::kHandled] * 3'600'000,
                              t[T::kAvailable] + t[T::kRinging] + t[T::kOnContact] + t[T::kWrap]);
    const core::Label client{"client", key.a}, queue{"queue", ""}, channel{"channel", ""}, agent{"agent", key.b};
    if (busy == busy) book_.set(f.occupancy, {client, queue, channel, agent, label}, busy);
    if (rate == rate) book_.set(f.per_hour, {client, queue, channel, agent, label}, rate);
  }
  for (const auto& [client, t] : times) {
    using T = processors::TimeSum;
    const double busy = ratio(t[T::kOnContact] + t[T::kWrap], t[T::kAvailable] + t[T::kOnContact] + t[T::kWrap]);
    const double rate = ratio(handled[client] * 3'600'000, t[T::kAvailable] + t[T::kRinging] + t[T::kOnContact] + t[T::kWrap]);
    if (busy == busy) book_.set(f.occupancy, {{"client", client}, {"queue", ""}, {"channel", ""}, label}, busy);
    if (rate == rate) book_.set(f.per_hour, {{"client", client}, {"queue", ""}, {"channel", ""}, label}, rate);
  }

  for (const auto& [key, row] : lead_rows(floor.shards(), placement)) {
    const auto& responses = row.cell[processors::LeadHist::kResponse];
    if (responses.empty()) continue;
    const auto median = std::min(responses.quantile(500), row.cell.maximum(processors::LeadHist::kResponse).value());
    book_.set(f.lead_median, {{"client", key.a}, {"campaign", key.b}, label}, static_cast<double>(median) / 1000);
  }
}

void LiveMetrics::fill_program(const processors::ReadPoint& point) {
  const Families& f = *families_;
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
  const auto durations = pipeline_.committer().durations();
  book_.set(f.commit, {}, core::HistogramValue{durations.cumulative, durations.count, durations.sum});
  book_.set(f.build, {{"version", FLOORWATCH_VERSION}, {"time_zone_data", core::timezone_data_version()}}, 1);
}

}  // namespace app
