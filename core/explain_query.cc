#include "core/explain_query.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "core/query_words.h"

namespace core {
namespace {

constexpr std::size_t kMostRows = 10'000;
constexpr std::array<std::string_view, 7> kKeys = {"client",   "queue",    "channel", "agent",
                                                   "campaign", "currency", "profile"};

/// "by" and "every" are those of figures.
std::optional<std::string> read_figure_word(ExplainQuery& query, const std::string& name, const std::string& word) {
  const auto figures = parse_figure_query({{name, word}});
  if (!figures) return figures.error();
  if (name == "by") query.by = figures->by;
  if (name == "every") query.every = figures->every;
  return {};
}

}  // namespace

tl::expected<ExplainQuery, std::string> parse_explain_query(const std::map<std::string, std::string>& words) {
  ExplainQuery query;
  for (const auto& [name, word] : words) {
    if (name == "figure") {
      query.figure = word;
    } else if (std::ranges::find(kKeys, name) != kKeys.end()) {
      query.keys[name] = word;
    } else if (name == "by" || name == "every") {
      if (const auto wrong = read_figure_word(query, name, word)) return tl::unexpected(*wrong);
    } else if (name == "at") {
      query.at = parse_rfc3339(word);
      if (!query.at) return tl::unexpected(not_a_time(name, word));
    } else if (name == "limit") {
      const auto limit = parse_limit(word, kMostRows);
      if (!limit) return tl::unexpected(not_a_limit(word, kMostRows));
      query.limit = *limit;
    } else {
      return tl::unexpected(
          fmt::format("{}: not known; allowed: figure, by, at, every, limit, {}", name, fmt::join(kKeys, ", ")));
    }
  }
  if (query.figure.empty()) return tl::unexpected(std::string("figure: missing"));
  if (words.contains("every") && (!query.at || query.every == Every::kTotal)) {
    return tl::unexpected(
        std::string("every: is the length of the interval that holds `at`; without at the total is "
                    "shown"));
  }
  return query;
}

}  // namespace core
