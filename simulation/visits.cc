#include "simulation/visits.h"

#include <array>
#include <utility>

namespace simulation {

namespace {

using core::EventType;
using core::LeaveReason;
using core::OfferEnd;
using Kind = Happening::Kind;

constexpr core::Millis kSecond{1'000};
constexpr core::Millis kMinute{60'000};
// Waits of exactly these occur often, since thresholds are closed.
constexpr std::array kExactWaits = {5 * kSecond, 20 * kSecond};

bool abandons(LeaveReason reason) { return reason == LeaveReason::kCaller || reason == LeaveReason::kCallerRinging; }

}  // namespace

Visits::Visits(Stage& stage, Staff& staff, Conversations& conversations)
    : stage_(stage),
      staff_(staff),
      conversations_(conversations),
      random_(stage.options.seed, Random::Stream::kVisits, stage.options.hurry),
      lines_(stage.plan.queues.size()) {}

void Visits::arrive(QueueNo queue, core::EventTime now) {
  Leg leg;
  leg.queue = queue;
  leg.contact = leg.interaction = ++stage_.numbers.contact;
  leg.customer = ++stage_.numbers.customer;
  enqueue(leg, now);
}

void Visits::enqueue(Leg leg, core::EventTime now) {
  leg.visit = ++stage_.numbers.visit;
  const std::uint32_t slot = open_slot();
  const LeavePlan plan = plan_leaving(stage_.plan[leg.queue]);
  visits_[slot] = {leg, now, plan.reason, {}, true};
  if (stage_.truth != nullptr) stage_.truth->visit_began(leg.queue, now);
  write_queued(leg, now);
  if (plan.after.count() == 0) return leave(slot, now);
  stage_.agenda.add(now + plan.after, Kind::kLeave, slot, leg.visit);
  lines_[index(leg.queue)].push_back({slot, leg.visit});
  for (const GroupNo group : stage_.plan[leg.queue].groups) serve(group, now);
}

void Visits::happen(const Happening& happening) {
  if (happening.kind == Kind::kReturn) {
    free_returns_.push_back(happening.subject);
    return enqueue(returns_[happening.subject], happening.time);
  }
  const Visit& visit = visits_[happening.subject];
  if (!visit.open) return;
  if (happening.kind == Kind::kLeave && visit.leg.visit == happening.stamp)
    return leave(happening.subject, happening.time);
  if (happening.kind != Kind::kRingEnd || visit.offer.number != happening.stamp) return;
  if (visit.offer.outcome == OfferEnd::kAccepted) {
    answer(happening.subject, happening.time);
  } else {
    miss(happening.subject, happening.time);
  }
}

void Visits::serve(GroupNo group, core::EventTime now) {
  while (staff_.anyone_free(group)) {
    const auto slot = take_longest_waiting(group);
    if (!slot) return;
    ring(*slot, *staff_.take(group), now);
  }
}

Visits::LeavePlan Visits::plan_leaving(const QueuePlan& queue) {
  const std::uint64_t roll = random_.below(1'000);
  if (roll < 3) return {core::Millis{0}, LeaveReason::kClosed};
  if (roll < 5) return {core::Millis{0}, LeaveReason::kNoAgents};
  if (queue.patience.count() == 0) return {random_.fixed_span(60 * kMinute), LeaveReason::kTimeout};
  if (roll < 8) return {random_.uniform_span(kSecond, 30 * kSecond), LeaveReason::kSystemError};
  if (roll < 28) return {kExactWaits[random_.below(kExactWaits.size())], LeaveReason::kCaller};
  if (roll < 34) return {kExactWaits[1], LeaveReason::kExitKey};
  if (queue.channel == "voice") {
    if (roll < 50) return {random_.uniform_span(3 * kSecond, 30 * kSecond), LeaveReason::kExitKey};
    if (roll < 60) return {random_.uniform_span(10 * kSecond, kMinute), LeaveReason::kVoicemail};
    if (roll < 110) return {random_.uniform_span(15 * kSecond, 90 * kSecond), LeaveReason::kCallbackRequested};
    if (roll < 160) return {random_.uniform_span(30 * kSecond, 2 * kMinute), LeaveReason::kOverflow};
  }
  const core::Millis patience = random_.exponential_span(queue.patience), limit = random_.fixed_span(10 * kMinute);
  return patience < limit ? LeavePlan{patience, LeaveReason::kCaller} : LeavePlan{limit, LeaveReason::kTimeout};
}

std::uint32_t Visits::open_slot() {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(visits_.size()));
    visits_.emplace_back();
  }
  const std::uint32_t slot = free_.back();
  free_.pop_back();
  return slot;
}

bool Visits::waits(const Waiting& waiting) const {
  const Visit& visit = visits_[waiting.slot];
  return visit.open && visit.leg.visit == waiting.visit && visit.offer.number == 0;
}

std::optional<std::uint32_t> Visits::take_longest_waiting(GroupNo group) {
  std::deque<Waiting>* best = nullptr;
  for (const QueueNo queue : stage_.plan[group].queues) {
    auto& line = lines_[index(queue)];
    while (!line.empty() && !waits(line.front())) line.pop_front();
    if (line.empty()) continue;
    if (best == nullptr || visits_[line.front().slot].begin < visits_[best->front().slot].begin) best = &line;
  }
  if (best == nullptr) return std::nullopt;
  const std::uint32_t slot = best->front().slot;
  best->pop_front();
  return slot;
}

Visits::Offer Visits::draw_offer(const Visit& visit, AgentNo agent, core::EventTime now) {
  const std::uint64_t roll = random_.below(100);
  Offer offer{++stage_.numbers.offer, agent, now, OfferEnd::kAccepted, true, false};
  if (roll < 4) offer.outcome = OfferEnd::kTimeout;
  if (roll == 4 || roll == 5) offer.outcome = OfferEnd::kRejected;
  if (roll == 6) offer.outcome = OfferEnd::kError;
  // Without an id two rings of one visit at one agent are told apart by their begin only: never two at once.
  offer.with_id = stage_.plan[visit.leg.queue].capacity > 1 || random_.percent(70);
  offer.begin_lost = offer.with_id && offer.outcome != OfferEnd::kAccepted && random_.percent(3);
  return offer;
}

core::EventTime Visits::ring_end(const Visit& visit, core::EventTime now) {
  switch (visit.offer.outcome) {
    case OfferEnd::kTimeout:
      return now + random_.fixed_span(15 * kSecond);
    case OfferEnd::kRejected:
      return now + random_.uniform_span(kSecond, 6 * kSecond);
    case OfferEnd::kError:
      return now + random_.uniform_span(kSecond / 2, 2 * kSecond);
    default:
      break;
  }
  if (random_.percent(4)) {
    for (const core::Millis wait : kExactWaits) {
      const core::Millis ring = visit.begin + wait - now;
      if (ring >= kSecond / 4 && ring <= 15 * kSecond) return visit.begin + wait;
    }
  }
  return now + random_.uniform_span(kSecond / 2, 6 * kSecond);
}

void Visits::ring(std::uint32_t slot, AgentNo agent, core::EventTime now) {
  Visit& visit = visits_[slot];
  visit.offer = draw_offer(visit, agent, now);
  staff_.ring(agent, now);
  if (!visit.offer.begin_lost) {
    EventFeed& offered = event(EventType::kContactOffered, visit.leg, now).text("agent", stage_.plan[agent].name);
    if (visit.offer.with_id) offered.text("offer", numbered('o', visit.offer.number));
    offered.send();
    if (stage_.truth != nullptr) stage_.truth->offer(visit.leg.queue, agent, visit.begin, now);
  }
  stage_.agenda.add(ring_end(visit, now), Kind::kRingEnd, slot, visit.offer.number);
}

void Visits::end_offer(const Visit& visit, OfferEnd outcome, core::EventTime now) {
  const Offer& offer = visit.offer;
  EventFeed& ended = event(EventType::kContactOfferEnded, visit.leg, now).text("agent", stage_.plan[offer.agent].name);
  if (offer.with_id) ended.text("offer", numbered('o', offer.number));
  ended.text("reason", core::kOfferEndWords[core::index(outcome)]).send();
  if (stage_.truth == nullptr) return;
  if (offer.begin_lost) stage_.truth->offer(visit.leg.queue, offer.agent, visit.begin, now);
  if (outcome == OfferEnd::kTimeout || outcome == OfferEnd::kRejected)
    stage_.truth->missed_offer(visit.leg.queue, offer.agent, visit.begin, now);
}

void Visits::answer(std::uint32_t slot, core::EventTime now) {
  const Visit visit = visits_[slot];
  end_offer(visit, OfferEnd::kAccepted, now);
  event(EventType::kContactAnswered, visit.leg, now).text("agent", stage_.plan[visit.offer.agent].name).send();
  if (stage_.truth != nullptr) stage_.truth->visit_ended(visit.leg.queue, visit.begin, now, Truth::Outcome::kAnswered);
  staff_.answered(visit.offer.agent, now);
  close(slot);
  conversations_.begin(visit.leg, visit.offer.agent, visit.begin, now);
}

void Visits::miss(std::uint32_t slot, core::EventTime now) {
  Visit& visit = visits_[slot];
  const Offer offer = visit.offer;
  end_offer(visit, offer.outcome, now);
  visit.offer = {};
  staff_.ring_ended(offer.agent, now, random_.uniform_span(2 * kSecond, 45 * kSecond));
  lines_[index(visit.leg.queue)].push_front({slot, visit.leg.visit});
  for (const GroupNo group : stage_.plan[visit.leg.queue].groups) serve(group, now);
}

void Visits::leave(std::uint32_t slot, core::EventTime now) {
  const Visit visit = visits_[slot];
  LeaveReason reason = visit.reason;
  if (visit.offer.number != 0) {
    if (reason == LeaveReason::kCaller) reason = LeaveReason::kCallerRinging;
    end_offer(visit, OfferEnd::kCallerLeft, now);
    staff_.ring_ended(visit.offer.agent, now, core::Millis{0});
  }
  event(EventType::kContactLeftQueue, visit.leg, now)
      .text("reason", core::kLeaveReasonWords[core::index(reason)])
      .send();
  if (stage_.truth != nullptr)
    stage_.truth->visit_ended(visit.leg.queue, visit.begin, now,
                              abandons(reason) ? Truth::Outcome::kAbandoned : Truth::Outcome::kFlowedOut);
  if (stage_.truth != nullptr && stage_.plan[visit.leg.queue].channel == "chat")
    stage_.truth->turn({visit.leg.queue, std::nullopt, visit.begin, visit.begin, now});
  close(slot);
  follow_up(visit.leg, reason, now);
}

void Visits::follow_up(const Leg& leg, LeaveReason reason, core::EventTime now) {
  const bool overflow = reason == LeaveReason::kOverflow, callback = reason == LeaveReason::kCallbackRequested;
  if ((!overflow && !callback) || !stage_.budget.take()) return;
  Leg next = leg;
  next.parent = leg.visit;
  if (overflow) {
    const auto& targets = stage_.plan[stage_.plan[leg.queue].client].voice_queues;
    next.queue = targets[random_.below(targets.size())];
    next.entry = core::Entry::kRequeue;
    return enqueue(next, now);
  }
  next.contact = ++stage_.numbers.contact;
  next.entry = core::Entry::kCallback;
  if (free_returns_.empty()) {
    free_returns_.push_back(static_cast<std::uint32_t>(returns_.size()));
    returns_.emplace_back();
  }
  const std::uint32_t slot = free_returns_.back();
  free_returns_.pop_back();
  returns_[slot] = next;
  stage_.agenda.add(now + random_.uniform_span(5 * kMinute, 40 * kMinute), Kind::kReturn, slot);
}

void Visits::close(std::uint32_t slot) {
  visits_[slot].open = false;
  free_.push_back(slot);
}

EventFeed& Visits::event(EventType type, const Leg& leg, core::EventTime time) {
  const QueuePlan& queue = stage_.plan[leg.queue];
  const ClientPlan& client = stage_.plan[queue.client];
  const std::string contact = numbered('c', leg.contact), visit = visit_name(leg);
  EventFeed& event = stage_.feed.begin(type, client.telephony, time, visit, contact);
  event.text("client", client.name).text("queue", queue.name).text("channel", queue.channel);
  // Where a contact is queued once, its id in `subject` is enough.
  if (has_visit_ids(leg)) event.text("visit", visit).text("contact", contact);
  return event;
}

void Visits::write_queued(const Leg& leg, core::EventTime now) {
  EventFeed& queued = event(EventType::kContactQueued, leg, now);
  if (leg.entry != core::Entry::kInbound) queued.text("entry", core::kEntryWords[core::index(leg.entry)]);
  if (leg.parent != 0) queued.text("parent", numbered('v', leg.parent));
  if (leg.interaction != leg.contact) queued.text("interaction", numbered('c', leg.interaction));
  queued.text("customer", numbered('k', leg.customer)).send();
  if (stage_.plan[leg.queue].channel != "chat") return;
  const std::string contact = numbered('c', leg.contact);
  EventFeed& message = stage_.feed.begin(EventType::kChatMessage, stage_.plan[stage_.plan[leg.queue].client].telephony,
                                         now, contact, contact);
  message.text("contact", contact)
      .text("from", "customer")
      .text("message", numbered('m', ++stage_.numbers.message))
      .send();
}

}  // namespace simulation
