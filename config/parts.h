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

/// `clients`: settings, profiles, and which queue belongs to whom. After calendars.
void load_clients(const Section& root, const LoadContext& context, core::FigureConfig& figures);

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

}  // namespace config
