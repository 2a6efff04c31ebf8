// Canonical lines as events, for tests of processors.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "core/batch.h"
#include "ingest/canonical_decoder.h"

namespace test_support {

/// Lines and their events, one each. Confined to one thread.
class Decoded {
 public:
  explicit Decoded(std::vector<std::string> lines) : lines_(std::move(lines)) {
    const auto decoder = ingest::make_canonical_decoder();
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      core::RawMessage message;
      message.value = lines_[i];
      decoder->decode(message, static_cast<std::uint32_t>(i), batch_);
    }
    if (batch_.events.size() != lines_.size()) throw std::runtime_error("a line of the test is no event");
  }
  Decoded(const Decoded&) = delete;
  Decoded& operator=(const Decoded&) = delete;

  const std::vector<core::Event>& events() const { return batch_.events; }

 private:
  std::vector<std::string> lines_;
  core::DecodedBatch batch_;
};

/// Without those that are no event.
inline std::vector<std::string> valid_lines(std::vector<std::string> lines) {
  const auto decoder = ingest::make_canonical_decoder();
  std::erase_if(lines, [&](const std::string& line) {
    core::DecodedBatch batch;
    core::RawMessage message;
    message.value = line;
    decoder->decode(message, 0, batch);
    return batch.events.empty();
  });
  return lines;
}

}  // namespace test_support
