// `floorwatch run` over a log of many days that keeps the contacts of one.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <string>
#include <vector>

#include "tests/support/event_line.h"
#include "tests/support/service.h"
#include "tests/support/sqlite_file.h"

namespace {

using test_support::comes_true;
using test_support::Ran;
using test_support::ServedFloor;

class Retention : public testing::Test {
 protected:
  void SetUp() override {
    const std::string all = service.folder() / "all.ndjson";
    ASSERT_EQ(service
                  .command({"generate", "--visits", "60000", "--hours", "240", "--seed", "4", "--disorder", "30s",
                            "--late", "0.01:4h", "--output", all, "--quiet"})
                  .status,
              0);
    std::ifstream file(all, std::ios::binary);
    for (std::string line; std::getline(file, line);) lines.push_back(line + "\n");
    service.folder().write("config.yaml", "sources:\n  - name: log\n    file: {path: \"" + service.log() +
                                              "\", follow: true}\nstore: {url: \"" + service.store() +
                                              "\", commit_interval: 50ms, keep_contacts: 1d, shards: 2}\n"
                                              "memory: {records: 1MiB}\nhttp: {listen: \"127.0.0.1:0\"}\n");
  }
  void grow(std::size_t from, std::size_t to) {
    std::string text;
    for (std::size_t i = from; i < to; ++i) text += lines[i];
    service.folder().append("log.ndjson", text);
  }
  std::int64_t number(const std::string& sql) const {
    return test_support::number_by_sql(service.folder() / "floor.db", sql);
  }
  /// Bytes that contacts take which left memory. The journal is bounded by snapshots.
  std::int64_t space() const {
    return number("SELECT ifnull(sum(length(bytes)), 0) FROM archive") +
           number("SELECT ifnull(sum(length(ids)), 0) FROM archive_ids");
  }
  bool dropped_up_to_the_horizon() const {
    const auto progress = service.progress();
    if (!progress || !progress->retained_since) return false;
    const auto old =
        number("SELECT count(*) FROM archive WHERE last < " + std::to_string(core::to_ms(*progress->retained_since)));
    return old == 0;
  }
  test_support::Service service{FLOORWATCH_BINARY};
  std::vector<std::string> lines;
};

TEST_F(Retention, TheStoreStaysSmallTheFiguresStayAndVerifyFindsNothing) {
  const std::size_t half = lines.size() / 2;
  service.folder().write("log.ndjson", "");
  std::int64_t at_half = 0;
  for (const auto& [from, to] : {std::pair(std::size_t{0}, half), std::pair(half, lines.size())}) {
    grow(from, to);
    ServedFloor floor = service.run();
    EXPECT_TRUE(comes_true([&, end = to] { return service.counts("log").received == end; })) << floor.said();
    EXPECT_TRUE(comes_true([&] { return dropped_up_to_the_horizon(); })) << floor.said();
    EXPECT_EQ(floor.process().end(SIGTERM), 0) << floor.said();
    if (at_half == 0) at_half = space();
  }
  EXPECT_GT(at_half, 0) << "nothing ever left memory";
  EXPECT_LT(space(), at_half * 3 / 2) << "twice the days take no more space";
  EXPECT_EQ(service.counts("log").rejected, 0U) << "nothing was too late";

  const std::string late = test_support::event_line("contact.wrapped", "c-1", "2026-03-02T09:00:00Z", R"("agent":"a")");
  const auto since = service.progress()->retained_since.value();
  ASSERT_GT(since, *core::parse_rfc3339("2026-03-03T00:00:00Z"));
  service.folder().append("log.ndjson", late + "\n");
  {
    ServedFloor floor = service.run();
    EXPECT_TRUE(comes_true([&] { return service.counts("log").rejected == 1; })) << floor.said();
    EXPECT_EQ(floor.process().end(SIGTERM), 0) << floor.said();
  }
  const auto letters = service.dead_letters();
  ASSERT_EQ(letters.size(), 1U);
  EXPECT_EQ(letters[0].reason, "too_late");
  EXPECT_EQ(letters[0].content, late);
  EXPECT_EQ(
      service.command({"dead-letters", "--store", service.store(), "--retry", "--config", service.config()}).status, 0);
  EXPECT_EQ(service.dead_letters().size(), 1U) << "a retry finds it as late as it was";

  const std::string whole = "sqlite:" + (service.folder() / "whole.db");
  ASSERT_EQ(service
                .command({"replay", "--config", service.config(), "--store", whole, "--input",
                          service.folder() / "all.ndjson", "--quiet"})
                .status,
            0);
  EXPECT_EQ(service.figures(service.store(), "15m"), service.figures(whole, "15m"));
  const auto digest = [&](const std::string& store) { return service.command({"digest", "--store", store}).out; };
  EXPECT_NE(digest(service.store()).find("retained_since=" + core::format_rfc3339(since)), std::string::npos);
  EXPECT_EQ(digest(whole).find("retained_since"), std::string::npos) << "a replay drops nothing";

  const Ran listed = service.command({"contacts", "--store", service.store(), "--format", "csv"});
  EXPECT_NE(listed.err.find("kept since " + core::format_rfc3339(since)), std::string::npos) << listed.err;
  const Ran recent = service.command(
      {"contacts", "--store", service.store(), "--format", "csv", "--from", core::format_rfc3339(since)});
  EXPECT_EQ(recent.err, "");
  EXPECT_EQ(
      recent.out,
      service.command({"contacts", "--store", whole, "--format", "csv", "--from", core::format_rfc3339(since)}).out);

  const Ran verified = service.command({"verify", "--config", service.config(), "--store", service.store()});
  EXPECT_EQ(verified.status, 0) << verified.out << verified.err;
  EXPECT_NE(verified.out.find("left out "), std::string::npos) << verified.out;
  EXPECT_NE(verified.out.find("retained_since=" + core::format_rfc3339(since)), std::string::npos) << verified.out;
}

}  // namespace
