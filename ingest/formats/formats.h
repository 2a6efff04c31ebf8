// Every format that floorwatch reads, by the name that the configuration gives it.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/batch.h"
#include "core/result.h"

namespace ingest {

struct FormatOptions {
  std::string source_name;       ///< The source's name in the configuration.
  std::string timezone = "UTC";  ///< IANA name; for formats with times of the wall clock.
};

struct Format {
  std::string_view name;
  bool sends_wrap = true;  ///< Default of the source's `sends_wrap`.
  std::unique_ptr<core::Decoder> (*make)(const FormatOptions& options) = nullptr;
};

/// All of them; the first is the default. Thread-safe: constant.
std::span<const Format> formats();

/// The format of that name, nullptr if there is none.
const Format* find_format(std::string_view name);

/// "canonical, asterisk-queue-log": for messages about wrong names.
std::string format_names();

/// A decoder for one thread. A Failure names what is wrong with the name or the time zone, and what is allowed.
core::Result<std::unique_ptr<core::Decoder>> make_decoder(std::string_view format, const FormatOptions& options);

}  // namespace ingest
