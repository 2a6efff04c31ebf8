// The words that queries have in common: how many rows are wanted, and times; and how a wrong one is refused.
#pragma once

#include <fmt/format.h>

#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace core {

/// nullopt for what is no whole number from 1 to `most`.
inline std::optional<std::size_t> parse_limit(const std::string& word, std::size_t most) {
  std::size_t limit = 0;
  const char* const end = word.data() + word.size();
  const auto [rest, wrong] = std::from_chars(word.data(), end, limit);
  const bool right = wrong == std::errc{} && rest == end && limit >= 1 && limit <= most;
  return right ? std::optional(limit) : std::nullopt;
}

/// Why parse_limit() gave nothing.
inline std::string not_a_limit(std::string_view word, std::size_t most) {
  return fmt::format("limit: \"{}\" is not known; allowed: a whole number from 1 to {}", word, most);
}

/// Why parse_rfc3339() gave nothing for the word called `name`.
inline std::string not_a_time(std::string_view name, std::string_view word) {
  return fmt::format("{}: \"{}\" is not a time; allowed: RFC 3339 with an offset, such as 2026-03-02T09:15:00Z", name,
                     word);
}

}  // namespace core
