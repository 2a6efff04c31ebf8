#include "core/dead_letter_query.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/batch.h"
#include "core/query_words.h"

namespace core {
namespace {

constexpr std::size_t kMostLetters = 1'000'000;

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
      query.limit = parse_limit(word, kMostLetters);
      if (!query.limit) return tl::unexpected(not_a_limit(word, kMostLetters));
    } else {
      return tl::unexpected(fmt::format("{}: not known; allowed: source, reason, limit", name));
    }
  }
  return query;
}

}  // namespace core
