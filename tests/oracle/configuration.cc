#include "tests/oracle/configuration.h"

#include <yaml-cpp/yaml.h>

#include <cmath>
#include <map>

#include "tests/oracle/calendar.h"

namespace oracle {
namespace {

void read_duration(const YAML::Node& node, Ms& value) {
  if (node) value = parse_duration(node.as<std::string>());
}

/// A single word may stand for a list of one.
std::set<std::string> words(const YAML::Node& node) {
  if (!node) return {};
  if (node.IsScalar()) return {node.as<std::string>()};
  std::set<std::string> all;
  for (const YAML::Node& word : node) all.insert(word.as<std::string>());
  return all;
}

Version read_version(const YAML::Node& node) {
  Version version;
  if (node["valid_from"]) version.valid_from = node["valid_from"].as<std::string>();
  if (node["formula"]) version.formula = node["formula"].as<std::string>();
  read_duration(node["threshold"], version.threshold);
  read_duration(node["short_abandon"], version.short_abandon);
  if (node["abandoned_reasons"]) version.abandoned_reasons = words(node["abandoned_reasons"]);
  const auto text = [&](const char* key, std::string& into) {
    if (node[key]) into = node[key].as<std::string>();
  };
  text("basis", version.basis), text("calendar", version.calendar), text("period", version.period);
  text("interval", version.interval), text("at_least", version.target), text("at_most", version.target);
  version.at_most = bool(node["at_most"]);
  if (node["aggregate"] && node["aggregate"].as<std::string>() == "intervals_met")
    text("intervals_target", version.intervals_target);
  if (node["min_volume"]) version.min_volume = node["min_volume"].as<Ms>();
  if (node["rounding"] && node["rounding"].as<std::string>() != "none") version.rounding = node["rounding"].as<int>();
  return version;
}

std::vector<Hours> read_hours(const YAML::Node& node) {
  std::vector<Hours> hours;
  for (const std::string& word : words(node)) {
    const auto minutes = [&](std::size_t at) {
      return std::stoi(word.substr(at, 2)) * 60 + std::stoi(word.substr(at + 3, 2));
    };
    const int from = minutes(0), to = minutes(6);
    hours.push_back({from, to > from ? to : to + 24 * 60});
  }
  return hours;
}

/// As floorwatch prints it: each day by itself.
Calendar read_calendar(const YAML::Node& node) {
  static const std::vector<std::string> days = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  Calendar calendar;
  calendar.timezone = node["timezone"].as<std::string>();
  for (int day = 0; day < 7; ++day) calendar.week[day] = read_hours(node["week"][days[std::size_t(day)]]);
  for (const YAML::Node& holiday : node["holidays"]) {
    calendar.holidays[holiday["date"].as<std::string>()] = read_hours(holiday["hours"]);
  }
  return calendar;
}

Profile read_profile(const YAML::Node& node) {
  Profile profile;
  if (node["name"]) profile.name = node["name"].as<std::string>();
  const YAML::Node applies = node["applies_to"];
  if (applies) {
    profile.channels = words(applies["channels"]);
    profile.queues = words(applies["queues"]);
    profile.entries = words(applies["entries"]);
  }
  if (node["metric"]) profile.metric = node["metric"].as<std::string>();
  for (const YAML::Node& version : node["versions"]) {
    profile.versions.push_back(read_version(version));
    // No abandon is short where the profile does not say so.
    if (profile.metric == "abandonment_rate" && !version["short_abandon"]) profile.versions.back().short_abandon = -1;
  }
  for (const YAML::Node& exclusion : node["exclusions"]) {
    profile.exclusions.emplace_back(parse_time(exclusion["from"].as<std::string>()),
                                    parse_time(exclusion["to"].as<std::string>()));
  }
  return profile;
}

Client read_client(const YAML::Node& node) {
  Client client;
  if (node["timezone"]) client.timezone = node["timezone"].as<std::string>();
  if (const YAML::Node leads = node["leads"]) {
    read_duration(leads["target"], client.lead_target);
    read_duration(leads["redial_gap"], client.redial_gap);
  }
  if (const YAML::Node deals = node["deals"]) {
    for (const YAML::Node& cost : deals["required_costs"]) client.required_costs.insert(cost.as<std::string>());
  }
  for (const YAML::Node& profile : node["sla"]) client.profiles.push_back(read_profile(profile));
  return client;
}

}  // namespace

Ms parse_duration(const std::string& text) {
  static const std::map<std::string, double> units = {
      {"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 24 * 3'600'000}};
  std::size_t digits = 0;
  const double value = std::stod(text, &digits);
  return std::llround(value * units.at(text.substr(digits)));
}

Options read_options(const std::string& yaml) {
  Options options;
  const YAML::Node root = YAML::Load(yaml);
  if (!root.IsMap()) return options;
  if (const YAML::Node limits = root["give_up_after"]) {
    read_duration(limits["voice"], options.give_up_after.voice);
    read_duration(limits["chat"], options.give_up_after.chat);
    read_duration(limits["email"], options.give_up_after.email);
    read_duration(limits["segment"], options.give_up_after.segment);
    read_duration(limits["agent_state"], options.give_up_after.agent_state);
  }
  const YAML::Node sources = root["sources"];
  if (sources && sources.size() > 0 && sources[0]["sends_wrap"]) {
    options.sends_wrap = sources[0]["sends_wrap"].as<bool>();
  }
  for (const auto& entry : root["calendars"]) {
    options.calendars[entry.first.as<std::string>()] = read_calendar(entry.second);
  }
  for (const auto& entry : root["clients"]) {
    const std::string name = entry.first.as<std::string>();
    options.clients[name] = read_client(entry.second);
    for (const std::string& queue : words(entry.second["queues"])) options.queue_client[queue] = name;
  }
  return options;
}

}  // namespace oracle
