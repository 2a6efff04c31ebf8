#include "tests/support/crashing_floor.h"

#include <sqlite3.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <stdexcept>

#include "app/pipeline.h"
#include "core/figure_query.h"
#include "ingest/canonical_decoder.h"
#include "processors/row_lists.h"
#include "sinks/store/sqlite_store.h"
#include "tests/support/claims.h"
#include "tests/support/engine.h"
#include "tests/support/faulty_vfs.h"
#include "tests/support/stepped.h"

namespace test_support {
namespace {

/// What was published when depends on when the process was stopped.
core::FigureTable without_diary(core::FigureTable table) {
  for (const char* column : {"status", "revision"}) {
    const auto at = std::find(table.columns.begin(), table.columns.end(), column) - table.columns.begin();
    table.columns.erase(table.columns.begin() + at);
    for (auto& row : table.rows) row.erase(row.begin() + at);
  }
  return table;
}

constexpr int kStopped = 77;
constexpr std::uint32_t kShards = 2;
/// A run that hangs is ended by the system.
constexpr unsigned kLongestRun = 120;  // s

core::StoreIdentity identity_of(const core::FigureConfig& config) {
  return {kShards, config.canonical_text(), core::pack(config)};
}

app::PipelineOptions options_of(std::optional<core::Millis> keep_contacts) {
  app::PipelineOptions options;
  options.worth_waking = 0;  // The workers take part in the smallest rounds.
  options.live = keep_contacts.has_value();
  options.keep_contacts = keep_contacts;
  options.drop_interval = core::Millis{0};
  options.commit_interval = core::Millis{0};
  options.record_bytes = 0;
  options.journal_times = 0, options.journal_least = 300;
  options.threads = 2;
  options.live_since = [](const core::FigureConfig&, core::EventTime as_of) { return as_of; };
  return options;
}

CrashingFloor::State state_of(app::Floor& floor, const core::EventCounts& counts, core::EventTime as_of,
                              std::size_t dead_letters) {
  processors::ReadPoint point;
  point.as_of = point.watermark.emplace(as_of);
  point.sealed = true;
  CrashingFloor::State state;
  for (const char* every : {"15m", "total"}) {
    for (const char* by : {"queue", "agent", "lead"}) {
      state.figures += core::to_csv(without_diary(floor.figures(*core::parse_figure_query({{"by", by}, {"every", every}}), point)));
    }
  }
  state.open_visits = core::to_csv(processors::row_list(floor.shards(), {}, point));
  state.digest = floor.digest();
  state.counts.received = counts.received, state.counts.applied = counts.applied;
  state.counts.duplicate = counts.duplicate, state.counts.rejected = counts.rejected;
  state.counts.skipped = counts.skipped;
  state.dead_letters = dead_letters;
  return state;
}

/// At once: what a sanitizer does at an exit takes a second, in which the other threads would go on.
[[noreturn]] void stop() {
  for (;;) syscall(SYS_exit_group, kStopped);
}

}  // namespace

int CrashingFloor::pipeline(std::uint64_t step) const {
  alarm(kLongestRun);
  std::atomic<std::uint64_t> steps{0};
  const Step take = [&] {
    if (++steps == step) stop();
  };
  FaultyVfs files;
  files.watch(take);
  Claims claims;
  Kept kept{0};
  auto store = sinks::open_sqlite_store(path_, sinks::OpenMode::kWrite, identity_of(config_));
  if (!store || !(*store)->claim(claims.of(getpid(), true))) return 1;
  std::vector<app::PipelineSource> sources(1);
  sources[0].source = std::make_unique<SteppedSource>(lines_, batch_, kept, take);
  sources[0].rules.name = "log";
  sources[0].rules.make_decoder = [&] {
    return std::make_unique<SteppedDecoder>(ingest::make_canonical_decoder(), take);
  };
  app::Pipeline pipeline(std::make_unique<SteppedStore>(std::move(*store), kept, take), config_, std::move(sources),
                         options_of(keep_contacts_));
  if (!pipeline.load(false)) return 2;
  const app::Ending ending = pipeline.run();
  if (ending.exit_code == 0) return 0;
  std::cerr << "the pipeline ended with " << ending.exit_code << ": " << ending.message << std::endl;
  return 3;
}

bool CrashingFloor::run(std::uint64_t step) {
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("no process can be made");
  if (child == 0) _exit(pipeline(step));
  int status = 0;
  if (waitpid(child, &status, 0) != child) throw std::runtime_error("the process is lost");
  if (WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == kStopped))
    return WEXITSTATUS(status) == 0;
  throw std::runtime_error("a pipeline that was to stop at step " + std::to_string(step) + " ended with status " +
                           std::to_string(status));
}

void CrashingFloor::reset() {
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path_ + suffix);
}

CrashingFloor::State CrashingFloor::state() const {
  const auto store = sinks::open_sqlite_store(path_, sinks::OpenMode::kRead, {});
  if (!store) throw std::runtime_error(store.error().message);
  app::Floor floor(config_, kShards, 1);
  if (auto loaded = floor.load(**store); !loaded) throw std::runtime_error(loaded.error().message);
  const core::Progress& progress = (*store)->progress();
  State state =
      state_of(floor, progress.counts.at("log"), progress.as_of.value(), (*store)->dead_letters({}).value().size());
  state.retained_since = progress.retained_since;
  return state;
}

CrashingFloor::State CrashingFloor::undisturbed(std::optional<core::EventTime> retained_since) const {
  Engine engine(config_);
  engine.feed(lines_);
  if (retained_since) engine.floor().retain_since(*retained_since);
  State state = state_of(engine.floor(), engine.counts(), engine.as_of(), engine.counts().rejected);
  state.retained_since = retained_since;
  return state;
}

std::int64_t CrashingFloor::rows(const std::string& table) const {
  sqlite3* db = nullptr;
  sqlite3_stmt* statement = nullptr;
  std::int64_t count = -1;
  if (sqlite3_open(path_.c_str(), &db) == SQLITE_OK &&
      sqlite3_prepare_v2(db, ("SELECT count(*) FROM " + table).c_str(), -1, &statement, nullptr) == SQLITE_OK &&
      sqlite3_step(statement) == SQLITE_ROW) {
    count = sqlite3_column_int64(statement, 0);
  }
  sqlite3_finalize(statement);
  sqlite3_close(db);
  return count;
}

}  // namespace test_support
