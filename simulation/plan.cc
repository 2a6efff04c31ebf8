#include "simulation/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "simulation/random.h"

namespace simulation {

namespace {

struct QueueKind {
  const char *name, *channel;
  std::uint32_t weight;
  std::int64_t talk_seconds, wrap_seconds, patience_seconds;
  std::uint32_t capacity;
};

// The first queues of every client, in this order; further ones begin again with a number behind the name.
constexpr QueueKind kQueueKinds[] = {
    {"sales", "voice", 30, 200, 35, 100, 1},   {"care", "voice", 40, 160, 25, 140, 1},
    {"chat", "chat", 20, 300, 15, 180, 2},     {"mail", "email", 10, 240, 10, 0, 1},
    {"billing", "voice", 20, 150, 20, 120, 1}, {"text", "sms", 8, 200, 10, 240, 2},
};
constexpr const char* kClientNames[] = {"acme", "globex", "initech", "umbrella", "hooli", "soylent", "tyrell", "wonka"};
constexpr std::uint64_t kAgentsPerGroup = 6;  ///< At least, so that two are there at most hours.

std::string client_name(std::uint32_t i) {
  return i < std::size(kClientNames) ? kClientNames[i] : fmt::format("client{:02}", i + 1);
}

QueuePlan queue_of_kind(const QueueKind& kind, const std::string& client, std::uint32_t round) {
  QueuePlan queue;
  queue.name = fmt::format("{}-{}{}", client, kind.name, round == 0 ? "" : std::to_string(round + 1));
  queue.channel = kind.channel;
  queue.weight = kind.weight;
  queue.talk = std::chrono::seconds(kind.talk_seconds);
  queue.wrap = std::chrono::seconds(kind.wrap_seconds);
  queue.patience = std::chrono::seconds(kind.patience_seconds);
  queue.capacity = kind.capacity;
  return queue;
}

/// The client's group for a channel: made when its first queue is.
GroupNo group_for(Plan& plan, ClientNo client, const std::string& channel, std::uint32_t capacity) {
  for (std::size_t g = 0; g < plan.groups.size(); ++g)
    if (plan.groups[g].client == client && plan[plan.groups[g].queues.front()].channel == channel) return GroupNo(g);
  plan.groups.push_back({client, {}, capacity, 0});
  return GroupNo(plan.groups.size() - 1);
}

void add_queue(Plan& plan, QueuePlan queue) {
  const auto no = QueueNo(plan.queues.size());
  const GroupNo group = group_for(plan, queue.client, queue.channel, queue.capacity);
  queue.groups = {group};
  auto& home = plan.groups[index(group)];
  home.queues.push_back(no);
  home.load += queue.weight * static_cast<std::uint64_t>((queue.talk + queue.wrap).count()) / queue.capacity;
  if (queue.channel == "voice") {
    auto& client = plan.clients[index(queue.client)];
    client.voice_queues.push_back(no);
    client.voice = group;
  }
  plan.queues.push_back(std::move(queue));
}

void add_client(Plan& plan, std::uint32_t i, std::uint32_t queues) {
  const auto no = ClientNo(i);
  ClientPlan client;
  client.name = client_name(i);
  client.telephony = "/acd/" + client.name;
  client.crm = "/crm/" + client.name;
  client.campaigns = {client.name + "-spring", client.name + "-web"};
  plan.clients.push_back(client);
  constexpr auto kKinds = static_cast<std::uint32_t>(std::size(kQueueKinds));
  for (std::uint32_t q = 0; q < queues; ++q) {
    QueuePlan queue = queue_of_kind(kQueueKinds[q % kKinds], client.name, q / kKinds);
    queue.client = no;
    queue.weight *= 8 - std::min(i, 6U);  // the first clients are the large ones
    add_queue(plan, std::move(queue));
  }
  QueuePlan outbound = queue_of_kind(kQueueKinds[0], client.name, 0);
  outbound.name = client.name + "-outbound";
  outbound.client = no;
  outbound.weight = 0;
  plan.clients[i].outbound = QueueNo(plan.queues.size());
  plan.queues.push_back(std::move(outbound));
}

/// A few agents take calls for all clients: their time belongs to their home client, their contacts to the callers'.
void add_shared_group(Plan& plan) {
  if (plan.clients.size() < 2) return;
  const auto no = GroupNo(plan.groups.size());
  GroupPlan shared{ClientNo(0), {}, 1, 0};
  std::uint64_t voice_load = 0;
  for (const auto& client : plan.clients) {
    voice_load += plan[client.voice].load;
    for (QueueNo queue : client.voice_queues) {
      shared.queues.push_back(queue);
      plan.queues[index(queue)].groups.push_back(no);
    }
  }
  shared.load = voice_load / 12;
  plan.groups.push_back(std::move(shared));
}

std::uint32_t hour_of_day(core::EventTime time) {
  return static_cast<std::uint32_t>(core::floor_div(core::to_ms(time), 3'600'000) % 24);
}

using Curve = std::array<std::uint32_t, 24>;

/// Around which hours the shifts lie.
Curve curve_of(const Options& options) {
  Curve curve{};
  for (std::size_t hour = 0; hour < curve.size(); ++hour) curve[hour] = options.daily_curve ? kDailyCurve[hour] : 1;
  return curve;
}

/// Agents on duty of a thousand, averaged over the hours from `start`.
std::uint64_t on_duty_per_thousand(const Options& options) {
  const Curve curve = curve_of(options);
  const std::uint64_t whole = std::accumulate(curve.begin(), curve.end(), std::uint64_t{0});
  const auto hours = std::clamp<std::int64_t>(options.length / core::Millis{3'600'000}, 1, 24);
  std::uint64_t sum = 0;
  for (std::int64_t h = 0; h < hours; ++h) {
    const std::uint32_t now = hour_of_day(options.start + core::Millis{h * 3'600'000});
    for (std::uint32_t middle = now + 20; middle < now + 28; ++middle) sum += curve[middle % 24];
  }
  return sum * 1'000 / whole / static_cast<std::uint64_t>(hours);
}

std::uint64_t agents_for(const Options& options, std::size_t groups) {
  if (options.agents > 0) return std::max<std::uint64_t>(options.agents, groups);
  const std::uint64_t busy_per_thousand =
      visits_per_hour(options) * kMeanHandleSeconds * 1'000 / 3'600 / std::max(options.hurry, 1U);
  const std::uint64_t on_duty = busy_per_thousand * 10 / 8;  // 80 % busy, breaks included
  return std::max<std::uint64_t>(on_duty / std::max<std::uint64_t>(on_duty_per_thousand(options), 1),
                                 kAgentsPerGroup * groups);
}

core::Millis draw_shift_begin(const Curve& curve, Random& random) {
  std::uint64_t point = random.below(std::accumulate(curve.begin(), curve.end(), 0U));
  std::size_t hour = 0;
  for (; point >= curve[hour]; ++hour) point -= curve[hour];
  const core::Millis middle{static_cast<std::int64_t>(hour) * 3'600'000 + random.between(0, 3) * 900'000};
  return (middle + kDay - kShiftLength / 2) % kDay;
}

void add_agents(Plan& plan, const Options& options) {
  Random random(options.seed, Random::Stream::kPlan);
  const Curve curve = curve_of(options);
  const std::uint64_t total = agents_for(options, plan.groups.size());
  const std::uint64_t least = options.agents > 0 ? 1 : kAgentsPerGroup;
  std::uint64_t load = 0;
  for (const auto& group : plan.groups) load += group.load;
  const std::uint64_t spread = total - std::min(total, least * plan.groups.size());
  for (std::size_t g = 0; g < plan.groups.size(); ++g) {
    const std::uint64_t size = least + spread * plan.groups[g].load / std::max<std::uint64_t>(load, 1);
    for (std::uint64_t a = 0; a < size; ++a)
      plan.agents.push_back(
          {fmt::format("a-{:05}", plan.agents.size() + 1), GroupNo(g), draw_shift_begin(curve, random)});
  }
}

}  // namespace

std::uint64_t visits_per_hour(const Options& options) {
  if (options.visits_per_hour > 0) return options.visits_per_hour;
  if (options.visits == 0) return 1'200;
  const auto minutes = static_cast<std::uint64_t>(std::max<std::int64_t>(options.length / core::Millis{60'000}, 1));
  return std::max<std::uint64_t>(options.visits * 60 / minutes, 1);
}

Plan make_plan(const Options& options) {
  Plan plan;
  const std::uint32_t clients = std::max(options.clients, 1U);
  const std::uint32_t queues = std::max(options.queues, clients);
  for (std::uint32_t i = 0; i < clients; ++i) add_client(plan, i, queues / clients + (i < queues % clients ? 1 : 0));
  add_shared_group(plan);
  add_agents(plan, options);
  return plan;
}

}  // namespace simulation
