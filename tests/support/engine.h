// The engine in a test: lines in, figures out, with no file, no broker and no thread but the floor's workers.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/floor.h"
#include "config/config.h"
#include "tests/support/memory_archive.h"

namespace test_support {

/// A floor with one source "log" of canonical events, driven by hand.
class Engine {
 public:
  struct Shape {
    std::uint32_t shards = 8;
    std::size_t threads = 1, batch = 1 << 15;
    /// So few contacts stay unpacked, and with a commit after every batch those at rest leave for an archive; 0: the
    /// floor's own limit and no commits.
    std::size_t awake = 0;
    /// As from a topic with so many partitions, most lines keyed as floorwatch wants it, every fourth not; 0: a file.
    std::uint32_t partitions = 0;
  };

  explicit Engine(const core::FigureConfig& config);
  Engine(const core::FigureConfig& config, Shape shape);

  /// Applies the lines in batches of the shape's size.
  void feed(const std::vector<std::string>& lines);

  /// As `figures --format csv` prints it after a replay. `words` as on the command line.
  std::string csv(const std::map<std::string, std::string>& words);
  std::string digest() { return floor_.digest(); }
  const core::EventCounts& counts() const { return counts_; }
  app::Floor& floor() { return floor_; }
  core::EventTime as_of() const { return as_of_; }

 private:
  std::uint32_t partition_of(const core::RawMessage& message);

  Shape shape_;
  MemoryArchive archive_;
  app::Floor floor_;
  app::SourceRules rules_;
  std::unique_ptr<core::Decoder> producer_;  ///< knows the keys of what is fed
  core::EventCounts counts_;
  core::EventTime as_of_{};
};

}  // namespace test_support
