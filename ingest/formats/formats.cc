#include "ingest/formats/formats.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "ingest/canonical_decoder.h"
#include "ingest/formats/asterisk_queue_log.h"
#include "ingest/text_rules.h"

namespace ingest {
namespace {

constexpr std::array kFormats = {
    Format{"canonical", true, [](const FormatOptions&) { return make_canonical_decoder(); }},
    // The log tells of the end of talking and of nothing after it.
    Format{"asterisk-queue-log", false,
           [](const FormatOptions& options) {
             return make_asterisk_queue_log_decoder(options.source_name, *date::locate_zone(options.timezone));
           }},
};

}  // namespace

std::span<const Format> formats() { return kFormats; }

const Format* find_format(std::string_view name) {
  const auto found = std::ranges::find(kFormats, name, &Format::name);
  return found == kFormats.end() ? nullptr : found;
}

std::string format_names() {
  std::array<std::string_view, kFormats.size()> names;
  std::ranges::transform(kFormats, names.begin(), &Format::name);
  return listed(names);
}

core::Result<std::unique_ptr<core::Decoder>> make_decoder(std::string_view name, const FormatOptions& options) {
  const Format* const format = find_format(name);
  if (!format) return core::fail(fmt::format("no format is called {}; known are {}", quoted(name), format_names()));
  try {
    return format->make(options);
  } catch (const std::runtime_error& error) {  // The library's word for a zone that it does not know.
    return core::fail(fmt::format("time zone {}: {}", quoted(options.timezone), error.what()));
  }
}

}  // namespace ingest
