#include "processors/alert_sights.h"

#include <algorithm>
#include <map>

namespace processors {
namespace {

using core::AgentState;
using core::AlertFigure;

constexpr std::int64_t kMsPerHour = 3'600'000;

/// A queue of a client with all its channels to which a profile applies.
struct QueueNow {
  std::int64_t waiting = 0;
  core::EventTime oldest = core::EventTime::max();
  QueueSums sums;
  void add(const LiveQueue& live, core::Window window) {
    waiting += live.waiting, oldest = std::min(oldest, live.oldest);
    sums.add(live.windows[core::index(window)]);
  }
};

/// nullopt where no event says who serves the queue; the empty one stands for all agents of the client.
std::optional<std::int64_t> agents_in(const LiveFigures& figures, const std::string& client, const std::string& queue,
                                      std::initializer_list<AgentState> states) {
  const auto first = figures.agents_by_state.lower_bound({client, queue, AgentState{}});
  if (first == figures.agents_by_state.end() || std::get<0>(first->first) != client ||
      std::get<1>(first->first) != queue) {
    return std::nullopt;
  }
  std::int64_t sum = 0;
  for (const AgentState state : states) {
    const auto it = figures.agents_by_state.find({client, queue, state});
    if (it != figures.agents_by_state.end()) sum += it->second;
  }
  return sum;
}

constexpr Fraction number(std::int64_t n) { return {n, 1}; }
Fraction number(std::optional<std::int64_t> n) { return n ? number(*n) : Fraction{}; }

/// Confined to one thread.
class Looker {
 public:
  Looker(const core::FigureConfig& config, const LiveFigures& figures, std::span<const ContractFigure> contracts,
         core::EventTime as_of)
      : config_(config), figures_(figures), contracts_(contracts), as_of_(as_of) {
    for (const auto& [key, live] : figures.queues) {
      queues_[std::get<0>(key)].push_back({&std::get<1>(key), &std::get<2>(key), &live});
    }
  }

  void look(const core::AlertRule& rule) {
    const auto& profiles = config_.client(rule.client).sla;
    const auto profile = std::ranges::find(profiles, rule.profile, &core::SlaProfile::name);
    if (profile == profiles.end()) return;
    const core::SlaVersion* version = profile->in_force(as_of_);
    least_ = rule.min_volume.value_or(version != nullptr ? version->terms.min_volume : 0);
    switch (core::scope_of(rule.figure)) {
      case core::AlertScope::kQueue:
        return of_queues(rule, *profile);
      case core::AlertScope::kClient:
        return of_client(rule);
      case core::AlertScope::kContract:
        return of_contract(rule);
    }
  }

  std::vector<AlertSight> take() { return std::move(sights_); }

 private:
  struct Row {
    const std::string* queue;
    const std::string* channel;
    const LiveQueue* live;
  };

  /// `guarded`: a quotient, of which a few things say little.
  void see(const core::AlertRule& rule, const std::string& queue, Fraction value, bool guarded = false,
           std::int64_t volume = 0) {
    if (value.any()) sights_.push_back({&rule, queue, value, volume, !guarded || volume >= least_});
  }

  void of_queues(const core::AlertRule& rule, const core::SlaProfile& profile) {
    const auto rows = queues_.find(rule.client);
    if (rows == queues_.end()) return;
    std::map<std::string_view, QueueNow> queues;
    for (const Row& row : rows->second) {
      if (profile.applies_to(*row.queue, *row.channel)) queues[*row.queue].add(*row.live, rule.window);
    }
    for (const auto& [name, now] : queues) of_queue(rule, std::string(name), now);
  }

  void of_queue(const core::AlertRule& rule, const std::string& queue, const QueueNow& now) {
    const QueueSums& s = now.sums;
    switch (rule.figure) {
      case AlertFigure::kServiceLevel:
        return see(rule, queue, {s.level_numerator, s.level_denominator}, true, s.offered);
      case AlertFigure::kAbandonmentRate:
        return see(rule, queue, {s.abandoned, s.offered}, true, s.offered);
      case AlertFigure::kMeanWait:
        return see(rule, queue, {s.wait_ms, s.answered}, true, s.answered);
      case AlertFigure::kMeanHandle:
        return see(rule, queue, {s.handle_ms, s.completed}, true, s.completed);
      case AlertFigure::kOffered:
        return see(rule, queue, number(s.offered));
      case AlertFigure::kAnswered:
        return see(rule, queue, number(s.answered));
      case AlertFigure::kAbandoned:
        return see(rule, queue, number(s.abandoned));
      case AlertFigure::kHandled:
        return see(rule, queue, number(s.handled));
      case AlertFigure::kWaiting:
        return see(rule, queue, number(now.waiting));
      case AlertFigure::kOldestWait:
        if (now.waiting > 0) see(rule, queue, number((as_of_ - now.oldest).count()));
        return;
      case AlertFigure::kAgentsAvailable:
        return see(rule, queue, number(agents_in(figures_, rule.client, queue, {AgentState::kAvailable})));
      default:
        return see(rule, queue,
                   number(agents_in(
                       figures_, rule.client, queue,
                       {AgentState::kAvailable, AgentState::kRinging, AgentState::kOnContact, AgentState::kWrap})));
    }
  }

  void of_client(const core::AlertRule& rule) {
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

  void of_contract(const core::AlertRule& rule) {
    const auto of_rule = [&](const ContractFigure& f) { return f.client == rule.client && f.profile == rule.profile; };
    const auto contract = std::ranges::find_if(contracts_, of_rule);
    if (contract == contracts_.end()) return;
    const std::int64_t volume = contract->figure.denominator;
    if (rule.figure == AlertFigure::kPeriod) return see(rule, "", contract->figure, true, volume);
    if (rule.figure == AlertFigure::kProjection) {
      if (contract->rest) see(rule, "", contract->projected(), true, volume);
      return;
    }
    see(rule, "",
        number(misses_left(contract->figure, contract->rest ? contract->rest->denominator : 0, contract->by)));
  }

  const core::FigureConfig& config_;
  const LiveFigures& figures_;
  std::span<const ContractFigure> contracts_;
  core::EventTime as_of_;
  std::map<std::string, std::vector<Row>> queues_;  ///< by client
  std::int64_t least_ = 0;                          ///< Of the rule that is looked at: the least volume.
  std::vector<AlertSight> sights_;
};

}  // namespace

LiveScope live_scope(std::span<const core::AlertRule> rules) {
  LiveScope scope{.times = false, .campaigns = false};
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

std::vector<AlertSight> alert_sights(std::span<const core::AlertRule> rules, const core::FigureConfig& config,
                                     const LiveFigures& figures, std::span<const ContractFigure> contracts,
                                     core::EventTime as_of) {
  Looker looker(config, figures, contracts, as_of);
  for (const core::AlertRule& rule : rules) looker.look(rule);
  return looker.take();
}

AlertSurroundings alert_surroundings(const core::AlertKey& key, const LiveFigures& figures, core::EventTime as_of) {
  AlertSurroundings around;
  core::EventTime oldest = core::EventTime::max();
  for (const auto& [of, live] : figures.queues) {
    if (std::get<0>(of) != key.client || (!key.queue.empty() && std::get<1>(of) != key.queue)) continue;
    around.waiting += live.waiting, oldest = std::min(oldest, live.oldest);
  }
  if (around.waiting > 0) around.oldest_wait = as_of - oldest;
  around.available = agents_in(figures, key.client, key.queue, {AgentState::kAvailable});
  return around;
}

}  // namespace processors
