// What a pipeline would keep of a Kafka source, for tests of sources.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/source.h"

namespace test_support {

/// Polls a source and checks, for every batch, that offsets rise in each partition and lie below the state told.
/// Confined to one thread.
class KafkaReading {
 public:
  struct Message {
    std::string partition, value;
    std::int64_t offset = 0;
    std::map<std::string, std::string> headers;
    core::WallTime appended;
  };

  std::vector<Message> messages;
  std::map<std::string, core::PartitionState> states;  // by label
  core::ResumePoints points;
  std::optional<core::Failure> failure;  // the latest
  core::Source::State state = core::Source::State::kIdle;

  /// Polls until `done` or half a minute is over; false then. Temporary Failures are kept and polling goes on.
  bool read_until(core::Source& source, const std::function<bool()>& done) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!done()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      poll(source);
    }
    return true;
  }

  bool read_to_end(core::Source& source) {
    return read_until(source, [this] { return state == core::Source::State::kFinished || final_failure(); });
  }
  bool read_messages(core::Source& source, std::size_t count) {
    return read_until(source, [this, count] { return messages.size() >= count || final_failure(); });
  }
  bool final_failure() const { return failure && !failure->retry_after; }

  void poll(core::Source& source, core::Millis patience = core::Millis{100}) {
    core::RawBatch batch;
    const auto polled = source.poll(batch, patience);
    if (!polled) {
      failure = polled.error();
      return;
    }
    state = *polled;
    keep(batch);
  }

  std::vector<std::string> values(const std::string& partition = {}) const {
    std::vector<std::string> found;
    for (const auto& message : messages)
      if (partition.empty() || message.partition == partition) found.push_back(message.value);
    return found;
  }

 private:
  void keep(const core::RawBatch& batch) {
    for (const auto& raw : batch.messages) {
      const auto& partition = batch.partitions.at(raw.partition);
      Message message{partition.label, std::string(raw.value), raw.offset, {}, raw.appended};
      for (const auto& header : raw.headers) message.headers[std::string(header.name)] = header.value;
      EXPECT_GE(raw.offset, next_[partition.key]) << partition.label;
      EXPECT_LT(raw.offset, partition.next_offset) << partition.label;
      next_[partition.key] = raw.offset + 1;
      messages.push_back(std::move(message));
    }
    for (const auto& partition : batch.partitions) {
      states[partition.label] = partition;
      points[partition.key] = {partition.next_offset, 0};
    }
  }

  std::map<std::string, std::int64_t> next_;
};

}  // namespace test_support
