// Looking up a word in a closed list that is known when the program is compiled.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

#include "core/text_hash.h"

namespace ingest {

/// Index of a word in a closed list of `N` distinct, non-empty words; a hash table built by the compiler, because the
/// decoder looks up some fifteen words an event. Immutable after construction.
template <std::size_t N>
class WordTable {
 public:
  consteval explicit WordTable(const std::array<std::string_view, N>& words) : words_(words) {
    slots_.fill(kEmpty);
    for (std::size_t i = 0; i < N; ++i) {
      std::size_t slot = hash(words[i]);
      while (slots_[slot] != kEmpty) slot = (slot + 1) % kSlots;
      slots_[slot] = static_cast<std::uint8_t>(i);
    }
  }

  std::optional<std::size_t> find(std::string_view word) const {
    if (word.empty()) return std::nullopt;
    for (std::size_t slot = hash(word); slots_[slot] != kEmpty; slot = (slot + 1) % kSlots) {
      if (core::same_text(words_[slots_[slot]], word)) return slots_[slot];
    }
    return std::nullopt;
  }

  constexpr const std::array<std::string_view, N>& words() const { return words_; }

 private:
  static constexpr std::uint8_t kEmpty = 0xff;
  static constexpr std::size_t kSlots = 256;
  static_assert(N <= kSlots / 4);

  static constexpr std::size_t hash(std::string_view word) {
    const auto at = [word](std::size_t i) { return static_cast<unsigned char>(word[i]); };
    return (at(0) * 7U + at(word.size() / 2) * 31U + at(word.size() - 1) * 3U + word.size() * 13U) % kSlots;
  }

  std::array<std::string_view, N> words_;
  std::array<std::uint8_t, kSlots> slots_{};
};

}  // namespace ingest
