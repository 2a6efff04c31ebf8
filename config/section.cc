#include "config/section.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "core/periods.h"

namespace config {
namespace {

int line_of(const YAML::Node& node) { return node.Mark().line + 1; }

std::string join(const std::string& path, std::string_view name) {
  return path.empty() ? std::string(name) : fmt::format("{}.{}", path, name);
}

std::optional<std::int64_t> duration_ms(std::string_view text) {
  const auto span = core::parse_duration(text);
  return span ? std::optional(span->count()) : std::nullopt;
}

std::optional<std::int64_t> parse_date(std::string_view text) {
  const auto midnight = core::parse_rfc3339(fmt::format("{}T00:00:00Z", text));
  if (text.size() != 10 || !midnight) return std::nullopt;
  return core::to_ms(*midnight) / 86'400'000;
}

/// As it may stand in a message: short and on one line.
std::string quoted(std::string_view text) {
  constexpr std::size_t kLongest = 200;
  if (!is_printable(text)) return "text with control characters";
  return text.size() <= kLongest ? fmt::format("\"{}\"", text) : fmt::format("text of {} bytes", text.size());
}

/// What was found where a scalar was expected.
std::string found(const YAML::Node& node) {
  if (node.IsScalar()) return quoted(node.Scalar());
  return node.IsMap() ? "a mapping" : node.IsSequence() ? "a list" : "empty";
}

bool is_text(std::string_view text, const Key& key) {
  return !text.empty() && text.size() <= static_cast<std::size_t>(key.high) && is_printable(text);
}

}  // namespace

Section::Section(const YAML::Node& node, int line, std::string path, std::string shown, Diagnosis& diagnosis)
    : line_(line), path_(std::move(path)), shown_(std::move(shown)), diagnosis_(&diagnosis) {
  if (!node.IsDefined() || node.IsNull()) return;
  if (!node.IsMap()) {
    diagnosis.report(line, fmt::format("{} is {}, allowed: a mapping of keys",
                                       shown_.empty() ? "the configuration" : shown_, found(node)));
    return;
  }
  for (const auto& entry : node) {
    if (entry.first.IsScalar()) {
      // What a shorthand stands for has no line of its own.
      add_entry(entry.first.Scalar(), entry.second,
                std::max(line_of(entry.first), entry.first.Mark().is_null() ? line : 1));
    } else {
      report(line_of(entry.first), fmt::format("a key is {}, allowed: text", found(entry.first)));
    }
  }
}

void Section::add_entry(const std::string& name, const YAML::Node& value, int at) {
  const Key* key = find_key(join(path_, name));
  if (key == nullptr) return report_unknown(name, at);
  if (key->kind == Kind::kLater) {
    return report(at, fmt::format("{} is not yet supported in this version, allowed: to leave it out", shown(name)));
  }
  const auto [former, is_new] = entries_.emplace(name, Entry{value, at});
  if (!is_new) {
    report(at, fmt::format("{} stands here again after line {}, allowed: once", shown(name), former->second.line));
  }
}

void Section::report_unknown(const std::string& name, int at) const {
  std::vector<std::string_view> names;
  for (const Key* key : keys_below(path_)) names.push_back(leaf(*key));
  std::string allowed;
  if (const std::string_view near = nearest(name, names); !near.empty()) {
    allowed = fmt::format("did you mean {}?", near);
  } else if (const auto elsewhere = std::ranges::find(keys(), name, leaf); elsewhere != keys().end()) {
    allowed = fmt::format("did you mean {}?", elsewhere->path);
  } else {
    std::ranges::sort(names);
    allowed = fmt::format("allowed: {}", fmt::join(names, ", "));
  }
  report(at, fmt::format("unknown key {}{}, {}", quoted(name), shown_.empty() ? "" : " in " + shown_, allowed));
}

int Section::line(std::string_view name) const {
  const Entry* entry = find(name);
  return entry == nullptr ? line_ : entry->line;
}

std::string Section::shown(std::string_view name) const { return join(shown_, name); }

void Section::report(std::string_view name, const std::string& what) const {
  report(line(name), fmt::format("{} {}", shown(name), what));
}

void Section::refuse(std::string_view name, std::string_view what) const {
  const Key* key = find_key(join(path_, name));
  report(name, fmt::format("is {}, allowed: {}", what, allowed_values(*key)));
}

const Key& Section::declared(std::string_view name, Kind kind) const {
  const Key* key = find_key(join(path_, name));
  if (key == nullptr || key->kind != kind) throw std::logic_error("undeclared key " + join(path_, name));
  return *key;
}

const Section::Entry* Section::find(std::string_view name) const {
  const auto entry = entries_.find(name);
  return entry == entries_.end() ? nullptr : &entry->second;
}

std::optional<std::string> Section::scalar(const Key& key) const {
  const Entry* entry = find(leaf(key));
  if (entry == nullptr) {
    if (key.required) report(leaf(key), fmt::format("is missing, allowed: {}", allowed_values(key)));
    return std::nullopt;
  }
  if (entry->value.IsScalar()) return entry->value.Scalar();
  refuse(leaf(key), found(entry->value));
  return std::nullopt;
}

std::string Section::text(std::string_view name) const {
  const Key& key = declared(name, Kind::kText);
  const auto value = scalar(key);
  if (!value) return std::string(key.fallback);
  if (is_text(*value, key)) return *value;
  refuse(name, value->empty() ? "empty" : quoted(*value));
  return std::string(key.fallback);
}

/// The texts of a list; a single word may stand for a list of one.
std::vector<Placed> Section::items(const Key& key) const {
  const std::string_view name = leaf(key);
  const Entry* entry = find(name);
  if (entry == nullptr) {
    if (key.required) report(name, fmt::format("is missing, allowed: {}", allowed_values(key)));
    return {};
  }
  if (entry->value.IsScalar()) return {{entry->value.Scalar(), entry->line}};
  if (!entry->value.IsSequence() || (entry->value.size() == 0 && key.low > 0)) {
    refuse(name, entry->value.IsSequence() ? "an empty list" : found(entry->value));
    return {};
  }
  std::vector<Placed> items;
  std::set<std::string_view> seen;
  for (const YAML::Node& item : entry->value) {
    const int at = item.IsNull() ? entry->line : line_of(item);
    if (!item.IsScalar()) {
      report(at, fmt::format("{} holds {}, allowed: {}", shown(name), found(item), allowed_values(key)));
    } else if (!seen.insert(item.Scalar()).second) {
      report(at, fmt::format("{} holds {} twice, allowed: once", shown(name), found(item)));
    } else {
      items.push_back({item.Scalar(), at});
    }
  }
  return items;
}

std::vector<Placed> Section::texts(std::string_view name) const {
  const Key& key = declared(name, Kind::kTexts);
  std::vector<Placed> texts = items(key);
  std::erase_if(texts, [&](const Placed& item) {
    if (is_text(item.text, key)) return false;
    report(item.line, fmt::format("{} holds {}, allowed: {}", shown(name), quoted(item.text), allowed_values(key)));
    return true;
  });
  return texts;
}

std::size_t Section::word(std::string_view name) const {
  const Key& key = declared(name, Kind::kWord);
  const auto position = [&](std::string_view word) {
    return static_cast<std::size_t>(std::ranges::find(key.words, word) - key.words.begin());
  };
  const auto value = scalar(key);
  if (!value) return position(key.fallback);
  const std::size_t at = position(*value);
  if (at < key.words.size()) return at;
  refuse(name, quoted(*value));
  return position(key.fallback);
}

std::vector<std::size_t> Section::words(std::string_view name) const {
  const Key& key = declared(name, Kind::kWords);
  std::vector<std::size_t> chosen;
  for (const Placed& item : items(key)) {
    const auto at = std::ranges::find(key.words, item.text);
    if (at != key.words.end()) {
      chosen.push_back(static_cast<std::size_t>(at - key.words.begin()));
    } else {
      report(item.line, fmt::format("{} holds {}, allowed: {}", shown(name), quoted(item.text), allowed_values(key)));
    }
  }
  return chosen;
}

std::int64_t Section::number(const Key& key, std::optional<std::int64_t> (*parse)(std::string_view)) const {
  const auto text = scalar(key);
  if (!text) return parse(key.fallback).value_or(key.low);
  const auto value = parse(*text);
  if (value && *value >= key.low && *value <= key.high) return *value;
  refuse(leaf(key), quoted(*text));
  return parse(key.fallback).value_or(key.low);
}

std::int64_t Section::whole(std::string_view name) const { return number(declared(name, Kind::kWhole), parse_whole); }
std::int64_t Section::size(std::string_view name) const { return number(declared(name, Kind::kSize), parse_size); }
bool Section::flag(std::string_view name) const { return number(declared(name, Kind::kFlag), parse_flag) != 0; }
core::Millis Section::duration(std::string_view name) const {
  return core::Millis{number(declared(name, Kind::kDuration), duration_ms)};
}

std::string Section::zone(std::string_view name) const {
  const Key& key = declared(name, Kind::kZone);
  const auto value = scalar(key);
  if (!value) return std::string(key.fallback);
  if (core::find_zone(*value) != nullptr) return *value;
  refuse(name, quoted(*value));
  return std::string(key.fallback);
}

Address Section::address(std::string_view name) const {
  const Key& key = declared(name, Kind::kAddress);
  const auto value = scalar(key);
  const auto address = parse_address(value ? std::string_view(*value) : key.fallback);
  if (address) return *address;
  refuse(name, quoted(*value));
  return parse_address(key.fallback).value();
}

std::optional<std::int64_t> Section::date(std::string_view name) const {
  const auto value = scalar(declared(name, Kind::kDate));
  if (!value) return std::nullopt;
  const auto days = parse_date(*value);
  if (!days) refuse(name, quoted(*value));
  return days;
}

}  // namespace config
