// Dead letters as the command and the API show them.
#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "app/open_store.h"
#include "core/dead_letter_query.h"
#include "core/figure_table.h"
#include "core/store.h"

namespace app {

struct KeptLetters {
  std::vector<core::DeadLetter> letters;  ///< Newest last.
  std::uint64_t dropped = 0;              ///< So many are no longer kept, since the store was made.
};

/// Reads them from the store beside whoever writes it, without its state. Thread-safe. Failures as open_for_reading.
tl::expected<KeptLetters, Ending> read_dead_letters(const std::string& store_url, const core::DeadLetterQuery& query);

/// One row each; what is not printable is escaped.
core::FigureTable dead_letter_table(const std::vector<core::DeadLetter>& letters);

}  // namespace app
