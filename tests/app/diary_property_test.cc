// The diary against what readers saw: whenever a final row of `figures` reads otherwise after a commit, there is one
// revision that says so, and never else.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <random>
#include <set>

#include "app/floor.h"
#include "config/load.h"
#include "ingest/formats/formats.h"
#include "sinks/store/sqlite_store.h"
#include "tests/support/claims.h"
#include "tests/support/event_line.h"
#include "tests/support/random_log.h"
#include "tests/support/temp_dir.h"

namespace app {
namespace {

constexpr core::Millis kLateness{60'000};

using Row = std::map<std::string, std::string>;
using RowName = std::string;

std::string text_of(const std::vector<core::Revision::Figure>& figures) {
  std::string text;
  for (const auto& f : figures) text += f.name + " \"" + f.before + "\" -> \"" + f.after + "\"\n";
  return text;
}

std::uint64_t number_from(const char* name, std::uint64_t fallback) {
  const char* text = std::getenv(name);
  return text == nullptr ? fallback : std::strtoull(text, nullptr, 10);
}

/// A live floor whose clocks are its events', committed after each batch to a store that keeps its diary.
class LiveFloor {
 public:
  LiveFloor(const core::FigureConfig& config, std::uint32_t shards, std::size_t threads)
      : floor_(config, shards, threads, processors::MemoryLimits{4}, 0) {
    rules_.name = "log";
    auto store = sinks::open_sqlite_store(folder_ / "diary.db", sinks::OpenMode::kWrite, {});
    if (!store || !(*store)->claim(claims_.of(1))) throw std::runtime_error("no store");
    store_ = std::move(*store);
    rules_.make_decoder = [] { return std::move(*ingest::make_decoder("canonical", {"log", "UTC"})); };
  }
  void apply(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    text.append(64, '\0');
    core::RawBatch batch;
    batch.partitions.push_back({"test:log", "log", 0, 0, 0, {}});
    std::size_t at = 0;
    for (const auto& line : lines) {
      core::RawMessage message;
      message.value = std::string_view(text).substr(at, line.size());
      batch.messages.push_back(message);
      at += line.size() + 1;
    }
    const Applied applied = floor_.apply(batch, rules_, std::nullopt);
    for (const auto& [partition, time] : applied.latest) latest_ = std::max(latest_.value_or(time), time);
  }
  /// The revisions of the commit, with the numbers that the store is to give them.
  std::vector<core::Revision> commit() {
    core::Commit commit, diary;
    floor_.revise(as_of_.value_or(core::EventTime{}), commit);
    floor_.pack_changes(commit);
    diary.revisions = std::move(commit.revisions);
    const auto kept = store_->commit(diary);
    EXPECT_TRUE(kept) << kept.error().message;
    for (core::Revision& revision : diary.revisions) revision.number = ++numbers_[revision.row];
    return std::move(diary.revisions);
  }
  std::size_t names() {
    std::size_t count = 0;
    for (processors::Shard* shard : floor_.shards()) count += shard->names().size();
    return count;
  }
  void advance() {
    as_of_ = latest_;
    if (!as_of_) return;
    floor_.advance(*as_of_);
    floor_.settle_before(*as_of_ - kLateness);
  }
  /// The rows that `figures` shows now, by key and start.
  std::map<RowName, Row> rows(const std::string& by, const std::string& basis, const std::string& every = "15m") {
    std::map<std::string, std::string> words = {{"by", by}, {"every", every}};
    if (by != "profile" && by != "deal") words["basis"] = basis;  // A contract has its own, deals have none.
    const auto query = core::parse_figure_query(words);
    if (!query) throw std::runtime_error(query.error());
    processors::ReadPoint point;
    point.as_of = as_of_.value_or(core::EventTime{});
    point.watermark = as_of_;
    point.allowed_lateness = kLateness;
    const auto counts = processors::count_revisions(floor_.config(), *query, *store_->revisions());
    if (!counts) throw std::runtime_error(counts.error().message);
    point.revisions = &*counts;
    std::map<RowName, Row> named;
    const core::FigureTable table = floor_.figures(*query, point);
    for (const auto& cells : table.rows) {
      Row row;
      for (std::size_t i = 0; i < cells.size(); ++i) row[table.columns[i]] = core::to_string(cells[i]);
      RowName name = row["client"] + "|" +
                     (by == "queue" || by == "chat"         ? row["queue"] + "|" + row["channel"]
                      : by == "agent" || by == "chat-agent" ? row["agent"] + "|"
                      : by == "profile"                     ? row["profile"] + "|"
                      : by == "deal"                        ? row["currency"] + "|"
                                                            : row["campaign"] + "|");
      named[name + "|" + row["start"]] = row;
    }
    return named;
  }
  bool settled(const std::string& start, core::Millis since = core::Millis{0}) const {
    const auto begin = core::parse_rfc3339(start);
    return as_of_ && begin && *begin + core::kInterval + kLateness + since <= *as_of_;
  }

 private:
  Floor floor_;
  SourceRules rules_;
  test_support::TempDir folder_;
  test_support::Claims claims_;
  std::unique_ptr<core::Store> store_;
  std::map<core::RevisedRow, std::int64_t> numbers_;
  std::optional<core::EventTime> latest_, as_of_;
};

/// Overlays of what is open or given up, and what is computed of them, which the diary leaves out.
const std::set<std::string> kOpenColumns = {
    "waiting", "unfinished", "open", "oldest_open_s", "pipeline_velocity_per_day", "unanswered", "oldest_unanswered_s"};
/// What a contract makes of its figure, which the diary leaves out.
const std::set<std::string> kJudgedColumns = {"metric",   "target",     "met",         "misses", "misses_left",
                                              "expected", "projection", "credit_rate", "credit", "currency"};
const std::set<std::string> kFrame = {"client",  "queue", "channel", "agent",  "campaign",
                                      "profile", "start", "end",     "status", "revision"};

/// Nothing happened: what a row shows that is not there. Counts and times are 0, quotients have no value.
std::string shown(const Row& row, const Row& other, const std::string& column) {
  if (const auto it = row.find(column); it != row.end()) return it->second;
  static const std::set<std::string> kQuotients = {
      "service_level",     "abandonment_rate", "mean_wait_s",       "p50_wait_s",
      "p90_wait_s",        "max_wait_s",       "mean_handle_s",     "p90_handle_s",
      "mean_talk_s",       "mean_hold_s",      "mean_wrap_s",       "p80_wait_s",
      "p95_wait_s",        "p99_wait_s",       "contacts_per_hour", "occupancy",
      "median_response_s", "p90_response_s",   "within_target",     "median_contact_s",
      "attempts_per_lead", "figure",           "average_deal_size", "mean_cycle_days",
      "median_cycle_days", "win_rate",         "win_rate_by_value", "profitability",
      "won_of_opened"};
  if (kQuotients.contains(column) || column.find("response_s") != std::string::npos) return "";
  return other.at(column).find('.') != std::string::npos ? "0.000" : "0";
}

/// Where an open visit contributes now, the service level counts it by its age.
std::vector<core::Revision::Figure> differences(const Row& before, const Row& after) {
  const bool open = !after.empty() && after.at("status") == "provisional";
  std::vector<core::Revision::Figure> found;
  for (const auto& [column, value] : before.empty() ? after : before) {
    if (kFrame.contains(column) || kOpenColumns.contains(column) || kJudgedColumns.contains(column)) continue;
    if (column == "service_level" && open) continue;
    const std::string was = shown(before, after, column), is = shown(after, before, column);
    if (was != is) found.push_back({column, was, is});
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return found;
}

RowName name_of(const core::Revision& revision) {
  return revision.row.a + "|" + revision.row.b + "|" + revision.row.c + "|" +
         core::format_rfc3339_seconds(revision.row.start, nullptr);
}

/// The revisions of one table, each as the differences that it tells.
std::map<RowName, core::Revision> of_table(const std::vector<core::Revision>& all, core::FigureKey by,
                                           core::Basis basis) {
  std::map<RowName, core::Revision> found;
  for (auto revision : all) {
    if (revision.row.by != by || revision.row.basis != basis) continue;
    auto& figures = revision.figures;
    std::sort(figures.begin(), figures.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    EXPECT_TRUE(found.emplace(name_of(revision), revision).second) << "two revisions of a row in one commit";
  }
  return found;
}

struct Table {
  core::FigureKey by;
  core::Basis basis;
};
constexpr std::array<Table, 12> kTables = {{{core::FigureKey::kProfile, core::Basis::kArrival},
                                            {core::FigureKey::kQueue, core::Basis::kArrival},
                                            {core::FigureKey::kQueue, core::Basis::kEvent},
                                            {core::FigureKey::kAgent, core::Basis::kArrival},
                                            {core::FigureKey::kAgent, core::Basis::kEvent},
                                            {core::FigureKey::kLead, core::Basis::kArrival},
                                            {core::FigureKey::kLead, core::Basis::kEvent},
                                            {core::FigureKey::kDeal, core::Basis::kArrival},
                                            {core::FigureKey::kChat, core::Basis::kArrival},
                                            {core::FigureKey::kChat, core::Basis::kEvent},
                                            {core::FigureKey::kChatAgent, core::Basis::kArrival},
                                            {core::FigureKey::kChatAgent, core::Basis::kEvent}}};

/// Whether nothing differs but an agent's time and what is computed of it.
bool only_time(const std::vector<core::Revision::Figure>& differing) {
  static const std::set<std::string> kTime = {"contacts_per_hour", "available_s",  "away_s",       "occupancy",
                                              "ringing_s",         "on_contact_s", "wrap_state_s", "staffed_s"};
  return std::all_of(differing.begin(), differing.end(), [](const auto& figure) { return kTime.contains(figure.name); });
}

/// Compares what a table showed before a commit and after it, at the same moment, with the revisions of that commit.
std::size_t check(const LiveFloor& floor, const std::map<RowName, Row>& before, const std::map<RowName, Row>& after,
                  const std::map<RowName, core::Revision>& revisions) {
  std::set<RowName> names;
  for (const auto& table : {before, after}) {
    for (const auto& [name, row] : table) names.insert(name);
  }
  for (const auto& [name, revision] : revisions) EXPECT_TRUE(names.contains(name)) << name;
  std::size_t corrections = 0;
  for (const RowName& name : names) {
    const Row was = before.contains(name) ? before.at(name) : Row{}, is = after.contains(name) ? after.at(name) : Row{};
    const bool final =
        was.empty() ? floor.settled(is.at("start")) : was.at("status") == "final" || was.at("status") == "corrected";
    // What is open of a contract counts by its age in more than one of its columns.
    if (!is.empty() && is.contains("profile") && is.at("status") == "provisional") continue;
    const auto differing = differences(was, is);
    const bool corrected = final && !differing.empty();
    // Rows of an agent whose home client changed, of which but the last settled day has revisions.
    const Row& row = was.empty() ? is : was;
    const bool of_time = only_time(differing) || (row.contains("metric") && row.at("metric") == "occupancy");
    const bool moved = corrected && of_time && floor.settled(row.at("start"), std::chrono::hours(24));
    if (moved && !revisions.contains(name)) continue;
    EXPECT_EQ(revisions.contains(name), corrected)
        << name << (final ? " final\n" : " not final\n") << text_of(differing);
    if (!corrected || !revisions.contains(name)) continue;
    ++corrections;
    auto told = revisions.at(name).figures;
    const bool open = !is.empty() && is.at("status") == "provisional";
    std::erase_if(told, [&](const auto& figure) { return open && figure.name == "service_level"; });
    EXPECT_EQ(told, differing) << name << "\n" << text_of(told) << "instead of\n" << text_of(differing);
    EXPECT_GT(revisions.at(name).cause.id.size(), 0U);
    if (is.empty()) continue;
    EXPECT_EQ(is.at("revision"), std::to_string(revisions.at(name).number)) << name;
    EXPECT_TRUE(is.at("status") == "corrected" || is.at("status") == "provisional") << name << is.at("status");
  }
  return corrections;
}

// FLOORWATCH_SEED begins elsewhere, FLOORWATCH_CASES sets how many logs are tried.
TEST(DiaryProperty, EveryChangeOfAFinalRowIsOneRevision) {
  const std::uint64_t seed = number_from("FLOORWATCH_SEED", 1);
  std::array<std::size_t, kTables.size()> corrections{};
  for (std::uint64_t s = seed; s < seed + number_from("FLOORWATCH_CASES", 300) && !testing::Test::HasFailure(); ++s) {
    SCOPED_TRACE("FLOORWATCH_SEED=" + std::to_string(s));
    auto test = test_support::random_case(s);
    const auto config = config::load(test.yaml, "random.yaml");
    ASSERT_TRUE(config);
    std::mt19937_64 random(s);
    LiveFloor floor(config->figures, 1 + static_cast<std::uint32_t>(s % 3), 1 + s % 2);
    // Mostly in order, some late, so that intervals settle and are corrected.
    for (std::size_t i = 0; i < test.lines.size(); ++i) {
      if (random() % 4 == 0) std::swap(test.lines[i], test.lines[i + random() % (test.lines.size() - i)]);
    }
    for (std::size_t at = 0; at < test.lines.size() && !testing::Test::HasFailure();) {
      std::vector<std::map<RowName, Row>> before;
      for (const Table& table : kTables) {
        before.push_back(floor.rows(std::string(core::kFigureKeyWords[core::index(table.by)]),
                                    std::string(core::kBasisWords[core::index(table.basis)])));
      }
      const std::size_t end = std::min(test.lines.size(), at + 1 + random() % 12);
      floor.apply({test.lines.begin() + static_cast<std::ptrdiff_t>(at),
                   test.lines.begin() + static_cast<std::ptrdiff_t>(end)});
      at = end;
      const auto revisions = floor.commit();
      for (std::size_t t = 0; t < kTables.size(); ++t) {
        SCOPED_TRACE(std::string(core::kFigureKeyWords[core::index(kTables[t].by)]) + " " +
                     std::string(core::kBasisWords[core::index(kTables[t].basis)]));
        const auto after = floor.rows(std::string(core::kFigureKeyWords[core::index(kTables[t].by)]),
                                      std::string(core::kBasisWords[core::index(kTables[t].basis)]));
        corrections[t] += check(floor, before[t], after, of_table(revisions, kTables[t].by, kTables[t].basis));
      }
      floor.advance();
    }
  }
  for (std::size_t t = 0; t < kTables.size(); ++t) {
    EXPECT_GT(corrections[t], 10U) << core::kFigureKeyWords[core::index(kTables[t].by)]
                                   << ": corrected next to nothing";
  }
}

std::string state(const std::string& agent, const std::string& time, const std::string& word) {
  return test_support::event_line("agent.state", agent, time, R"("state":")" + word + "\"");
}

TEST(Diary, TheCauseIsTheEventThatChangedSomethingAndNotOneBeforeIt) {
  for (const std::uint32_t shards : {1U, 2U}) {
    LiveFloor floor(core::FigureConfig{}, shards, 1);
    floor.apply({state("ann", "2026-03-02T09:00:00Z", "available"), state("bob", "2026-03-02T10:40:00Z", "away")});
    floor.commit(), floor.advance();
    // On time, it ends a state that covers settled intervals; the other one comes an hour late.
    floor.apply({state("ann", "2026-03-02T10:40:01Z", "on_contact"), state("ann", "2026-03-02T09:20:00Z", "away")});
    const auto revisions = floor.commit();
    ASSERT_FALSE(revisions.empty());
    for (const auto& revision : revisions) {
      EXPECT_EQ(core::format_rfc3339(revision.cause.time), "2026-03-02T09:20:00Z");
      EXPECT_EQ(revision.events, 1U);
    }
  }
}

TEST(Diary, AShardLearnsNoNamesOfRowsThatItHasNoPartIn) {
  LiveFloor floor(core::FigureConfig{}, 8, 1);
  const auto left = [](const std::string& id, const std::string& time) {
    const std::string visit = R"("visit":")" + id + "\"";
    return std::vector{test_support::event_line("contact.queued", id, time, visit + R"(,"queue":"q-)" + id + "\""),
                       test_support::event_line("contact.left_queue", id, time, visit + R"(,"reason":"caller")")};
  };
  floor.apply(left("v1", "2026-03-02T12:00:00Z"));
  floor.commit(), floor.advance();
  floor.apply(left("v2", "2026-03-02T08:00:00Z"));
  const std::size_t before = floor.names();
  EXPECT_FALSE(floor.commit().empty());
  EXPECT_EQ(floor.names(), before);
}

TEST(Diary, AStateThatEndsOnTimeCorrectsNothing) {
  LiveFloor floor(core::FigureConfig{}, 2, 1);
  floor.apply({state("ann", "2026-03-02T09:00:00Z", "available"), state("bob", "2026-03-02T10:40:00Z", "away")});
  floor.commit(), floor.advance();
  floor.apply({state("ann", "2026-03-02T10:40:01Z", "on_contact")});
  EXPECT_TRUE(floor.commit().empty());
}

}  // namespace
}  // namespace app
