#include "app/floor.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "app/state_loader.h"
#include "core/packed.h"
#include "processors/diary.h"
#include "processors/digest.h"

namespace app {

using core::EventTime;

Floor::Floor(core::FigureConfig config, std::uint32_t shards, std::size_t threads, processors::MemoryLimits limits,
             std::size_t worth_waking)
    : config_(std::make_unique<const core::FigureConfig>(std::move(config))),
      limits_(limits),
      worth_waking_(worth_waking),
      lanes_(shards, std::max<std::size_t>(threads, 1)),
      workers_(std::max<std::size_t>(threads, 1)) {
  for (std::uint32_t i = 0; i < shards; ++i) {
    shards_.push_back(std::make_unique<processors::Shard>(*config_, limits_, i));
    views_.push_back(shards_.back().get());
  }
  for (std::size_t i = 0; i < std::max<std::size_t>(workers_.size(), shards); ++i) stretches_.emplace_back(shards);
}

core::Decoder& Floor::decoder(const SourceRules& rules, std::size_t worker) {
  auto& decoder = decoders_[{rules.name, worker}];
  if (!decoder) decoder = rules.make_decoder();
  return *decoder;
}

Applied Floor::apply(const core::RawBatch& batch, const SourceRules& rules, std::optional<EventTime> late_before,
                     std::size_t round) {
  Applied result;
  looked_for_ = 0;
  std::vector<core::Decoder*> decoders;
  decoders.reserve(workers_.size());
  for (std::size_t w = 0; w < workers_.size(); ++w) decoders.push_back(&decoder(rules, w));
  for (processors::Shard* shard : views_) shard->set_source(rules.name);
  lanes_.begin(batch.partitions);
  for (std::size_t first = 0; first < batch.messages.size(); first += round) {
    const std::size_t size = std::min(round, batch.messages.size() - first);
    const bool alone = size < worth_waking_;
    lanes_.divide(std::span(batch.messages).subspan(first, size), first, alone);
    for (std::size_t unused = lanes_.size(); unused < stretches_.size(); ++unused) stretches_[unused].begin();
    const auto decode_lane = [&](std::size_t lane) {
      Stretch& stretch = stretches_[lane];
      stretch.begin(lanes_.by_shard() ? views_[lane] : nullptr, static_cast<std::uint32_t>(lane));
      decode(batch, rules, lanes_[lane], late_before, *decoders[lane % workers_.size()], stretch);
    };
    workers_.each(lanes_.size(), decode_lane, alone);
    ShardCounts counts;
    hand_over(counts, alone);
    for (Stretch& stretch : stretches_) counts += stretch.counts, sum_up(stretch, result);
    result.counts.applied += counts.applied;
    result.counts.duplicate += counts.duplicate;
    result.counts.conflict += counts.conflict;
  }
  std::ranges::sort(result.rejections, {}, &core::Rejection::message);
  return result;
}

/// The second step: every shard takes the events that wait for it.
void Floor::hand_over(ShardCounts& counts, bool alone) {
  if (std::ranges::all_of(stretches_, [](const Stretch& stretch) { return stretch.decoded.events.empty(); })) return;
  std::vector<ShardCounts> of_shards(views_.size());
  std::vector<std::size_t> looked_for(views_.size());
  const auto take = [&](std::size_t s) {
    looked_for[s] = fetch_archived(s);
    for (const Stretch& stretch : stretches_) {
      apply_to(*views_[s], static_cast<std::uint32_t>(s), stretch, of_shards[s]);
    }
  };
  workers_.each(views_.size(), take, alone);
  for (const ShardCounts& of_shard : of_shards) counts += of_shard;
  for (const std::size_t of_shard : looked_for) looked_for_ += of_shard;
}

/// Brings back the archived records of which a shard has events in the round: a page is read once for all of them.
std::size_t Floor::fetch_archived(std::size_t shard) {
  if (!views_[shard]->has_archived()) return 0;
  for (const Stretch& stretch : stretches_) {
    for (const Routed& routed : stretch.by_shard[shard]) {
      views_[shard]->want(stretch.decoded.events[routed.event], routed.touch, routed.hash);
    }
  }
  return views_[shard]->fetch_wanted();
}

void Floor::set_archive(core::Archive* archive) {
  for (processors::Shard* shard : views_) shard->set_archive(archive);
}

void Floor::pack_leaving(std::size_t bytes, core::Commit& commit) {
  std::vector<std::vector<core::ArchivePage>> pages(views_.size());
  workers_.each(views_.size(), [&](std::size_t s) { pages[s] = views_[s]->pack_leaving(bytes / views_.size()); });
  for (auto& of_shard : pages) std::move(of_shard.begin(), of_shard.end(), std::back_inserter(commit.archive));
}

void Floor::let_go() {
  workers_.each(views_.size(), [&](std::size_t s) { views_[s]->let_go(); });
  views_[closing_ranks_++ % views_.size()]->close_ranks();  // One at a time: events wait for it.
}

/// What the decoding of a stretch has shown; takes its rejections.
void Floor::sum_up(Stretch& stretch, Applied& result) {
  core::EventCounts& counts = result.counts;
  counts.received += stretch.routed + stretch.decoded.rejections.size() + stretch.decoded.skipped;
  counts.rejected += stretch.decoded.rejections.size();
  counts.skipped += stretch.decoded.skipped;
  counts.late += stretch.late;
  for (auto& rejection : stretch.decoded.rejections) {
    ++counts.rejected_by[std::string(core::kRejectReasonWords[core::index(rejection.reason)])];
    result.rejections.push_back(std::move(rejection));
  }
  for (std::uint32_t partition = 0; partition < stretch.latest.size(); ++partition) {
    const auto& time = stretch.latest[partition];
    if (!time) continue;
    EventTime& latest = result.latest.try_emplace(partition, *time).first->second;
    latest = std::max(latest, *time);
  }
}

void Floor::decode(const core::RawBatch& batch, const SourceRules& rules, std::span<const std::uint32_t> messages,
                   std::optional<EventTime> late_before, core::Decoder& decoder, Stretch& stretch) {
  for (const std::uint32_t place : messages) {
    const std::size_t before = stretch.decoded.events.size();
    decoder.decode(batch.messages[place], place, stretch.decoded);
    guard(batch.messages[place], place, rules, before, stretch.decoded);
    for (std::size_t event = before; event < stretch.decoded.events.size(); ++event) {
      stretch.route(static_cast<std::uint32_t>(event), batch.messages[place].partition, late_before);
    }
    stretch.apply_at_home(false);
  }
  stretch.apply_at_home(true);
}

/// Takes back a message with an event from the future, whole: one bad clock must not close the day. Or with one of a
/// contact that may not be kept any more.
void Floor::guard(const core::RawMessage& message, std::uint32_t index, const SourceRules& rules,
                  std::size_t first_event, core::DecodedBatch& decoded) const {
  const auto begin = decoded.events.begin() + static_cast<std::ptrdiff_t>(first_event);
  const auto refuse = [&](core::RejectReason reason, std::string why) {
    decoded.rejections.push_back({index, reason, std::move(why)});
    decoded.events.erase(begin, decoded.events.end());
  };
  if (rules.clock_skew) {
    const EventTime limit{(message.appended + *rules.clock_skew).time_since_epoch()};
    const auto ahead = std::find_if(begin, decoded.events.end(), [&](const auto& event) { return event.time > limit; });
    if (ahead != decoded.events.end()) {
      return refuse(core::RejectReason::kFutureTime,
                    fmt::format("time {} is more than {} after it was received at {}",
                                core::format_rfc3339(ahead->time), core::format_duration(*rules.clock_skew),
                                core::format_rfc3339(EventTime{message.appended.time_since_epoch()})));
    }
  }
  if (!retained_since_) return;
  const auto behind = std::find_if(begin, decoded.events.end(), [&](const auto& event) {
    return event.time < *retained_since_ && core::entity_of(event.type) == core::Entity::kContact;
  });
  if (behind == decoded.events.end()) return;
  refuse(core::RejectReason::kTooLate,
         fmt::format("time {} is before {}, since when the store keeps contacts (store.keep_contacts)",
                     core::format_rfc3339(behind->time), core::format_rfc3339(*retained_since_)));
}

void Floor::retain_since(EventTime horizon) {
  retained_since_ = horizon;
  for (processors::Shard* shard : views_) shard->retain_since(horizon);
}

void Floor::advance(EventTime as_of) {
  for (processors::Shard* shard : views_) shard->advance(as_of);
}

void Floor::settle_before(EventTime time, bool sealed) {
  for (processors::Shard* shard : views_) shard->settle_before(time, sealed);
}

void Floor::revise(EventTime as_of, core::Commit& commit) { commit.revisions = processors::revise(views_, as_of); }

core::Result<std::vector<std::size_t>> Floor::load(core::Store& store) {
  if (const auto as_of = store.progress().as_of) advance(*as_of);
  if (const auto horizon = store.progress().retained_since) retain_since(*horizon);
  set_archive(store.archive());
  StateLoader loader(workers_, views_);
  std::vector<std::size_t> journal_bytes(views_.size(), 0);
  auto loaded = store.load([&](core::StatePart part, std::uint32_t shard, std::string_view bytes) {
    loader.take(shard, bytes);
    if (part == core::StatePart::kJournal && loader.damage().empty()) journal_bytes[shard] += bytes.size();
  });
  if (!loaded) return tl::unexpected(loaded.error());
  loader.finish();
  if (!loader.damage().empty()) return core::fail(loader.damage());
  return journal_bytes;
}

void Floor::complete_slices() {
  workers_.each(views_.size(), [&](std::size_t s) {
    if (!views_[s]->book().slices_kept()) return;
    try {
      views_[s]->keep_slices();
    } catch (const core::ArchiveFailure&) {  // The shard keeps none.
    }
  });
}

void Floor::pack_changes(core::Commit& commit) {
  commit.journal.resize(views_.size());
  workers_.each(views_.size(),
                [&](std::size_t s) { commit.journal[s] = {static_cast<std::uint32_t>(s), views_[s]->pack_changes()}; });
  for (processors::Shard* shard : views_) {
    const auto superseded = shard->take_superseded();
    commit.superseded.insert(commit.superseded.end(), superseded.begin(), superseded.end());
  }
}

void Floor::rebuild() {
  workers_.each(views_.size(), [&](std::size_t s) { views_[s]->rebuild(); });
}

void Floor::rebuild_by(core::FigureConfig config) {
  auto next = std::make_unique<const core::FigureConfig>(std::move(config));
  for (processors::Shard* shard : views_) shard->judge_by(*next);
  config_ = std::move(next);
  rebuild();
}

void Floor::keep_only(EventTime from, EventTime to) {
  for (std::size_t s = 0; s < shards_.size(); ++s) {
    auto kept = std::make_unique<processors::Shard>(*config_, limits_, static_cast<std::uint32_t>(s));
    kept->take_changes(shards_[s]->pack_within(from, to));
    shards_[s] = std::move(kept);
    views_[s] = shards_[s].get();
  }
}

std::string Floor::digest() { return processors::state_digest(shards()); }

}  // namespace app
