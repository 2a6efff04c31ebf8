// The parts of load() that have a file of their own. Internal to config.
#pragma once

#include <filesystem>
#include <vector>

#include "config/config.h"
#include "config/load.h"
#include "config/section.h"

namespace config {

/// What reading a configuration needs to know beside its text.
struct LoadContext {
  std::filesystem::path folder;  ///< Relative paths begin here.
  bool read_files = true;
};

/// `sources`: names unique, one kind of input each, a format that this version reads.
std::vector<SourceConfig> load_sources(const Section& root, const LoadOptions& options);

/// `calendars`: business hours by name.
void load_calendars(const Section& root, core::FigureConfig& figures);

/// `clients`: settings, profiles, and which queue belongs to whom. After calendars. `alerts`: those of all profiles.
void load_clients(const Section& root, const LoadContext& context, core::FigureConfig& figures,
                  std::vector<core::AlertRule>& alerts);

/// `alerting`.
AlertingConfig load_alerting(const Section& alerting, bool resolve_secrets);
/// The alerts of a profile whose versions have been read.
void load_alerts(const Section& profile_section, const std::string& client, const core::SlaProfile& profile,
                 core::Millis lead_target, std::vector<core::AlertRule>& alerts);

/// What the versions of a profile share, and where they stand.
struct ProfilePlace {
  const LoadContext* context;
  const core::FigureConfig* figures;
  const core::ClientConfig* client;
  core::Metric metric;
};
/// The terms of a version: target, period, money.
core::Terms load_terms(const Section& version, const ProfilePlace& place);
std::vector<core::Exclusion> load_exclusions(const Section& profile);

/// A text key whose form `parse` knows; nullopt where it is left out or wrong, which is reported.
template <typename Parse>
auto formed_value(const Section& section, std::string_view name, Parse&& parse) -> decltype(parse(std::string_view{})) {
  if (!section.has(name)) {
    section.text(name);  // Says so where it is required.
    return std::nullopt;
  }
  const std::string text = section.text(name);
  if (text.empty()) return std::nullopt;  // Of another form than text, or empty: reported.
  auto value = parse(text);
  if (!value) section.refuse(name, '"' + text + '"');
  return value;
}

}  // namespace config
