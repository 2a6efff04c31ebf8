// Claims of made-up processes, on a clock that is moved by hand.
#pragma once

#include <set>
#include <string>

#include "core/ownership.h"

namespace test_support {

/// The processes of a test, all of one boot and one moment. Confined to one thread; claims must not outlive it.
class Claims {
 public:
  core::Claim of(std::int64_t number, bool take_over = false) {
    core::Claim claim;
    claim.process = {"pbx1", "boot", number, 100 + number};
    claim.clock = [this] { return now_; };
    claim.has_ended = [this](const core::ProcessId& process) { return ended_.contains(process.number); };
    claim.take_over = take_over;
    return claim;
  }
  void pass(core::Millis span) { now_.wall += span, now_.uptime += span; }
  void set_wall_clock(core::Millis step) { now_.wall += step; }
  void end(std::int64_t number) { ended_.insert(number); }
  core::Moment now() const { return now_; }

 private:
  core::Moment now_{core::wall_time(1'772'442'000'000), core::Millis{5'000'000}};
  std::set<std::int64_t> ended_;
};

}  // namespace test_support
