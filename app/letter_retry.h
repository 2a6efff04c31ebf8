// Dead letters read once more: what can be understood now is applied, and is a dead letter no longer.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "app/floor.h"
#include "app/pipeline.h"
#include "core/store.h"

namespace app {

/// One retry: apply() once for each source, then commit(). All that was understood goes into one commit of the store
/// (records, counts, the letters that go), so a retry that is cut short has done nothing. The counts become those of a
/// log whose letters were understood at once: received = applied + duplicate + rejected + skipped goes on to hold.
/// A letter that is still rejected stays as it is, and so does one whose content was not kept whole.
/// Confined to one thread.
class LetterRetry {
 public:
  /// `store` and `floor`, which has the store's state, must outlive it. `now`: an event later than that is still a
  /// `future_time`, without any skew.
  LetterRetry(core::Store& store, Floor& floor, core::WallTime now);

  /// `letters`: all of `source`.
  void apply(const PipelineSource& source, std::span<const core::DeadLetter> letters);

  struct Outcome {
    std::uint64_t retried = 0, applied = 0, duplicate = 0, skipped = 0, rejected = 0;
  };
  /// Writes nothing where nothing was understood.
  core::Result<Outcome> commit(const core::DeadLetterLimits& limits);

 private:
  void count(const core::DeadLetter& letter);
  void count(const std::string& source, const core::EventCounts& counts);

  core::Store& store_;
  Floor& floor_;
  core::WallTime now_;
  core::Progress progress_;
  std::vector<std::int64_t> understood_;
  Outcome outcome_;
};

}  // namespace app
