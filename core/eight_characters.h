// Digits at fixed places of a text, eight characters at once.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace core {

/// What eight characters must be: a '0' stands for any digit, everything else for itself.
class DigitShape {
 public:
  consteval explicit DigitShape(const char (&shape)[9]) {
    std::array<char, 8> characters{}, room{};
    for (std::size_t i = 0; i < 8; ++i) {
      characters[i] = shape[i];
      room[i] = shape[i] == '0' ? 0x7f - 9 : 0x7f;
    }
    characters_ = std::bit_cast<std::uint64_t>(characters), room_ = std::bit_cast<std::uint64_t>(room);
  }

 private:
  friend class EightCharacters;
  std::uint64_t characters_ = 0;
  std::uint64_t room_ = 0;  ///< Of each byte: what its value may grow by until the highest bit shows.
};

/// The first eight characters of a text, held against a shape. Immutable after construction.
class EightCharacters {
 public:
  EightCharacters(const char* text, DigitShape shape) {
    static_assert(std::endian::native == std::endian::little, "the first character is the lowest byte");
    std::memcpy(&values_, text, sizeof values_);
    values_ ^= shape.characters_;  // Digits become their values, all else becomes zero, if it is what it must be.
    fit_ = ((values_ | (values_ + shape.room_)) & 0x8080'8080'8080'8080U) == 0;
    pairs_ = values_ * 10 + (values_ >> 8);
  }

  /// Whether they have the shape. The numbers mean something only then.
  bool fit() const { return fit_; }
  /// The digit at `place`.
  int digit(int place) const { return static_cast<int>(values_ >> (8 * place) & 0xff); }
  /// The number of the two digits that begin at `place`.
  int pair(int place) const { return static_cast<int>(pairs_ >> (8 * place) & 0xff); }

 private:
  std::uint64_t values_ = 0, pairs_ = 0;
  bool fit_ = false;
};

}  // namespace core
