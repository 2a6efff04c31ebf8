// Writes canonical event lines as careless sources would: some are lost, some come twice, some have a wrong clock.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/oracle/options.h"
#include "tests/support/random.h"

namespace test_support {

/// The fields of an event's `data`: name and JSON text.
using Fields = std::vector<std::pair<std::string, std::string>>;

/// Confined to one thread.
class LogWriter {
 public:
  /// `loss`, `doubling`, `skew`: percent of the events that are lost, delivered twice, or moved in time.
  struct Care {
    int loss = 0, doubling = 0, skew = 0;
  };
  LogWriter(Random& random, Care care) : random_(random), care_(care) {}

  void emit(const std::string& type, oracle::Ms time, Fields data, const std::string& subject = {});

  /// Ends the log at `time`: what was written for later has not happened yet.
  void cut_after(oracle::Ms time);

  /// The lines in order of time; equal times in order of writing.
  std::vector<std::string> lines() const;

 private:
  std::string time_text(oracle::Ms time);

  Random& random_;
  const Care care_;
  int written_ = 0;
  std::vector<std::pair<oracle::Ms, std::string>> lines_;
};

}  // namespace test_support
