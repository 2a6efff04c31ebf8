// The pieces of the hot path, one by one and from memory: what an event costs in each.
//
//   bench_micro --benchmark_filter=RecordFactsCells --benchmark_repetitions=5
#include <benchmark/benchmark.h>

#include <algorithm>
#include <ctime>
#include <memory>

#include "app/round.h"
#include "app/this_process.h"
#include "core/histogram.h"
#include "core/series_book.h"
#include "processors/contact_facts.h"
#include "processors/figures.h"
#include "sinks/metrics/exposition.h"
#include "sinks/store/sqlite_store.h"
#include "tests/support/load.h"
#include "tests/support/temp_dir.h"

namespace {

constexpr std::uint64_t kVisits = 40'000;
constexpr std::uint32_t kShards = 8;
constexpr std::size_t kRound = 1 << 15;  // As in the program.

const test_support::Load& load() {
  static const test_support::Load made(kVisits);
  return made;
}

void per_event(benchmark::State& state, std::size_t events) {
  state.counters["per_event"] = benchmark::Counter(
      static_cast<double>(events), benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void decode_round(core::Decoder& decoder, std::size_t first, core::DecodedBatch& out) {
  const auto& messages = load().batch().messages;
  const std::size_t last = std::min(first + kRound, messages.size());
  for (std::size_t i = first; i < last; ++i) decoder.decode(messages[i], static_cast<std::uint32_t>(i), out);
}

void Decode(benchmark::State& state) {
  const auto decoder = test_support::load_rules().make_decoder();
  core::DecodedBatch decoded;
  for (auto _ : state) {
    for (std::size_t first = 0; first < load().size(); first += kRound) {
      decoded.clear();
      decode_round(*decoder, first, decoded);
      benchmark::DoNotOptimize(decoded.events.data());
    }
  }
  per_event(state, load().size());
}
BENCHMARK(Decode)->Unit(benchmark::kMillisecond);

void decode_and_route(core::Decoder& decoder, std::size_t first, app::Stretch& round) {
  round.begin();
  decode_round(decoder, first, round.decoded);
  for (std::uint32_t i = 0; i < round.decoded.events.size(); ++i) round.route(i, 0, std::nullopt);
}

using Shards = std::vector<std::unique_ptr<processors::Shard>>;

Shards empty_shards(const core::FigureConfig& config) {
  Shards shards;
  for (std::uint32_t s = 0; s < kShards; ++s) shards.push_back(std::make_unique<processors::Shard>(config));
  for (auto& shard : shards) shard->set_source("bench");
  return shards;
}

void apply_round(const app::Stretch& round, Shards& shards) {
  app::ShardCounts counts;
  for (std::uint32_t s = 0; s < kShards; ++s) app::apply_to(*shards[s], s, round, counts);
  for (auto& shard : shards) shard->advance(*round.latest[0]);
}

/// CPU time of this thread: what else the machine does is not in it.
double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// Applying alone, as between commits: decoding, packing what changed and clearing up are not timed.
void RecordFactsCells(benchmark::State& state) {
  const core::FigureConfig config;
  const auto decoder = test_support::load_rules().make_decoder();
  app::Stretch round(kShards);
  for (auto _ : state) {
    Shards shards = empty_shards(config);
    double taken = 0;
    for (std::size_t first = 0; first < load().size(); first += kRound) {
      decode_and_route(*decoder, first, round);
      const double begin = thread_seconds();
      apply_round(round, shards);
      taken += thread_seconds() - begin;
      for (auto& shard : shards) benchmark::DoNotOptimize(shard->pack_changes());
    }
    state.SetIterationTime(taken);
  }
  per_event(state, load().size());
}
BENCHMARK(RecordFactsCells)->UseManualTime()->Unit(benchmark::kMillisecond);

/// Shards with the whole load in them, made once.
struct FullFloor {
  core::FigureConfig config;
  Shards shards;
  std::vector<processors::Shard*> views;
  processors::ReadPoint point;

  FullFloor() : shards(empty_shards(config)) {
    const auto decoder = test_support::load_rules().make_decoder();
    app::Stretch round(kShards);
    for (std::size_t first = 0; first < load().size(); first += kRound) {
      decode_and_route(*decoder, first, round);
      apply_round(round, shards);
      for (const auto& event : round.decoded.events) point.as_of = std::max(point.as_of, event.time);
    }
    for (auto& shard : shards) views.push_back(shard.get());
  }
};

FullFloor& full() {
  static FullFloor made;
  return made;
}

void Facts(benchmark::State& state) {
  auto& shard = *full().shards[0];
  processors::CellBook book;
  for (auto _ : state) {
    shard.contacts().each([&](const processors::ContactRecord& record) {
      const auto view = processors::view_of(record, shard.rules(), shard.names());
      processors::add_contact(view, shard.rules(), +1, book);
      processors::add_contact(view, shard.rules(), -1, book);
    });
  }
  state.counters["per_contact"] =
      benchmark::Counter(static_cast<double>(shard.contacts().size()),
                         benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK(Facts)->Unit(benchmark::kMillisecond);

void HistogramAdd(benchmark::State& state) {
  core::Histogram histogram;
  std::uint64_t x = 1;
  for (auto _ : state) {
    x = x * 6364136223846793005ULL + 1442695040888963407ULL;
    histogram.add(core::bin_of(static_cast<std::int64_t>(x >> 44)), 1);
  }
  benchmark::DoNotOptimize(histogram.quantile(990));
}
BENCHMARK(HistogramAdd);

void WindowQuery(benchmark::State& state) {
  core::FigureQuery query;
  query.window = static_cast<core::Window>(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(processors::figures(full().views, full().config, query, full().point));
  state.SetLabel(std::string(core::kWindowWords[static_cast<std::size_t>(state.range(0))]));
}
BENCHMARK(WindowQuery)->DenseRange(0, 4)->Unit(benchmark::kMicrosecond);

void RenderMetrics(benchmark::State& state) {
  core::SeriesBookOptions options;
  options.max_series = static_cast<std::size_t>(state.range(0)) + 10;
  core::SeriesBook book(options);
  const auto family = book.family({"floorwatch_bench", "A gauge.", core::MetricType::kGauge, {}});
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    const std::string queue = "queue-" + std::to_string(i);
    book.set(family, {{"client", "acme"}, {"queue", queue}, {"window", "15m"}}, static_cast<double>(i) / 7);
  }
  std::size_t bytes = 0;
  for (auto _ : state) {
    sinks::Exposition exposition({book.snapshot()}, sinks::ExpositionFormat::kText);
    std::string piece;
    while (exposition.next(piece)) bytes += piece.size();
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}
BENCHMARK(RenderMetrics)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

/// Packing what a round changed and writing it, as a commit does; the round itself is not timed.
void PackAndCommit(benchmark::State& state) {
  const test_support::TempDir dir;
  const core::FigureConfig config;
  Shards shards = empty_shards(config);
  auto store = sinks::open_sqlite_store(dir / "bench.db", sinks::OpenMode::kWrite,
                                        {kShards, config.canonical_text(), core::pack(config)});
  if (!store) return state.SkipWithError(store.error().message.c_str());
  if (auto owned = (*store)->claim(app::claim_of_this_process(false)); !owned) {
    return state.SkipWithError(owned.error().message.c_str());
  }
  const auto decoder = test_support::load_rules().make_decoder();
  app::Stretch round(kShards);
  std::size_t first = load().size(), records = 0;
  for (auto _ : state) {
    state.PauseTiming();
    if (first >= load().size()) first = 0, shards = empty_shards(config);
    decode_and_route(*decoder, first, round);
    apply_round(round, shards);
    first += kRound;
    for (const auto& shard : shards) records += shard->dirty_records();
    state.ResumeTiming();
    core::Commit commit;
    for (std::uint32_t s = 0; s < kShards; ++s) commit.journal.push_back({s, shards[s]->pack_changes()});
    if (auto done = (*store)->commit(commit); !done) return state.SkipWithError(done.error().message.c_str());
  }
  state.counters["records_per_commit"] =
      static_cast<double>(records) / static_cast<double>(std::max<std::size_t>(state.iterations(), 1));
}
BENCHMARK(PackAndCommit)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
