// A question for figures, as the command line and the API put it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "core/every.h"
#include "core/figure_config.h"
#include "core/time.h"

namespace core {

enum class FigureKey : std::uint8_t { kQueue, kAgent, kClient, kLead, kProfile, kDeal, kChat, kChatAgent };
inline constexpr std::array<std::string_view, 8> kFigureKeyWords = {"queue",   "agent", "client", "lead",
                                                                    "profile", "deal",  "chat",   "chat-agent"};

/// A contract has a basis of its own, deals have none.
constexpr bool has_basis(FigureKey by) { return by != FigureKey::kProfile && by != FigureKey::kDeal; }

/// Rolling windows that end with the running 10 s slice of as-of, and the client's day so far.
enum class Window : std::uint8_t { k5m, k15m, k30m, k1h, kDay };
inline constexpr std::array<std::string_view, 5> kWindowWords = {"5m", "15m", "30m", "1h", "day"};

/// The columns that name a row: "client", "queue", "channel" by queue.
std::vector<std::string> key_columns(FigureKey by);
/// The names that a row has where it is told apart from all others: of deals the currency, too, which is a column of
/// its own behind them.
std::vector<std::string> row_names(FigureKey by);

struct FigureQuery {
  FigureKey by = FigureKey::kQueue;
  Every every = Every::kTotal;   ///< By profile: the periods of its contract.
  std::optional<Window> window;  ///< If set, `every`, `from`, `to` and `basis` do not matter: one row a key, basis event.
  std::optional<std::string> client, queue, channel;
  std::optional<EventTime> from, to;
  std::optional<std::string> timezone;  ///< IANA name; absent: intervals in each client's zone, times printed in UTC.
  Basis basis = Basis::kArrival;
  bool all = false;                     ///< Also rows in which nothing happened.
  bool revisions = false;  ///< Not the figures, but how they changed after they were final (core/revision.h).
  std::optional<std::size_t> limit;  ///< Of revisions: the first so many, in order; absent: all.
};

/// What a limit of revisions may be.
inline constexpr std::size_t kMostRevisions = 10'000;

/// Reads "by", "every", "window", "client", "queue", "channel", "from", "to", "tz", "basis", "all", "revisions",
/// "limit" as given on the command line or in a URL. The error says which one is wrong and what is allowed. Unknown
/// names are errors.
tl::expected<FigureQuery, std::string> parse_figure_query(const std::map<std::string, std::string>& words);

}  // namespace core
