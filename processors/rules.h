// The figure configuration as a shard uses it: looked up by interned names, answers remembered.
#pragma once

#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "core/figure_config.h"
#include "core/names.h"
#include "processors/cell_table.h"

namespace processors {

/// Answers are pure functions of the configuration. Confined to the shard thread; the configuration outlives it.
class Rules {
 public:
  Rules(const core::FigureConfig& config, core::Names& names) : config_(&config), names_(&names) {}

  /// The client that holds for a queue where no event states one.
  core::NameId client_of_queue(core::NameId queue);
  const core::ClientConfig& client(core::NameId client);
  /// The version that judges a visit: of the client's profiles the first that applies and has one in force at `begin`,
  /// else the default.
  const core::SlaVersion& sla(const CellKey& queue_key, core::Entry entry, core::EventTime begin);
  core::Millis give_up_visit(core::NameId channel) const {
    return config_->give_up_after.visit(names_->text(channel));
  }
  const core::GiveUp& give_up() const { return config_->give_up_after; }
  /// Whether segments of this source are complete only at `contact.wrapped`.
  bool sends_wrap(core::NameId source);

 private:
  template <typename T>
  static T& slot(std::vector<T>& cache, core::NameId id) {
    if (cache.size() <= static_cast<std::size_t>(id)) cache.resize(static_cast<std::size_t>(id) + 1);
    return cache[static_cast<std::size_t>(id)];
  }

  const core::FigureConfig* config_;
  core::Names* names_;
  std::vector<core::NameId> queue_clients_;
  std::vector<const core::ClientConfig*> clients_;
  std::vector<signed char> sends_wrap_;  ///< 0 not asked yet, 1 yes, -1 no
  /// By (client, queue, channel): the profiles that apply, but for entries.
  boost::unordered_flat_map<CellKey, std::vector<const core::SlaProfile*>, boost::hash<CellKey>> applying_;
};

}  // namespace processors
