// The figure configuration as a shard uses it: looked up by interned names, answers remembered.
#pragma once

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/figure_config.h"
#include "core/names.h"
#include "core/periods.h"
#include "processors/cell_table.h"
#include "processors/contract_hours.h"

namespace processors {

/// A contract that judges something, and how.
struct Contract {
  CellKey key;  ///< (client, profile)
  const core::SlaProfile* profile;
  const core::SlaVersion* version;
};

/// Answers are pure functions of the configuration. Confined to the shard thread; the configuration outlives it.
class Rules {
 public:
  Rules(const core::FigureConfig& config, core::Names& names);

  /// The client that holds for a queue where no event states one.
  core::NameId client_of_queue(core::NameId queue);
  /// Where facts of a queue stand; `client`: as events state it.
  CellKey place(core::NameId client, core::NameId queue, core::NameId channel) {
    return {client == core::NameId::kNone ? client_of_queue(queue) : client, queue, channel};
  }
  const core::ClientConfig& client(core::NameId client);
  /// The version that judges a visit's service level: of the client's profiles of it the first that applies and has one
  /// in force at `begin`, else the default.
  const core::SlaVersion& sla(const CellKey& queue_key, core::Entry entry, core::EventTime begin);

  /// Calls use(contract) for each contract whose figure has something that begins then: visits with their entry,
  /// segments without. Of the service level it is the one that judges it everywhere; none outside its hours.
  template <typename Use>
  void each_contract(const CellKey& queue_key, std::optional<core::Entry> entry, core::EventTime begin, Use&& use) {
    if (client(queue_key.a).sla.empty()) return;
    bool level_judged = false;
    for (const Applying& one : applying(queue_key)) {
      const core::SlaProfile& profile = *one.profile;
      if (entry && !profile.entries[core::index(*entry)]) continue;
      const bool level = profile.metric == core::Metric::kServiceLevel;
      if (level && level_judged) continue;
      const core::SlaVersion* version = profile.in_force(begin);
      if (version == nullptr) continue;
      level_judged = level_judged || level;
      if (judges(profile, *version, begin)) use(Contract{{queue_key.a, one.name}, &profile, version});
    }
  }
  /// Contracts for the response to leads of this client that are created then.
  template <typename Use>
  void each_lead_contract(core::NameId client_name, core::EventTime created, Use&& use) {
    for (const core::SlaProfile& profile : client(client_name).sla) {
      if (profile.metric != core::Metric::kLeadResponse) continue;
      const core::SlaVersion* version = profile.in_force(created);
      if (version == nullptr || !judges(profile, *version, created)) continue;
      use(Contract{{client_name, names_->intern(profile.name)}, &profile, version});
    }
  }
  /// Calls use(key, profile) for the contracts on occupancy of all clients: whose an agent's time is, is known when it
  /// is read.
  template <typename Use>
  void each_occupancy_contract(Use&& use) const {
    for (const auto& [key, profile] : occupancy_) use(key, *profile);
  }
  bool judges_occupancy() const { return !occupancy_.empty(); }
  bool is_of_occupancy(const CellKey& contract) const {
    return std::ranges::any_of(occupancy_, [&](const auto& one) { return one.first == contract; });
  }
  /// How much of a span, which is at most a day, a profile judges: by the version in force at its begin.
  core::Millis judged_time(const core::SlaProfile& profile, const core::Period& span);
  /// Number of the client's local day in which a quarter-hour begins.
  core::Slot day_of(core::NameId client, core::Slot interval);

  core::Millis give_up_visit(core::NameId channel) const {
    return config_->give_up_after.visit(names_->text(channel));
  }
  const core::GiveUp& give_up() const { return config_->give_up_after; }
  /// Whether segments of this source are complete only at `contact.wrapped`.
  bool sends_wrap(core::NameId source);

 private:
  struct Applying {
    const core::SlaProfile* profile;
    core::NameId name;
  };
  /// A client's day that was asked for last: its number and its quarter-hours.
  struct Day {
    const date::time_zone* zone = nullptr;
    core::Slot number = 0, first = 0, last = 0;  ///< [first, last)
  };

  template <typename T>
  static T& slot(std::vector<T>& cache, core::NameId id) {
    if (cache.size() <= static_cast<std::size_t>(id)) cache.resize(static_cast<std::size_t>(id) + 1);
    return cache[static_cast<std::size_t>(id)];
  }
  /// The profiles that apply to a queue's visits, but for entries.
  const std::vector<Applying>& applying(const CellKey& queue_key);
  bool judges(const core::SlaProfile& profile, const core::SlaVersion& version, core::EventTime begin);
  CalendarHours& hours(const std::string& calendar);

  const core::FigureConfig* config_;
  core::Names* names_;
  std::vector<core::NameId> queue_clients_;
  std::vector<const core::ClientConfig*> clients_;
  std::vector<signed char> sends_wrap_;  ///< 0 not asked yet, 1 yes, -1 no
  std::vector<Day> days_;                ///< by client
  boost::unordered_flat_map<CellKey, std::vector<Applying>, boost::hash<CellKey>> applying_;
  std::map<std::string, CalendarHours, std::less<>> hours_;
  std::vector<std::pair<CellKey, const core::SlaProfile*>> occupancy_;
};

}  // namespace processors
