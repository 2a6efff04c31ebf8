// How print() writes, and the parts of it that have a file of their own. Internal to config.
#pragma once

#include <yaml-cpp/yaml.h>

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "core/figure_config.h"
#include "core/time.h"

namespace config {

using Out = YAML::Emitter;

template <typename Value>
void put(Out& out, const char* key, const Value& value) {
  out << YAML::Key << key << YAML::Value << value;
}
inline void put(Out& out, const char* key, core::Millis span) { put(out, key, core::format_duration(span)); }

template <typename Texts>
void put_list(Out& out, const char* key, const Texts& texts) {
  out << YAML::Key << key << YAML::Value << YAML::Flow << YAML::BeginSeq;
  for (const auto& text : texts) out << std::string(text);
  out << YAML::EndSeq;
}

template <typename Body>
void put_section(Out& out, const std::string& key, const Body& body) {
  out << YAML::Key << key << YAML::Value << YAML::BeginMap;
  body();
  out << YAML::EndMap;
}

template <std::size_t N>
std::vector<std::string_view> chosen_words(const std::array<bool, N>& chosen,
                                           const std::array<std::string_view, N>& words) {
  std::vector<std::string_view> texts;
  for (std::size_t i = 0; i < N; ++i) {
    if (chosen[i]) texts.push_back(words[i]);
  }
  return texts;
}

/// A value that may be a secret: where it came from, or a mask.
void put_secret(Out& out, const std::string& name, const SecretText& text, bool masked);
void put_properties(Out& out, const std::map<std::string, SecretText>& properties);

/// `timezone`: the client's. `alerts`: those of the profile.
void print_profile(Out& out, const core::SlaProfile& profile, const std::string& timezone,
                   const std::vector<core::AlertRule>& alerts);
/// Nothing where there are none.
void print_alerts(Out& out, const std::vector<core::AlertRule>& alerts);
void print_alerting(Out& out, const AlertingConfig& alerting);
/// Nothing where there are none.
void print_calendars(Out& out, const std::map<std::string, core::CalendarConfig, std::less<>>& calendars);

}  // namespace config
