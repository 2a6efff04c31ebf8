#include "processors/catalogue/catalogue.h"

#include <algorithm>
#include <set>
#include <utility>

namespace processors {
namespace {

/// How many letters must be put in, left out or changed (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
    }
  }
  return row[b.size()];
}

}  // namespace

const std::vector<CatalogueTable>& catalogue() {
  static const std::vector<CatalogueTable> kTables = {visit_table(), agent_table(),      lead_table(),    deal_table(),
                                                      chat_table(),  chat_agent_table(), profile_table(), live_table()};
  return kTables;
}

std::vector<FoundFigure> find_figures(std::string_view name, std::optional<core::FigureKey> by) {
  if (by == core::FigureKey::kClient) by = core::FigureKey::kQueue;  // The same figures of all the client's queues.
  std::vector<FoundFigure> found;
  for (const CatalogueTable& table : catalogue()) {
    if (by && table.by != by) continue;
    for (const CataloguedFigure& figure : table.figures) {
      if (figure.name == name || std::ranges::find(figure.series, name) != figure.series.end()) {
        found.push_back({&table, &figure});
      }
    }
  }
  return found;
}

std::vector<std::string> near_figures(std::string_view name) {
  constexpr std::size_t kMost = 8;
  std::set<std::pair<std::size_t, std::string_view>> near;
  const auto consider = [&](std::string_view other) {
    const std::size_t letters = distance(name, other);
    const bool contained =
        !name.empty() && (other.find(name) != std::string_view::npos || name.find(other) != std::string_view::npos);
    if (contained || letters <= std::max<std::size_t>(2, name.size() / 3)) near.emplace(letters, other);
  };
  for (const CatalogueTable& table : catalogue()) {
    for (const CataloguedFigure& figure : table.figures) {
      consider(figure.name);
      for (const std::string_view series : figure.series) consider(series);
    }
  }
  std::vector<std::string> names;
  for (const auto& [letters, other] : near) {
    if (names.size() == kMost) break;
    names.emplace_back(other);
  }
  return names;
}

}  // namespace processors
