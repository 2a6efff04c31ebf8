// The word of a query that says how many rows are wanted.
#pragma once

#include <charconv>
#include <cstddef>
#include <optional>
#include <string>

namespace core {

/// nullopt for what is no whole number from 1 to `most`.
inline std::optional<std::size_t> parse_limit(const std::string& word, std::size_t most) {
  std::size_t limit = 0;
  const char* const end = word.data() + word.size();
  const auto [rest, wrong] = std::from_chars(word.data(), end, limit);
  const bool right = wrong == std::errc{} && rest == end && limit >= 1 && limit <= most;
  return right ? std::optional(limit) : std::nullopt;
}

}  // namespace core
