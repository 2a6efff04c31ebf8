#include <date/tz.h>
#include <fmt/format.h>

#include <map>

#include "config/parts.h"
#include "core/periods.h"

namespace config {
namespace {

template <std::size_t N>
std::array<bool, N> chosen(const std::vector<std::size_t>& indices) {
  std::array<bool, N> flags{};
  for (const std::size_t i : indices) flags.at(i) = true;
  return flags;
}

/// The first instant of a date in a client's zone: where its midnight does not exist, the change of the clock.
core::EventTime day_begin(const std::string& timezone, std::int64_t days) {
  const date::local_days day{date::days{days}};
  const auto begin = core::find_zone(timezone)->to_sys(day, date::choose::earliest);
  return core::EventTime{date::floor<core::Millis>(begin).time_since_epoch()};
}

core::SlaVersion load_version(const Section& section) {
  core::SlaVersion version;
  version.formula = static_cast<core::Formula>(section.word("formula"));
  version.threshold = section.duration("threshold");
  version.short_abandon = section.duration("short_abandon");
  version.basis = static_cast<core::Basis>(section.word("basis"));
  const auto reasons = section.words("abandoned_reasons");
  if (!reasons.empty()) version.abandoned = chosen<core::kLeaveReasons>(reasons);
  if (version.short_abandon > version.threshold) {
    const std::string_view key = section.has("short_abandon") ? "short_abandon" : "threshold";
    section.report(section.line(key),
                   fmt::format("{} is {} and more than threshold, which is {}, allowed: at most threshold",
                               section.shown("short_abandon"), core::format_duration(version.short_abandon),
                               core::format_duration(version.threshold)));
  }
  return version;
}

core::SlaProfile load_profile(const Section& section, const std::string& timezone) {
  core::SlaProfile profile;
  profile.name = section.text("name");
  const Section applies_to = section.section("applies_to");
  for (const Placed& channel : applies_to.texts("channels")) profile.channels.insert(channel.text);
  for (const Placed& queue : applies_to.texts("queues")) profile.queues.insert(queue.text);
  const auto entries = applies_to.words("entries");
  if (!entries.empty()) profile.entries = chosen<core::kEntries>(entries);

  const auto versions = section.sections("versions");
  if (versions.size() > 1) {
    versions[1].report(versions[1].line(),
                       fmt::format("{} has more than one version, which is not yet supported in this "
                                   "version of floorwatch, allowed: one",
                                   section.shown("versions")));
  }
  for (const Section& version : versions) {
    profile.version = load_version(version);
    const auto valid_from = version.date("valid_from");
    if (valid_from) profile.valid_from = day_begin(timezone, *valid_from);
  }
  return profile;
}

core::ClientConfig load_client(const Section& section) {
  core::ClientConfig client;
  client.timezone = section.zone("timezone");
  const Section leads = section.section("leads");
  client.lead_target = leads.duration("target");
  client.redial_gap = leads.duration("redial_gap");
  for (Placed& cost : section.section("deals").texts("required_costs"))
    client.required_costs.push_back(std::move(cost.text));
  const auto profiles = section.sections("sla");
  if (profiles.size() > 1) {
    profiles[1].report(profiles[1].line(),
                       fmt::format("{} has more than one profile, which is not yet supported in this "
                                   "version of floorwatch, allowed: one",
                                   section.shown("sla")));
  }
  for (const Section& profile : profiles) client.sla = load_profile(profile, client.timezone);
  return client;
}

}  // namespace

void load_clients(const Section& root, core::FigureConfig& figures) {
  std::map<std::string, int> queue_lines;
  for (const auto& [name, section] : root.named_sections("clients")) {
    figures.clients.emplace(name.text, load_client(section));
    for (const Placed& queue : section.texts("queues")) {
      const auto [owner, is_new] = figures.queue_client.emplace(queue.text, name.text);
      if (is_new) {
        queue_lines.emplace(queue.text, queue.line);
      } else {
        section.report(queue.line,
                       fmt::format("queue {} of client {} belongs to client {} on line {} already, allowed: one "
                                   "client a queue",
                                   queue.text, name.text, owner->second, queue_lines.at(queue.text)));
      }
    }
  }
}

}  // namespace config
