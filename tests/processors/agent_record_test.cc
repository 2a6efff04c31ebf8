#include "processors/agent_record.h"

#include <gtest/gtest.h>

#include "tests/support/csv_rows.h"
#include "tests/support/decoded.h"
#include "tests/support/engine.h"
#include "tests/support/event_line.h"

namespace processors {
namespace {

using core::Millis;
using test_support::CsvRow;
using test_support::event_line;
using Lines = std::vector<std::string>;

core::EventTime at(const std::string& clock) { return core::parse_rfc3339("2026-03-02T" + clock + "Z").value(); }

std::string state(const std::string& clock, const std::string& state, const std::string& more = {}) {
  return event_line("agent.state", "anna", "2026-03-02T" + clock + "Z", R"("state":")" + state + '"' + more);
}

/// A record of its own, with its book.
class Agent {
 public:
  explicit Agent(const Lines& lines) : decoded_(lines), record_("anna") {
    for (const auto& event : decoded_.events()) record_.merge(event, names_.intern("anna"), names_, agent_book_);
  }
  /// "on_contact 09:00:00+600" for every span that overlaps [from, to), in seconds.
  std::string spans(const std::string& from, const std::string& to, const std::string& as_of,
                    Millis give_up = Millis{16 * 3'600'000}) const {
    std::string text;
    record_.spans(at(from), at(to), at(as_of), give_up,
                  [&](const StatePoint& point, core::EventTime start, core::EventTime end) {
                    text += std::string(core::kAgentStateWords[core::index(point.state)]) + " " +
                            core::format_rfc3339(start).substr(11, 8) + "+" +
                            std::to_string((end - start).count() / 1'000) + "; ";
                  });
    return text;
  }
  const AgentRecord& record() const { return record_; }
  core::Names& names() { return names_; }
  CellBook& book() { return book_; }

 private:
  test_support::Decoded decoded_;
  core::Names names_;
  CellBook book_;
  const core::FigureConfig config_;
  Rules rules_{config_, names_};
  AgentBook agent_book_{book_, rules_};
  AgentRecord record_;
};

TEST(AgentRecord, GivesTheSpansOfARangeCutToIt) {
  const Agent agent({state("09:00:00", "available"), state("09:10:00", "on_contact"), state("09:40:00", "away")});
  EXPECT_EQ(agent.spans("09:05:00", "09:20:00", "12:00:00"), "available 09:05:00+300; on_contact 09:10:00+600; ");
  EXPECT_EQ(agent.spans("09:40:00", "10:00:00", "09:50:00"), "away 09:40:00+600; ") << "the running one up to as-of";
  EXPECT_EQ(agent.spans("08:00:00", "09:00:00", "12:00:00"), "");
  EXPECT_EQ(agent.spans("10:00:00", "11:00:00", "09:50:00"), "");
}

TEST(AgentRecord, ARunningStateIsGivenUpOnlyBeyondTheLimit) {
  const Agent agent({state("09:00:00", "available")});
  const Millis hour{3'600'000};
  EXPECT_EQ(agent.spans("09:00:00", "23:00:00", "10:00:00", hour), "available 09:00:00+3600; ") << "exactly at it";
  EXPECT_TRUE(agent.record().current(at("10:00:00"), hour));
  EXPECT_EQ(agent.spans("09:00:00", "23:00:00", "10:00:01", hour), "");
  EXPECT_FALSE(agent.record().current(at("10:00:01"), hour));
}

TEST(AgentRecord, AStateThatWasClosedCountsWholeHoweverLong) {
  const Agent agent({state("00:00:00", "available"), state("23:00:00", "offline")});
  EXPECT_EQ(agent.spans("00:00:00", "23:30:00", "23:00:00", Millis{1}), "available 00:00:00+82800; ");
}

TEST(AgentRecord, AStateOfMoreThanAYearIsAWrongClockAndCountsNotAtAll) {
  const auto first = [](const std::string& time) {
    return event_line("agent.state", "anna", time, R"("state":"available")");
  };
  Agent wrong({first("0001-01-01T00:00:00Z"), state("09:00:00", "away"), state("09:10:00", "offline")});
  EXPECT_EQ(wrong.spans("08:00:00", "10:00:00", "12:00:00"), "away 09:00:00+600; offline 09:10:00+3000; ");
  std::int64_t cells = 0;
  wrong.book().agent_times.pages([&](core::Slot, auto& page) { page.each([&](auto&&...) { ++cells; }); });
  EXPECT_EQ(cells, 1);
  const Agent longest({first("2025-03-01T09:00:00Z"), state("09:00:00", "away")});
  EXPECT_EQ(longest.spans("08:00:00", "09:00:00", "09:00:00"), "available 08:00:00+3600; ") << "366 days";
}

TEST(AgentRecord, TheGreaterSourceAndIdHoldsAtEqualTimes) {
  const auto event = [](const std::string& id, const std::string& word) {
    return R"({"specversion":"1.0","source":"/s","type":"agent.state","time":"2026-03-02T09:00:00Z","id":")" + id +
           R"(","data":{"agent":"anna","state":")" + word + R"("}})";
  };
  const std::string away = event("9", "away"), wrap = event("10", "wrap");
  for (const Lines& lines : {Lines{away, wrap}, Lines{wrap, away}}) {
    EXPECT_EQ(Agent(lines).record().current(at("09:00:00"), Millis{1})->state, core::AgentState::kAway)
        << "as bytes 9 is greater than 10";
  }
}

TEST(AgentRecord, HomeIsTheClientOfTheLatestStateThatStatesOne) {
  Agent agent({state("09:00:00", "available", R"(,"client":"acme")"), state("10:00:00", "wrap"),
               state("08:00:00", "away", R"(,"client":"beta")")});
  EXPECT_EQ(agent.names().text(agent.record().home_client()), "acme");
}

TEST(AgentRecord, ServesTheQueuesOfTheLatestStateThatNamesSome) {
  const std::string login = state("09:00:00", "available", R"(,"queues":["b","a"])"),
                    contact = state("09:10:00", "on_contact"),
                    earlier = state("08:00:00", "away", R"(,"queues":["c"])");
  for (const Lines& lines : {Lines{login, contact, earlier}, Lines{earlier, contact, login}}) {
    Agent agent(lines);
    EXPECT_EQ(agent.names().text(agent.record().queues()),
              "a\x1f"
              "b");
  }
  Agent moved({login, contact, state("09:20:00", "available", R"(,"queues":["c"])")});
  EXPECT_EQ(moved.names().text(moved.record().queues()), "c");
  EXPECT_EQ(Agent({contact}).record().queues(), core::NameId::kNone);
}

TEST(AgentRecord, AtOneMomentTheStateThatHoldsSaysTheQueues) {
  const auto event = [](const std::string& id, const std::string& queues) {
    return R"({"specversion":"1.0","source":"/s","type":"agent.state","time":"2026-03-02T09:00:00Z","id":")" + id +
           R"(","data":{"agent":"anna","state":"available")" + queues + "}}";
  };
  const std::string before = state("08:00:00", "away", R"(,"queues":["c"])"), lost = event("1", R"(,"queues":["a"])"),
                    holds = event("2", "");
  for (const Lines& lines : {Lines{before, lost, holds}, Lines{holds, lost, before}, Lines{lost, before, holds}}) {
    Agent agent(lines);
    EXPECT_EQ(agent.names().text(agent.record().queues()), "c");
  }
}

TEST(AgentRecord, ItsQueuesAreKnownWhenThatStateHasLeftMemory) {
  Agent agent({state("09:00:00", "available", R"(,"queues":["a"])"), state("09:05:00", "on_contact"),
               state("09:10:00", "available"), state("09:20:00", "on_contact"), state("09:40:00", "wrap"),
               state("10:00:00", "available")});
  AgentRecord record = agent.record();
  core::SlotSet leaving;
  for (const char* time : {"09:00:00", "09:15:00", "09:30:00"}) leaving.insert(core::interval_at(at(time)));
  record.let_go(leaving);
  EXPECT_EQ(record.points().size(), 4U)
      << "that one and the last of its interval, the one before what stays, and what stays";
  EXPECT_EQ(core::format_rfc3339(record.points().time(1)), "2026-03-02T09:10:00Z")
      << "who looks for the state before 09:15 must not find the one of 09:00";
  EXPECT_EQ(agent.names().text(record.queues()), "a");

  std::string bytes;
  StateWriter out(bytes, agent.names());
  record.pack_all({}, out);
  core::Names names;
  CellBook cells;
  const core::FigureConfig config;
  Rules rules(config, names);
  AgentBook book(cells, rules);
  AgentRecord back("anna");
  StateReader in(bytes, names);
  back.unpack(in, names.intern("anna"), names, book);
  EXPECT_EQ(names.text(back.queues()), "a") << "and after a restart";
}

TEST(AgentRecord, ComesBackFromItsPackedForm) {
  Agent agent({state("09:00:00", "available", R"(,"client":"acme","queues":["b","a"],"capacity":2)"),
               state("23:59:59", "away", R"(,"reason":"lunch")"),
               event_line("agent.state", "anna", "2026-03-04T09:00:00Z", R"("state":"wrap")"),
               event_line("schedule.shift", "anna", "2026-03-02T07:00:00Z",
                          R"("from":"2026-03-02T09:00:00Z","to":"2026-03-02T17:00:00Z","activity":"work")")});
  std::string bytes;
  StateWriter out(bytes, agent.names());
  agent.record().pack_all({}, out);
  core::Names names;
  CellBook cells;
  const core::FigureConfig config;
  Rules rules(config, names);
  AgentBook book(cells, rules);
  AgentRecord back("anna");
  StateReader in(bytes, names);
  back.unpack(in, names.intern("anna"), names, book);
  EXPECT_TRUE(in.at_end());
  EXPECT_EQ(back.canonical(names), agent.record().canonical(agent.names()));
  EXPECT_EQ(back.shifts(), agent.record().shifts());
}

TEST(AgentTime, IsSplitProRataOverTheQuarterHours) {
  test_support::Engine engine(core::FigureConfig{});
  engine.feed({state("09:10:00", "on_contact"), state("09:50:00", "wrap"), state("10:00:01", "offline")});
  const auto rows = test_support::csv_rows(engine.csv({{"by", "agent"}, {"every", "15m"}}));
  ASSERT_EQ(rows.size(), 5U);
  const auto times = [](const CsvRow& row) { return row.at("on_contact_s") + " " + row.at("wrap_state_s"); };
  EXPECT_EQ(times(rows[0]), "300.000 0.000");
  EXPECT_EQ(times(rows[1]), "900.000 0.000");
  EXPECT_EQ(times(rows[2]), "900.000 0.000");
  EXPECT_EQ(times(rows[3]), "300.000 600.000");
  EXPECT_EQ(times(rows[4]), "0.000 1.000");
}

TEST(AgentTime, ALateStateTakesBackWhatTheOneBeforeItHadTooMuch) {
  test_support::Engine engine(core::FigureConfig{});
  engine.feed({state("09:00:00", "available"), state("10:00:00", "offline")});
  engine.feed({state("09:30:00", "away")});
  const CsvRow row = test_support::only_row(test_support::csv_rows(engine.csv({{"by", "agent"}})), {});
  EXPECT_EQ(row.at("available_s"), "1800.000");
  EXPECT_EQ(row.at("away_s"), "1800.000");
  EXPECT_EQ(row.at("staffed_s"), "1800.000");
}

}  // namespace
}  // namespace processors
