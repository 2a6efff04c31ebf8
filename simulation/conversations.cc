#include "simulation/conversations.h"

#include <algorithm>
#include <utility>

namespace simulation {

namespace {

using core::EventType;
using Kind = Happening::Kind;

constexpr core::Millis kSecond{1'000};

}  // namespace

Conversations::Conversations(Stage& stage, Staff& staff)
    : stage_(stage), staff_(staff), random_(stage.options.seed, Random::Stream::kConversations, stage.options.hurry) {}

core::EventTime Conversations::begin(const Leg& leg, AgentNo agent, core::EventTime arrival, core::EventTime start) {
  const QueuePlan& queue = stage_.plan[leg.queue];
  const core::EventTime talk_end = start + random_.fixed_span(4 * kSecond) + random_.erlang_span(queue.talk);
  core::EventTime wrapped = talk_end;
  core::Millis hold{0};
  if (queue.channel == "chat") write_messages(leg, agent, arrival, start, talk_end);
  if (queue.channel == "sms") write_messages(leg, agent, std::nullopt, start, talk_end);
  if (queue.channel == "voice" && random_.percent(22)) hold = write_holds(leg, agent, start, talk_end);
  std::optional<Leg> onward;
  if (random_.chance(5'000)) {
    // The source loses the end and tells only the wrap-up's: talking reaches to there.
  } else {
    onward = write_end(leg, agent, talk_end);
    if (!random_.percent(5)) wrapped += random_.exponential_span(queue.wrap);
  }
  event(EventType::kContactWrapped, leg, agent, wrapped)
      .text("disposition", random_.percent(70) ? "solved" : "open")
      .send();
  if (stage_.truth != nullptr) stage_.truth->segment({leg.queue, agent, arrival, start, talk_end, wrapped, hold});
  keep_busy({agent, wrapped, onward}, talk_end);
  return talk_end;
}

void Conversations::in_vain(AgentNo agent, core::EventTime until) { keep_busy({agent, until, std::nullopt}, until); }

void Conversations::keep_busy(Busy busy, core::EventTime talk_end) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(busy_.size()));
    busy_.emplace_back();
  }
  const std::uint32_t slot = free_.back();
  free_.pop_back();
  busy_[slot] = busy;
  stage_.agenda.add(talk_end, Kind::kTalkEnd, slot);
}

std::optional<Leg> Conversations::talk_ended(const Happening& happening) {
  const Busy busy = busy_[happening.subject];
  if (busy.wrapped > happening.time) {
    staff_.wraps(busy.agent, happening.time);
    stage_.agenda.add(busy.wrapped, Kind::kWrapEnd, happening.subject);
  } else {
    staff_.done(busy.agent, happening.time, false);
    free_.push_back(happening.subject);
  }
  return busy.onward;
}

void Conversations::wrap_ended(const Happening& happening) {
  staff_.done(busy_[happening.subject].agent, happening.time, true);
  free_.push_back(happening.subject);
}

core::Millis Conversations::write_holds(const Leg& leg, AgentNo agent, core::EventTime start,
                                        core::EventTime talk_end) {
  core::Millis sum{0};
  core::EventTime at = start;
  for (std::int64_t holds = random_.between(1, 3); holds > 0; --holds) {
    const core::EventTime held = at + random_.uniform_span(5 * kSecond, 60 * kSecond);
    const core::EventTime retrieved = held + random_.exponential_span(35 * kSecond);
    if (held >= talk_end) break;
    event(EventType::kContactHeld, leg, agent, held).send();
    if (random_.percent(3))
      event(EventType::kContactHeld, leg, agent, std::min({retrieved, talk_end, held + kSecond})).send();
    if (retrieved >= talk_end || random_.percent(2)) return sum + (talk_end - held);  // never retrieved
    event(EventType::kContactRetrieved, leg, agent, retrieved).send();
    sum += retrieved - held;
    at = retrieved;
  }
  return sum;
}

void Conversations::write_messages(const Leg& leg, AgentNo agent, std::optional<core::EventTime> started,
                                   core::EventTime start, core::EventTime talk_end) {
  core::EventTime at = start;
  Truth::Turn turn{leg.queue, std::nullopt, started.value_or(start), started.value_or(start), {}};
  bool chatting = started.has_value(), waits = chatting;
  const auto end_turn = [&](std::optional<AgentNo> by, core::EventTime end) {
    turn.agent = by, turn.end = end;
    if (std::exchange(waits, false) && stage_.truth != nullptr) stage_.truth->turn(turn);
  };
  for (bool by_agent = true;; by_agent = !by_agent) {
    at += random_.exponential_span((by_agent ? 20 : 40) * kSecond);
    if (at >= talk_end) return end_turn(std::nullopt, talk_end);
    if (by_agent) {
      end_turn(agent, at);
    } else if (!std::exchange(waits, true)) {
      turn.begin = at;
      if (!std::exchange(chatting, true)) turn.chat_start = at;
    }
    const std::string contact = contact_name(leg.contact), message = numbered('m', ++stage_.numbers.message);
    EventFeed& text = stage_.feed.begin(EventType::kChatMessage, stage_.plan[stage_.plan[leg.queue].client].telephony,
                                        at, contact, contact);
    text.text("contact", contact).text("from", by_agent ? "agent" : "customer");
    if (by_agent) text.text("agent", stage_.plan[agent].name);
    text.text("message", message).send();
  }
}

std::optional<Leg> Conversations::write_end(const Leg& leg, AgentNo agent, core::EventTime talk_end) {
  const bool may_pass_on = leg.visit != 0 && stage_.plan[leg.queue].channel == "voice";
  if (may_pass_on && random_.percent(1)) {
    event(EventType::kContactTransferred, leg, agent, talk_end).text("to_external", "+44 20 7946 0000").send();
    return std::nullopt;
  }
  if (may_pass_on && random_.percent(7) && stage_.budget.take()) {
    const Leg onward = passed_on(leg);
    event(EventType::kContactTransferred, leg, agent, talk_end).text("to_queue", stage_.plan[onward.queue].name).send();
    return onward;
  }
  const std::string contact = contact_name(leg.contact);
  EventFeed& ended = stage_.feed.begin(EventType::kContactEnded, stage_.plan[stage_.plan[leg.queue].client].telephony,
                                       talk_end, contact, contact);
  ended.text("contact", contact);
  if (random_.percent(75)) ended.text("agent", stage_.plan[agent].name);  // else: every open segment of the contact
  if (random_.percent(90)) ended.text("ended_by", random_.percent(60) ? "customer" : "agent");
  ended.send();
  return std::nullopt;
}

Leg Conversations::passed_on(const Leg& leg) {
  const auto& targets = stage_.plan[stage_.plan[leg.queue].client].voice_queues;
  Leg onward = leg;
  onward.parent = leg.visit;
  onward.visit = 0;  // numbered when it is queued
  onward.entry = core::Entry::kTransfer;
  onward.queue = targets[random_.below(targets.size())];
  return onward;
}

EventFeed& Conversations::event(EventType type, const Leg& leg, AgentNo agent, core::EventTime time) {
  const std::string contact = contact_name(leg.contact);
  EventFeed& event =
      stage_.feed.begin(type, stage_.plan[stage_.plan[leg.queue].client].telephony, time, contact, contact);
  return event.text("contact", contact).text("agent", stage_.plan[agent].name);
}

}  // namespace simulation
