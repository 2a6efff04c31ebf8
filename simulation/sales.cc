#include "simulation/sales.h"

#include <fmt/format.h>

#include <algorithm>

namespace simulation {

namespace {

using core::EventType;
using Kind = Happening::Kind;

constexpr core::Millis kSecond{1'000};
constexpr core::Millis kMinute{60'000};
constexpr int kMostTries = 5, kMostRefusals = 4;

template <typename T>
std::uint32_t take_slot(std::vector<T>& items, std::vector<std::uint32_t>& free) {
  if (free.empty()) {
    free.push_back(static_cast<std::uint32_t>(items.size()));
    items.emplace_back();
  }
  const std::uint32_t slot = free.back();
  free.pop_back();
  items[slot] = T{};
  return slot;
}

const char* currency_of(ClientNo client) { return index(client) % 2 == 0 ? "USD" : "EUR"; }
std::string money(std::int64_t cents) { return fmt::format("{}.{:02}", cents / 100, cents % 100); }

}  // namespace

Sales::Sales(Stage& stage, Staff& staff, Conversations& conversations)
    : stage_(stage),
      staff_(staff),
      conversations_(conversations),
      random_(stage.options.seed, Random::Stream::kSales, stage.options.hurry) {}

void Sales::create_lead(core::EventTime now) {
  const std::uint32_t slot = take_slot(leads_, free_leads_);
  Lead& lead = leads_[slot];
  lead.number = ++stage_.numbers.lead;
  lead.customer = ++stage_.numbers.customer;
  lead.client = ClientNo(random_.below(stage_.plan.clients.size()));
  lead.campaign = random_.below(stage_.plan[lead.client].campaigns.size());
  lead.created = now;
  write_created(lead);
  if (random_.percent(90)) assign(lead);
  if (random_.percent(30)) {  // an answering machine's mail starts nothing and stops nothing
    lead_event(EventType::kLeadContacted, lead, now + 2 * kSecond)
        .text("channel", "email")
        .raw("automated", "true")
        .raw("reached", random_.percent(20) ? "true" : "false")
        .send();
  }
  const std::uint64_t roll = random_.below(100);
  if (roll < 5) return finish(slot);  // forgotten
  if (roll < 8) {
    close(lead, now + random_.uniform_span(kMinute, 20 * kMinute), "duplicate");
    return finish(slot);
  }
  const core::Millis first = roll < 11 ? 5 * kMinute : random_.exponential_span(4 * kMinute);
  stage_.agenda.add(now + first, Kind::kLeadStep, slot);
}

void Sales::write_created(const Lead& lead) {
  const ClientPlan& client = stage_.plan[lead.client];
  lead_event(EventType::kLeadCreated, lead, lead.created)
      .text("client", client.name)
      .text("campaign", client.campaigns[lead.campaign])
      .text("origin", random_.percent(70) ? "web form" : "chat")
      .text("customer", numbered('k', lead.customer))
      .send();
}

void Sales::assign(Lead& lead) {
  lead.owner = AgentNo(random_.below(stage_.plan.agents.size()));
  lead_event(EventType::kLeadAssigned, lead, lead.created + random_.uniform_span(kSecond, 30 * kSecond))
      .text("agent", stage_.plan[lead.owner].name)
      .send();
}

void Sales::happen(const Happening& happening) {
  if (happening.kind == Kind::kLeadStep) {
    step(happening.subject, happening.time);
  } else {
    deal_step(happening.subject, happening.time);
  }
}

void Sales::step(std::uint32_t slot, core::EventTime now) {
  Lead& lead = leads_[slot];
  const bool writes = lead.refusals >= kMostRefusals || random_.percent(30);
  if (writes) {
    write_to(lead, now, random_.percent(25));
  } else if (!dial(lead, now)) {
    ++lead.refusals;
    stage_.agenda.add(now + random_.uniform_span(20 * kSecond, 2 * kMinute), Kind::kLeadStep, slot);
    return;
  }
  ++lead.tries;
  go_on(slot, now);
}

void Sales::write_to(Lead& lead, core::EventTime now, bool reached) {
  lead_event(EventType::kLeadContacted, lead, now)
      .text("agent", stage_.plan[lead.owner].name)
      .text("channel", "email")
      .raw("reached", reached ? "true" : "false")
      .send();
  lead.attempts.push_back(now);
  if (reached) lead.contacted = now;
}

bool Sales::dial(Lead& lead, core::EventTime now) {
  const auto agent = staff_.take(stage_.plan[lead.client].voice);
  if (!agent) return false;
  staff_.dials(*agent, now);
  Leg leg;
  leg.queue = stage_.plan[lead.client].outbound;
  leg.customer = lead.customer;
  leg.lead = lead.number;
  core::EventTime at = now;
  for (int dials = 0; dials < 3; ++dials) {
    leg.contact = leg.interaction = ++stage_.numbers.contact;
    const core::EventTime rang_until = dial_once(lead, leg, *agent, at);
    if (lead.contacted) return true;
    if (dials == 2 || random_.percent(60)) {
      conversations_.in_vain(*agent, rang_until);
      return true;
    }
    // The next attempt follows at once; up to 30 s after the previous one it is the same attempt.
    const core::Millis gap = random_.percent(30) ? 30 * kSecond : random_.uniform_span(24 * kSecond, 50 * kSecond);
    at = std::max(at + gap, rang_until);
  }
  return true;
}

core::EventTime Sales::dial_once(Lead& lead, const Leg& leg, AgentNo agent, core::EventTime at) {
  const ClientPlan& client = stage_.plan[lead.client];
  const std::string contact = numbered('c', leg.contact), name = numbered('l', lead.number);
  const auto event = [&](EventType type, core::EventTime time) -> EventFeed& {
    EventFeed& feed = stage_.feed.begin(type, client.telephony, time, contact, contact).text("client", client.name);
    feed.text("queue", stage_.plan[leg.queue].name).text("channel", stage_.plan[leg.queue].channel);
    return feed.text("contact", contact).text("agent", stage_.plan[agent].name).text("lead", name);
  };
  lead.attempts.push_back(at);
  event(EventType::kContactDialled, at).send();
  const bool reached = random_.percent(40);
  if (!reached) {
    const core::EventTime until = at + random_.uniform_span(12 * kSecond, 24 * kSecond);
    stage_.feed.begin(EventType::kContactEnded, client.telephony, until, contact, contact)
        .text("contact", contact)
        .text("agent", stage_.plan[agent].name)
        .text("ended_by", "system")
        .text("result", "no answer")
        .send();
    return until;
  }
  const core::EventTime connected = at + random_.uniform_span(3 * kSecond, 20 * kSecond);
  event(EventType::kContactConnected, connected).send();
  lead.contacted = connected;
  return conversations_.begin(leg, agent, at, connected);
}

void Sales::go_on(std::uint32_t slot, core::EventTime now) {
  Lead& lead = leads_[slot];
  if (lead.contacted) {
    const core::EventTime after = *lead.contacted + random_.uniform_span(10 * kMinute, 30 * kMinute);
    if (random_.percent(30)) plan_deal(lead);
    if (random_.percent(70)) close(lead, after, "qualified");
    if (random_.percent(10)) write_to(lead, after + random_.uniform_span(kSecond, kMinute), false);  // counts no more
    return finish(slot);
  }
  const core::EventTime last = std::max(now, lead.attempts.back());
  if (lead.tries < kMostTries && random_.percent(85)) {
    const core::Millis pause = random_.percent(5) ? 30 * kSecond : kMinute + random_.exponential_span(12 * kMinute);
    stage_.agenda.add(last + pause, Kind::kLeadStep, slot);
    return;
  }
  if (random_.percent(60)) close(lead, last + random_.uniform_span(core::Millis{0}, kMinute), "no answer");
  finish(slot);
}

void Sales::finish(std::uint32_t slot) {
  const Lead& lead = leads_[slot];
  if (stage_.truth != nullptr)
    stage_.truth->lead({lead.client, lead.campaign, lead.created, lead.attempts, lead.contacted, lead.closed});
  free_leads_.push_back(slot);
}

void Sales::close(Lead& lead, core::EventTime at, const char* result) {
  lead_event(EventType::kLeadClosed, lead, at).text("result", result).send();
  lead.closed = at;
}

void Sales::plan_deal(const Lead& lead) {
  const std::uint32_t slot = take_slot(deals_, free_deals_);
  deals_[slot] = {++stage_.numbers.deal, lead.number, lead.client, lead.owner, random_.between(5'000, 900'000), 0};
  stage_.agenda.add(*lead.contacted + random_.uniform_span(kMinute, 15 * kMinute), Kind::kDealStep, slot);
}

void Sales::deal_step(std::uint32_t slot, core::EventTime now) {
  Deal& deal = deals_[slot];
  const int step = deal.step++;
  std::optional<core::EventTime> closed;
  bool won = false;
  if (step == 0) {
    deal.opened = now;
    deal_event(EventType::kDealOpened, deal, now)
        .text("client", stage_.plan[deal.client].name)
        .text("lead", numbered('l', deal.lead))
        .text("amount", money(deal.cents))
        .text("currency", currency_of(deal.client))
        .text("stage", "offer")
        .send();
  } else if (step == 1) {
    deal.cents += deal.cents * random_.between(-20, 10) / 100;
    const std::int64_t delivery = deal.cents / 3, commission = deal.cents / 10;
    deal.cost_cents = delivery + commission;
    const std::string costs =
        fmt::format(R"({{"delivery":"{}","commission":"{}"}})", money(delivery), money(commission));
    deal_event(EventType::kDealUpdated, deal, now)
        .text("amount", money(deal.cents))
        .text("stage", "negotiation")
        .raw("costs", costs)
        .send();
  } else {
    won = random_.percent(45);
    closed = now;
    deal_event(won ? EventType::kDealWon : EventType::kDealLost, deal, now)
        .text("reason", won ? "price" : "competitor")
        .send();
  }
  if (step == 2 || random_.percent(25)) {  // the others stay open
    if (stage_.truth != nullptr) {
      stage_.truth->deal(
          {deal.client, currency_of(deal.client), deal.opened, closed, won, deal.cents, deal.cost_cents});
    }
    free_deals_.push_back(slot);
    return;
  }
  stage_.agenda.add(now + random_.uniform_span(2 * kMinute, 60 * kMinute), Kind::kDealStep, slot);
}

EventFeed& Sales::lead_event(EventType type, const Lead& lead, core::EventTime time) {
  const std::string name = numbered('l', lead.number);
  return stage_.feed.begin(type, stage_.plan[lead.client].crm, time, name, name).text("lead", name);
}

EventFeed& Sales::deal_event(EventType type, const Deal& deal, core::EventTime time) {
  const std::string name = numbered('d', deal.number);
  EventFeed& event = stage_.feed.begin(type, stage_.plan[deal.client].crm, time, name, name).text("deal", name);
  return event.text("agent", stage_.plan[deal.agent].name);
}

}  // namespace simulation
