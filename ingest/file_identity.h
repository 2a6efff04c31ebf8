// Knows a log file again after a restart, also under another name or compressed since.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/source.h"

namespace ingest {

/// A file is known by its first bytes: those that were there when its first message was delivered, at most so many.
inline constexpr std::size_t kHeadBytes = 4096;

/// "file:SOURCE/LENGTH-HASH" of the head's length and of the first 8 bytes of its SHA-256. A head that was short at
/// the time stays valid while the file grows, since the key says how many bytes it speaks of.
std::string file_key(std::string_view source, std::string_view head);

/// The resume point whose head is the beginning of `head`; of several the one that speaks of most bytes; else end().
core::ResumePoints::const_iterator find_resume(const core::ResumePoints& points, std::string_view source,
                                               std::string_view head);

/// How many bytes of a file must be seen to compare it with every resume point of the source.
std::size_t longest_head(const core::ResumePoints& points, std::string_view source);

}  // namespace ingest
