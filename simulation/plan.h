// Who and what there is in the simulated centre: clients, queues, groups of agents, agents with their shifts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/event.h"
#include "core/time.h"
#include "simulation/options.h"

namespace simulation {

// Positions in the plan's lists.
enum class ClientNo : std::uint32_t {};
enum class QueueNo : std::uint32_t {};
enum class GroupNo : std::uint32_t {};
enum class AgentNo : std::uint32_t {};
using core::index;

struct ClientPlan {
  std::string name;
  std::string telephony, crm;  ///< `source` of its contacts' and its leads' events
  std::vector<std::string> campaigns;
  QueueNo outbound{};                 ///< Takes the dialled contacts; nobody waits there.
  GroupNo voice{};                    ///< Its agents dial.
  std::vector<QueueNo> voice_queues;  ///< Where calls are transferred to.
};

struct QueuePlan {
  std::string name;
  ClientNo client{};
  std::string channel;
  std::uint32_t weight = 0;     ///< Share of the arrivals.
  core::Millis talk{}, wrap{};  ///< means
  core::Millis patience{};      ///< mean; 0: nobody hangs up (e-mail)
  std::uint32_t capacity = 1;   ///< Contacts that one agent has at once.
  std::vector<GroupNo> groups;  ///< In the order in which they are asked.
};

/// Agents who serve the same queues.
struct GroupPlan {
  ClientNo client{};  ///< Home client of its agents.
  std::vector<QueueNo> queues;
  std::uint32_t capacity = 1;
  std::uint64_t load = 0;  ///< Share of the agents.
};

struct AgentPlan {
  std::string name;
  GroupNo group{};
  core::Millis shift_begin{};  ///< Time of day, UTC.
};

struct Plan {
  std::vector<ClientPlan> clients;
  std::vector<QueuePlan> queues;
  std::vector<GroupPlan> groups;
  std::vector<AgentPlan> agents;

  const ClientPlan& operator[](ClientNo no) const { return clients[index(no)]; }
  const QueuePlan& operator[](QueueNo no) const { return queues[index(no)]; }
  const GroupPlan& operator[](GroupNo no) const { return groups[index(no)]; }
  const AgentPlan& operator[](AgentNo no) const { return agents[index(no)]; }
};

inline constexpr core::Millis kShiftLength{8 * 3'600'000};
inline constexpr core::Millis kDay{24 * 3'600'000};

// About what one visit costs, for choosing the size of a centre.
inline constexpr std::uint64_t kMeanHandleSeconds = 205;
inline constexpr std::uint64_t kEventsPerTenVisits = 116;

/// Arrivals in each hour of the day (UTC), relative to each other.
inline constexpr std::uint32_t kDailyCurve[24] = {12,  10,  8,   8,   10,  20, 45, 80, 110, 120, 118, 110,
                                                  100, 105, 112, 110, 100, 85, 65, 50, 40,  32,  24,  16};

/// Mean arrivals per hour that these options ask for.
std::uint64_t visits_per_hour(const Options& options);

/// The same options and seed give the same plan. Clients and queues are at least 1; every client has a queue.
Plan make_plan(const Options& options);

}  // namespace simulation
