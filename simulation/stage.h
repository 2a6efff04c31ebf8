// What all parts of the simulated centre work with.
#pragma once

#include <cstdint>

#include "simulation/agenda.h"
#include "simulation/event_feed.h"
#include "simulation/options.h"
#include "simulation/plan.h"
#include "simulation/truth.h"

namespace simulation {

/// The visits that may still begin: the number that was asked for is met exactly, transfers and callbacks included.
class VisitBudget {
 public:
  explicit VisitBudget(std::uint64_t limit) : limit_(limit) {}

  /// Takes one visit; false when all are taken.
  bool take() {
    if (limit_ != 0 && taken_ == limit_) return false;
    ++taken_;
    return true;
  }
  std::uint64_t taken() const { return taken_; }

 private:
  std::uint64_t limit_;  ///< 0: endless
  std::uint64_t taken_ = 0;
};

/// Numbers of contacts, customers and the like: each is given once.
struct Numbers {
  std::uint64_t contact = 0, visit = 0, customer = 0, offer = 0, message = 0, lead = 0, deal = 0;
};

struct Stage {
  const Options& options;
  const Plan& plan;
  Agenda& agenda;
  EventFeed& feed;
  Truth* truth;  ///< null: nobody asked
  VisitBudget budget;
  Numbers numbers;
};

/// One leg of a customer's conversation: what it takes to queue it, and to write its events.
struct Leg {
  std::uint64_t contact = 0;
  std::uint64_t visit = 0;   ///< 0 for an outbound contact
  std::uint64_t parent = 0;  ///< the visit before it, or 0
  std::uint64_t interaction = 0, customer = 0;
  std::uint64_t lead = 0;  ///< 0: none
  QueueNo queue{};
  core::Entry entry = core::Entry::kInbound;
};

}  // namespace simulation
