#include "core/header_text.h"

#include <fmt/format.h>

#include <charconv>

namespace core {
namespace {

constexpr std::string_view kMarks = "%&=";

void append_escaped(std::string& out, std::string_view bytes) {
  for (const char c : bytes) {
    const bool plain = c > ' ' && c < 0x7f && kMarks.find(c) == std::string_view::npos;
    plain ? void(out += c) : void(out += fmt::format("%{:02X}", static_cast<unsigned char>(c)));
  }
}

std::string_view unescaped(std::string_view text, Arena& arena) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    const char* const hex = text.data() + i + 1;
    const bool escape = text[i] == '%' && i + 2 < text.size();
    if (escape && std::from_chars(hex, hex + 2, byte, 16).ptr == hex + 2) {
      bytes += static_cast<char>(byte);
      i += 2;
    } else {
      bytes += text[i];
    }
  }
  // A value of no bytes is not the same as none: it must point somewhere.
  return bytes.empty() ? std::string_view("") : arena.copy(bytes);
}

}  // namespace

std::string write_headers(std::span<const Header> headers) {
  std::string out;
  for (const auto& [name, value] : headers) {
    if (!out.empty()) out += '&';
    append_escaped(out, name);
    if (value.data() == nullptr) continue;
    out += '=';
    append_escaped(out, value);
  }
  return out;
}

std::vector<Header> read_headers(std::string_view text, Arena& arena) {
  std::vector<Header> headers;
  while (!text.empty()) {
    const std::string_view header = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(header.size() + 1, text.size()));
    const std::size_t equals = header.find('=');
    headers.push_back({unescaped(header.substr(0, equals), arena), {}});
    if (equals != std::string_view::npos) headers.back().value = unescaped(header.substr(equals + 1), arena);
  }
  return headers;
}

}  // namespace core
