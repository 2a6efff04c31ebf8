// The packed form of state in the store: variable-length integers and length-prefixed text.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace core {

/// Thrown by PackedReader where the bytes are not what a writer wrote: a damaged store.
struct CorruptState : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Appends to a string that the caller owns.
class PackedWriter {
 public:
  explicit PackedWriter(std::string& out) : out_(out) {}
  void byte(std::uint8_t value) { out_.push_back(static_cast<char>(value)); }
  void number(std::uint64_t value) {
    if (value < 0x80) return out_.push_back(static_cast<char>(value));  // Most are: appending costs a call.
    char digits[kLongestNumber];
    out_.append(digits, write_number(digits, value));
  }
  /// As number(), into room for kLongestNumber bytes; how many it took.
  static std::size_t write_number(char* room, std::uint64_t value) {
    std::size_t size = 0;
    for (; value >= 0x80; value >>= 7) room[size++] = static_cast<char>(value | 0x80);
    room[size++] = static_cast<char>(value);
    return size;
  }
  static constexpr std::size_t kLongestNumber = 10;  ///< of seven bits each
  void signed_number(std::int64_t value) {
    number((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
  }
  void text(std::string_view value) {
    number(value.size());
    bytes(value);
  }
  /// Without their number.
  void bytes(std::string_view value) { out_.append(value); }

 private:
  std::string& out_;
};

/// Reads what PackedWriter wrote, in the same order. Text is borrowed from the bytes.
class PackedReader {
 public:
  explicit PackedReader(std::string_view bytes) : bytes_(bytes) {}
  bool at_end() const { return bytes_.empty(); }
  std::size_t left() const { return bytes_.size(); }
  std::string_view rest() const { return bytes_; }
  std::uint8_t byte() {
    need(1);
    const auto value = static_cast<std::uint8_t>(bytes_.front());
    bytes_.remove_prefix(1);
    return value;
  }
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const std::uint8_t part = byte();
      value |= static_cast<std::uint64_t>(part & 0x7f) << shift;
      if (part < 0x80) return value;
    }
    throw CorruptState("a number is longer than 64 bits");
  }
  std::int64_t signed_number() {
    const std::uint64_t value = number();
    return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
  }
  std::string_view text() { return bytes(number()); }
  std::string_view bytes(std::uint64_t size) {
    need(size);
    const std::string_view value = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return value;
  }
  /// A count of things of at least one byte each: bounded by what is left, so that damage cannot ask for memory.
  std::size_t count() {
    const std::uint64_t value = number();
    need(value);
    return value;
  }

 private:
  void need(std::uint64_t size) const {
    if (size > bytes_.size()) throw CorruptState("the bytes end too early");
  }
  std::string_view bytes_;
};

}  // namespace core
