#include "app/round.h"

#include <algorithm>
#include <array>

#include "core/murmur2.h"

namespace app {

using processors::Touch;

void Stretch::route(std::uint32_t event, std::uint32_t partition, std::optional<core::EventTime> late_before) {
  const core::Event& e = decoded.events[event];
  const auto put = [&](Touch touch) {
    const std::string_view key = processors::home_key(e, touch);
    const std::uint32_t shard = core::partition_of(key, static_cast<std::uint32_t>(by_shard.size()));
    by_shard[shard].push_back({core::text_hash(key), event, touch});
  };
  put(Touch::kHome);
  const bool outbound = e.type == core::EventType::kContactDialled || e.type == core::EventType::kContactConnected;
  if (outbound && !e.lead.empty()) put(Touch::kLead);
  if (late_before && e.time < *late_before) ++late;
  if (partition >= latest.size()) latest.resize(partition + 1);
  latest[partition] = std::max(latest[partition].value_or(e.time), e.time);
}

void Stretch::clear() {
  decoded.clear();
  for (auto& routed : by_shard) routed.clear();
  latest.clear();
  late = 0;
}

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

}  // namespace

void apply_to(processors::Shard& shard, std::uint32_t number, const Stretch& stretch, ShardCounts& counts) {
  const std::vector<Routed>& all = stretch.by_shard[number];
  Approach approach(shard, all, stretch.decoded.events);
  for (std::size_t i = 0; i < all.size(); ++i) {
    approach.ask_ahead(i);
    const auto [hash, event, touch] = all[i];
    const processors::Change change = shard.apply(stretch.decoded.events[event], touch, hash);
    if (touch != Touch::kHome) continue;  // A handed-over event counts once, at its home.
    ++(change.changed ? counts.applied : counts.duplicate);
    counts.conflict += change.conflict ? 1 : 0;
  }
}

}  // namespace app
