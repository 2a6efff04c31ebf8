// Packed records of which each can be read alone: their names are numbers in a list that stands apart.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "core/names.h"
#include "core/packed.h"
#include "core/time.h"
#include "processors/state_io.h"

namespace processors {

/// Confined to the shard thread.
class NameList {
 public:
  /// Counts from 1, as a StateReader does that has read the list.
  std::uint64_t number_of(core::NameId id) {
    const auto [it, fresh] = numbers_.try_emplace(id, names_.size() + 1);
    if (fresh) names_.push_back(id);
    return it->second;
  }

  /// Before what a ListedWriter wrote with this list.
  void write(StateWriter& out) const {
    out.number(names_.size());
    for (const core::NameId name : names_) out.name(name);
  }
  static void read(StateReader& in) {
    for (std::size_t n = in.count(); n > 0; --n) in.name();
  }

 private:
  std::vector<core::NameId> names_;
  boost::unordered_flat_map<core::NameId, std::uint64_t> numbers_;
};

/// Writes what a StateReader reads, once the list has been read. Confined to the shard thread.
class ListedWriter : public core::PackedWriter {
 public:
  ListedWriter(std::string& out, NameList& names) : PackedWriter(out), names_(names) {}
  void name(core::NameId id) { number(names_.number_of(id)); }
  void time(core::EventTime value) { signed_number(core::to_ms(value)); }

 private:
  NameList& names_;
};

}  // namespace processors
