#include <chrono>

#include <date/date.h>

#include "tests/support/random.h"
#include "tests/support/random_log.h"

namespace test_support {
namespace {

using oracle::Ms;

const std::vector<std::string> kZones = {"America/New_York", "Europe/Kyiv", "UTC", "Asia/Kolkata", "Asia/Kathmandu"};
const std::vector<std::string> kFormulas = {"answered",
                                            "offered",
                                            "offered_less_short",
                                            "answered_and_abandoned",
                                            "answered_and_abandoned_less_short",
                                            "late_abandons_only",
                                            "sl_events_ignore_abandons",
                                            "sl_events_abandons_negative",
                                            "sl_events_abandons_positive",
                                            "left_queue_within",
                                            "answered_or_abandoned_within"};
const std::vector<std::string> kReasons = {"caller", "caller_ringing", "timeout", "closed", "no_agents", "overflow",
                                           "exit_key", "voicemail", "callback_requested", "transferred", "system_error"};

oracle::Version random_version(Random& random) {
  oracle::Version version;
  version.formula = random.pick(kFormulas);
  version.threshold = random.pick<Ms>({20'000, 20'000, 5'000, 30'000, 60'001, 300'000});
  version.short_abandon = random.pick<Ms>({5'000, 4'999, 1'000, version.threshold});
  if (version.short_abandon > version.threshold) version.short_abandon = version.threshold;
  if (random.chance(40)) {
    version.abandoned_reasons.clear();
    for (const std::string& reason : kReasons) {
      if (random.chance(30)) version.abandoned_reasons.insert(reason);
    }
    version.abandoned_reasons.insert("caller");
  }
  return version;
}

/// Another metric than the service level has no formula, and thresholds only where they mean something.
void random_terms(Random& random, const std::string& metric, oracle::Version& version) {
  const bool span = metric == "mean_wait" || metric == "mean_handle";
  version.at_most = span || metric == "abandonment_rate";
  if (random.chance(30)) version.basis = "event";
  if (random.chance(40)) version.calendar = random.pick<std::string>({"days", "nights"});
  if (random.chance(80))
    version.target =
        span ? random.pick<std::string>({"20s", "45s", "120s"}) : random.pick<std::string>({"80%", "50%", "33.3333%"});
  if (random.chance(10)) version.at_most = !version.at_most;
  if (version.target.empty()) version.at_most = false;
  version.period = random.pick<std::string>({"month", "month", "day", "week"});
  version.interval = random.pick<std::string>({"15m", "30m", "1h"});
  if (!version.target.empty() && random.chance(40))
    version.intervals_target = random.pick<std::string>({"100%", "50%"});
  version.min_volume = random.between(0, 3);
  if (random.chance(40)) version.rounding = static_cast<int>(random.between(0, 2));
  if (metric == "occupancy") version.basis = "arrival", version.min_volume = 0;
}

oracle::Calendar random_calendar(Random& random, Ms start, bool nights) {
  constexpr Ms kDay = 86'400'000;
  oracle::Calendar calendar;
  calendar.timezone = random.pick(kZones);
  for (int day = 0; day < 7; ++day) {
    const int from = static_cast<int>(random.between(0, 23)) * 60 + 15 * static_cast<int>(random.between(0, 3));
    const int to = nights ? from + static_cast<int>(random.between(1, 24)) * 60 : std::min(from + 600, 24 * 60);
    calendar.week[day] = random.chance(85) ? std::vector<oracle::Hours>{{from, to}} : std::vector<oracle::Hours>{};
  }
  if (random.chance(30)) calendar.holidays[utc_text(start).substr(0, 10)] = {};
  if (random.chance(30)) calendar.holidays[utc_text(start + kDay).substr(0, 10)] = {{8 * 60, 12 * 60}};
  return calendar;
}

/// Of some clients the first version is in force before the log's day, of some it comes into force on it.
oracle::Profile random_profile(Random& random, Ms start, const std::string& name) {
  constexpr Ms kDay = 86'400'000;
  oracle::Profile profile;
  profile.name = name;
  if (random.chance(40)) {
    profile.metric = random.pick<std::string>(
        {"mean_wait", "abandonment_rate", "mean_handle", "lead_response", "occupancy", "first_response"});
  }
  if (random.chance(20)) profile.exclusions = {{start + 600'000, start + 1'500'000}};
  Ms day = start + random.between(-1, 1) * kDay;
  for (std::int64_t more = random.between(1, 3); more > 0; --more) {
    oracle::Version version = random_version(random);
    version.valid_from = utc_text(day).substr(0, 10);
    if (profile.versions.empty() && random.chance(40)) version.valid_from = random.chance(50) ? "" : "2020-01-01";
    random_terms(random, profile.metric, version);
    if (profile.metric == "abandonment_rate" && random.chance(50)) version.short_abandon = -1;
    profile.versions.push_back(std::move(version));
    day += kDay;
  }
  if (profile.metric == "lead_response" || profile.metric == "occupancy") return profile;
  if (random.chance(25)) profile.channels = {"voice", "chat"};
  if (random.chance(15)) profile.queues = {"q1", "q2"};
  if (random.chance(15) && profile.metric != "mean_handle" && profile.metric != "first_response")
    profile.entries = {"inbound", "callback"};
  return profile;
}

std::string duration(Ms span) {
  if (span > 0 && span % 60'000 == 0) return std::to_string(span / 60'000) + "m";
  if (span % 1000 == 0) return std::to_string(span / 1000) + "s";
  return std::to_string(span) + "ms";
}

std::string list(const std::set<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + quoted(word);
  return "[" + text + "]";
}

std::string profile_yaml(const oracle::Profile& profile) {
  std::string applies;
  const auto add = [&](const char* name, const std::set<std::string>& words) {
    if (!words.empty()) applies += (applies.empty() ? "" : ", ") + std::string(name) + ": " + list(words);
  };
  add("channels", profile.channels);
  add("queues", profile.queues);
  add("entries", profile.entries);
  std::string yaml = "      - name: " + quoted(profile.name) + "\n        metric: " + profile.metric + "\n";
  for (const auto& [from, to] : profile.exclusions) {
    yaml += "        exclusions: [{from: " + utc_text(from) + ", to: " + utc_text(to) + ", reason: test}]\n";
  }
  if (!applies.empty()) yaml += "        applies_to: {" + applies + "}\n";
  yaml += "        versions:\n";
  for (const oracle::Version& version : profile.versions) {
    yaml += "          - formula: " + version.formula + "\n";
    if (!version.valid_from.empty()) yaml += "            valid_from: " + version.valid_from + "\n";
    yaml += "            threshold: " + duration(version.threshold) + "\n";
    if (version.short_abandon >= 0) yaml += "            short_abandon: " + duration(version.short_abandon) + "\n";
    yaml += "            abandoned_reasons: " + list(version.abandoned_reasons) + "\n";
    if (profile.metric != "occupancy") {
      yaml += "            basis: " + version.basis +
              "\n            min_volume: " + std::to_string(version.min_volume) + "\n";
    }
    yaml += "            period: " + version.period + "\n            interval: " + version.interval + "\n";
    if (!version.calendar.empty()) yaml += "            calendar: " + version.calendar + "\n";
    if (!version.target.empty())
      yaml += std::string("            ") + (version.at_most ? "at_most: " : "at_least: ") + version.target + "\n";
    if (!version.intervals_target.empty()) {
      yaml += "            aggregate: intervals_met\n            intervals_target: " + version.intervals_target + "\n";
    }
    if (version.rounding) yaml += "            rounding: " + std::to_string(*version.rounding) + "\n";
  }
  return yaml;
}

std::string hours_yaml(const std::vector<oracle::Hours>& hours) {
  std::string text;
  const auto clock = [](int minutes) {
    const auto two = [](int n) { return std::string(n < 10 ? "0" : "") + std::to_string(n); };
    return two(minutes / 60) + ":" + two(minutes % 60);
  };
  for (const oracle::Hours& one : hours) {
    text += (text.empty() ? "" : ", ") +
            quoted(clock(one.from) + "-" + clock(one.to > 24 * 60 ? one.to - 24 * 60 : one.to));
  }
  return "[" + text + "]";
}

std::string calendar_yaml(const std::string& name, const oracle::Calendar& calendar) {
  static const std::vector<std::string> days = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  std::string week;
  for (const auto& [day, hours] : calendar.week) {
    week += (week.empty() ? "" : ", ") + days[static_cast<std::size_t>(day)] + ": " + hours_yaml(hours);
  }
  std::string yaml = "  " + name + ":\n    timezone: " + calendar.timezone + "\n    week: {" + week + "}\n";
  if (!calendar.holidays.empty()) yaml += "    holidays:\n";
  for (const auto& [date, hours] : calendar.holidays) {
    yaml += "      - {date: " + date + ", hours: " + hours_yaml(hours) + "}\n";
  }
  return yaml;
}

std::string client_yaml(const std::string& name, const oracle::Options& options) {
  const oracle::Client& client = options.client(name);
  std::set<std::string> queues;
  for (const auto& [queue, owner] : options.queue_client) {
    if (owner == name) queues.insert(queue);
  }
  std::string yaml = "  " + quoted(name) + ":\n    timezone: " + client.timezone + "\n";
  if (!queues.empty()) yaml += "    queues: " + list(queues) + "\n";
  yaml += "    leads: {target: " + duration(client.lead_target) + ", redial_gap: " + duration(client.redial_gap) + "}\n";
  if (!client.required_costs.empty()) yaml += "    deals: {required_costs: " + list(client.required_costs) + "}\n";
  if (!client.profiles.empty()) yaml += "    sla:\n";
  for (const oracle::Profile& profile : client.profiles) yaml += profile_yaml(profile);
  return yaml;
}

}  // namespace

Ms random_start(std::uint64_t seed) {
  using namespace date::literals;
  using std::chrono::minutes;
  const auto at = [](date::sys_days day, int minute) {
    return std::chrono::duration_cast<std::chrono::milliseconds>((day + minutes(minute)).time_since_epoch()).count();
  };
  Random random(seed ^ 0x57a7);
  const std::vector<Ms> starts = {
      at(2026_y / 3 / 2, 540),    // an ordinary Monday
      at(2026_y / 3 / 8, 390),    // New York's clocks go forward at 07:00Z
      at(2026_y / 11 / 1, 330),   // … and back at 06:00Z
      at(2026_y / 3 / 29, 30),    // Kyiv's clocks go forward at 01:00Z
      at(2026_y / 10 / 25, 30),   // … and back at 01:00Z
      at(2026_y / 3 / 1, 270),    // midnight and a new month in New York at 05:00Z
      at(2026_y / 3 / 1, 1290),   // midnight and a new week in Kyiv at 22:00Z
      at(2026_y / 2 / 28, 1080)}; // midnight and a new month in Kolkata at 18:30Z, in Kathmandu at 18:15Z
  return random.pick(starts);
}

oracle::Options random_options(std::uint64_t seed) {
  Random random(seed ^ 0x0b710);
  oracle::Options options;
  if (random.chance(10)) return options;
  options.sends_wrap = random.chance(70);
  if (random.chance(70)) options.give_up_after = {600'000, 1'800'000, 7'200'000, 1'200'000, 3'600'000};
  options.calendars["days"] = random_calendar(random, random_start(seed), false);
  options.calendars["nights"] = random_calendar(random, random_start(seed), true);
  for (const std::string& name : {std::string("acme"), std::string("globex"), std::string("default")}) {
    if (random.chance(25)) continue;
    oracle::Client& client = options.clients[name];
    client.timezone = random.pick(kZones);
    for (const char* profile : {"voice", "rest", "late"}) {
      if (random.chance(60)) client.profiles.push_back(random_profile(random, random_start(seed), profile));
    }
    client.lead_target = random.pick<Ms>({300'000, 30'000, 1'000});
    client.redial_gap = random.pick<Ms>({30'000, 30'000, 5'000});
    if (random.chance(50)) client.required_costs = {"delivery", random.chance(50) ? "commission" : "delivery"};
    if (name == "acme") options.queue_client["q1"] = options.queue_client["q \"2\", b"] = name;
    if (name == "globex") options.queue_client["q2"] = name;
  }
  return options;
}

std::string to_yaml(const oracle::Options& options) {
  std::string yaml = "sources:\n  - name: log\n    file: {path: events.ndjson}\n    format: canonical\n    sends_wrap: ";
  yaml += options.sends_wrap ? "true\n" : "false\n";
  const oracle::GiveUp& limits = options.give_up_after;
  yaml += "give_up_after: {voice: " + duration(limits.voice) + ", chat: " + duration(limits.chat) +
          ", email: " + duration(limits.email) + ", segment: " + duration(limits.segment) +
          ", agent_state: " + duration(limits.agent_state) + "}\n";
  if (!options.calendars.empty()) yaml += "calendars:\n";
  for (const auto& [name, calendar] : options.calendars) yaml += calendar_yaml(name, calendar);
  if (!options.clients.empty()) yaml += "clients:\n";
  for (const auto& [name, client] : options.clients) yaml += client_yaml(name, options);
  return yaml;
}

std::vector<oracle::Query> random_queries(std::uint64_t seed, std::size_t count) {
  Random random(seed ^ 0x9e4);
  const Ms start = random_start(seed);
  std::vector<oracle::Query> queries(count);
  for (oracle::Query& query : queries) {
    query.by = random.pick<std::string>({"queue", "agent", "client", "lead", "deal", "profile", "chat", "chat-agent"});
    query.every = random.pick<std::string>({"15m", "30m", "1h", "day", "week", "month", "total"});
    query.basis = random.pick<std::string>({"arrival", "event"});
    if (query.by == "deal") query.basis = "arrival";
    if (query.by != "profile" && query.by != "deal" && random.chance(25))
      query.window = random.pick<std::string>({"5m", "15m", "30m", "1h", "day"});
    if (random.chance(35)) query.timezone = random.pick(kZones);
    if (query.window.empty() && random.chance(30)) query.from = start + random.between(0, 6) * 900'000;
    if (query.window.empty() && random.chance(30)) query.to = start + random.between(4, 12) * 900'000;
    if (query.from && query.to && *query.to <= *query.from) query.to = *query.from + 3'600'000;
    if (random.chance(15)) query.client = random.pick<std::string>({"acme", "globex", "default"});
    const bool of_queues = query.by == "queue" || query.by == "client" || query.by == "chat";
    if (of_queues && random.chance(10)) query.queue = random.pick<std::string>({"q1", "q \"2\", b"});
    if (of_queues && random.chance(10)) query.channel = random.pick<std::string>({"voice", "chat"});
  }
  return queries;
}

std::map<std::string, std::string> words_of(const oracle::Query& query) {
  std::map<std::string, std::string> words = {{"by", query.by}};
  if (query.by == "profile") {
    if (query.every != "total") words["every"] = query.every;
  } else if (query.window.empty()) {
    words["every"] = query.every;
    if (query.by != "deal") words["basis"] = query.basis;
  } else {
    words["window"] = query.window;
  }
  if (!query.timezone.empty()) words["tz"] = query.timezone;
  if (query.from) words["from"] = utc_text(*query.from);
  if (query.to) words["to"] = utc_text(*query.to);
  if (query.client) words["client"] = *query.client;
  if (query.queue) words["queue"] = *query.queue;
  if (query.channel) words["channel"] = *query.channel;
  return words;
}

std::string utc_text(Ms time) {
  return date::format("%FT%TZ", date::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(time)));
}

std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + "\"";
}

}  // namespace test_support
