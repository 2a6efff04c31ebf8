// JSON strings, and the UTF-8 that every surface promises whatever the input's bytes were.
//
// JSON, CSV and Prometheus' formats are UTF-8 by definition: one foreign byte in a queue's name would make a reader
// refuse the whole page. Thread-safe: free functions without state.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace core {

/// Length in bytes (1–4) of the well-formed UTF-8 sequence that `text` begins with; 0 if it begins with none.
std::size_t utf8_sequence(std::string_view text);

/// `text` with every byte outside well-formed UTF-8 replaced by U+FFFD.
std::string to_utf8(std::string_view text);

/// Appends `text` as a JSON string with its quotes; bytes outside UTF-8 become U+FFFD.
void append_json_string(std::string& out, std::string_view text);

}  // namespace core
