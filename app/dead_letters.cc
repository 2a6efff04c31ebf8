#include "app/dead_letters.h"

#include "app/commands/command.h"
#include "core/printable_text.h"

namespace app {

tl::expected<KeptLetters, Ending> read_dead_letters(const std::string& store_url, const core::DeadLetterQuery& query) {
  const auto store = open_store_for_reading(store_url);
  if (!store) return tl::unexpected(store.error());
  auto letters = (*store)->dead_letters(query);
  if (!letters) return tl::unexpected(Ending{kEnvironmentFailed, letters.error().message});
  const auto dropped = (*store)->dead_letters_dropped();
  if (!dropped) return tl::unexpected(Ending{kEnvironmentFailed, dropped.error().message});
  return KeptLetters{std::move(*letters), *dropped};
}

core::FigureTable dead_letter_table(const std::vector<core::DeadLetter>& letters) {
  core::FigureTable table{{"seen", "source", "position", "reason", "detail", "headers", "content"}, {}};
  for (const core::DeadLetter& letter : letters) {
    const core::EventTime seen{letter.seen.time_since_epoch()};
    table.rows.push_back({core::format_rfc3339(seen), letter.source, core::printable(letter.position), letter.reason,
                          core::printable(letter.detail), letter.headers, core::printable(letter.content)});
  }
  return table;
}

}  // namespace app
