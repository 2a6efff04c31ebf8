// Decoding single messages in tests.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/batch.h"
#include "ingest/canonical_decoder.h"

namespace ingest {

/// Decodes one message after the other; what it gave lives until the next one.
class Decoding {
 public:
  explicit Decoding(std::unique_ptr<core::Decoder> decoder = make_canonical_decoder()) : decoder_(std::move(decoder)) {}

  const core::DecodedBatch& operator()(std::string_view value, std::vector<core::Header> headers = {},
                                       std::int64_t offset = 0) {
    out_.clear();
    // A heap block of the exact size: a sanitizer sees every byte that is read beyond it.
    value_ = std::make_unique<char[]>(value.size());
    std::copy(value.begin(), value.end(), value_.get());
    headers_ = std::move(headers);
    core::RawMessage message;
    message.value = {value_.get(), value.size()};
    message.headers = headers_;
    message.offset = offset;
    decoder_->decode(message, 7, out_);
    return out_;
  }

 private:
  std::unique_ptr<core::Decoder> decoder_;
  core::DecodedBatch out_;
  std::unique_ptr<char[]> value_;
  std::vector<core::Header> headers_;
};

/// "event", "skip", "nothing", or the word of the rejection's reason.
inline std::string outcome(const core::DecodedBatch& out) {
  if (!out.events.empty()) return "event";
  if (!out.rejections.empty()) return std::string(core::kRejectReasonWords[core::index(out.rejections[0].reason)]);
  return out.skipped > 0 ? "skip" : "nothing";
}

inline std::string detail(const core::DecodedBatch& out) {
  return out.rejections.empty() ? "" : out.rejections[0].detail;
}

/// A structured event with good attributes; `data` is JSON, empty for none.
inline std::string event_json(std::string_view type, std::string_view data, std::string_view subject = {}) {
  std::string json = R"({"specversion":"1.0","id":"e-1","source":"/acd/1","type":")";
  json += type;
  json += R"(","time":"2026-03-02T09:15:02.123Z")";
  if (!subject.empty()) json += R"(,"subject":")" + std::string(subject) + '"';
  if (!data.empty()) json += R"(,"data":)" + std::string(data);
  return json + '}';
}

}  // namespace ingest
