// What the contract allows as text: JSON strings and numbers as they were written, ids and names.
//
// Thread-safe: free functions without state.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/batch.h"

namespace ingest {

/// Ids and names are 1 to 128 bytes of UTF-8 without control characters.
inline constexpr std::size_t kMaxNameBytes = 128;

/// What the strings of a document may contain; lets the usual document skip the closer looks.
struct TextTraits {
  bool escapes = false;   ///< A backslash occurs, so that strings must be unescaped.
  bool controls = false;  ///< A byte occurs that may belong to a control character.
};

/// The text of a JSON string between its quotes, which simdjson has found to be UTF-8 without raw control characters.
/// nullopt for an escape that JSON does not know and for half a surrogate pair. Borrows `written` where it has no
/// escape, else lives in `arena`.
std::optional<std::string_view> unescape_json(std::string_view written, core::Arena& arena);

/// Whether `text` is a number by JSON's grammar (so neither NaN nor 01 nor +1).
bool is_json_number(std::string_view text);

/// Whether valid UTF-8 `text` has a control character: U+0000–1F, U+007F–9F.
bool has_control_characters(std::string_view text);

/// `text` in quotes for a message to people: at most 60 bytes of it, whole characters, harmless on a terminal.
std::string quoted(std::string_view text);

/// "a, b, c": the words of a closed list for a message.
template <typename Words>
std::string listed(const Words& words) {
  std::string text;
  for (const std::string_view word : words) {
    if (!text.empty()) text += ", ";
    text += word;
  }
  return text;
}

}  // namespace ingest
