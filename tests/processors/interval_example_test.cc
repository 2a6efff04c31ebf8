// The example of the contract's second rule ("Basis"): one call over the border of two half-hours, in every basis.
#include <gtest/gtest.h>

#include "tests/support/engine.h"
#include "tests/support/event_line.h"

namespace {

using test_support::Engine;
using test_support::event_line;

const std::vector<std::string> kDay = {
    event_line("contact.queued", "c1", "2026-03-02T07:28:30Z", R"("queue":"sales","channel":"voice")"),
    event_line("contact.answered", "c1", "2026-03-02T07:32:00Z", R"("agent":"anna")"),
    event_line("agent.state", "anna", "2026-03-02T07:32:00Z", R"("state":"on_contact")"),
    event_line("contact.ended", "c1", "2026-03-02T07:41:00Z", R"("agent":"anna")"),
    event_line("agent.state", "anna", "2026-03-02T07:41:00Z", R"("state":"wrap")"),
    event_line("contact.wrapped", "c1", "2026-03-02T07:43:00Z", R"("agent":"anna")"),
    event_line("agent.state", "anna", "2026-03-02T07:43:00Z", R"("state":"available")")};

/// The rows without the header.
std::string rows(const std::string& by, const std::string& basis) {
  Engine engine(core::FigureConfig{});
  engine.feed(kDay);
  const std::string csv = engine.csv({{"by", by}, {"every", "30m"}, {"basis", basis}});
  return csv.substr(csv.find('\n') + 1);
}

constexpr const char* kSeven = "2026-03-02T07:00:00Z,2026-03-02T07:30:00Z,final,0,";
constexpr const char* kHalfPastSeven = "2026-03-02T07:30:00Z,2026-03-02T08:00:00Z,final,0,";

TEST(IntervalExample, ArrivalPutsTheVisitAndItsHandlingIntoTheIntervalOfItsBegin) {
  EXPECT_EQ(rows("queue", "arrival"),
            std::string("default,sales,voice,") + kSeven +
                "1,1,0,0,0,0,0.000000,0.000000,210.000,210.000,210.000,210.000,1,660.000,660.000,540.000,0.000,120.000,"
                "1,0,0,0,0,0,0,0,210.000,210.000,210.000\n");
}

TEST(IntervalExample, EventPutsEachFactIntoTheIntervalOfItsOwnTime) {
  EXPECT_EQ(rows("queue", "event"),
            std::string("default,sales,voice,") + kSeven + "1,0,0,0,0,0,,0.000000,,,,,0,,,,,,0,0,0,0,0,0,0,0,,,\n" +
                "default,sales,voice," + kHalfPastSeven +
                "0,1,0,0,0,0,0.000000,,210.000,210.000,210.000,210.000,1,660.000,660.000,540.000,0.000,120.000,"
                "1,0,0,0,0,0,0,0,210.000,210.000,210.000\n");
}

TEST(IntervalExample, TimeInStatesIsOnTheClockInBothBases) {
  EXPECT_EQ(rows("agent", "arrival"),
            std::string("default,anna,") + kSeven +
                "1,,660.000,0,0,540.000,0.000,120.000,0.000,0.000,,0.000,0.000,0.000,0.000\n" + "default,anna," +
                kHalfPastSeven +
                "0,0.000000,,0,0,0.000,0.000,0.000,0.000,0.000,1.000000,0.000,540.000,120.000,660.000\n");
  EXPECT_EQ(rows("agent", "event"),
            std::string("default,anna,") + kHalfPastSeven +
                "1,5.454545,660.000,0,0,540.000,0.000,120.000,0.000,0.000,1.000000,0.000,540.000,120.000,660.000\n");
}

}  // namespace
