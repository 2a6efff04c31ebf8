#include "ingest/text_rules.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/json_text.h"

namespace ingest {
namespace {

constexpr std::size_t kQuotedBytes = 60;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Takes the four hexadecimal digits of a \u escape off the front of `text`.
std::optional<std::uint32_t> take_hex4(std::string_view& text) {
  if (text.size() < 4) return std::nullopt;
  const std::string_view digits = text.substr(0, 4);
  std::uint32_t unit = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), unit, 16);
  if (error != std::errc{} || end != digits.end()) return std::nullopt;
  text.remove_prefix(4);
  return unit;
}

/// Takes what follows "\u" and gives the code point; both halves of a surrogate pair must be there.
std::optional<std::uint32_t> take_code_point(std::string_view& text) {
  const auto unit = take_hex4(text);
  if (!unit || *unit < 0xd800 || *unit > 0xdfff) return unit;
  if (*unit >= 0xdc00 || !text.starts_with("\\u")) return std::nullopt;
  text.remove_prefix(2);
  const auto low = take_hex4(text);
  if (!low || *low < 0xdc00 || *low > 0xdfff) return std::nullopt;
  return 0x10000 + ((*unit - 0xd800) << 10) + (*low - 0xdc00);
}

char* append_utf8(char* out, std::uint32_t code_point) {
  const auto put = [&out](std::uint32_t byte) { *out++ = static_cast<char>(byte); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xc0 | code_point >> 6), put(0x80 | (code_point & 0x3f));
  } else if (code_point < 0x10000) {
    put(0xe0 | code_point >> 12), put(0x80 | (code_point >> 6 & 0x3f)), put(0x80 | (code_point & 0x3f));
  } else {
    put(0xf0 | code_point >> 18), put(0x80 | (code_point >> 12 & 0x3f));
    put(0x80 | (code_point >> 6 & 0x3f)), put(0x80 | (code_point & 0x3f));
  }
  return out;
}

}  // namespace

std::optional<std::string_view> unescape_json(std::string_view written, core::Arena& arena) {
  if (written.find('\\') == std::string_view::npos) return written;
  // An escape never becomes longer than it was written.
  char* const begin = static_cast<char*>(arena.allocate(written.size(), 1));
  char* out = begin;
  while (!written.empty()) {
    const std::size_t plain = std::min(written.find('\\'), written.size());
    out = std::copy_n(written.begin(), plain, out);
    written.remove_prefix(plain);
    if (written.empty()) break;
    if (written.size() < 2) return std::nullopt;
    const char escape = written[1];
    written.remove_prefix(2);
    static constexpr std::string_view kEscapes = "\"\\/bfnrt", kMeanings = "\"\\/\b\f\n\r\t";
    if (const auto at = kEscapes.find(escape); at != std::string_view::npos) {
      *out++ = kMeanings[at];
      continue;
    }
    if (escape != 'u') return std::nullopt;
    const auto code_point = take_code_point(written);
    if (!code_point) return std::nullopt;
    out = append_utf8(out, *code_point);
  }
  return std::string_view(begin, static_cast<std::size_t>(out - begin));
}

bool is_json_number(std::string_view text) {
  const auto take = [&text](std::string_view any_of) {
    if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return true;
  };
  const auto take_digits = [&text] {
    const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
    const auto count = static_cast<std::size_t>(end - text.begin());
    text.remove_prefix(count);
    return count > 0;
  };
  take("-");
  if (!take("0") && !take_digits()) return false;
  if (take(".") && !take_digits()) return false;
  if (take("eE")) {
    take("+-");
    if (!take_digits()) return false;
  }
  return text.empty();
}

bool has_control_characters(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7f) return true;
    // In UTF-8 U+0080–9F are the byte C2 and one of 80–9F.
    if (byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0) return true;
  }
  return false;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  std::size_t taken = 0;
  while (taken < text.size()) {
    const std::string_view rest = text.substr(taken);
    const std::size_t length = core::utf8_sequence(rest);
    const std::string_view character = rest.substr(0, std::max<std::size_t>(length, 1));
    if (taken + character.size() > kQuotedBytes) break;
    const bool harmless = length > 0 && !has_control_characters(character);
    out += harmless ? character : std::string_view{"\xef\xbf\xbd"};
    taken += character.size();
  }
  out += taken < text.size() ? "…\"" : "\"";
  return out;
}

}  // namespace ingest
