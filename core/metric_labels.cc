#include "core/metric_labels.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "core/json_text.h"

namespace core {
namespace {

constexpr std::array<std::string_view, 3> kFirst = {"client", "queue", "channel"};

bool valid_label_name(std::string_view name) {
  return valid_metric_name(name) && name.find(':') == std::string_view::npos && name != "le";
}

void append_label(std::string& out, const Label& label) {
  if (!valid_label_name(label.name)) throw std::logic_error("not a label name: " + std::string(label.name));
  if (label.value.empty()) return;
  if (!out.empty()) out += ',';
  out += label.name;
  out += "=\"";
  for (const char character : to_utf8(label.value)) {
    if (character == '\n') {
      out += "\\n";
      continue;
    }
    if (character == '\\' || character == '"') out += '\\';
    out += character;
  }
  out += '"';
}

}  // namespace

std::string label_text(std::span<const Label> labels) {
  std::string out;
  for (const auto name : kFirst) {
    for (const Label& label : labels) {
      if (label.name == name) append_label(out, label);
    }
  }
  for (const Label& label : labels) {
    if (std::find(kFirst.begin(), kFirst.end(), label.name) == kFirst.end()) append_label(out, label);
  }
  return out;
}

bool valid_metric_name(std::string_view name) {
  const auto letter = [](char c) { return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || c == '_' || c == ':'; };
  const auto digit = [](char c) { return '0' <= c && c <= '9'; };
  return !name.empty() && letter(name.front()) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || digit(c); });
}

}  // namespace core
