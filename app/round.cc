#include "app/round.h"

#include <algorithm>
#include <array>

#include "core/murmur2.h"

namespace app {

using processors::Touch;

namespace {

/// A shard's events and records lie all over the memory: they are asked for some events before their turn.
class Approach {
 public:
  Approach(const processors::Shard& shard, const std::vector<Routed>& all, const std::vector<core::Event>& events)
      : shard_(shard), all_(all), events_(events) {}

  /// Before the event at this place is applied.
  void ask_ahead(std::size_t next) {
    with(next, 6, [](const core::Event& event) { core::load_ahead(&event, core::Event::kUsualBytes); });
    with(next, 5, [](const core::Event& event) { core::load_ahead(event.id.data(), kTextBytes); });
    step(next, 4, core::Ahead::kIndex), step(next, 3, core::Ahead::kEntry);
    step(next, 2, core::Ahead::kRecord), step(next, 1, core::Ahead::kParts);
  }

 private:
  static constexpr std::size_t kApart = 3;        ///< Events between two steps: time for memory to come.
  static constexpr std::size_t kTextBytes = 256;  ///< An event's texts lie together in its message.

  template <typename Ask>
  void with(std::size_t next, std::size_t steps, const Ask& ask) {
    const std::size_t i = next + steps * kApart;
    if (i < all_.size()) ask(events_[all_[i].event]);
  }
  void step(std::size_t next, std::size_t steps, core::Ahead step) {
    const std::size_t i = next + steps * kApart;
    if (i >= all_.size()) return;
    core::Found& found = found_[i % found_.size()];
    if (step == core::Ahead::kIndex) found = {};
    shard_.prefetch(events_[all_[i].event], all_[i].touch, all_[i].hash, step, found);
  }

  const processors::Shard& shard_;
  const std::vector<Routed>& all_;
  const std::vector<core::Event>& events_;
  std::array<core::Found, 16> found_;  ///< Of the events under way, by their place.
};

void apply_all(processors::Shard& shard, const std::vector<Routed>& all, const std::vector<core::Event>& events,
               ShardCounts& counts) {
  Approach approach(shard, all, events);
  for (std::size_t i = 0; i < all.size(); ++i) {
    approach.ask_ahead(i);
    const auto [hash, event, touch] = all[i];
    const processors::Change change = shard.apply(events[event], touch, hash);
    if (touch != Touch::kHome) continue;  // A handed-over event counts once, at its home.
    ++(change.changed ? counts.applied : counts.duplicate);
    counts.conflict += change.conflict ? 1 : 0;
  }
}

/// So many events with their texts are still near when they are applied, and most of them can be asked for ahead.
constexpr std::size_t kAtOnce = 256;

}  // namespace

void Stretch::begin(processors::Shard* home, std::uint32_t number) {
  decoded.clear();
  for (auto& waiting : by_shard) waiting.clear();
  counts = {};
  routed = late = 0;
  latest.clear();
  home_ = home, home_number_ = number;
  at_home_.clear(), leaving_.clear();
  first_ = 0;
}

void Stretch::route(std::uint32_t event, std::uint32_t partition, std::optional<core::EventTime> late_before) {
  const core::Event& e = decoded.events[event];
  ++routed;
  put(event, Touch::kHome);
  if (processors::touches_lead(e)) put(event, Touch::kLead);
  if (late_before && e.time < *late_before) ++late;
  if (partition >= latest.size()) latest.resize(partition + 1);
  latest[partition] = std::max(latest[partition].value_or(e.time), e.time);
}

void Stretch::put(std::uint32_t event, Touch touch) {
  const core::Event& e = decoded.events[event];
  const std::string_view key = processors::home_key(e, touch);
  const std::uint32_t shard = core::partition_of(key, static_cast<std::uint32_t>(by_shard.size()));
  const Routed way{core::text_hash(key), event, touch};
  if (home_ == nullptr) {
    by_shard[shard].push_back(way);
  } else if (shard == home_number_ && !home_->may_be_archived(e, touch, way.hash)) {
    at_home_.push_back(way);
  } else {
    leaving_.push_back({shard, way});
  }
}

void Stretch::apply_at_home(bool end) {
  if (home_ == nullptr || (decoded.events.size() - first_ < kAtOnce && !end)) return;
  apply_all(*home_, at_home_, decoded.events, counts);
  at_home_.clear();
  move_up_leaving();
}

/// The events that wait close ranks: the place of the others is free.
void Stretch::move_up_leaving() {
  std::vector<core::Event>& events = decoded.events;
  for (std::size_t i = 0; i < leaving_.size(); ++first_) {
    const std::uint32_t event = leaving_[i].way.event;
    if (event != first_) events[first_] = events[event];
    for (; i < leaving_.size() && leaving_[i].way.event == event; ++i) {
      const auto& [shard, way] = leaving_[i];
      by_shard[shard].push_back({way.hash, first_, way.touch});
    }
  }
  events.erase(events.begin() + first_, events.end());
  leaving_.clear();
}

void apply_to(processors::Shard& shard, std::uint32_t number, const Stretch& stretch, ShardCounts& counts) {
  apply_all(shard, stretch.by_shard[number], stretch.decoded.events, counts);
}

}  // namespace app
