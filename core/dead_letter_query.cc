#include "core/dead_letter_query.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "core/batch.h"

namespace core {
namespace {

constexpr std::size_t kMostLetters = 1'000'000;

/// 0 for what is no such number.
std::size_t parse_limit(const std::string& word) {
  std::size_t limit = 0;
  const char* const end = word.data() + word.size();
  const auto [rest, wrong] = std::from_chars(word.data(), end, limit);
  return wrong == std::errc{} && rest == end && limit <= kMostLetters ? limit : 0;
}

}  // namespace

tl::expected<DeadLetterQuery, std::string> parse_dead_letter_query(const std::map<std::string, std::string>& words) {
  DeadLetterQuery query;
  for (const auto& [name, word] : words) {
    if (name == "source") {
      query.source = word;
    } else if (name == "reason") {
      if (std::ranges::find(kRejectReasonWords, word) == kRejectReasonWords.end()) {
        return tl::unexpected(
            fmt::format("reason: \"{}\" is not known; allowed: {}", word, fmt::join(kRejectReasonWords, ", ")));
      }
      query.reason = word;
    } else if (name == "limit") {
      query.limit = parse_limit(word);
      if (*query.limit == 0) {
        return tl::unexpected(
            fmt::format("limit: \"{}\" is not known; allowed: a whole number from 1 to {}", word, kMostLetters));
      }
    } else {
      return tl::unexpected(fmt::format("{}: not known; allowed: source, reason, limit", name));
    }
  }
  return query;
}

}  // namespace core
