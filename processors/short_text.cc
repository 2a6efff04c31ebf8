#include "processors/short_text.h"

#include <algorithm>
#include <cstdint>

namespace processors {
namespace {

/// In the two lower bits of the first number; above them the length of the bytes that follow as they are.
enum class Form : std::uint8_t { kPlain = 0, kUuid = 1, kCounter = 2 };

constexpr std::size_t kUuidSize = 36;
constexpr std::size_t kFewestDigits = 4, kMostDigits = 18;  ///< 18 fit in 64 bits, whatever they are.

bool is_hyphen_place(std::size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
unsigned nibble_of(char c) { return static_cast<unsigned>(is_digit(c) ? c - '0' : c - 'a' + 10); }

/// In lower case: one of another form is not the same text.
bool is_uuid(std::string_view text) {
  if (text.size() != kUuidSize) return false;
  for (std::size_t i = 0; i < kUuidSize; ++i) {
    const char c = text[i];
    if (is_hyphen_place(i) ? c != '-' : !is_digit(c) && !(c >= 'a' && c <= 'f')) return false;
  }
  return true;
}

std::uint64_t head_of(std::size_t size, Form form) {
  return std::uint64_t{size} << 2U | static_cast<std::uint64_t>(form);
}

// What is written is put together first: to append is a call.

void write_uuid(core::PackedWriter& out, std::string_view text) {
  std::array<char, 1 + 16> room{};
  std::size_t size = core::PackedWriter::write_number(room.data(), head_of(0, Form::kUuid));
  for (std::size_t i = 0; i < kUuidSize; i += 2) {
    if (is_hyphen_place(i)) ++i;
    room[size++] = static_cast<char>(nibble_of(text[i]) << 4U | nibble_of(text[i + 1]));
  }
  out.bytes({room.data(), size});
}

void write_counter(core::PackedWriter& out, std::string_view text, std::size_t digits) {
  const std::string_view head = text.substr(0, text.size() - digits);
  std::array<char, ShortTextReader::kLongest + 2 * core::PackedWriter::kLongestNumber + 1> room;
  std::size_t size = core::PackedWriter::write_number(room.data(), head_of(head.size(), Form::kCounter));
  room[size++] = static_cast<char>(digits);
  std::copy(head.begin(), head.end(), room.data() + size);
  size += head.size();
  std::uint64_t value = 0;
  for (const char c : text.substr(head.size())) value = value * 10 + nibble_of(c);
  size += core::PackedWriter::write_number(room.data() + size, value);
  out.bytes({room.data(), size});
}

}  // namespace

void write_short(core::PackedWriter& out, std::string_view text) {
  if (text.empty()) return out.number(head_of(0, Form::kPlain));
  if (is_uuid(text)) return write_uuid(out, text);
  std::size_t digits = 0;
  while (digits < text.size() && digits < kMostDigits && is_digit(text[text.size() - 1 - digits])) ++digits;
  if (digits >= kFewestDigits && text.size() <= ShortTextReader::kLongest) return write_counter(out, text, digits);
  out.number(head_of(text.size(), Form::kPlain));
  out.bytes(text);
}

std::string_view ShortTextReader::read(core::PackedReader& in) {
  const std::uint64_t head = in.number();
  switch (static_cast<Form>(head & 3U)) {
    case Form::kPlain:
      return in.bytes(head >> 2U);
    case Form::kUuid:
      return read_uuid(in);
    case Form::kCounter:
      return read_counter(in, head >> 2U);
  }
  throw core::CorruptState("a text of an unknown form");
}

std::string_view ShortTextReader::read_uuid(core::PackedReader& in) {
  constexpr std::string_view kNibbles = "0123456789abcdef";
  for (std::size_t i = 0; i < kUuidSize; i += 2) {
    if (is_hyphen_place(i)) room_[i++] = '-';
    const std::uint8_t byte = in.byte();
    room_[i] = kNibbles[byte >> 4U], room_[i + 1] = kNibbles[byte & 15U];
  }
  return {room_.data(), kUuidSize};
}

std::string_view ShortTextReader::read_counter(core::PackedReader& in, std::uint64_t head) {
  const std::size_t digits = in.byte();
  if (head > kLongest || digits > kLongest - head) throw core::CorruptState("a text is longer than its form allows");
  std::copy_n(in.bytes(head).begin(), head, room_.begin());
  std::uint64_t value = in.number();
  const std::size_t size = head + digits;
  for (std::size_t i = size; i > head; --i, value /= 10) room_[i - 1] = static_cast<char>('0' + value % 10);
  return {room_.data(), size};
}

}  // namespace processors
