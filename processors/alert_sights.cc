#include "processors/alert_sights.h"

#include <algorithm>

namespace processors {
namespace {

using core::AgentState;
using core::AlertFigure;

constexpr std::int64_t kMsPerHour = 3'600'000;

constexpr Fraction number(std::int64_t n) { return {n, 1}; }
Fraction number(std::optional<std::int64_t> n) { return n ? number(*n) : Fraction{}; }

}  // namespace

AlertLook::AlertLook(const core::FigureConfig& config, const LiveFigures& figures, core::EventTime as_of)
    : config_(config), figures_(figures), as_of_(as_of) {
  for (const auto& [key, live] : figures.queues) {
    rows_[std::get<0>(key)].push_back({std::get<1>(key), std::get<2>(key), &live});
  }
  for (auto& [client, rows] : rows_) std::ranges::sort(rows, {}, &Row::queue);
}

std::vector<AlertSight> AlertLook::sights(std::span<const core::AlertRule> rules,
                                          std::span<const ContractFigure> contracts) {
  contracts_ = contracts;
  sights_.clear();
  for (const core::AlertRule& rule : rules) look(rule);
  return std::move(sights_);
}

void AlertLook::look(const core::AlertRule& rule) {
  const auto& profiles = config_.client(rule.client).sla;
  const auto profile = std::ranges::find(profiles, rule.profile, &core::SlaProfile::name);
  if (profile == profiles.end()) return;
  const core::SlaVersion* version = profile->in_force(as_of_);
  least_ = rule.min_volume.value_or(version != nullptr ? version->terms.min_volume : 0);
  switch (core::scope_of(rule.figure)) {
    case core::AlertScope::kQueue:
      for (const QueueNow& now : queues_of(rule.client, *profile)) of_queue(rule, now);
      return;
    case core::AlertScope::kClient:
      return of_client(rule);
    case core::AlertScope::kContract:
      return of_contract(rule);
  }
}

const std::vector<AlertLook::QueueNow>& AlertLook::queues_of(const std::string& client,
                                                             const core::SlaProfile& profile) {
  const auto [known, fresh] = queues_.try_emplace(&profile);
  std::vector<QueueNow>& queues = known->second;
  const auto rows = rows_.find(client);
  if (!fresh || rows == rows_.end()) return queues;
  for (const Row& row : rows->second) {
    if (!profile.applies_to(row.queue, row.channel)) continue;
    if (queues.empty() || queues.back().name != row.queue) queues.emplace_back().name = row.queue;
    QueueNow& now = queues.back();
    now.waiting += row.live->waiting, now.oldest = std::min(now.oldest, row.live->oldest);
    now.unanswered += row.live->unanswered;
    now.oldest_unanswered = std::min(now.oldest_unanswered, row.live->oldest_unanswered);
    add_each(now.windows, row.live->windows);
  }
  return queues;
}

void AlertLook::see(const core::AlertRule& rule, std::string_view queue, Fraction value, bool guarded,
                    std::int64_t volume) {
  if (value.any()) sights_.push_back({&rule, queue, value, volume, !guarded || volume >= least_});
}

void AlertLook::of_queue(const core::AlertRule& rule, const QueueNow& now) {
  const QueueSums& s = now.windows[core::index(rule.window)];
  switch (rule.figure) {
    case AlertFigure::kServiceLevel:
      return see(rule, now.name, {s.level_numerator, s.level_denominator}, true, s.offered);
    case AlertFigure::kAbandonmentRate:
      return see(rule, now.name, {s.abandoned, s.offered}, true, s.offered);
    case AlertFigure::kMeanWait:
      return see(rule, now.name, {s.wait_ms, s.answered}, true, s.answered);
    case AlertFigure::kMeanHandle:
      return see(rule, now.name, {s.handle_ms, s.completed}, true, s.completed);
    case AlertFigure::kOffered:
      return see(rule, now.name, number(s.offered));
    case AlertFigure::kAnswered:
      return see(rule, now.name, number(s.answered));
    case AlertFigure::kAbandoned:
      return see(rule, now.name, number(s.abandoned));
    case AlertFigure::kHandled:
      return see(rule, now.name, number(s.handled));
    case AlertFigure::kMeanFirstResponse:
      return see(rule, now.name, {s.first_response_ms, s.responded}, true, s.responded);
    case AlertFigure::kUnanswered:
      return see(rule, now.name, number(now.unanswered));
    case AlertFigure::kOldestUnanswered:
      if (now.unanswered > 0) see(rule, now.name, number((as_of_ - now.oldest_unanswered).count()));
      return;
    case AlertFigure::kWaiting:
      return see(rule, now.name, number(now.waiting));
    case AlertFigure::kOldestWait:
      if (now.waiting > 0) see(rule, now.name, number((as_of_ - now.oldest).count()));
      return;
    case AlertFigure::kAgentsAvailable:
      return see(rule, now.name, number(agents_of(figures_, now.name, {AgentState::kAvailable})));
    default:
      return see(
          rule, now.name,
          number(agents_of(figures_, now.name,
                           {AgentState::kAvailable, AgentState::kRinging, AgentState::kOnContact, AgentState::kWrap})));
  }
}

void AlertLook::of_client(const core::AlertRule& rule) {
  const std::size_t window = core::index(rule.window);
  switch (rule.figure) {
    case AlertFigure::kOccupancy:
    case AlertFigure::kContactsPerHour: {
      const auto agents = figures_.clients.find(rule.client);
      if (agents == figures_.clients.end()) return;
      const AgentSums& s = agents->second[window];
      if (rule.figure == AlertFigure::kOccupancy) return see(rule, "", {s.busy_ms(), s.working_ms()});
      return see(rule, "", {s.handled * kMsPerHour, s.staffed_ms()});
    }
    case AlertFigure::kLeadResponse: {
      ResponseSums sums;
      for (auto it = figures_.campaigns.lower_bound({rule.client, ""});
           it != figures_.campaigns.end() && it->first.first == rule.client; ++it) {
        sums.attempted += it->second[window].attempted, sums.within_target += it->second[window].within_target;
      }
      return see(rule, "", {sums.within_target, sums.attempted}, true, sums.attempted);
    }
    default: {
      const auto leads = figures_.untouched_leads.find(rule.client);
      const UntouchedLeads none;
      const UntouchedLeads& untouched = leads == figures_.untouched_leads.end() ? none : leads->second;
      if (rule.figure == AlertFigure::kLeadsOverdue) return see(rule, "", number(untouched.overdue));
      if (untouched.oldest_due <= as_of_) see(rule, "", number((as_of_ - untouched.oldest_due).count()));
    }
  }
}

void AlertLook::of_contract(const core::AlertRule& rule) {
  const auto of_rule = [&](const ContractFigure& f) { return f.client == rule.client && f.profile == rule.profile; };
  const auto contract = std::ranges::find_if(contracts_, of_rule);
  if (contract == contracts_.end()) return;
  const std::int64_t volume = contract->sums[ContractCount::kOffered];
  if (rule.figure == AlertFigure::kPeriod) return see(rule, "", contract->figure, true, volume);
  if (rule.figure == AlertFigure::kProjection) {
    if (contract->rest) see(rule, "", contract->projected(), true, volume);
    return;
  }
  see(rule, "", number(misses_left(contract->figure, contract->rest ? contract->rest->denominator : 0, contract->by)));
}

AlertSurroundings AlertLook::surroundings(const core::AlertKey& key) const {
  AlertSurroundings around;
  const auto rows = rows_.find(key.client);
  if (rows == rows_.end()) return around;
  auto first = rows->second.begin(), last = rows->second.end();
  if (!key.queue.empty()) {
    const auto of_queue = std::ranges::equal_range(rows->second, std::string_view(key.queue), {}, &Row::queue);
    first = of_queue.begin(), last = of_queue.end();
    around.available = agents_of(figures_, key.queue, {AgentState::kAvailable});
  } else {
    const auto of_client = figures_.agents_by_state.find({key.client, "", AgentState::kAvailable});
    if (of_client != figures_.agents_by_state.end()) around.available = of_client->second;
  }
  core::EventTime oldest = core::EventTime::max();
  for (auto row = first; row != last; ++row) {
    around.waiting += row->live->waiting, oldest = std::min(oldest, row->live->oldest);
  }
  if (around.waiting > 0) around.oldest_wait = std::max(as_of_ - oldest, core::Millis{0});
  return around;
}

LiveScope live_scope(std::span<const core::AlertRule> rules) {
  LiveScope scope{.times = false, .campaigns = false, .responses = false};
  for (const core::AlertRule& rule : rules) {
    scope.times = scope.times || rule.figure == AlertFigure::kOccupancy || rule.figure == AlertFigure::kContactsPerHour;
    scope.campaigns = scope.campaigns || rule.figure == AlertFigure::kLeadResponse;
    scope.untouched_leads =
        scope.untouched_leads || rule.figure == AlertFigure::kLeadDue || rule.figure == AlertFigure::kLeadsOverdue;
  }
  return scope;
}

bool need_contracts(std::span<const core::AlertRule> rules) {
  return std::ranges::any_of(
      rules, [](const core::AlertRule& rule) { return core::scope_of(rule.figure) == core::AlertScope::kContract; });
}

}  // namespace processors
