// The texts of one record, one after another in one place.
#pragma once

#include <algorithm>
#include <array>
#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <string_view>

#include "core/prefetch.h"

namespace processors {

/// Most records are small and all of it lies in them; what grows has memory of its own.
template <typename T, std::size_t N>
using Row = boost::container::small_vector<T, N>;

/// Empties a row; one that has grown gives its memory back, or every place in a table would have as much as the largest
/// record that was ever there.
template <typename T, std::size_t N>
void empty(Row<T, N>& row) {
  if (row.capacity() <= N) return row.clear();
  // Boost's shrink_to_fit() frees the memory, but does not return to the room in the row, and neither does assigning.
  std::destroy_at(&row);
  std::construct_at(&row);
}

/// A place in the record's text, or none.
enum class TextRef : std::uint32_t { kNone = 0 };

/// Grows only; what nobody refers to any more is gone when the record is packed. `Size` is a text's length. Confined to
/// the shard thread.
template <std::size_t kUsual, typename Size = std::uint16_t>
class TextRow {
 public:
  TextRow() { clear(); }
  TextRef keep(std::string_view text) {
    if (text.empty()) return TextRef::kNone;
    const auto ref = static_cast<TextRef>(bytes_.size());
    const Size size = static_cast<Size>(std::min<std::size_t>(text.size(), std::numeric_limits<Size>::max()));
    std::array<char, sizeof size> written;
    std::memcpy(written.data(), &size, sizeof size);
    bytes_.insert(bytes_.end(), written.begin(), written.end());
    bytes_.insert(bytes_.end(), text.begin(), text.begin() + size);
    return ref;
  }
  std::string_view operator[](TextRef ref) const {
    const char* const at = bytes_.data() + static_cast<std::size_t>(ref);
    Size size = 0;
    std::memcpy(&size, at, sizeof size);
    return {at + sizeof size, size};
  }
  std::size_t size() const { return bytes_.size(); }
  void clear() {
    empty(bytes_);
    bytes_.resize(sizeof(Size), '\0');  // The text of kNone.
  }
  /// Has loaded what does not lie in the record.
  void prefetch() const {
    if (bytes_.capacity() > kUsual) core::load_ahead(bytes_.data(), bytes_.size() < 256 ? bytes_.size() : 256);
  }

 private:
  Row<char, kUsual> bytes_;  ///< Each text: its size, then its bytes.
};

}  // namespace processors
