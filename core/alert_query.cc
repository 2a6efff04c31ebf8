#include "core/alert_query.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/query_words.h"

namespace core {
namespace {

constexpr std::size_t kMostAlerts = 1'000'000;

}  // namespace

tl::expected<AlertQuery, std::string> parse_alert_query(const std::map<std::string, std::string>& words) {
  AlertQuery query;
  for (const auto& [name, word] : words) {
    const auto refuse = [&](const std::string& allowed) {
      return tl::unexpected(fmt::format("{}: \"{}\" is not known; allowed: {}", name, word, allowed));
    };
    if (name == "client") {
      query.client = word;
    } else if (name == "id") {
      query.id = word;
    } else if (name == "state") {
      const auto at = std::ranges::find(kAlertStageWords, word);
      if (at == kAlertStageWords.end()) return refuse("firing, resolved");
      query.state = static_cast<AlertStage>(at - kAlertStageWords.begin());
    } else if (name == "from" || name == "to") {
      const auto time = parse_rfc3339(word);
      if (!time) return refuse("a time such as 2026-03-02T09:00:00Z");
      (name == "from" ? query.from : query.to) = *time;
    } else if (name == "limit") {
      query.limit = parse_limit(word, kMostAlerts);
      if (!query.limit) return tl::unexpected(not_a_limit(word, kMostAlerts));
    } else {
      return tl::unexpected(fmt::format("{}: not known; allowed: state, client, id, from, to, limit", name));
    }
  }
  return query;
}

}  // namespace core
