// Source, decoder, store and archive that say when they are about to take a step, and when they have: a test may stop
// its process there.
#pragma once

#include <algorithm>
#include <atomic>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/source.h"
#include "core/store.h"

namespace test_support {

/// Called by the thread that takes the step.
using Step = std::function<void()>;

/// How far the store has got, for a source that waits for it. Thread-safe.
using Kept = std::atomic<std::int64_t>;

/// Gives the lines of a log in batches and ends. Before most batches it waits until the former one is kept; some come
/// while it is still being written. The lines outlive it.
class SteppedSource : public core::Source {
 public:
  SteppedSource(const std::vector<std::string>& lines, std::size_t batch, Kept& kept, Step step)
      : lines_(lines), batch_(batch), kept_(kept), step_(std::move(step)) {}

  static constexpr const char* kPartition = "test:log";

  core::Result<void> start(const core::ResumePoints& resume) override {
    const auto at = resume.find(kPartition);
    next_ = at == resume.end() ? 0 : static_cast<std::size_t>(at->second.next_offset);
    kept_ = static_cast<std::int64_t>(next_);
    return {};
  }
  core::Result<State> poll(core::RawBatch& batch, core::Millis) override {
    if ((next_ / batch_) % 4 != 3) wait_until_kept();
    step_();
    batch.source = "log";
    const std::size_t end = std::min(lines_.size(), next_ + batch_);
    const auto text = std::make_shared<std::string>();
    for (std::size_t i = next_; i < end; ++i) *text += lines_[i];
    text->append(64, '\0');  // A decoder may look a little further than a message.
    std::size_t begin = 0;
    for (std::size_t i = next_; i < end; begin += lines_[i++].size()) {
      core::RawMessage& message = batch.messages.emplace_back();
      message.value = std::string_view(*text).substr(begin, lines_[i].size());
      message.offset = static_cast<std::int64_t>(i);
    }
    batch.owners.push_back(text);
    next_ = end;
    batch.partitions.push_back({kPartition, "log", static_cast<std::int64_t>(next_), 0, 0, {}});
    step_();
    return next_ == lines_.size() ? State::kFinished : State::kMore;
  }
  void committed(const core::ResumePoints&) override { step_(); }
  /// Also where the pipeline has ended with a fault, and what is waited for will never be kept.
  void stop() override {
    kept_ = std::numeric_limits<std::int64_t>::max();
    kept_.notify_all();
  }
  Health health() const override { return {true, true, {}}; }

 private:
  void wait_until_kept() {
    for (auto kept = kept_.load(); kept < static_cast<std::int64_t>(next_); kept = kept_.load()) kept_.wait(kept);
  }

  const std::vector<std::string>& lines_;
  const std::size_t batch_;
  Kept& kept_;
  Step step_;
  std::size_t next_ = 0;
};

/// Steps before some messages of each batch, the first one included.
class SteppedDecoder : public core::Decoder {
 public:
  SteppedDecoder(std::unique_ptr<core::Decoder> decoder, Step step)
      : decoder_(std::move(decoder)), step_(std::move(step)) {}
  void decode(const core::RawMessage& message, std::uint32_t index, core::DecodedBatch& out) override {
    if (index % 4 == 0) step_();
    decoder_->decode(message, index, out);
  }

 private:
  std::unique_ptr<core::Decoder> decoder_;
  Step step_;
};

class SteppedArchive : public core::Archive {
 public:
  SteppedArchive(core::Archive& archive, Step step) : archive_(archive), step_(std::move(step)) {}
  void find(std::uint32_t shard, std::span<const std::uint64_t> hashes, std::optional<std::uint64_t> as_of,
            const Visit& visit) override {
    step_();
    archive_.find(shard, hashes, as_of, visit);
    step_();
  }
  void pages(std::uint32_t shard, std::uint64_t since, core::EventTime from, core::EventTime to,
             const Visit& visit) override {
    step_();
    archive_.pages(shard, since, from, to, visit);
  }
  void hashes(std::uint32_t shard, const std::function<void(std::uint64_t)>& visit) override {
    step_();
    archive_.hashes(shard, visit);
  }
  void intervals(std::uint32_t shard, core::Slot first, core::Slot last,
                 const std::function<void(core::Slot, std::string_view)>& visit) override {
    step_();
    archive_.intervals(shard, first, last, visit);
  }
  void interval_slots(std::uint32_t shard, const std::function<void(core::Slot)>& visit) override {
    step_();
    archive_.interval_slots(shard, visit);
  }

 private:
  core::Archive& archive_;
  Step step_;
};

/// Steps before and after each commit, and while it loads; the steps within a commit are those of its file.
class SteppedStore : public core::Store {
 public:
  SteppedStore(std::unique_ptr<core::Store> store, Kept& kept, Step step)
      : store_(std::move(store)), archive_(*store_->archive(), step), kept_(kept), step_(std::move(step)) {}

  const core::StoreIdentity& identity() const override { return store_->identity(); }
  const core::Progress& progress() const override { return store_->progress(); }
  core::Result<void> claim(core::Claim claim) override { return store_->claim(std::move(claim)); }
  core::Result<void> beat() override { return store_->beat(); }
  core::Result<void> load(const std::function<void(core::StatePart, std::uint32_t, std::string_view)>& visit) override {
    step_();
    return store_->load(visit);
  }
  core::Archive* archive() override { return &archive_; }
  core::Result<void> commit(const core::Commit& commit) override {
    step_();
    auto done = store_->commit(commit);
    step_();
    if (!done) return done;
    const auto place = commit.progress.partitions.find(SteppedSource::kPartition);
    if (place != commit.progress.partitions.end()) kept_ = place->second.resume.next_offset, kept_.notify_all();
    return done;
  }
  void set_identity(core::StoreIdentity identity) override { store_->set_identity(std::move(identity)); }
  core::RevisionReader* revisions() override { return store_->revisions(); }
  core::Result<std::vector<core::DeadLetter>> dead_letters(const core::DeadLetterQuery& query) override {
    return store_->dead_letters(query);
  }
  core::Result<std::uint64_t> dead_letters_dropped() override { return store_->dead_letters_dropped(); }
  core::Result<core::AlertState> alert_state() override { return store_->alert_state(); }
  core::Result<std::vector<core::Alert>> alerts(const core::AlertQuery& query) override {
    return store_->alerts(query);
  }

 private:
  std::unique_ptr<core::Store> store_;
  SteppedArchive archive_;
  Kept& kept_;
  Step step_;
};

}  // namespace test_support
