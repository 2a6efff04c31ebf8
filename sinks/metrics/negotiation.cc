#include "sinks/metrics/negotiation.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <vector>

namespace sinks {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = 'A' <= c && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

// Splits outside quoted strings.
std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  bool quoted = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] == '"') quoted = !quoted;
    if (i < text.size() && (quoted || text[i] != separator)) continue;
    parts.push_back(trimmed(text.substr(begin, i - begin)));
    begin = i + 1;
  }
  return parts;
}

struct Choice {
  std::string name, version;
  double weight = 1;
};

// A weight that is no number from 0 to 1 makes the choice unusable.
double weight_of(std::string_view text) {
  double weight = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), weight, std::chars_format::fixed);
  const bool valid = error == std::errc() && end == text.data() + text.size() && 0 <= weight && weight <= 1;
  return valid ? weight : 0;
}

std::vector<Choice> choices(std::string_view header) {
  std::vector<Choice> all;
  for (const auto item : split(header, ',')) {
    const auto parts = split(item, ';');
    Choice choice;
    choice.name = lower(parts[0]);
    for (std::size_t i = 1; i < parts.size(); ++i) {
      const auto equals = parts[i].find('=');
      if (equals == std::string_view::npos) continue;
      const std::string name = lower(trimmed(parts[i].substr(0, equals)));
      std::string_view value = trimmed(parts[i].substr(equals + 1));
      if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
      if (name == "q") choice.weight = weight_of(value);
      if (name == "version") choice.version = value;
    }
    if (!choice.name.empty()) all.push_back(std::move(choice));
  }
  return all;
}

// The best weight of those that match; nullopt if none does.
template <typename Matches>
std::optional<double> best(const std::vector<Choice>& all, const Matches& matches) {
  std::optional<double> weight;
  for (const Choice& choice : all) {
    if (matches(choice)) weight = std::max(weight.value_or(0), choice.weight);
  }
  return weight;
}

}  // namespace

ExpositionFormat negotiate_format(std::string_view accept) {
  const auto all = choices(accept);
  const auto named = [](std::string_view name) { return [name](const Choice& c) { return c.name == name; }; };
  const auto open = best(all, [](const Choice& c) {
    return c.name == "application/openmetrics-text" &&
           (c.version.empty() || c.version == "1.0.0" || c.version == "0.0.1");
  });
  if (!open || *open == 0) return ExpositionFormat::kText;
  auto text =
      best(all, [](const Choice& c) { return c.name == "text/plain" && (c.version.empty() || c.version == "0.0.4"); });
  if (!text) text = best(all, named("text/*"));
  if (!text) text = best(all, named("*/*"));
  return *open >= text.value_or(0) ? ExpositionFormat::kOpenMetrics : ExpositionFormat::kText;
}

bool accepts_gzip(std::string_view accept_encoding) {
  const auto all = choices(accept_encoding);
  const auto weight = [&](std::string_view name) {
    return best(all, [name](const Choice& c) { return c.name == name || (name == "gzip" && c.name == "x-gzip"); });
  };
  auto gzip = weight("gzip");
  if (!gzip) gzip = weight("*");
  return gzip.value_or(0) > 0 && *gzip >= weight("identity").value_or(0);
}

}  // namespace sinks
