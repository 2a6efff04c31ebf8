// What will happen in the centre, in order of time.
#pragma once

#include <cstdint>
#include <queue>
#include <vector>

#include "core/time.h"

namespace simulation {

struct Happening {
  /// Those up to kDealStep are work: the centre is not done while one of them is to come.
  enum class Kind : std::uint8_t {
    kArrival,
    kReturn,  ///< A customer is called back or enters another queue.
    kLeave,
    kRingEnd,
    kTalkEnd,
    kWrapEnd,
    kLeadStep,
    kDealStep,
    kShiftBegin,
    kShiftEnd,
    kBreakDue,
    kBreakEnd,
    kCoolOffEnd,
  };

  core::EventTime time{};
  std::uint64_t order = 0;
  Kind kind{};
  std::uint32_t subject = 0;  ///< Which visit, agent, …: the position in its owner's list.
  std::uint64_t stamp = 0;    ///< Tells the owner whether the happening is still meant.
  bool operator>(const Happening& other) const { return time != other.time ? time > other.time : order > other.order; }
};

/// The centre's clock and diary. At one time what was added first happens first. Confined to one thread.
class Agenda {
 public:
  void add(core::EventTime time, Happening::Kind kind, std::uint32_t subject, std::uint64_t stamp = 0) {
    happenings_.push({time, order_++, kind, subject, stamp});
    work_ += is_work(kind) ? 1 : 0;
  }

  /// The next happening, which is taken out. Only while has_work().
  Happening next() {
    const Happening happening = happenings_.top();
    happenings_.pop();
    work_ -= is_work(happening.kind) ? 1 : 0;
    return happening;
  }

  bool has_work() const { return work_ > 0; }

 private:
  static bool is_work(Happening::Kind kind) { return kind <= Happening::Kind::kDealStep; }

  std::priority_queue<Happening, std::vector<Happening>, std::greater<>> happenings_;
  std::uint64_t order_ = 0, work_ = 0;
};

}  // namespace simulation
