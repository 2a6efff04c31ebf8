#include "processors/figure_values.h"

#include "processors/cell_values.h"

namespace processors {
namespace {

using core::Value;
using Cells = std::vector<Value>;

constexpr std::int64_t kMsPerHour = 3'600'000;

}  // namespace

const std::vector<std::string> kQueueColumns = {
    "offered",       "answered",         "abandoned",      "abandoned_short",   "flowed_out",      "answered_within",
    "service_level", "abandonment_rate", "mean_wait_s",    "p50_wait_s",        "p90_wait_s",      "max_wait_s",
    "handled",       "mean_handle_s",    "p90_handle_s",   "mean_talk_s",       "mean_hold_s",     "mean_wrap_s",
    "answered_late", "abandoned_within", "abandoned_late", "flowed_out_within", "flowed_out_late", "waiting",
    "unfinished",    "missed_offers",    "p80_wait_s",     "p95_wait_s",        "p99_wait_s"};

void queue_values(const QueueRow& row, std::vector<Value>& out) {
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
  const Cells values = {offered,
                        answered,
                        abandoned,
                        c[C::kAbandonedShort],
                        c[C::kFlowedOutWithin] + c[C::kFlowedOutLate],
                        c[C::kAnsweredWithin],
                        quotient(c[C::kServiceNumerator], c[C::kServiceDenominator]),
                        quotient(abandoned, offered),
                        mean_seconds(c[QueueSum::kWaitAnswered], answered),
                        wait(500),
                        wait(900),
                        maximum_of(c[QueueHist::kWaitAnswered], c.maximum(QueueHist::kWaitAnswered)),
                        c[C::kHandled],
                        mean_seconds(talk + hold + wrap, completed),
                        quantile(c[QueueHist::kHandle], c.maximum(QueueHist::kHandle), 900),
                        mean_seconds(talk, completed),
                        mean_seconds(hold, completed),
                        mean_seconds(wrap, completed),
                        c[C::kAnsweredLate],
                        c[C::kAbandonedWithin],
                        c[C::kAbandonedLate],
                        c[C::kFlowedOutWithin],
                        c[C::kFlowedOutLate],
                        c[C::kWaiting],
                        c[C::kUnfinished],
                        c[C::kMissedOffers],
                        wait(800),
                        wait(950),
                        wait(990)};
  out.insert(out.end(), values.begin(), values.end());
}

const std::vector<std::string> kAgentColumns = {
    "handled",  "contacts_per_hour", "mean_handle_s", "offers",    "missed_offers", "talk_s",       "hold_s",
    "wrap_s",   "available_s",       "away_s",        "occupancy", "ringing_s",     "on_contact_s", "wrap_state_s",
    "staffed_s"};

void agent_values(const AgentRow& row, std::vector<Value>& out) {
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

const std::vector<std::string> kLeadColumns = {
    "created",          "attempted",         "contacted", "median_response_s", "p90_response_s", "within_target",
    "median_contact_s", "attempts_per_lead", "open",      "oldest_open_s"};

void lead_values(const LeadRow& row, core::Basis basis, core::EventTime as_of, std::vector<Value>& out) {
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

std::vector<core::Revision::Figure> differing_figures(const std::vector<std::string>& columns, const Cells& before,
                                                      const Cells& after) {
  std::vector<core::Revision::Figure> figures;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Value was = i < before.size() ? before[i] : Value{}, is = i < after.size() ? after[i] : Value{};
    if (was != is) figures.push_back({columns[i], core::to_string(was), core::to_string(is)});
  }
  return figures;
}

}  // namespace processors
