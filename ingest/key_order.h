// Knowing a member's key before it was read: producers write their members in one order.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "ingest/word_table.h"

namespace ingest {

/// A key with its quotes and colon, as most producers write it: what a document is compared with, at once.
class WrittenKey {
 public:
  static constexpr std::ptrdiff_t kBytes = 16;

  constexpr WrittenKey() = default;
  consteval explicit WrittenKey(std::string_view name) : size_(name.size() + 3) {
    std::array<char, kBytes> text{'"'}, mask{};  // A name too long for it does not compile.
    for (std::size_t i = 0; i < name.size(); ++i) text[i + 1] = name[i];
    text[name.size() + 1] = '"', text[name.size() + 2] = ':';
    for (std::size_t i = 0; i < size_; ++i) mask[i] = '\xff';
    text_ = std::bit_cast<Words>(text), mask_ = std::bit_cast<Words>(mask);
  }

  std::size_t size() const { return size_; }
  /// Whether it stands at `at`, where kBytes must be readable.
  bool stands_at(const char* at) const {
    Words words;
    std::memcpy(&words, at, kBytes);
    return (((words[0] ^ text_[0]) & mask_[0]) | ((words[1] ^ text_[1]) & mask_[1])) == 0;
  }

 private:
  using Words = std::array<std::uint64_t, kBytes / 8>;
  Words text_{}, mask_{};
  std::size_t size_ = 0;
};

/// The keys of the members that an object is known to have, each with its number. Immutable after construction.
template <std::size_t N>
struct KnownKeys {
  consteval explicit KnownKeys(const WordTable<N>& table) : names(table) {
    for (std::size_t i = 0; i < N; ++i) written[i] = WrittenKey(table.words()[i]);
  }

  WordTable<N> names;
  std::array<WrittenKey, N> written;
};

/// Which of `N` known members followed which the last time. A guess, for the reader to compare with the document: what
/// it holds makes reading faster or slower and nothing else. Confined to one thread.
template <std::size_t N>
class KeyOrder {
 public:
  /// What the first member follows.
  static constexpr std::uint8_t kStart = N;

  /// The number of the member that followed `last`; whoever finds another puts it here.
  std::uint8_t& after(std::uint8_t last) { return next_[last]; }

 private:
  std::array<std::uint8_t, N + 1> next_{};
};

}  // namespace ingest
