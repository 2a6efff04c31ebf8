// The true figures of one row: counts and sums as the centre decided them.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "core/event.h"
#include "core/time.h"

namespace simulation {

/// Spans by the contract's fixed layout: below 64 ms exact, then 32 bins for each power of two. Exact count, sum and
/// maximum beside it.
class Spans {
 public:
  void add(core::Millis span);
  void add(const Spans& other);

  std::int64_t count() const { return count_; }
  std::int64_t sum_ms() const { return sum_ms_; }
  std::optional<std::int64_t> max_ms() const;
  /// The bin's representative of the value of nearest rank, in milliseconds; absent without values.
  std::optional<std::int64_t> quantile_ms(std::int64_t per_cent) const;

 private:
  std::vector<std::uint32_t> bins_;
  std::int64_t count_ = 0, sum_ms_ = 0, max_ms_ = 0;
};

/// Completed segments.
struct Handling {
  Spans handle;
  std::int64_t talk_ms = 0, hold_ms = 0, wrap_ms = 0;
  void add(const Handling& other);
};

struct QueueCell {
  std::int64_t offered = 0, handled = 0, missed_offers = 0;
  std::int64_t answered_within = 0, answered_late = 0;
  std::int64_t abandoned_short = 0, abandoned_within = 0, abandoned_late = 0;
  std::int64_t flowed_out_within = 0, flowed_out_late = 0;
  Spans wait;  ///< of answered visits
  Handling handling;

  std::int64_t answered() const { return answered_within + answered_late; }
  std::int64_t abandoned() const { return abandoned_short + abandoned_within + abandoned_late; }
  std::int64_t flowed_out() const { return flowed_out_within + flowed_out_late; }
  void add(const QueueCell& other);
};

struct AgentCell {
  std::int64_t handled = 0, offers = 0, missed_offers = 0, completed = 0;
  std::int64_t talk_ms = 0, hold_ms = 0, wrap_ms = 0;
  std::array<std::int64_t, core::kAgentStates> state_ms{};  ///< offline stays 0: it has no column

  void add(const AgentCell& other);
};

struct LeadCell {
  std::int64_t created = 0, attempted = 0, contacted = 0, within_target = 0;
  std::int64_t attempts = 0, leads_with_attempts = 0, open = 0;
  core::EventTime oldest_open = core::EventTime::max();
  Spans response, contact;
  void add(const LeadCell& other);
};

/// Money in cents. What was opened stands at its opening, all else at the close.
struct DealCell {
  std::int64_t opened = 0, won_of_opened = 0, won = 0, lost = 0;
  std::int64_t won_cents = 0, lost_cents = 0, cost_cents = 0;
  Spans cycle;  ///< of those won
  void add(const DealCell& other);
};

/// Of turns.
struct ChatAgentCell {
  Spans first_response, response;
  void add(const ChatAgentCell& other) { first_response.add(other.first_response), response.add(other.response); }
};
struct ChatCell : ChatAgentCell {
  std::int64_t started = 0, missed = 0;
  void add(const ChatCell& other) {
    ChatAgentCell::add(other);
    started += other.started, missed += other.missed;
  }
};

/// Rows by the number of their quarter-hour since 1970; that of a row without interval is not in here.
template <typename Cell>
using Quarters = std::map<std::int64_t, Cell>;

}  // namespace simulation
