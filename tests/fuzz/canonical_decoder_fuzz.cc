// Any bytes as a message of the canonical format, in both modes: at most one outcome, the same whatever the decoder has
// seen before, and what is decoded can be written and decoded to the same.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/canonical_decoder.h"
#include "ingest/canonical_writer.h"

namespace {

using Headers = std::vector<core::Header>;

core::DecodedBatch decode(core::Decoder& decoder, std::string_view value, const Headers& headers) {
  core::RawMessage message;
  message.value = value;
  message.headers = headers;
  core::DecodedBatch out;
  decoder.decode(message, 0, out);
  const std::size_t outcomes = out.events.size() + out.rejections.size() + out.skipped;
  if (outcomes > 1) std::abort();
  if (!out.rejections.empty() && (out.rejections[0].detail.empty() || out.rejections[0].detail.size() > 400))
    std::abort();
  return out;
}

/// All that is to be seen of an outcome.
std::string told(const core::DecodedBatch& out) {
  std::string text = out.rejections.empty() ? "" : out.rejections[0].detail;
  if (!out.events.empty()) ingest::write_canonical(out.events[0], text);
  return text;
}

void check(std::string_view value, const Headers& headers) {
  static const auto veteran = ingest::make_canonical_decoder();
  const auto fresh = ingest::make_canonical_decoder();
  const core::DecodedBatch out = decode(*fresh, value, headers);
  const std::string line = told(out);
  // Once to see the order of the members, once to expect it.
  for (int round = 0; round < 2; ++round) {
    if (told(decode(*veteran, value, headers)) != line) std::abort();
  }
  if (out.events.empty()) return;
  const core::DecodedBatch read = decode(*fresh, line, {});
  if (read.events.size() != 1 || told(read) != line) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  // A heap block of the exact size: the sanitizer sees every byte that is read beyond it.
  const auto copy = std::make_unique<char[]>(size);
  std::copy(bytes, bytes + size, copy.get());
  const std::string_view value(copy.get(), size);
  check(value, {});

  // The first byte picks a type; the rest is the data, or the id.
  if (size == 0) return 0;
  const std::string_view type = core::kEventTypeWords[bytes[0] % core::kEventTypes];
  const Headers good = {{"ce_specversion", "1.0"}, {"ce_id", "e"},          {"ce_source", "s"},
                        {"ce_type", type},         {"ce_subject", "thing"}, {"ce_time", "2026-03-02T09:15:02.123Z"}};
  check(value.substr(1), good);
  Headers named = good;
  named[1].value = value.substr(1);
  check("{}", named);
  return 0;
}
