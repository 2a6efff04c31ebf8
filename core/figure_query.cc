#include "core/figure_query.h"

#include <date/tz.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <stdexcept>

#include "core/query_words.h"

namespace core {
namespace {

using Words = std::map<std::string, std::string>;

// Thrown and caught in this file only: a reader per name stays one line.
struct WrongWord {
  std::string message;
};

template <typename Enum, std::size_t N>
Enum one_of(const std::string& name, const std::string& word, const std::array<std::string_view, N>& allowed) {
  for (std::size_t i = 0; i < N; ++i) {
    if (allowed[i] == word) return static_cast<Enum>(i);
  }
  throw WrongWord{fmt::format("{}: \"{}\" is not known; allowed: {}", name, word, fmt::join(allowed, ", "))};
}

EventTime time(const std::string& name, const std::string& word) {
  if (const auto parsed = parse_rfc3339(word)) return *parsed;
  throw WrongWord{not_a_time(name, word)};
}

std::string zone(const std::string& name, const std::string& word) {
  try {
    date::locate_zone(word);
    return word;
  } catch (const std::runtime_error&) {
    throw WrongWord{
        fmt::format("{}: \"{}\" is not a time zone; allowed: IANA names, such as Europe/Berlin or UTC", name, word)};
  }
}

// An empty word is the bare flag: `?all` in a URL.
bool flag(const std::string& name, const std::string& word) {
  if (word.empty() || word == "true" || word == "1") return true;
  if (word == "false" || word == "0") return false;
  throw WrongWord{fmt::format("{}: \"{}\" is not known; allowed: true, false", name, word)};
}

std::size_t limit(const std::string& word) {
  if (const auto limit = parse_limit(word, kMostRevisions)) return *limit;
  throw WrongWord{not_a_limit(word, kMostRevisions)};
}

void read(FigureQuery& query, const std::string& name, const std::string& word) {
  if (name == "by")
    query.by = one_of<FigureKey>(name, word, kFigureKeyWords);
  else if (name == "every")
    query.every = one_of<Every>(name, word, kEveryWords);
  else if (name == "window")
    query.window = one_of<Window>(name, word, kWindowWords);
  else if (name == "client")
    query.client = word;
  else if (name == "queue")
    query.queue = word;
  else if (name == "channel")
    query.channel = word;
  else if (name == "from")
    query.from = time(name, word);
  else if (name == "to")
    query.to = time(name, word);
  else if (name == "tz")
    query.timezone = zone(name, word);
  else if (name == "basis")
    query.basis = one_of<Basis>(name, word, kBasisWords);
  else if (name == "all")
    query.all = flag(name, word);
  else if (name == "revisions")
    query.revisions = flag(name, word);
  else if (name == "limit")
    query.limit = limit(word);
  else
    throw WrongWord{fmt::format(
        "{}: not known; allowed: by, every, window, client, queue, channel, from, to, tz, basis, all, revisions, limit",
        name)};
}

/// Agents' contacts, leads and deals are not kept by queue or channel: a filter would have to be passed over silently.
void check_filters(const FigureQuery& query) {
  if (query.by == FigureKey::kQueue || query.by == FigureKey::kChat || query.by == FigureKey::kClient ||
      query.by == FigureKey::kProfile) {
    return;
  }
  const char* const filter = query.queue ? "queue" : query.channel ? "channel" : nullptr;
  if (filter == nullptr) return;
  throw WrongWord{fmt::format("{}: figures by {} are not kept by {}; allowed with by: queue, client, chat", filter,
                              kFigureKeyWords[index(query.by)], filter)};
}

/// What is opened stands at its opening, what is closed at its close, and no window reaches as far as deals take.
void check_deal(const FigureQuery& query, const Words& words) {
  if (query.by != FigureKey::kDeal) return;
  for (const char* word : {"basis", "window"}) {
    if (!words.contains(word)) continue;
    throw WrongWord{
        fmt::format("{}: deals have none; allowed with by=deal: client, every, from, to, tz, all, "
                    "revisions, limit",
                    word)};
  }
}

/// A contract is of all that its profile applies to, has a basis of its own, and periods.
void check_profile(const FigureQuery& query, const Words& words) {
  if (query.by != FigureKey::kProfile) return;
  for (const char* word : {"queue", "channel", "basis", "window"}) {
    if (!words.contains(word)) continue;
    throw WrongWord{
        fmt::format("{}: a profile's figures have none; allowed with by=profile: client, every, from, to, "
                    "tz, all, revisions, limit",
                    word)};
  }
  if (query.every == Every::kTotal && words.contains("every")) {
    throw WrongWord{"every: a profile's figures have no total; leave it out for the periods of its contract"};
  }
}

/// Revisions are kept of the 15-minute intervals of rows; other words would have to be passed over silently.
void check_revisions(const FigureQuery& query, const Words& words) {
  if (!query.revisions) {
    if (query.limit) throw WrongWord{"limit: figures are shown whole; allowed with revisions"};
    return;
  }
  if (query.by == FigureKey::kClient) {
    throw WrongWord{
        "revisions: are kept by queue, not by client; allowed with by: queue, agent, lead, deal, profile, chat, "
        "chat-agent"};
  }
  for (const char* word : {"every", "window", "all"}) {
    if (words.contains(word)) {
      throw WrongWord{fmt::format("{}: revisions are listed for each 15 minutes; leave it out", word)};
    }
  }
}

}  // namespace

std::vector<std::string> key_columns(FigureKey by) {
  switch (by) {
    case FigureKey::kAgent:
    case FigureKey::kChatAgent:
      return {"client", "agent"};
    case FigureKey::kLead:
      return {"client", "campaign"};
    case FigureKey::kClient:
    case FigureKey::kDeal:
      return {"client"};
    case FigureKey::kProfile:
      return {"client", "profile"};
    case FigureKey::kQueue:
    case FigureKey::kChat:
      break;
  }
  return {"client", "queue", "channel"};
}

std::vector<std::string> row_names(FigureKey by) {
  auto names = key_columns(by);
  if (by == FigureKey::kDeal) names.emplace_back("currency");
  return names;
}

tl::expected<FigureQuery, std::string> parse_figure_query(const Words& words) {
  try {
    FigureQuery query;
    for (const auto& [name, word] : words) read(query, name, word);
    check_filters(query);
    check_profile(query, words);
    check_deal(query, words);
    check_revisions(query, words);
    if (query.from && query.to && *query.from > *query.to) {
      throw WrongWord{fmt::format("from: {} is later than to ({}); allowed: from ≤ to", format_rfc3339(*query.from),
                                  format_rfc3339(*query.to))};
    }
    return query;
  } catch (const WrongWord& wrong) {
    return tl::unexpected<std::string>(wrong.message);
  }
}

}  // namespace core
