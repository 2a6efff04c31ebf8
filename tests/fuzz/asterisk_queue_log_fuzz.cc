// Any bytes as a line of Asterisk's queue_log: one outcome, and its events are good canonical events.
#include <date/tz.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "ingest/canonical_decoder.h"
#include "ingest/canonical_writer.h"
#include "ingest/formats/asterisk_queue_log.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const date::time_zone& zone = *date::locate_zone("Europe/Kyiv");
  const auto copy = std::make_unique<char[]>(size);
  std::copy(bytes, bytes + size, copy.get());
  core::RawMessage message;
  message.value = {copy.get(), size};
  core::DecodedBatch out;
  ingest::make_asterisk_queue_log_decoder("fuzz", zone)->decode(message, 0, out);
  if (out.rejections.size() + out.skipped + (out.events.empty() ? 0 : 1) > 1 || out.events.size() > 2) std::abort();
  for (const core::Event& event : out.events) {
    std::string line;
    ingest::write_canonical(event, line);
    core::RawMessage canonical;
    canonical.value = line;
    core::DecodedBatch read;
    ingest::make_canonical_decoder()->decode(canonical, 0, read);
    if (read.events.size() != 1 || read.events[0].id != event.id || read.events[0].visit != event.visit) std::abort();
  }
  return 0;
}
