// Committing: what is gathered between two batches, and when.
#include <spdlog/spdlog.h>

#include <algorithm>

#include "app/alerting.h"
#include "app/pipeline.h"

namespace app {
namespace {

/// While commits are slow the flow goes on until so many records wait; then it waits for the store.
constexpr std::size_t kMostDirty = 400'000;
/// Dead letters that are long count as so many more records, since they wait in memory, too.
constexpr std::size_t kBytesOfRecord = 1024;
/// Stands for a snapshot that is due at once.
constexpr std::size_t kDueAtOnce = std::size_t{1} << 40;

}  // namespace

core::Result<void> Pipeline::load(bool rebuild) {
  // A service is asked for windows as soon as it is there. To go through all records then would take as long as half a
  // start.
  if (options_.live && progress_.as_of) {
    for (processors::Shard* shard : floor_.shards()) shard->keep_slices_from_now();
  }
  auto loaded = floor_.load(*committer_->store());
  if (!loaded) return tl::unexpected(loaded.error());
  journal_bytes_ = std::move(*loaded);
  floor_.complete_slices();
  clocks_.restore(progress_);
  if (options_.live) progress_.sealed = false;  // What a replay sealed goes on now.
  if (alerting_ != nullptr) {
    auto alerts = committer_->store()->alert_state();
    if (!alerts) return tl::unexpected(alerts.error());
    alerting_->restore(std::move(*alerts), progress_.as_of);
  }
  if (rebuild) this->rebuild();
  // What was final before is, from the first event on. A rebuild corrects nothing: it is a decision.
  if (const auto settled = progress_.settled_before(); options_.live && settled) floor_.settle_before(*settled);
  return {};
}

void Pipeline::rebuild() {
  spdlog::info("adding up the cells again from the records");
  floor_.rebuild();
  const auto store = committer_->store();
  auto identity = store->identity();
  identity.figure_config = floor_.config().canonical_text();
  identity.packed_config = core::pack(floor_.config());
  store->set_identity(std::move(identity));
  std::fill(journal_bytes_.begin(), journal_bytes_.end(), kDueAtOnce);
  touched_ = true;
}

void Pipeline::commit_if_due() {
  if (cuts_range()) return;  // The range is cut out at the end, in one commit.
  std::size_t dirty = dead_letters_.size() + dead_letter_bytes_ / kBytesOfRecord;
  for (const auto* shard : floor_.shards()) dirty += shard->dirty_records();
  const bool late = std::chrono::steady_clock::now() - last_commit_ >= options_.commit_interval;
  const bool urgent = alerting_ != nullptr && alerting_->urgent();
  if (!late && !urgent && dirty < options_.commit_records) return;
  if (!committer_->idle()) {
    if (dirty < kMostDirty) return;
    // Readers are answered meanwhile: a store that cannot be written must not make the program look dead.
    while (!committer_->idle() && !stopping_ && !(committer_->fault() && committer_->fault()->final)) {
      inbox_.serve();
      inbox_.wait(std::chrono::steady_clock::now() + std::chrono::milliseconds(50));
    }
    if (!committer_->idle()) return;
  }
  let_go_of_committed();
  // An idle floor still commits its clocks, but not more often than the interval.
  if (touched_ || options_.live) committer_->start(gather());
}

/// What the last commit archived leaves memory, once that commit is kept.
void Pipeline::let_go_of_committed() {
  if (!leaving_ || !committer_->idle()) return;
  floor_.let_go();
  leaving_ = false;
}

core::Commit Pipeline::gather() {
  core::Commit commit;
  if (progress_.as_of) floor_.revise(*progress_.as_of, commit);
  floor_.pack_changes(commit);
  gather_snapshots(commit);
  // After the snapshots: what leaves is in them, or in the journal.
  floor_.pack_leaving(options_.record_bytes, commit);
  leaving_ = true;
  std::erase_if(commit.journal, [](const core::StateBlob& blob) { return blob.bytes.empty(); });
  progress_.committed_at = wall_now();
  for (auto& [key, partition] : progress_.partitions) {
    if (const auto clock = clocks_.clock_of(key, progress_.committed_at)) partition.clock = clock;
  }
  commit.progress = progress_;
  commit.dead_letters = std::move(dead_letters_);
  dead_letters_.clear();
  dead_letter_bytes_ = 0;
  commit.dead_letter_limits = options_.dead_letters;
  if (alerting_ != nullptr) alerting_->gather(commit);
  touched_ = false;
  last_commit_ = std::chrono::steady_clock::now();
  return commit;
}

/// What /metrics looks at every few seconds stays in memory.
core::Slot Pipeline::intervals_last_from() const {
  if (!progress_.as_of) return core::kFirstInterval;
  return core::interval_at(options_.live_since(floor_.config(), *progress_.as_of));
}

/// One snapshot a commit at most, so that no commit is much longer than the others; a rebuild takes them all.
void Pipeline::gather_snapshots(core::Commit& commit) {
  const auto shards = floor_.shards();
  const core::Slot lasting_from = intervals_last_from();
  for (std::size_t s = 0; s < shards.size(); ++s) {
    journal_bytes_[s] += commit.journal[s].bytes.size();
    const bool at_once = journal_bytes_[s] >= kDueAtOnce, first = commit.snapshots.empty();
    const processors::Shard::Weight weight = shards[s]->weigh(lasting_from);
    const bool due = journal_bytes_[s] >= std::max(options_.journal_least, options_.journal_times * weight.staying) ||
                     weight.leaving > std::max(options_.journal_least, weight.staying);
    const bool taken = at_once || (due && first);
    const bool drops = (taken || first) && drops_contacts(s, taken);
    if (!taken && !drops) continue;
    const auto shard = static_cast<std::uint32_t>(s);
    if (drops) commit.outlived.push_back({shard, *progress_.retained_since});
    commit.snapshots.push_back(shards[s]->pack_snapshot(lasting_from));
    journal_bytes_[s] = 0;
  }
}

/// Has the shard drop the contacts of before the horizon, if it has not done so since the horizon moved; whether its
/// snapshot goes with this commit. `at_once`: it does anyway.
bool Pipeline::drops_contacts(std::size_t shard, bool at_once) {
  processors::Shard& of = *floor_.shards()[shard];
  const auto now = std::chrono::steady_clock::now();
  if (!progress_.retained_since || of.dropped_before() == progress_.retained_since) return false;
  if (!at_once && now - last_drop_ < options_.drop_interval) return false;
  last_drop_ = now;
  return of.drop_before(*progress_.retained_since);
}

}  // namespace app
