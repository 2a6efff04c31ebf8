// What the oracle is told: the part of the configuration that enters figures, and the question.
//
// The oracle judges the engine, so these are its own plain structs; nothing of the program's folders is included here.
// Times are whole milliseconds since 1970 UTC. Plain values, no thread rule.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace oracle {

using Ms = std::int64_t;

/// How visits are judged from a day on.
struct Version {
  std::string formula = "offered";  ///< One of the eleven names of sla.md.
  Ms threshold = 20'000;            ///< T
  Ms short_abandon = 5'000;         ///< S, at most T
  std::set<std::string> abandoned_reasons = {"caller", "caller_ringing"};
  std::string valid_from = {};  ///< "2026-01-01" in the client's zone; empty: from the beginning.

  // What the contract asks for.
  std::string basis = "arrival", calendar = {};
  std::string target = {};  ///< As it is written, "80%" or "45s"; empty: none.
  bool at_most = false;
  std::string period = "month", interval = "30m";
  std::string intervals_target = {};  ///< "90%": judged by intervals, of which so many must meet the target.
  Ms min_volume = 0;
  std::optional<int> rounding = {};
  bool operator==(const Version&) const = default;
};

/// Opening hours in minutes since midnight of a day's clock; the end may lie on the next day.
struct Hours {
  int from = 0, to = 0;
  bool operator==(const Hours&) const = default;
};
struct Calendar {
  std::string timezone = "UTC";
  std::map<int, std::vector<Hours>> week;              ///< by weekday, Monday 0
  std::map<std::string, std::vector<Hours>> holidays;  ///< by date
  bool operator==(const Calendar&) const = default;
};

/// A client's service level profile. Empty sets apply to everything.
struct Profile {
  std::string name = "sla";
  std::set<std::string> channels = {}, queues = {}, entries = {};
  std::vector<Version> versions = {};  ///< in order of their dates
  std::string metric = "service_level";
  std::vector<std::pair<Ms, Ms>> exclusions = {};  ///< [from, to)
  bool operator==(const Profile&) const = default;
};

struct Client {
  std::string timezone = "UTC";
  std::vector<Profile> profiles;
  Ms lead_target = 300'000;
  Ms redial_gap = 30'000;
  std::set<std::string> required_costs;  ///< Of a deal whose profit counts; empty: any cost at all.
  bool operator==(const Client&) const = default;
};

struct GiveUp {
  Ms voice = 4 * 3'600'000, chat = 24 * 3'600'000, email = 14LL * 24 * 3'600'000;
  Ms segment = 8 * 3'600'000, agent_state = 16 * 3'600'000;
  Ms visit(const std::string& channel) const { return channel == "chat" ? chat : channel == "email" ? email : voice; }
  bool operator==(const GiveUp&) const = default;
};

struct Options {
  std::map<std::string, std::string> queue_client;
  std::map<std::string, Client> clients;
  std::map<std::string, Calendar> calendars;
  GiveUp give_up_after;
  bool sends_wrap = true;  ///< Of the one source that the log comes from.
  bool operator==(const Options&) const = default;

  /// The client's settings, or the defaults for one that is not configured.
  const Client& client(const std::string& name) const {
    static const Client defaults;
    const auto found = clients.find(name);
    return found == clients.end() ? defaults : found->second;
  }
};

/// One call of `floorwatch figures`; the words are those of its command line.
struct Query {
  std::string by = "queue";       ///< queue, agent, client, lead, deal, profile, chat, chat-agent
  std::string every = "total";    ///< 15m, 30m, 1h, day, week, month, total; by profile total is the contract's periods
  std::string basis = "arrival";  ///< arrival, event
  std::string window = {};        ///< 5m, 15m, 30m, 1h, day; where set, every, basis, from and to do not matter.
  std::string timezone = {};      ///< Empty: intervals in each client's zone, times printed in UTC.
  std::optional<Ms> from = {}, to = {};
  std::optional<std::string> client = {}, queue = {}, channel = {};
};

}  // namespace oracle
