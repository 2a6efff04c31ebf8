#include "core/printable_text.h"

#include <fmt/format.h>

#include "core/json_text.h"

namespace core {
namespace {

/// Length of the printable character that `bytes` begin with; 0 for a control character or what is no UTF-8.
std::size_t printable_sequence(std::string_view bytes) {
  const auto first = static_cast<unsigned char>(bytes[0]);
  if (first < 0x20 || first == 0x7f) return 0;
  const bool control = first == 0xc2 && bytes.size() > 1 && static_cast<unsigned char>(bytes[1]) < 0xa0;
  return control ? 0 : utf8_sequence(bytes);
}

bool is_printable(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t size = printable_sequence(bytes);
    if (size == 0) return false;
    bytes.remove_prefix(size);
  }
  return true;
}

std::string escaped(char byte) {
  switch (byte) {
    case '\n':
      return "\\n";
    case '\t':
      return "\\t";
    case '\r':
      return "\\r";
    default:
      return fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
  }
}

}  // namespace

std::string printable(std::string_view bytes) {
  if (is_printable(bytes)) return std::string(bytes);
  std::string text;
  while (!bytes.empty()) {
    const std::size_t size = printable_sequence(bytes);
    if (bytes[0] == '\\') {
      text += "\\\\";
    } else if (size > 0) {
      text += bytes.substr(0, size);
    } else {
      text += escaped(bytes[0]);
    }
    bytes.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return text;
}

}  // namespace core
