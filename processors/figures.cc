#include "processors/figures.h"

#include <algorithm>
#include <array>
#include <set>
#include <span>

#include "processors/figure_rows.h"

namespace processors {
namespace {

using core::Fixed;
using core::Value;
using Cells = std::vector<Value>;

constexpr std::int64_t kMsPerHour = 3'600'000;

// ---- values: all rounding of figures happens here, from integers ----

Value seconds(std::int64_t ms) { return Fixed{ms, 3}; }
/// Σ ms / n in seconds with 3 decimals: milliseconds rounded half up.
Value mean_seconds(std::int64_t sum_ms, std::int64_t n) {
  if (n == 0) return {};
  return Fixed{core::ratio(sum_ms, n, 0).value, 3};
}
Value quotient(std::int64_t numerator, std::int64_t denominator) {
  if (denominator == 0) return {};
  return core::ratio(numerator, denominator, 6);
}
Value quantile(const core::Histogram& histogram, const Maximum& maximum, int per_mille) {
  if (histogram.empty()) return {};
  return seconds(std::min(histogram.quantile(per_mille), maximum.value()));
}
Value maximum_of(const core::Histogram& histogram, const Maximum& maximum) {
  if (histogram.empty()) return {};
  return seconds(maximum.value());
}

// ---- columns ----

const std::vector<std::string> kQueueColumns = {
    "offered",          "answered",        "abandoned",      "abandoned_short",   "flowed_out",       "answered_within",
    "service_level",    "abandonment_rate", "mean_wait_s",   "p50_wait_s",        "p90_wait_s",       "max_wait_s",
    "handled",          "mean_handle_s",   "p90_handle_s",   "mean_talk_s",       "mean_hold_s",      "mean_wrap_s",
    "answered_late",    "abandoned_within", "abandoned_late", "flowed_out_within", "flowed_out_late", "waiting",
    "unfinished",       "missed_offers",   "p80_wait_s",     "p95_wait_s",        "p99_wait_s"};

void queue_values(const QueueRow& row, Cells& out) {
  const QueueCell& c = row.cell;
  using C = QueueCount;
  std::int64_t offered = 0;
  for (std::size_t e = 0; e < core::kEntries; ++e) offered += c.counts[static_cast<std::size_t>(C::kOffered) + e];
  const std::int64_t answered = c[C::kAnsweredWithin] + c[C::kAnsweredLate];
  const std::int64_t abandoned = c[C::kAbandonedShort] + c[C::kAbandonedWithin] + c[C::kAbandonedLate];
  const std::int64_t talk = c[QueueSum::kTalk], hold = c[QueueSum::kHold], wrap = c[QueueSum::kWrap];
  const std::int64_t completed = c[C::kCompleted];
  const auto wait = [&](int per_mille) {
    return quantile(c[QueueHist::kWaitAnswered], c.maximum(QueueHist::kWaitAnswered), per_mille);
  };
  const Cells values = {
      offered, answered, abandoned, c[C::kAbandonedShort], c[C::kFlowedOutWithin] + c[C::kFlowedOutLate],
      c[C::kAnsweredWithin], quotient(c[C::kServiceNumerator], c[C::kServiceDenominator]),
      quotient(abandoned, offered), mean_seconds(c[QueueSum::kWaitAnswered], answered), wait(500), wait(900),
      maximum_of(c[QueueHist::kWaitAnswered], c.maximum(QueueHist::kWaitAnswered)), c[C::kHandled],
      mean_seconds(talk + hold + wrap, completed),
      quantile(c[QueueHist::kHandle], c.maximum(QueueHist::kHandle), 900), mean_seconds(talk, completed),
      mean_seconds(hold, completed), mean_seconds(wrap, completed), c[C::kAnsweredLate], c[C::kAbandonedWithin],
      c[C::kAbandonedLate], c[C::kFlowedOutWithin], c[C::kFlowedOutLate], c[C::kWaiting], c[C::kUnfinished],
      c[C::kMissedOffers], wait(800), wait(950), wait(990)};
  out.insert(out.end(), values.begin(), values.end());
}

const std::vector<std::string> kAgentColumns = {
    "handled", "contacts_per_hour", "mean_handle_s", "offers",    "missed_offers", "talk_s",       "hold_s",    "wrap_s",
    "available_s", "away_s",        "occupancy",     "ringing_s", "on_contact_s",  "wrap_state_s", "staffed_s"};

void agent_values(const AgentRow& row, Cells& out) {
  const AgentCell& c = row.cell;
  const AgentTimeCell& t = row.time;
  const std::int64_t available = t[TimeSum::kAvailable], on_contact = t[TimeSum::kOnContact], wrap = t[TimeSum::kWrap];
  const std::int64_t staffed = available + t[TimeSum::kRinging] + on_contact + wrap;
  const std::int64_t handle = c[AgentSum::kTalk] + c[AgentSum::kHold] + c[AgentSum::kWrap];
  const Cells values = {c[AgentCount::kHandled],
                        quotient(c[AgentCount::kHandled] * kMsPerHour, staffed),
                        mean_seconds(handle, c[AgentCount::kCompleted]),
                        c[AgentCount::kOffers],
                        c[AgentCount::kMissedOffers],
                        seconds(c[AgentSum::kTalk]),
                        seconds(c[AgentSum::kHold]),
                        seconds(c[AgentSum::kWrap]),
                        seconds(available),
                        seconds(t[TimeSum::kAway]),
                        quotient(on_contact + wrap, available + on_contact + wrap),
                        seconds(t[TimeSum::kRinging]),
                        seconds(on_contact),
                        seconds(wrap),
                        seconds(staffed)};
  out.insert(out.end(), values.begin(), values.end());
}

const std::vector<std::string> kLeadColumns = {"created",          "attempted",         "contacted", "median_response_s",
                                               "p90_response_s",   "within_target",     "median_contact_s",
                                               "attempts_per_lead", "open",             "oldest_open_s"};

struct LeadValues {
  core::Basis basis;
  core::EventTime as_of;
  void operator()(const LeadRow& row, Cells& out) const {
    const LeadCell& c = row.cell;
    const auto response = [&](int per_mille) {
      return quantile(c[LeadHist::kResponse], c.maximum(LeadHist::kResponse), per_mille);
    };
    const std::int64_t all = basis == core::Basis::kEvent ? c[LeadCount::kAttempted] : c[LeadCount::kCreated];
    const Cells values = {c[LeadCount::kCreated],
                          c[LeadCount::kAttempted],
                          c[LeadCount::kContacted],
                          response(500),
                          response(900),
                          quotient(c[LeadCount::kWithinTarget], all),
                          quantile(c[LeadHist::kContact], c.maximum(LeadHist::kContact), 500),
                          quotient(c[LeadCount::kAttempts], c[LeadCount::kAttemptedLeads]),
                          c[LeadCount::kOpen],
                          row.oldest_open ? seconds((as_of - *row.oldest_open).count()) : Value{}};
    out.insert(out.end(), values.begin(), values.end());
  }
};

// ---- tables ----

std::string status_word(Status status) {
  return status == Status::kLive ? "live" : status == Status::kProvisional ? "provisional" : "final";
}

/// RFC 3339 with whole seconds, in UTC or by the clock of the query's zone.
class TimeWords {
 public:
  explicit TimeWords(const core::FigureQuery& query)
      : zone_(query.timezone ? core::find_zone(*query.timezone) : nullptr) {}
  Value operator()(core::EventTime time) const {
    if (time == core::EventTime::min() || time == core::EventTime::max()) return {};
    return core::format_rfc3339_seconds(time, zone_);
  }

 private:
  const date::time_zone* zone_;
};

/// Adds a row of nothing for every known key in every interval of the range (`--all`).
template <typename Row>
void fill_gaps(Rows<Row>& rows, Placement& placement) {
  if (placement.windowed() || placement.query().every == core::Every::kTotal || rows.empty()) return;
  std::set<std::tuple<std::string, std::string, std::string>> keys;
  core::EventTime first = core::EventTime::max(), last = core::EventTime::min();
  for (const auto& [key, row] : rows) {
    keys.emplace(key.a, key.b, key.c);
    first = std::min(first, key.start), last = std::max(last, key.start);
  }
  first = placement.query().from.value_or(first);
  last = placement.query().to ? *placement.query().to - core::Millis{1} : last;
  for (const auto& [a, b, c] : keys) {
    for (core::EventTime at = first; at <= last;) {
      const auto period = placement.place(a, at);
      if (!period) {  // The interval of `first` begins before the range.
        at += core::kInterval;
        continue;
      }
      Row row;
      row.period = *period;
      row.status = placement.status(period->end, *period);
      rows.try_emplace(RowKey{a, b, c, period->start}, row);
      at = period->end;
    }
  }
}

template <typename Row, typename WriteValues>
core::FigureTable table_of(Rows<Row> rows, Placement& placement, std::vector<std::string> keys,
                           const std::vector<std::string>& columns, WriteValues&& write_values) {
  const core::FigureQuery& query = placement.query();
  if (query.all) fill_gaps(rows, placement);
  core::FigureTable table;
  const std::size_t key_columns = keys.size();
  table.columns = std::move(keys);
  for (const char* column : {"start", "end", "status", "revision"}) table.columns.emplace_back(column);
  table.columns.insert(table.columns.end(), columns.begin(), columns.end());
  const TimeWords words(query);
  for (const auto& [key, row] : rows) {
    if (row.nothing() && !query.all) continue;
    Cells cells;
    cells.reserve(table.columns.size());
    const std::array parts = {&key.a, &key.b, &key.c};
    for (const std::string* part : std::span(parts).first(key_columns)) cells.emplace_back(*part);
    cells.push_back(words(row.period.start));
    cells.push_back(words(row.period.end));
    cells.emplace_back(status_word(row.status));
    cells.emplace_back(std::int64_t{0});
    write_values(row, cells);
    table.rows.push_back(std::move(cells));
  }
  return table;
}

}  // namespace

core::FigureTable figures(std::span<Shard* const> shards, const core::FigureConfig& config,
                          const core::FigureQuery& query, const ReadPoint& point) {
  Placement placement(config, query, point);
  if (placement.rolling()) {
    for (Shard* shard : shards) shard->keep_slices();
  }
  switch (query.by) {
    case core::FigureKey::kAgent:
      return table_of(agent_rows(shards, placement), placement, {"client", "agent"}, kAgentColumns, agent_values);
    case core::FigureKey::kLead:
      return table_of(lead_rows(shards, placement), placement, {"client", "campaign"}, kLeadColumns,
                      LeadValues{placement.basis(), point.as_of});
    case core::FigureKey::kClient:
      return table_of(queue_rows(shards, placement), placement, {"client"}, kQueueColumns, queue_values);
    case core::FigureKey::kQueue:
      break;
  }
  return table_of(queue_rows(shards, placement), placement, {"client", "queue", "channel"}, kQueueColumns, queue_values);
}

}  // namespace processors
