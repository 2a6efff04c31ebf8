// A question for dead letters, as the command line and the API put it.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <tl/expected.hpp>

namespace core {

struct DeadLetterQuery {
  std::optional<std::string> source, reason;
  std::optional<std::size_t> limit;  ///< The newest so many; absent: all.
};

/// Reads "source", "reason", "limit" as given on the command line or in a URL. The error says which one is wrong and
/// what is allowed. Unknown names are errors.
tl::expected<DeadLetterQuery, std::string> parse_dead_letter_query(const std::map<std::string, std::string>& words);

}  // namespace core
