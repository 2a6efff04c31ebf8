// The merge rules of records by every order of small sets of events: the same records and the same cells, and a second
// delivery changes nothing.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "processors/digest.h"
#include "processors/shard.h"
#include "tests/support/decoded.h"
#include "tests/support/event_line.h"

namespace processors {
namespace {

using test_support::Decoded;
using test_support::event_line;
using Lines = std::vector<std::string>;

std::string at(int seconds) {
  return core::format_rfc3339(core::event_time(1'772'442'000'000 + 1'000 * std::int64_t{seconds}));
}

/// One shard that saw the events in this order, each twice in a row.
std::string digest_after(const std::vector<core::Event>& events, const std::vector<std::size_t>& order) {
  const core::FigureConfig config;
  Shard shard(config);
  shard.set_source("log");
  for (const std::size_t i : order) {
    for (const Touch touch : {Touch::kHome, Touch::kLead}) {
      if (touch == Touch::kLead && !touches_lead(events[i])) continue;
      shard.apply(events[i], touch);
      EXPECT_FALSE(shard.apply(events[i], touch).changed) << "a second delivery of " << events[i].id;
    }
  }
  shard.settle_maxima();
  Shard* const shards[] = {&shard};
  return state_digest(shards);
}

void expect_order_does_not_matter(const Lines& lines) {
  const Decoded decoded(lines);
  std::vector<std::size_t> order(lines.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const std::string expected = digest_after(decoded.events(), order);
  while (std::next_permutation(order.begin(), order.end())) {
    std::string text;
    for (const std::size_t i : order) text += " " + std::to_string(i);
    ASSERT_EQ(digest_after(decoded.events(), order), expected) << "order" << text;
  }
}

TEST(OrderFree, AVisitWithItsSegment) {
  expect_order_does_not_matter({event_line("contact.queued", "c", at(0), R"("queue":"q1","channel":"voice")"),
                                event_line("contact.offered", "c", at(5), R"("agent":"a")"),
                                event_line("contact.answered", "c", at(9), R"("agent":"a")"),
                                event_line("contact.held", "c", at(20), R"("agent":"a")"),
                                event_line("contact.ended", "c", at(60)),
                                event_line("contact.wrapped", "c", at(90), R"("agent":"a")")});
}

TEST(OrderFree, ContradictingMilestones) {
  expect_order_does_not_matter({event_line("contact.queued", "c", at(3), R"("queue":"q1")"),
                                event_line("contact.queued", "c", at(3), R"("queue":"q2","entry":"callback")"),
                                event_line("contact.queued", "c", at(7), R"("queue":"q3","entry":"transfer")"),
                                event_line("contact.left_queue", "c", at(9), R"("reason":"timeout")"),
                                event_line("contact.left_queue", "c", at(9), R"("reason":"caller")"),
                                event_line("contact.answered", "c", at(9), R"("agent":"b")")});
}

TEST(OrderFree, TwoAgentsOneOfThemBeforeTheOther) {
  expect_order_does_not_matter({event_line("contact.queued", "c", at(0), R"("queue":"q1")"),
                                event_line("contact.answered", "c", at(30), R"("agent":"a")"),
                                event_line("contact.answered", "c", at(10), R"("agent":"b")"),
                                event_line("contact.answered", "c", at(12), R"("agent":"a")"),
                                event_line("contact.transferred", "c", at(20), R"("agent":"b")"),
                                event_line("contact.wrapped", "c", at(80), R"("agent":"a")")});
}

TEST(OrderFree, OffersWithAndWithoutIds) {
  expect_order_does_not_matter({event_line("contact.queued", "c", at(0), R"("queue":"q1")"),
                                event_line("contact.offered", "c", at(1), R"("agent":"a","offer":"o1")"),
                                event_line("contact.offered", "c", at(5), R"("agent":"a")"),
                                event_line("contact.offer_ended", "c", at(9), R"("agent":"a","reason":"timeout")"),
                                event_line("contact.offer_ended", "c", at(9), R"("agent":"a","reason":"rejected")"),
                                event_line("contact.offer_ended", "c", at(4),
                                           R"("agent":"b","offer":"o1","reason":"error")")});
}

TEST(OrderFree, TwoVisitsOfAContactAndAnEndWithoutAgent) {
  expect_order_does_not_matter(
      {event_line("contact.queued", "v1", at(0), R"("visit":"v1","contact":"c","queue":"q1")"),
       event_line("contact.answered", "v1", at(10), R"("visit":"v1","contact":"c","agent":"a")"),
       event_line("contact.queued", "v2", at(40), R"("visit":"v2","contact":"c","queue":"q2","entry":"transfer")"),
       event_line("contact.answered", "v2", at(50), R"("visit":"v2","contact":"c","agent":"a")"),
       event_line("contact.ended", "c", at(45), R"("contact":"c","agent":"a")"),
       event_line("contact.ended", "c", at(99), R"("contact":"c")")});
}

TEST(OrderFree, AChatThatBeginsBeforeItsVisitAndEndsBetweenMessages) {
  expect_order_does_not_matter(
      {event_line("chat.message", "c", at(0), R"("from":"customer")"),
       event_line("chat.message", "c", at(5), R"("from":"agent","agent":"b")"),
       event_line("contact.queued", "c", at(10), R"("queue":"q1","channel":"chat")"),
       event_line("contact.answered", "c", at(10), R"("agent":"a")"),
       event_line("contact.ended", "c", at(30), R"("agent":"a")"),
       event_line("chat.message", "c", at(30), R"("from":"customer","message":"m")"),
       event_line("chat.message", "c", at(40), R"("from":"agent","agent":"a","message":"m")")});
}

TEST(OrderFree, AChatThatIsPassedOnAndLeftUnanswered) {
  expect_order_does_not_matter(
      {event_line("contact.queued", "v1", at(0), R"("visit":"v1","contact":"c","queue":"q1")"),
       event_line("contact.answered", "v1", at(10), R"("visit":"v1","contact":"c","agent":"a")"),
       event_line("contact.transferred", "c", at(40), R"("agent":"a")"),
       event_line("chat.message", "c", at(41), R"("from":"customer")"),
       event_line("contact.queued", "v2", at(45), R"("visit":"v2","contact":"c","queue":"q2","entry":"transfer")"),
       event_line("contact.left_queue", "v2", at(60), R"("visit":"v2","contact":"c","reason":"caller")"),
       event_line("chat.message", "c", at(70), R"("from":"customer")")});
}

TEST(OrderFree, AMaximumThatIsTakenBack) {
  // The longest wait of the interval turns out shorter with each earlier answer.
  expect_order_does_not_matter({event_line("contact.queued", "c1", at(0), R"("queue":"q1")"),
                                event_line("contact.answered", "c1", at(500), R"("agent":"a")"),
                                event_line("contact.answered", "c1", at(30), R"("agent":"b")"),
                                event_line("contact.queued", "c2", at(0), R"("queue":"q1")"),
                                event_line("contact.answered", "c2", at(200), R"("agent":"a")"),
                                event_line("contact.left_queue", "c2", at(100), R"("reason":"caller")")});
}

TEST(OrderFree, AnOutboundAttemptAndItsLead) {
  expect_order_does_not_matter({event_line("lead.created", "l", at(0), R"("client":"acme","campaign":"x")"),
                                event_line("lead.assigned", "l", at(5), R"("agent":"a","client":"beta")"),
                                event_line("contact.dialled", "d", at(20), R"("agent":"a","lead":"l","queue":"out")"),
                                event_line("contact.connected", "d", at(25), R"("agent":"a","lead":"l")"),
                                event_line("lead.contacted", "l", at(22), R"("reached":true)"),
                                event_line("lead.closed", "l", at(24), R"("client":"acme")")});
}

TEST(OrderFree, AnAgentsStates) {
  expect_order_does_not_matter({event_line("agent.state", "a", at(0), R"("state":"available","client":"acme")"),
                                event_line("agent.state", "a", at(1'000), R"("state":"on_contact")"),
                                event_line("agent.state", "a", at(1'000), R"("state":"away","reason":"lunch")"),
                                event_line("agent.state", "a", at(90'000), R"("state":"offline","client":"beta")"),
                                event_line("agent.state", "a", at(90'000), R"("state":"ringing","client":"acme")"),
                                event_line("schedule.shift", "a", at(0),
                                           R"("from":"2026-03-02T09:00:00Z","to":"2026-03-02T17:00:00Z",)"
                                           R"("activity":"work")")});
}

TEST(OrderFree, ADeal) {
  expect_order_does_not_matter({event_line("deal.opened", "d", at(0), R"("client":"acme","amount":9,"currency":"EUR")"),
                                event_line("deal.updated", "d", at(9), R"("amount":"12","costs":{"b":1,"a":"2.5"})"),
                                event_line("deal.updated", "d", at(9), R"("amount":"11","costs":{"a":3})"),
                                event_line("deal.won", "d", at(20), R"("currency":"USD")"),
                                event_line("deal.won", "d", at(19), R"("reason":"price")")});
}

}  // namespace
}  // namespace processors
