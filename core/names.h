// Interned names (clients, queues, agents, …): small numbers inside one shard, text at its edges.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "core/text_hash.h"

namespace core {

/// A name's number within one `Names`; zero is the empty name, "not stated".
enum class NameId : std::uint32_t { kNone = 0 };

/// Grows only. Numbers depend on the order of arrival, so nothing that leaves a shard may hold one.
/// Confined to the shard thread.
class Names {
 public:
  Names() { texts_.emplace_back(); }

  NameId intern(std::string_view text) {
    if (text.empty()) return NameId::kNone;
    if (auto it = ids_.find(text); it != ids_.end()) return it->second;
    const auto id = static_cast<NameId>(texts_.size());
    texts_.emplace_back(text);
    ids_.emplace(texts_.back(), id);
    return id;
  }
  /// nullopt where nothing of that name has come yet.
  std::optional<NameId> find(std::string_view text) const {
    if (text.empty()) return NameId::kNone;
    const auto it = ids_.find(text);
    return it == ids_.end() ? std::nullopt : std::optional(it->second);
  }
  std::string_view text(NameId id) const { return texts_[static_cast<std::size_t>(id)]; }
  std::size_t size() const { return texts_.size(); }

 private:
  std::deque<std::string> texts_;  // A deque never moves its strings, so the keys below stay valid.
  boost::unordered_flat_map<std::string_view, NameId, TextHash> ids_;
};

}  // namespace core
