// Interned names (clients, queues, agents, …): small numbers inside one shard, text at its edges.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/hash_index.h"
#include "core/slab.h"
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
    const std::uint64_t hash = text_hash(text);
    if (const auto known = number_of(text, hash); known != HashIndex::kNone) return static_cast<NameId>(known);
    const auto number = static_cast<std::uint32_t>(texts_.size());
    texts_.emplace_back(std::string(text));
    index_.add(hash, number);
    return static_cast<NameId>(number);
  }
  /// nullopt where nothing of that name has come yet.
  std::optional<NameId> find(std::string_view text) const {
    if (text.empty()) return NameId::kNone;
    const std::uint32_t known = number_of(text, text_hash(text));
    return known == HashIndex::kNone ? std::nullopt : std::optional(static_cast<NameId>(known));
  }
  /// Has loaded what intern() of a text of this hash will look at, in two steps.
  void prefetch_index(std::uint64_t hash) const { index_.prefetch(hash); }
  void prefetch_text(std::uint64_t hash) const {
    const std::uint32_t number = index_.first(hash);
    if (number != HashIndex::kNone) load_ahead(&texts_[number]);
  }
  std::string_view text(NameId id) const { return texts_[static_cast<std::size_t>(id)]; }
  std::size_t size() const { return texts_.size(); }

 private:
  std::uint32_t number_of(std::string_view text, std::uint64_t hash) const {
    return index_.find(hash, [&](std::uint32_t number) { return texts_[number] == text; });
  }

  Slab<std::string, 256> texts_;  ///< Of a short name the text lies in place.
  HashIndex index_;               ///< places in texts_ by the hash of the text
};

}  // namespace core
