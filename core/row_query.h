// A question for the rows behind figures: visits, leads or deals, as the command line and the API put it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "core/time.h"

namespace core {

enum class RowKind : std::uint8_t { kContacts, kLeads, kDeals };
inline constexpr std::array<std::string_view, 3> kRowKindWords = {"contacts", "leads", "deals"};

/// Words of `outcome`. A closed deal is a won or a lost one; a lead may be of several.
inline constexpr std::array<std::string_view, 5> kVisitOutcomes = {"answered", "abandoned", "flowed_out", "waiting",
                                                                   "unfinished"};
inline constexpr std::array<std::string_view, 5> kLeadOutcomes = {"open", "attempted", "within_target", "contacted",
                                                                  "closed"};
inline constexpr std::array<std::string_view, 5> kDealOutcomes = {"open", "opened", "won", "lost", "closed"};
/// How the service level counts an ended visit: words of `class`.
inline constexpr std::array<std::string_view, 7> kServiceClasses = {
    "answered_within", "answered_late",     "abandoned_short", "abandoned_within",
    "abandoned_late",  "flowed_out_within", "flowed_out_late"};

struct RowQuery {
  RowKind kind = RowKind::kContacts;
  /// What a row's texts must be, by their columns: "client", "queue", "agent" and so on.
  std::map<std::string, std::string, std::less<>> texts;
  /// [from, to): of a visit's begin, a lead's creation; of a deal its opening (of one that never
  /// was opened its close), with an outcome won, lost or closed the close.
  std::optional<EventTime> from, to;
  std::optional<std::string> outcome, service_class;
  std::optional<Millis> wait_over;   ///< Visits that waited longer; of an open one its age at as-of.
  std::optional<std::size_t> limit;  ///< The first so many; absent: all.
};

/// The names of texts that rows of a kind can be picked by.
std::span<const std::string_view> row_texts(RowKind kind);

/// Reads the texts of the kind, "from", "to", "outcome", "limit", of contacts "class" and "wait_over", as given on the
/// command line or in a URL. The error says which one is wrong and what is allowed. Unknown names are errors.
tl::expected<RowQuery, std::string> parse_row_query(RowKind kind, const std::map<std::string, std::string>& words);

}  // namespace core
