#include "simulation/centre.h"

#include "simulation/arrivals.h"
#include "simulation/conversations.h"
#include "simulation/sales.h"
#include "simulation/staff.h"
#include "simulation/stage.h"
#include "simulation/visits.h"

namespace simulation {

namespace {

using Kind = Happening::Kind;

/// The parts of the centre, and who of them is told of a happening.
class Centre {
 public:
  Centre(const Options& options, const Plan& plan, Truth* truth, EventFeed& feed)
      : stage_{options, plan, agenda_, feed, truth, VisitBudget(options.visits), {}},
        staff_(stage_),
        conversations_(stage_, staff_),
        visits_(stage_, staff_, conversations_),
        sales_(stage_, staff_, conversations_),
        arrivals_(options, plan) {
    staff_.open();
    plan_arrival();
  }

  bool running() const { return agenda_.has_work(); }
  std::uint64_t visits() const { return stage_.budget.taken(); }
  core::EventTime now() const { return now_; }

  void step() {
    const Happening happening = agenda_.next();
    now_ = happening.time;
    tell(happening);
    // Whoever became free takes who waits; that can free nobody at the same time.
    for (const GroupNo group : staff_.take_freed()) visits_.serve(group, now_);
  }

  void send_staff_home() { staff_.close(now_); }

 private:
  void tell(const Happening& happening) {
    switch (happening.kind) {
      case Kind::kArrival:
        return arrive();
      case Kind::kReturn:
      case Kind::kLeave:
      case Kind::kRingEnd:
        return visits_.happen(happening);
      case Kind::kTalkEnd:
        if (const auto onward = conversations_.talk_ended(happening)) visits_.enqueue(*onward, now_);
        return;
      case Kind::kWrapEnd:
        return conversations_.wrap_ended(happening);
      case Kind::kLeadStep:
      case Kind::kDealStep:
        return sales_.happen(happening);
      default:
        return staff_.happen(happening);
    }
  }

  void arrive() {
    if (!stage_.budget.take()) return;
    if (arrivals_.brings_lead()) sales_.create_lead(now_);
    visits_.arrive(arrivals_.queue(), now_);
    plan_arrival();
  }

  void plan_arrival() { agenda_.add(arrivals_.next(), Kind::kArrival, 0); }

  Agenda agenda_;
  Stage stage_;
  Staff staff_;
  Conversations conversations_;
  Visits visits_;
  Sales sales_;
  Arrivals arrivals_;
  core::EventTime now_{};
};

}  // namespace

core::Result<Summary> simulate(const Options& options, const Plan& plan, Truth* truth, const Outlet& outlet) {
  Delivery delivery(options.seed, options.disturbance);
  EventFeed feed(delivery);
  Centre centre(options, plan, truth, feed);
  core::Result<bool> more = true;
  while (more && *more && centre.running()) {
    centre.step();
    more = delivery.release(centre.now(), outlet);
  }
  if (more && *more) {
    centre.send_staff_home();
    more = delivery.release(core::EventTime::max(), outlet);
  }
  if (!more) return tl::unexpected(more.error());
  return Summary{centre.visits(), feed.sent(), delivery.duplicates(), delivery.bad(), delivery.latest(), *more};
}

}  // namespace simulation
