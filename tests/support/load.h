// A centre's events in memory: for benchmarks that must not measure a disk, and for what is counted by the event.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "app/floor.h"
#include "core/batch.h"

namespace test_support {

/// The messages of a simulated centre as one batch; its visits begin in `length`. Immutable after construction.
class Load {
 public:
  explicit Load(std::uint64_t visits, core::Millis length = std::chrono::hours{24});

  const core::RawBatch& batch() const { return batch_; }
  /// The messages' texts.
  std::vector<std::string> lines() const;
  std::size_t size() const { return batch_.messages.size(); }
  std::size_t bytes() const { return text_.size(); }

 private:
  std::string text_;
  core::RawBatch batch_;
};

/// The rules of a source of canonical events.
app::SourceRules load_rules();

}  // namespace test_support
