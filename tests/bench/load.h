// A centre's events in memory, for benchmarks that must not measure a disk.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "app/floor.h"
#include "core/batch.h"

namespace bench {

/// The messages of a simulated centre as one batch. Immutable after construction.
class Load {
 public:
  explicit Load(std::uint64_t visits);

  const core::RawBatch& batch() const { return batch_; }
  std::size_t size() const { return batch_.messages.size(); }
  std::size_t bytes() const { return text_.size(); }

 private:
  std::string text_;
  core::RawBatch batch_;
};

/// The rules of a source of canonical events.
app::SourceRules rules();

}  // namespace bench
