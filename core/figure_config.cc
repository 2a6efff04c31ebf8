#include "core/figure_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "core/sha256.h"
#include "core/timezone_data.h"

namespace core {
namespace {

constexpr std::string_view kDefaultClient = "default";
constexpr std::string_view kSeparator = " = ";

using Lines = std::map<std::string, std::string, std::less<>>;

/// A name from the configuration in quotes. "=" is escaped too, so that the first " = " of a line is the separator.
std::string quoted(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7f || c == '=') {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
    } else {
      out += c;
    }
  }
  return out += '"';
}

template <typename Names>
std::string quoted_list(const Names& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + quoted(name);
  return '[' + out + ']';
}

template <std::size_t N>
std::string chosen_words(const std::array<bool, N>& chosen, const std::array<std::string_view, N>& words) {
  std::string out;
  for (std::size_t i = 0; i < N; ++i) {
    if (!chosen[i]) continue;
    if (!out.empty()) out += ", ";
    out += words[i];
  }
  return '[' + out + ']';
}

std::string span_text(Millis span) { return fmt::format("{} ms", span.count()); }

void add_version(Lines& lines, const std::string& prefix, const SlaVersion& version) {
  lines[prefix + "formula"] = kFormulaWords[index(version.formula)];
  lines[prefix + "threshold"] = span_text(version.threshold);
  lines[prefix + "short_abandon"] = span_text(version.short_abandon);
  lines[prefix + "abandoned_reasons"] = chosen_words(version.abandoned, kLeaveReasonWords);
  lines[prefix + "basis"] = kBasisWords[index(version.basis)];
}

/// "sla." of the first, "sla[1]." of the second.
std::string numbered(std::string_view list, std::size_t place) {
  return place == 0 ? fmt::format("{}.", list) : fmt::format("{}[{}].", list, place);
}

/// The profile's name is left out: it is a label and enters no fact. The first version's keys have no number: most
/// profiles have one.
void add_profile(Lines& lines, const std::string& prefix, const SlaProfile& profile) {
  const auto or_all = [](const std::set<std::string>& names) { return names.empty() ? "all" : quoted_list(names); };
  lines[prefix + "applies_to.channels"] = or_all(profile.channels);
  lines[prefix + "applies_to.queues"] = or_all(profile.queues);
  lines[prefix + "applies_to.entries"] = chosen_words(profile.entries, kEntryWords);
  for (std::size_t i = 0; i < profile.versions.size(); ++i) {
    const std::string of_version = i == 0 ? prefix : prefix + numbered("versions", i);
    lines[of_version + "valid_from"] = format_rfc3339(profile.versions[i].valid_from);
    add_version(lines, of_version, profile.versions[i]);
  }
}

/// How many profiles judge anything otherwise than if they were not there: the last ones that judge as the default does
/// are none, whatever they apply to.
std::size_t profiles_that_count(const std::vector<SlaProfile>& profiles) {
  const auto counts = [](const SlaProfile& profile) {
    return !std::ranges::all_of(profile.versions, [](const SlaVersion& v) { return v.judges_as(SlaVersion{}); });
  };
  const auto last = std::find_if(profiles.rbegin(), profiles.rend(), counts);
  return static_cast<std::size_t>(profiles.rend() - last);
}

std::set<std::string> as_set(const std::vector<std::string>& names) { return {names.begin(), names.end()}; }

void add_settings(Lines& lines, const std::string& prefix, const ClientConfig& client) {
  lines[prefix + "timezone"] = client.timezone;
  lines[prefix + "leads.target"] = span_text(client.lead_target);
  lines[prefix + "leads.redial_gap"] = span_text(client.redial_gap);
  lines[prefix + "deals.required_costs"] = quoted_list(as_set(client.required_costs));
}

/// Only what differs from the defaults, so that a client written out with its defaults equals one left out, and
/// differing_keys names just the keys that somebody changed.
void add_client(Lines& lines, const std::string& name, const ClientConfig& client) {
  const std::string prefix = "clients." + quoted(name) + '.';
  Lines own, defaults;
  add_settings(own, prefix, client);
  add_settings(defaults, prefix, ClientConfig{});
  for (auto& [key, value] : own) {
    if (value != defaults[key]) lines[key] = value;
  }
  for (std::size_t i = 0; i < profiles_that_count(client.sla); ++i) {
    add_profile(lines, prefix + numbered("sla", i), client.sla[i]);
  }
}

Lines parse_lines(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const std::size_t at = line.find(kSeparator);
    if (at == std::string_view::npos) continue;
    lines.emplace(line.substr(0, at), line.substr(at + kSeparator.size()));
  }
  return lines;
}

}  // namespace

std::string_view FigureConfig::client_of_queue(std::string_view queue) const {
  const auto found = queue_client.find(queue);
  return found == queue_client.end() ? kDefaultClient : std::string_view(found->second);
}

const ClientConfig& FigureConfig::client(std::string_view name) const {
  static const ClientConfig defaults;
  const auto found = clients.find(name);
  return found == clients.end() ? defaults : found->second;
}

std::string FigureConfig::canonical_text() const {
  Lines lines;
  lines["timezone_data"] = timezone_data_version();
  lines["give_up_after.voice"] = span_text(give_up_after.voice);
  lines["give_up_after.chat"] = span_text(give_up_after.chat);
  lines["give_up_after.email"] = span_text(give_up_after.email);
  lines["give_up_after.segment"] = span_text(give_up_after.segment);
  lines["give_up_after.agent_state"] = span_text(give_up_after.agent_state);
  add_settings(lines, "client_defaults.", ClientConfig{});
  add_version(lines, "client_defaults.sla.", SlaVersion{});
  for (const auto& [name, settings] : clients) add_client(lines, name, settings);
  for (const auto& [queue, owner] : queue_client) {
    if (owner != kDefaultClient) lines["queues." + quoted(queue) + ".client"] = quoted(owner);
  }
  for (const auto& source : sources_without_wrap) lines["sources." + quoted(source) + ".sends_wrap"] = "false";

  std::string text;
  for (const auto& [key, value] : lines) {
    text.append(key).append(kSeparator).append(value).append(1, '\n');
  }
  return text;
}

std::string FigureConfig::fingerprint() const { return Sha256{}.update(canonical_text()).hex(); }

std::vector<std::string> differing_keys(std::string_view before, std::string_view now) {
  Lines old_lines = parse_lines(before), new_lines = parse_lines(now);
  std::set<std::string> keys;
  for (const auto& [key, value] : old_lines) {
    const auto found = new_lines.find(key);
    if (found == new_lines.end() || found->second != value) keys.insert(key);
  }
  for (const auto& [key, value] : new_lines) {
    if (!old_lines.contains(key)) keys.insert(key);
  }
  return {keys.begin(), keys.end()};
}

}  // namespace core
