// Canonical events as text: one structured CloudEvent in JSON per line.
#pragma once

#include <string>

#include "core/event.h"

namespace ingest {

/// Appends `event` to `out` as one line without its newline, in the field order that the decoder reads fastest.
/// Decoding the line gives the event back (but for Event::message): what was a default is written out, what was not
/// stated is left out. Thread-safe: a free function without state.
void write_canonical(const core::Event& event, std::string& out);

}  // namespace ingest
