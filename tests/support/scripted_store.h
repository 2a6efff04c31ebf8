// A store that does what a test tells it to, and tells what was asked of it.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <vector>

#include "core/store.h"

namespace test_support {

/// What a ScriptedStore and its test share. Thread-safe.
class StoreScript {
 public:
  /// What the next calls of commit() and beat() give; when the list is used up they succeed.
  void answer(std::vector<core::Result<void>> answers) {
    const std::lock_guard lock(mutex_);
    answers_ = std::move(answers);
  }
  core::Result<void> next() {
    const std::lock_guard lock(mutex_);
    if (answers_.empty()) return {};
    auto answer = std::move(answers_.front());
    answers_.erase(answers_.begin());
    return answer;
  }
  void tried(const core::Commit& commit) {
    const std::lock_guard lock(mutex_);
    tried_.push_back(commit.progress.committed_at);
  }
  /// committed_at of every commit that was tried, in order.
  std::vector<core::WallTime> tried() {
    const std::lock_guard lock(mutex_);
    return tried_;
  }

  std::atomic<int> beats{0};

 private:
  std::mutex mutex_;
  std::vector<core::Result<void>> answers_;
  std::vector<core::WallTime> tried_;
};

/// Keeps nothing. The script outlives it.
class ScriptedStore : public core::Store {
 public:
  explicit ScriptedStore(StoreScript& script) : script_(script) {}

  const core::StoreIdentity& identity() const override { return identity_; }
  const core::Progress& progress() const override { return progress_; }
  core::Result<void> claim(core::Claim) override { return {}; }
  core::Result<void> beat() override {
    ++script_.beats;
    return script_.next();
  }
  core::Result<void> load(const std::function<void(core::StatePart, std::uint32_t, std::string_view)>&) override {
    return {};
  }
  core::Archive* archive() override { return nullptr; }
  core::Result<void> commit(const core::Commit& commit) override {
    script_.tried(commit);
    return script_.next();
  }
  void set_identity(core::StoreIdentity identity) override { identity_ = std::move(identity); }
  core::RevisionReader* revisions() override { return nullptr; }
  core::Result<std::vector<core::DeadLetter>> dead_letters(const core::DeadLetterQuery&) override {
    return std::vector<core::DeadLetter>{};
  }
  core::Result<std::uint64_t> dead_letters_dropped() override { return 0; }
  core::Result<core::AlertState> alert_state() override { return core::AlertState{}; }
  core::Result<std::vector<core::Alert>> alerts(const core::AlertQuery&) override { return std::vector<core::Alert>{}; }

 private:
  StoreScript& script_;
  core::StoreIdentity identity_;
  core::Progress progress_;
};

}  // namespace test_support
