// A replay of a range of time: in one commit, at its end.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "core/murmur2.h"
#include "core/time.h"
#include "tests/support/command.h"
#include "tests/support/event_line.h"
#include "tests/support/temp_dir.h"

namespace {

using test_support::event_line;

TEST(RangeReplay, ShardsOfDifferentWeightAreEachKept) {
  const test_support::TempDir folder;
  // The second of two shards has so much that its snapshot is due, the first one has not.
  std::string log;
  const core::EventTime begin = core::parse_rfc3339("2026-03-02T00:00:00Z").value();
  for (int i = 0; i < 16'000; ++i) {
    const std::string contact = fmt::format("contact-{:06}", i);
    const auto at = [&](int seconds) { return core::format_rfc3339(begin + std::chrono::seconds(5 * i + seconds)); };
    log += event_line("contact.queued", contact, at(0), R"("client":"acme","queue":"q","channel":"voice")") + '\n';
    const int offers = core::partition_of(contact, 2) == 1 ? 16 : 1;
    for (int o = 0; o < offers; ++o) {
      log += event_line("contact.offered", contact, at(1 + o),
                        fmt::format(R"("agent":"a-{}","offer":"offer-of-the-dialler-{:08}-{:04}")", o, i, o)) +
             '\n';
    }
    log += event_line("contact.answered", contact, at(30), R"("agent":"a-0")") + '\n';
    log += event_line("contact.ended", contact, at(90), R"("agent":"a-0")") + '\n';
  }
  folder.write("log.ndjson", log);
  const auto digest_with = [&](const std::string& shards) {
    const std::string store = "sqlite:" + (folder / ("store" + shards + ".db"));
    const auto replayed =
        test_support::run_command({FLOORWATCH_BINARY, "replay", "--shards", shards, "--store", store, "--input",
                                   folder / "log.ndjson", "--from", "2026-03-02T00:00:00Z", "--quiet"});
    EXPECT_EQ(replayed.status, 0) << replayed.err;
    const auto digest = test_support::run_command({FLOORWATCH_BINARY, "digest", "--store", store});
    EXPECT_EQ(digest.status, 0) << digest.err;
    return digest.out;
  };
  EXPECT_EQ(digest_with("1"), digest_with("2"));
}

}  // namespace
