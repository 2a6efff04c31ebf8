#include "simulation/staff.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace simulation {

namespace {

using Kind = Happening::Kind;
using core::AgentState;

constexpr std::string_view kSource = "/wfm/states";
constexpr core::Millis kMinute{60'000};
constexpr core::Millis kLeastShift = 30 * kMinute;  ///< Nobody comes for less.

}  // namespace

Staff::Staff(Stage& stage)
    : stage_(stage),
      random_(stage.options.seed, Random::Stream::kStaff),
      agents_(stage.plan.agents.size()),
      lines_(stage.plan.groups.size()) {
  for (std::size_t a = 0; a < agents_.size(); ++a)
    agents_[a].capacity = stage.plan[stage.plan.agents[a].group].capacity;
  for (const GroupPlan& group : stage.plan.groups) {
    std::string json = "[";
    for (QueueNo queue : group.queues)
      json += fmt::format("{}\"{}\"", json.size() > 1 ? "," : "", stage.plan[queue].name);
    queues_json_.push_back(json + "]");
  }
}

void Staff::open() {
  const core::EventTime start = stage_.options.start;
  const core::EventTime midnight = core::event_time(core::floor_div(core::to_ms(start), kDay.count()) * kDay.count());
  for (std::size_t a = 0; a < agents_.size(); ++a) {
    core::EventTime begin = midnight + stage_.plan.agents[a].shift_begin - kDay;
    while (begin + kShiftLength - kLeastShift <= start) begin += kDay;
    // Who should be there already comes within seconds.
    const core::EventTime comes = std::max(begin, start) + core::Millis{random_.between(0, 3'000)};
    stage_.agenda.add(comes, Kind::kShiftBegin, static_cast<std::uint32_t>(a),
                      static_cast<std::uint64_t>(core::to_ms(begin)));
  }
}

void Staff::close(core::EventTime now) {
  for (std::size_t a = 0; a < agents_.size(); ++a) end_shift(AgentNo(a), now);
}

bool Staff::anyone_free(GroupNo group) {
  auto& line = lines_[index(group)];
  while (!line.empty() && line.front().epoch != agents_[index(line.front().agent)].epoch) line.pop_front();
  return !line.empty();
}

std::optional<AgentNo> Staff::take(GroupNo group) {
  if (!anyone_free(group)) return std::nullopt;
  const AgentNo agent = lines_[index(group)].front().agent;
  lines_[index(group)].pop_front();
  --agents_[index(agent)].free;
  return agent;
}

void Staff::ring(AgentNo agent, core::EventTime now) {
  ++agents_[index(agent)].ringing;
  settle(agent, now);
}

void Staff::ring_ended(AgentNo no, core::EventTime now, core::Millis cool_off) {
  Agent& agent = agents_[index(no)];
  --agent.ringing;
  if (cool_off.count() > 0) {
    ++agent.cooling;
    stage_.agenda.add(now + cool_off, Kind::kCoolOffEnd, static_cast<std::uint32_t>(no));
  } else {
    free_place(no);
  }
  settle(no, now);
}

void Staff::answered(AgentNo agent, core::EventTime now) {
  --agents_[index(agent)].ringing;
  dials(agent, now);
}

void Staff::dials(AgentNo agent, core::EventTime now) {
  ++agents_[index(agent)].talking;
  settle(agent, now);
}

void Staff::wraps(AgentNo agent, core::EventTime now) {
  --agents_[index(agent)].talking;
  ++agents_[index(agent)].wrapping;
  settle(agent, now);
}

void Staff::done(AgentNo agent, core::EventTime now, bool wrapped) {
  --(wrapped ? agents_[index(agent)].wrapping : agents_[index(agent)].talking);
  free_place(agent);
  settle(agent, now);
}

void Staff::happen(const Happening& happening) {
  const auto no = AgentNo(happening.subject);
  Agent& agent = agents_[happening.subject];
  const bool same_shift = happening.stamp == agent.shifts && agent.on_duty;
  switch (happening.kind) {
    case Kind::kShiftBegin:
      return begin_shift(no, happening);
    case Kind::kShiftEnd:
      if (same_shift) end_shift(no, happening.time);
      return;
    case Kind::kBreakDue:
      if (!same_shift || agent.break_due || agent.on_break) return;
      agent.break_due = true;
      agent.free = 0;
      ++agent.epoch;
      break;
    case Kind::kBreakEnd:
      if (!same_shift) return;
      agent.break_due = agent.on_break = false;
      free_all_places(no);
      break;
    case Kind::kCoolOffEnd:
      --agent.cooling;
      free_place(no);
      break;
    default:
      return;
  }
  settle(no, happening.time);
}

std::vector<GroupNo> Staff::take_freed() { return std::exchange(freed_, {}); }

void Staff::begin_shift(AgentNo no, const Happening& happening) {
  Agent& agent = agents_[index(no)];
  const core::EventTime now = happening.time;
  const core::EventTime planned = core::event_time(static_cast<std::int64_t>(happening.stamp));
  const core::EventTime tomorrow = planned + kDay;
  stage_.agenda.add(tomorrow + core::Millis{random_.between(0, 3 * kMinute.count())}, Kind::kShiftBegin,
                    happening.subject, static_cast<std::uint64_t>(core::to_ms(tomorrow)));
  agent.on_duty = true;
  agent.announced = false;
  ++agent.shifts;
  const core::EventTime end = planned + kShiftLength - kMinute * random_.between(0, 15);
  stage_.agenda.add(end, Kind::kShiftEnd, static_cast<std::uint32_t>(no), agent.shifts);
  plan_breaks(no, now);
  const std::string& name = stage_.plan[no].name;
  stage_.feed.begin(core::EventType::kScheduleShift, kSource, now, name, name).text("agent", name);
  stage_.feed.time("from", now).time("to", end).text("activity", "work").send();
  free_all_places(no);
  settle(no, now);
}

void Staff::end_shift(AgentNo no, core::EventTime now) {
  Agent& agent = agents_[index(no)];
  agent.on_duty = agent.break_due = agent.on_break = false;
  agent.free = 0;
  ++agent.epoch;
  settle(no, now);
}

void Staff::plan_breaks(AgentNo no, core::EventTime now) {
  const std::uint64_t shift = agents_[index(no)].shifts;
  for (const std::int64_t about_minutes : {110, 230, 360}) {
    // One draw a statement: within one, each compiler has its own order.
    const core::Millis beyond{random_.between(0, 59'999)};
    const core::EventTime due = now + kMinute * (about_minutes + random_.between(-25, 25)) + beyond;
    stage_.agenda.add(due, Kind::kBreakDue, static_cast<std::uint32_t>(no), shift);
  }
}

void Staff::free_place(AgentNo no) {
  Agent& agent = agents_[index(no)];
  if (!agent.on_duty || agent.break_due || agent.on_break) return;
  ++agent.free;
  const GroupNo group = stage_.plan[no].group;
  lines_[index(group)].push_back({no, agent.epoch});
  freed_.push_back(group);
}

void Staff::free_all_places(AgentNo no) {
  Agent& agent = agents_[index(no)];
  ++agent.epoch;
  agent.free = 0;
  while (agent.free + agent.busy() + agent.cooling < agent.capacity) free_place(no);
}

void Staff::settle(AgentNo no, core::EventTime now) {
  Agent& agent = agents_[index(no)];
  if (agent.break_due && agent.busy() == 0) {
    agent.break_due = false;
    agent.on_break = true;
    const bool lunch = random_.percent(35);
    agent.reason = lunch ? "lunch" : random_.percent(15) ? "training" : "coffee";
    agent.break_length = kMinute * (lunch ? 30 : 10) + core::Millis{random_.between(0, 5 * kMinute.count())};
    stage_.agenda.add(now + agent.break_length, Kind::kBreakEnd, static_cast<std::uint32_t>(no), agent.shifts);
  }
  const AgentState state = state_of(agent);
  if (state == agent.state) return;
  if (stage_.truth != nullptr) stage_.truth->agent_state(no, agent.state, agent.since, now);
  agent.state = state;
  agent.since = now;
  tell_state(no, now);
}

core::AgentState Staff::state_of(const Agent& agent) const {
  if (agent.talking > 0) return AgentState::kOnContact;
  if (agent.ringing > 0) return AgentState::kRinging;
  if (agent.wrapping > 0) return AgentState::kWrap;
  if (!agent.on_duty) return AgentState::kOffline;
  if (agent.on_break || agent.cooling == agent.capacity) return AgentState::kAway;
  return AgentState::kAvailable;
}

void Staff::tell_state(AgentNo no, core::EventTime now) {
  Agent& agent = agents_[index(no)];
  const AgentPlan& plan = stage_.plan[no];
  EventFeed& event = stage_.feed.begin(core::EventType::kAgentState, kSource, now, plan.name, plan.name);
  event.text("client", stage_.plan[stage_.plan[plan.group].client].name).text("agent", plan.name);
  event.text("state", core::kAgentStateWords[core::index(agent.state)]);
  if (agent.state == AgentState::kAway) event.text("reason", agent.on_break ? agent.reason : "missed");
  if (!agent.announced) {
    agent.announced = true;
    event.raw("queues", queues_json_[index(plan.group)]).raw("capacity", std::to_string(agent.capacity));
  }
  event.send();
}

}  // namespace simulation
