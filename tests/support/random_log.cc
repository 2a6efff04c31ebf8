#include "tests/support/random_log.h"

#include <chrono>
#include <cstdlib>
#include <sstream>

#include <date/tz.h>

#include "tests/support/log_writer.h"
#include "tests/support/random.h"

namespace test_support {
namespace {

using oracle::Ms;

constexpr Ms kQuarter = 900'000, kDay = 86'400'000;

/// The stories of one small floor: contacts, outbound attempts, agents' days, leads.
class Stories {
 public:
  Stories(std::uint64_t seed, const oracle::Options& options)
      : random_(seed ^ 0x106),
        options_(options),
        start_(random_start(seed)),
        log_(random_, {random_.pick<int>({0, 0, 8, 20}), random_.pick<int>({0, 10}), random_.pick<int>({0, 4, 12})}) {}

  std::vector<std::string> tell() {
    const Ms agents = random_.between(0, 3), leads = random_.between(0, 4), outbound = random_.between(0, 3);
    const Ms contacts = random_.between(agents + leads + outbound == 0 ? 1 : 0, 7);
    for (Ms i = 0; i < contacts; ++i) inbound("c" + std::to_string(i));
    if (random_.chance(15)) twins("t");
    for (Ms i = 0; i < leads; ++i) lead("l" + std::to_string(i));
    for (Ms i = 0; i < outbound; ++i) dial("d" + std::to_string(i), random_.chance(70) ? lead_name() : "", moment());
    for (Ms i = 0; i < agents; ++i) day_of("a" + std::to_string(i));
    for (Ms i = random_.between(0, 5); i > 0; --i) deal("x" + std::to_string(i));
    for (Ms i = random_.between(-2, 2); i > 0; --i) {  // Some are never queued.
      const Ms time = moment();
      messages("m" + std::to_string(i), time, time + span());
      if (random_.chance(40)) log_.emit("contact.ended", time + span(), {{"contact", quoted("m" + std::to_string(i))}});
    }
    others();
    last_event();
    return log_.lines();
  }

 private:
  // What happens when.

  /// A time in the log's three hours, often on or beside the border of an interval.
  Ms moment() {
    if (random_.chance(40)) return start_ + random_.between(0, 12) * kQuarter + random_.pick<Ms>({0, 0, -1, 1});
    return start_ + random_.between(0, 12 * kQuarter);
  }

  /// A span, often none, or exactly at or just beyond a threshold, a gap or a limit.
  Ms span() {
    if (random_.chance(20)) return random_.pick<Ms>({0, 0, 1});
    if (random_.chance(10)) {
      const oracle::GiveUp& limits = options_.give_up_after;
      return random_.pick<Ms>({limits.voice, limits.segment, limits.agent_state}) + random_.between(-1, 1);
    }
    if (random_.chance(40)) {
      std::vector<Ms> thresholds = {5'000, 20'000, 30'000, 300'000};
      for (const oracle::Version& version : versions()) {
        thresholds.insert(thresholds.end(), 2, version.threshold);
        thresholds.push_back(version.short_abandon);
      }
      return random_.pick(thresholds) + random_.pick<Ms>({0, 0, 1, -1});
    }
    return random_.between(0, random_.pick<Ms>({2'000, 40'000, 600'000, 1'800'000}));
  }

  /// Something may still be open at `begin + limit`: remembered, so that the log can end there.
  void may_stay_open(Ms begin, Ms limit) { ends_.push_back(begin + limit); }

  void may_wait(Ms begin, const std::string& channel) {
    may_stay_open(begin, options_.give_up_after.visit(channel));
    may_stay_open(begin, oracle::Version().threshold);
    for (const oracle::Version& version : versions()) may_stay_open(begin, version.threshold);
  }

  /// Of all clients' profiles.
  std::vector<oracle::Version> versions() const {
    std::vector<oracle::Version> all;
    for (const auto& [name, client] : options_.clients) {
      for (const oracle::Profile& profile : client.profiles) {
        all.insert(all.end(), profile.versions.begin(), profile.versions.end());
      }
    }
    return all;
  }

  /// When a version of a client's profile comes into force: midnight in its zone.
  Ms change_of_profile() {
    std::vector<Ms> changes;
    for (const auto& [name, client] : options_.clients) {
      for (const oracle::Profile& profile : client.profiles) {
        for (const oracle::Version& version : profile.versions) {
          if (version.valid_from.empty()) continue;
          std::istringstream text(version.valid_from);
          date::local_time<std::chrono::milliseconds> midnight;
          text >> date::parse("%F", midnight);
          const auto* const zone = date::locate_zone(client.timezone);
          changes.push_back(zone->to_sys(midnight, date::choose::earliest).time_since_epoch().count());
        }
      }
    }
    std::erase_if(changes, [&](Ms change) { return std::abs(change - start_) >= 2 * kDay; });
    return changes.empty() ? moment() : random_.pick(changes);
  }

  /// When a visit begins: now and then just as a profile comes into force, or so that its wait passes a threshold at
  /// the border of an interval.
  Ms beginning() {
    if (random_.chance(15)) return change_of_profile() + random_.pick<Ms>({0, 0, -1});
    if (random_.chance(85)) return moment();
    std::vector<Ms> thresholds = {oracle::Version().threshold};
    for (const oracle::Version& version : versions()) thresholds.push_back(version.threshold);
    return start_ + random_.between(1, 12) * kQuarter - random_.pick(thresholds) - random_.between(0, 1);
  }

  // Who and where.

  std::string agent() { return "a" + std::to_string(random_.between(0, 3)); }
  std::string lead_name() { return "l" + std::to_string(random_.between(0, 4)); }
  std::string any_client() { return random_.pick<std::string>({"acme", "globex", "default", "stray, \"Ltd\""}); }
  std::string any_queue() { return random_.pick<std::string>({"q1", "q1", "q2", "q \"2\", b", "черга"}); }
  std::string any_channel() { return random_.pick<std::string>({"voice", "voice", "chat", "email", "sms", ""}); }

  struct Place {
    std::string client, queue, channel;
  };
  Place place() { return {random_.chance(50) ? any_client() : "", any_queue(), any_channel()}; }

  static void state(Fields& fields, const std::string& name, const std::string& value) {
    if (!value.empty()) fields.emplace_back(name, quoted(value));
  }

  /// What an event of the visit says about its place: most of it, sometimes something else.
  void add_place(Fields& fields, Place place, bool with_queue = false) {
    if (random_.chance(5)) place = this->place();
    if (random_.chance(70)) state(fields, "client", place.client);
    if (with_queue || random_.chance(60)) state(fields, "queue", place.queue);
    if (random_.chance(70)) state(fields, "channel", place.channel);
  }

  // Stories.

  /// One customer's contact: one to three visits, each with rings, an answer or a leaving, and the agent's work.
  void inbound(const std::string& contact) {
    const Ms visits = random_.chance(60) ? 1 : random_.between(2, 3);
    Ms time = this->beginning();
    const Ms beginning = time;
    for (Ms i = 0; i < visits; ++i) {
      const std::string visit = i == 0 ? contact : contact + "-" + std::to_string(i);
      Fields who;
      if (visits > 1) who = {{"visit", quoted(visit)}, {"contact", quoted(contact)}};
      visit_story(visits > 1 ? "" : contact, who, time, i);
    }
    if (random_.chance(20)) log_.emit("contact.ended", time, {{"contact", quoted(contact)}});
    if (random_.chance(40)) messages(contact, beginning, time);
  }

  /// Between the customer, agents and a bot, before, during and after what else happens: often at the same time as
  /// that, some twice, some under one id.
  void messages(const std::string& contact, Ms begin, Ms end) {
    Ms time = begin + random_.pick<Ms>({0, 0, -30'000, 1});
    for (Ms i = random_.between(1, 8); i > 0; --i) {
      const std::string from =
          random_.pick<std::string>({"customer", "customer", "customer", "agent", "agent", "bot", "system"});
      Fields fields = {{"contact", quoted(contact)}, {"from", quoted(from)}};
      if (from == "agent" && random_.chance(85)) fields.emplace_back("agent", quoted(agent()));
      if (random_.chance(70)) fields.emplace_back("message", quoted("m" + std::to_string(random_.between(0, 9))));
      if (random_.chance(20)) add_place(fields, place());
      log_.emit("chat.message", time, fields);
      if (random_.chance(20)) log_.emit("chat.message", time + random_.pick<Ms>({0, -1, 5'000}), fields);
      if (from == "customer") may_wait(time, any_channel());
      time = random_.chance(15)   ? end + random_.pick<Ms>({0, 0, 1, -1, 60'000})
             : random_.chance(50) ? random_.between(std::min(begin, end), std::max(begin, end))
                                  : time + span();
    }
  }

  void visit_story(const std::string& subject, const Fields& who, Ms& time, Ms number) {
    const Place where = place();
    queued(subject, who, where, time, number);
    may_wait(time, where.channel);
    rings(subject, who, where, time);
    time += span();
    const std::string answering = agent();
    if (random_.chance(70)) answered(subject, who, where, time, answering);
    if (random_.chance(35)) left(subject, who, where, time);
    work(subject, who, time, answering);
  }

  void queued(const std::string& subject, const Fields& who, const Place& where, Ms time, Ms number) {
    const Ms times = random_.chance(80) ? 1 : 2;  // a second one contradicts
    for (Ms i = 0; i < times; ++i) {
      Fields fields = who;
      add_place(fields, i == 0 ? where : place(), true);
      const std::string entry = random_.pick<std::string>({"inbound", "transfer", "callback", "requeue"});
      if (number > 0 || random_.chance(30)) fields.emplace_back("entry", quoted(entry));
      log_.emit("contact.queued", time + (i == 0 ? 0 : random_.pick<Ms>({0, 0, 0, -1, 1'000})), fields, subject);
    }
  }

  void rings(const std::string& subject, const Fields& who, const Place& where, Ms& time) {
    const Ms count = random_.between(0, 3);
    for (Ms i = 0; i < count; ++i) {
      time += random_.pick<Ms>({0, 1, 500, 8'000});
      Fields begin = who, end = who;
      const std::string ringing = quoted(agent());
      const std::string id = quoted("o" + std::to_string(random_.between(0, 4)));
      begin.emplace_back("agent", ringing);
      end.emplace_back("agent", random_.chance(95) ? ringing : quoted(agent()));
      if (random_.chance(50)) begin.emplace_back("offer", id);
      if (random_.chance(50)) end.emplace_back("offer", id);
      end.emplace_back("reason", quoted(random_.pick<std::string>({"accepted", "timeout", "timeout", "rejected",
                                                                   "caller_left", "error"})));
      add_place(begin, where);
      add_place(end, where);
      if (random_.chance(85)) log_.emit("contact.offered", time, begin, subject);
      time += random_.pick<Ms>({0, 1, 15'000});
      if (random_.chance(85)) log_.emit("contact.offer_ended", time, end, subject);
    }
  }

  void answered(const std::string& subject, const Fields& who, const Place& where, Ms time, const std::string& by) {
    const Ms times = random_.chance(85) ? 1 : 2;
    for (Ms i = 0; i < times; ++i) {
      Fields fields = who;
      fields.emplace_back("agent", quoted(i == 0 || random_.chance(40) ? by : agent()));
      add_place(fields, where);
      log_.emit("contact.answered", time + (i == 0 ? 0 : random_.pick<Ms>({0, -1, 3'000})), fields, subject);
    }
    may_stay_open(time, options_.give_up_after.segment);
  }

  void left(const std::string& subject, const Fields& who, const Place& where, Ms time) {
    time += random_.pick<Ms>({0, 0, 1, -1, 5'000});
    const Ms times = random_.chance(75) ? 1 : 2;
    for (Ms i = 0; i < times; ++i) {
      Fields fields = who;
      fields.emplace_back("reason", quoted(random_.pick<std::string>({"caller", "caller", "caller_ringing", "timeout",
                                                                      "abandoned", "overflow", "voicemail"})));
      add_place(fields, where);
      log_.emit("contact.left_queue", time, fields, subject);
      time += random_.pick<Ms>({0, 0, 1'000});
    }
  }

  /// Two visits of one contact answered by one agent at once, perhaps while that agent also dials it.
  void twins(const std::string& contact) {
    const Ms time = moment();
    const std::string by = agent();
    for (const char* number : {"-b", "-a"}) {
      Fields who = {{"visit", quoted(contact + number)}, {"contact", quoted(contact)}, {"agent", quoted(by)}};
      add_place(who, place());
      log_.emit("contact.answered", time, who);
    }
    const Fields with = {{"contact", quoted(contact)}, {"agent", quoted(by)}};
    if (random_.chance(60)) log_.emit("contact.connected", time + random_.pick<Ms>({0, 0, 5'000}), with);
    Ms end = time + random_.between(-1, 1) * 4'000;
    work("", {{"contact", quoted(contact)}}, end, by);
  }

  /// The agent's part: holds, an end or a transfer, the wrap-up; each now and then missing, doubled or early.
  void work(const std::string& subject, const Fields& who, Ms& time, const std::string& by) {
    const auto mark = [&](const std::string& type, Ms at, bool with_agent = true) {
      Fields fields = who;
      if (with_agent) fields.emplace_back("agent", quoted(random_.chance(95) ? by : agent()));
      if (random_.chance(10)) add_place(fields, place());  // no visit event: says nothing about the visit
      log_.emit(type, at, fields, subject);
    };
    const Ms holds = random_.chance(60) ? 0 : random_.between(1, 4);
    Ms hold_time = time;
    for (Ms i = 0; i < holds; ++i) {
      hold_time += random_.pick<Ms>({0, 1, 4'000, 60'000});
      mark(random_.chance(60) ? "contact.held" : "contact.retrieved", hold_time);
    }
    time += span();
    if (random_.chance(25)) mark("contact.transferred", time + random_.pick<Ms>({0, 0, -1, 2'000}));
    if (random_.chance(80)) mark("contact.ended", time, random_.chance(60));
    const Ms wrapped = time + random_.pick<Ms>({0, 1, -3'000, 10'000, 45'678});
    if (random_.chance(options_.sends_wrap ? 85 : 10)) mark("contact.wrapped", wrapped);
    if (random_.chance(50)) time = wrapped;
  }

  /// An outbound attempt, for a lead or for none.
  void dial(const std::string& contact, const std::string& lead, Ms time) {
    const std::string dialling = agent();
    Fields fields = {{"agent", quoted(dialling)}};
    if (!lead.empty()) fields.emplace_back("lead", quoted(lead));
    const Place where = random_.chance(60) ? Place{any_client(), "", "voice"} : place();
    Fields dialled = fields, connected = fields;
    add_place(dialled, where);
    add_place(connected, where);
    log_.emit("contact.dialled", time, dialled, contact);
    const Ms again = time + random_.pick<Ms>({0, 1'000, -1'000});
    if (random_.chance(15)) log_.emit("contact.dialled", again, dialled, contact);
    if (random_.chance(40)) return;
    time += span();
    log_.emit("contact.connected", time, connected, contact);
    may_stay_open(time, options_.give_up_after.segment);
    work(contact, {}, time, dialling);
  }

  void lead(const std::string& name) {
    Ms time = moment();
    const auto say = [&](const std::string& type, Ms at, Fields fields = {}) {
      if (random_.chance(40)) fields.emplace_back("client", quoted(any_client()));
      log_.emit(type, at, fields, name);
    };
    const auto create = [&](Ms at) {
      Fields fields;
      if (random_.chance(70)) fields.emplace_back("campaign", quoted(random_.pick<std::string>({"spring", "web, form"})));
      say("lead.created", at, fields);
    };
    if (random_.chance(90)) create(time);
    if (random_.chance(15)) create(time + random_.pick<Ms>({0, -1'000, 60'000}));
    if (random_.chance(40)) say("lead.assigned", time, {{"agent", quoted(agent())}});
    time += span() - random_.pick<Ms>({0, 0, 10'000});
    const Ms attempts = random_.between(0, 4);
    for (Ms i = 0; i < attempts; ++i) {
      attempt(name, time, say);
      time += random_.chance(60) ? options_.client("acme").redial_gap + random_.between(-1, 1) : span();
    }
    if (random_.chance(30)) say("lead.closed", time + random_.pick<Ms>({0, -30'000, -60'000}));
    if (random_.chance(8)) say("lead.closed", time + 1'000);
  }

  template <typename Say>
  void attempt(const std::string& name, Ms time, Say say) {
    if (random_.chance(40)) {
      dial("ld" + std::to_string(++dials_), name, time);
      return;
    }
    Fields fields;
    if (random_.chance(60)) fields.emplace_back("reached", random_.pick<std::string>({"true", "false", "null"}));
    if (random_.chance(40)) fields.emplace_back("automated", random_.pick<std::string>({"true", "false"}));
    say("lead.contacted", time, fields);
  }

  std::string money() {
    return random_.pick<std::string>(
        {"\"12.50\"", "100", "0", "\"-7.3333\"", "\"99999.9999\"", "250.25", "\"0.0001\""});
  }

  /// What a deal's event says, and what its type need not say.
  Fields terms(bool with_costs) {
    Fields fields;
    if (random_.chance(40)) fields.emplace_back("client", quoted(any_client()));
    if (random_.chance(60)) fields.emplace_back("amount", money());
    if (random_.chance(60)) fields.emplace_back("currency", quoted(random_.pick<std::string>({"USD", "USD", "EUR"})));
    if (!with_costs || random_.chance(40)) return fields;
    std::string costs;
    for (const char* name : {"delivery", "commission", "other, = b"}) {
      if (random_.chance(60)) costs += (costs.empty() ? "" : ",") + quoted(name) + ":" + money();
    }
    fields.emplace_back("costs", "{" + costs + "}");
    return fields;
  }

  /// Opened, edited, won or lost; each now and then missing, doubled, early, contradicting, or edited after its close.
  void deal(const std::string& name) {
    Ms time = moment();
    const auto say = [&](const std::string& type, Ms at, bool with_costs) {
      log_.emit(type, at, terms(with_costs), name);
    };
    if (random_.chance(85)) say("deal.opened", time, false);
    if (random_.chance(10)) say("deal.opened", time + random_.pick<Ms>({0, -1'000, 60'000}), false);
    for (Ms edits = random_.between(0, 2); edits > 0; --edits) say("deal.updated", time += span(), true);
    time += random_.chance(10) ? kDay : span() - random_.pick<Ms>({0, 0, 10'000});
    const Ms closes = random_.chance(25) ? 0 : random_.chance(85) ? 1 : 2;
    for (Ms i = 0; i < closes; ++i) {
      say(random_.chance(60) ? "deal.won" : "deal.lost", time, true);
      time += random_.pick<Ms>({0, 1, -60'000});
    }
    if (random_.chance(25)) say("deal.updated", time + span(), true);
  }

  /// An agent's states, some at the same time, some after a long gap.
  void day_of(const std::string& name) {
    Ms time = moment();
    const Ms states = random_.between(1, 12);
    for (Ms i = 0; i < states; ++i) {
      Fields fields = {{"state", quoted(random_.pick<std::string>({"offline", "available", "available", "ringing",
                                                                   "on_contact", "on_contact", "wrap", "away"}))}};
      if (random_.chance(40)) fields.emplace_back("client", quoted(any_client()));
      if (random_.chance(20)) fields.emplace_back("queues", "[\"q1\",\"q2\"]");
      log_.emit("agent.state", time, fields, name);
      may_stay_open(time, options_.give_up_after.agent_state);
      time += random_.chance(3) ? random_.pick<Ms>({kDay, 57'600'000}) : span();
    }
  }

  /// A deal won that nobody opened.
  void others() {
    if (random_.chance(20)) log_.emit("deal.won", moment(), {{"amount", "\"12.50\""}, {"currency", quoted("USD")}}, "x1");
  }

  /// The log may end exactly where something that may still be open is given up or passes its threshold.
  void last_event() {
    if (!ends_.empty() && random_.chance(45)) {
      const Ms end = random_.pick(ends_) + random_.pick<Ms>({0, 0, 1, -1});
      log_.cut_after(end);
      log_.emit("deal.updated", end, {{"stage", quoted("open")}}, "x1");
    }
    // Of an unknown type: does not even move the clock.
    if (random_.chance(20)) log_.emit("contact.teleported", moment() + 40 * kDay, {{"contact", quoted("c0")}});
  }

  Random random_;
  const oracle::Options& options_;
  const Ms start_;
  LogWriter log_;
  int dials_ = 0;
  std::vector<Ms> ends_;
};

}  // namespace

std::vector<std::string> random_log(std::uint64_t seed, const oracle::Options& options) {
  return Stories(seed, options).tell();
}

RandomCase random_case(std::uint64_t seed) {
  RandomCase result;
  result.options = random_options(seed);
  result.yaml = to_yaml(result.options);
  result.lines = random_log(seed, result.options);
  result.queries = random_queries(seed, 12);
  return result;
}

}  // namespace test_support
