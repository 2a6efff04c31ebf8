// What a floor takes and shows that does not keep contacts for ever.
#include <gtest/gtest.h>

#include "app/floor.h"
#include "ingest/formats/formats.h"
#include "tests/support/event_line.h"

namespace app {
namespace {

using test_support::event_line;

class Retention : public testing::Test {
 protected:
  Retention() : floor(core::FigureConfig{}, 2, 1) { floor.retain_since(*core::parse_rfc3339("2026-03-02T00:00:00Z")); }

  Applied apply(const std::string& lines, const std::string& format = "canonical") {
    const SourceRules rules{format, [format] { return std::move(*ingest::make_decoder(format, {format, "UTC"})); },
                            core::Millis{0}};
    const std::string text = lines + std::string(64, '\0');  // A decoder may look a little further than a message.
    core::RawBatch batch;
    batch.partitions.push_back({.key = "test:log", .label = "log", .end_read = {}});
    core::RawMessage message{.value = std::string_view(text).substr(0, lines.size()), .headers = {}};
    message.appended = core::wall_time(1'772'532'000'000);  // 2026-03-03T10:00:00Z
    batch.messages.push_back(message);
    return floor.apply(batch, rules, std::nullopt);
  }
  static std::string queued(const std::string& time) {
    return event_line("contact.queued", "c", time, R"("queue":"q","channel":"voice")");
  }

  Floor floor;
};

TEST_F(Retention, AContactsEventOfBeforeTheHorizonIsADeadLetterThatSaysSo) {
  const Applied applied = apply(queued("2026-03-01T23:59:59.999Z"));
  EXPECT_EQ(applied.counts.received, 1U);
  EXPECT_EQ(applied.counts.rejected, 1U);
  EXPECT_EQ(applied.counts.rejected_by, (std::map<std::string, std::uint64_t>{{"too_late", 1}}));
  ASSERT_EQ(applied.rejections.size(), 1U);
  EXPECT_EQ(applied.rejections[0].detail,
            "time 2026-03-01T23:59:59.999Z is before 2026-03-02T00:00:00Z, since when the store keeps contacts "
            "(store.keep_contacts)");
  EXPECT_TRUE(applied.latest.empty()) << "it moves no clock";
}

TEST_F(Retention, OneJustAtTheHorizonIsTaken) { EXPECT_EQ(apply(queued("2026-03-02T00:00:00Z")).counts.applied, 1U); }

TEST_F(Retention, LeadsDealsAndAgentsAreNeverTooLate) {
  for (const std::string& line :
       {event_line("lead.created", "l", "2025-01-01T00:00:00Z"), event_line("deal.opened", "d", "2025-01-01T00:00:00Z"),
        event_line("agent.state", "a", "2025-01-01T00:00:00Z", R"("state":"available")")}) {
    EXPECT_EQ(apply(line).counts.applied, 1U) << line;
  }
}

TEST_F(Retention, AContactsEventThatNamesALeadIsTooLateForBoth) {
  const Applied applied =
      apply(event_line("contact.dialled", "c", "2026-03-01T12:00:00Z", R"("agent":"a","lead":"l")"));
  EXPECT_EQ(applied.counts.rejected, 1U);
  for (processors::Shard* shard : floor.shards()) EXPECT_EQ(shard->leads().size() + shard->contacts().size(), 0U);
}

TEST_F(Retention, WhatIsInTheFutureIsSaidToBe) {
  EXPECT_EQ(apply(queued("2026-03-03T10:00:01Z")).counts.rejected_by,
            (std::map<std::string, std::uint64_t>{{"future_time", 1}}));
}

}  // namespace
}  // namespace app
