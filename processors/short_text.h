// Texts as they are kept in memory: most are ids, and most ids are a UUID or end in a counter, which take half the room
// as numbers.
#pragma once

#include <array>
#include <string_view>

#include "core/packed.h"

namespace processors {

/// Equal texts give equal bytes, and those of one text are never the beginning of another's. Thread-safe.
void write_short(core::PackedWriter& out, std::string_view text);

/// Reads what write_short() wrote. Confined to one thread.
class ShortTextReader {
 public:
  /// Borrowed from `in` or from this reader: valid until the next text. Throws core::CorruptState.
  std::string_view read(core::PackedReader& in);

  static constexpr std::size_t kLongest = 64;  ///< Longer texts are kept as they are.

 private:
  std::string_view read_uuid(core::PackedReader& in);
  std::string_view read_counter(core::PackedReader& in, std::uint64_t head);

  std::array<char, kLongest> room_{};
};

}  // namespace processors
