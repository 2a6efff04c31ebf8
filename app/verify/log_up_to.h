// A log as far as a store has read it, and what reading it has shown.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/batch.h"
#include "core/source.h"
#include "core/store.h"

namespace app {

/// What a store says about its log. Immutable after construction.
class StoreReach {
 public:
  /// `refused`: the dead letters whose events the store did not take (future_time, too_late).
  StoreReach(const core::Progress& progress, std::vector<core::DeadLetter> refused);

  /// By partition key: the store has everything before it.
  const core::ResumePoints& ends() const { return ends_; }
  bool covers(const std::string& key, std::int64_t offset) const;
  /// The dead letter that this message is; nullptr if the store took it.
  const core::DeadLetter* refused(const std::string& source, const core::RawMessage& message) const;

 private:
  core::ResumePoints ends_;
  std::vector<core::DeadLetter> letters_;
  std::unordered_multimap<std::int64_t, const core::DeadLetter*> by_offset_;
};

/// What the log holds of a partition.
struct LogPart {
  std::int64_t first = 0;                  ///< What lies before it is gone.
  std::int64_t end = 0;                    ///< It was read up to here.
  std::optional<core::EventTime> opening;  ///< The latest event among its first messages, where the beginning is gone.
};

/// What reading has shown. Thread-safe: sources write while another thread may read.
class LogFindings {
 public:
  void saw(const core::PartitionState& state);
  void saw_opening(const std::string& key, core::EventTime time);
  void left_out(const core::DeadLetter& letter);

  std::map<std::string, LogPart> parts() const;
  std::vector<core::DeadLetter> left_out() const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, LogPart> parts_;
  std::vector<core::DeadLetter> left_out_;
};

/// Gives what the store has read of a source's log, and ends there: what came after is left out, and so are the
/// messages that the store refused. Tells the outside nothing of what is committed, since it is not the source's own
/// reader. Lives as core::Source does.
class LogUpTo final : public core::Source {
 public:
  LogUpTo(std::unique_ptr<core::Source> log, std::unique_ptr<core::Decoder> decoder,
          std::shared_ptr<const StoreReach> reach, std::shared_ptr<LogFindings> findings);

  core::Result<void> start(const core::ResumePoints& resume) override;
  core::Result<State> poll(core::RawBatch& batch, core::Millis patience) override;
  void stop_soon() override { log_->stop_soon(); }
  void stop() override { log_->stop(); }
  Health health() const override { return log_->health(); }

 private:
  void cut(core::RawBatch& batch);
  void look_at_opening(const core::RawMessage& message, const std::string& key);
  bool all_read(const std::string& source) const;

  std::unique_ptr<core::Source> log_;
  std::unique_ptr<core::Decoder> decoder_;
  std::shared_ptr<const StoreReach> reach_;
  std::shared_ptr<LogFindings> findings_;
  std::map<std::string, std::int64_t> read_to_;  ///< by partition key
  std::map<std::string, int> openings_;          ///< messages looked at, by partition key
  core::DecodedBatch decoded_;
};

}  // namespace app
