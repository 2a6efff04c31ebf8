// Finds what was rotated away from a path while nobody read it.
#pragma once

#include <deque>
#include <memory>
#include <string>

#include "core/source.h"
#include "ingest/raw_input.h"

namespace ingest {

/// A file that is open, so that a renaming no longer matters.
struct OpenedLog {
  std::string path;
  std::unique_ptr<RawInput> input;
};

/// The file at `path` is one that a resume point of the source knows, and not shorter than where that point stands.
bool is_known(const std::string& path, const core::ResumePoints& resume, const std::string& source);

/// The files beside `path` with names that begin with its name and that go on from the resume points, oldest first:
/// the newest file that a point knows and, if `and_later`, all that were written after it. Empty if none is known.
std::deque<OpenedLog> find_rotated(const std::string& path, const core::ResumePoints& resume, const std::string& source,
                                   bool and_later);

}  // namespace ingest
