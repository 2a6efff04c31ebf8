// A pipeline in a process of its own that ends without a word at a given step, as by kill -9, and is started again.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/figure_config.h"
#include "core/store.h"
#include "tests/support/temp_dir.h"

namespace test_support {

/// A log, and the store that pipelines make of it one after the other. Steps are: before and after a batch is fetched,
/// before messages are applied, around every look into the archive, before and after each commit, and before every
/// write and sync of the store's files, inside a commit, a claim and the end. Memory is so short that every contact
/// and interval leaves that can, a batch is a few lines, mostly a commit each, and a snapshot is due at nearly every
/// one.
///
/// The calling process may have no other thread. Confined to it. Throws std::runtime_error where a run ends otherwise
/// than by its end or its step.
class CrashingFloor {
 public:
  /// With `keep_contacts` the pipelines are live, and drop contacts that are older.
  CrashingFloor(std::vector<std::string> lines, core::FigureConfig config, std::size_t batch,
                std::optional<core::Millis> keep_contacts = {})
      : lines_(std::move(lines)), config_(std::move(config)), batch_(batch), keep_contacts_(keep_contacts) {}

  /// Starts a pipeline that stops at its `step`-th step, counted from 1; 0: at none. Whether it came to the end.
  bool run(std::uint64_t step);
  /// Begins again with no store.
  void reset();

  /// What the store says.
  struct State {
    std::string digest, figures, open_visits;
    core::EventCounts counts;
    std::size_t dead_letters = 0;
    std::optional<core::EventTime> retained_since;
    friend bool operator==(const State&, const State&) = default;
  };
  State state() const;
  /// What an engine says that was never stopped and keeps everything in memory. It shows contacts of then on.
  State undisturbed(std::optional<core::EventTime> retained_since = {}) const;
  /// Rows of a table of the store.
  std::int64_t rows(const std::string& table) const;

 private:
  int pipeline(std::uint64_t step) const;  ///< In the child: its exit status.

  const std::vector<std::string> lines_;
  const core::FigureConfig config_;
  const std::size_t batch_;
  const std::optional<core::Millis> keep_contacts_;
  TempDir folder_;
  std::string path_ = folder_ / "floor.db";
};

}  // namespace test_support
