// Texts of a shard's names for whoever reads what was taken from the shard while the shard goes on.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <string>
#include <string_view>

#include "core/names.h"
#include "processors/cell_table.h"

namespace processors {

/// note() belongs to the shard thread; afterwards immutable.
class NotedNames {
 public:
  void note(const core::Names& names, core::NameId id) {
    if (const auto [it, fresh] = texts_.try_emplace(id); fresh) it->second = names.text(id);
  }
  void note(const core::Names& names, const CellKey& key) {
    note(names, key.a), note(names, key.b), note(names, key.c);
  }
  /// Of a name that was noted.
  const std::string& text(core::NameId id) const { return texts_.at(id); }

 private:
  boost::unordered_flat_map<core::NameId, std::string> texts_;
};

}  // namespace processors
