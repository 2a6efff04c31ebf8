#include "app/verify/compare_floors.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "core/printable_text.h"
#include "processors/canonical_state.h"

namespace app {
namespace {

using core::EventTime;
using processors::CellPlace;
using processors::RecordKind;
using processors::RecordPrint;
using processors::RecordText;

using Texts = std::map<std::string, std::string>;

Texts texts(Floor& floor, RecordKind kind, std::optional<EventTime> horizon, const std::set<std::string>& ids) {
  Texts found;
  processors::each_record(floor.shards(), kind, horizon, [&](const RecordText& record) {
    if (auto id = std::string(record.id); ids.contains(id)) found[std::move(id)] = record.text;
  });
  return found;
}

std::set<std::string> lines_of(const std::string& text) {
  std::set<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    std::replace(line.begin(), line.end(), '\x1f', ' ');
    lines.insert(core::printable(line));
  }
  return lines;
}

constexpr std::size_t kLinesShown = 3;

/// The lines of one that the other does not have, the first few of them in words.
std::string lines_without(const std::string& of, const std::string& other) {
  const auto mine = lines_of(of), others = lines_of(other);
  std::vector<std::string> only;
  std::set_difference(mine.begin(), mine.end(), others.begin(), others.end(), std::back_inserter(only));
  if (only.empty()) return "nothing more";
  const std::size_t more = only.size() - std::min(only.size(), kLinesShown);
  only.resize(only.size() - more);
  return fmt::format("\"{}\"{}", fmt::join(only, "\", \""), more > 0 ? fmt::format(" and {} more", more) : "");
}

std::string record_difference(const std::string& id, const Texts& store, const Texts& log) {
  const auto in_store = store.find(id), in_log = log.find(id);
  const std::string name = core::printable(id);
  if (in_log == log.end()) return fmt::format("{}: the store has it, the log does not give it", name);
  if (in_store == store.end()) return fmt::format("{}: the log gives it, the store does not have it", name);
  return fmt::format("{}: the store has {}, the log gives {}", name, lines_without(in_store->second, in_log->second),
                     lines_without(in_log->second, in_store->second));
}

/// Walks both in order of id: calls visit(of the store or nullptr, of the log or nullptr).
template <typename Visit>
void side_by_side(const std::vector<RecordPrint>& store, const std::vector<RecordPrint>& log, Visit&& visit) {
  auto a = store.begin(), b = log.begin();
  while (a != store.end() || b != log.end()) {
    if (b == log.end() || (a != store.end() && a->id < b->id)) {
      visit(&*a++, nullptr);
    } else if (a == store.end() || b->id < a->id) {
      visit(nullptr, &*b++);
    } else {
      visit(&*a++, &*b++);
    }
  }
}

/// An event came after the store had dropped the contact: there it has but what came since.
bool began_anew(const RecordPrint* kept, const RecordPrint* given) {
  return kept != nullptr && given != nullptr && given->reaches_past && !kept->reaches_past;
}

using Cells = std::map<CellPlace, std::string>;

Cells cells(Floor& floor, std::size_t table) {
  Cells all;
  processors::each_cell(floor.shards(), table,
                        [&](const CellPlace& place, std::string_view packed) { all.emplace(place, packed); });
  return all;
}

const std::string& at(const Cells& cells, const CellPlace& place) {
  static const std::string kNone;
  const auto found = cells.find(place);
  return found == cells.end() ? kNone : found->second;
}

std::string interval_words(std::size_t table, const CellPlace& place) {
  const auto& name = processors::kCellTables[table];
  std::string key = place.a;
  for (const std::string* part : {&place.b, &place.c}) {
    if (!part->empty()) key += "/" + *part;
  }
  return fmt::format("{} {} of {}{}", core::format_rfc3339(core::slot_start(place.interval, core::kInterval)),
                     core::printable(key), name.family,
                     name.basis ? fmt::format(", basis {}", core::kBasisWords[core::index(*name.basis)]) : "");
}

/// The same cell as the store has it, as its records add up to it, and as the log gives it.
std::uint64_t compare_cells(std::size_t table, const Cells& store, const Cells& records, const Cells* log,
                            Differences& differences) {
  std::set<CellPlace> places;
  for (const Cells* side : {&store, &records, log}) {
    if (side == nullptr) continue;
    for (const auto& [place, packed] : *side) places.insert(place);
  }
  for (const CellPlace& place : places) {
    const std::string& kept = at(store, place);
    const auto against = [&](const std::string& other, const char* from) {
      differences.add("interval", fmt::format("{}: {} by {}", interval_words(table, place),
                                              processors::differing_columns(table, kept, other), from));
    };
    if (const auto& sum = at(records, place); kept != sum) {
      against(sum, "the store's own records");
    } else if (log != nullptr && kept != at(*log, place)) {
      against(at(*log, place), "the log");
    }
  }
  return places.size();
}

}  // namespace

Compared compare_records(Floor& store, Floor& log, std::optional<EventTime> horizon, Differences& differences) {
  Compared sum;
  for (std::size_t k = 0; k < processors::kRecordKindWords.size(); ++k) {
    const auto kind = static_cast<RecordKind>(k);
    const std::string word(processors::kRecordKindWords[k]);
    std::vector<std::string> differing;
    const auto prints = [&](Floor& floor) { return processors::record_prints(floor.shards(), kind, horizon); };
    side_by_side(prints(store), prints(log), [&](const RecordPrint* kept, const RecordPrint* given) {
      if (kept != nullptr && kept->reaches_back) return void(++sum.left_out);
      if (began_anew(kept, given)) return void(++sum.left_out);
      ++sum.compared;
      if (kept == nullptr || given == nullptr || kept->hash != given->hash) {
        differing.push_back(kept != nullptr ? kept->id : given->id);
      }
    });
    if (differing.empty()) continue;
    const auto shown = std::min(differing.size(), Differences::kShown);
    const std::set<std::string> ids(differing.begin(), differing.begin() + static_cast<std::ptrdiff_t>(shown));
    const Texts kept = texts(store, kind, horizon, ids), given = texts(log, kind, horizon, ids);
    for (const std::string& id : differing) {
      differences.add(word, differences.shows(word) ? record_difference(id, kept, given) : std::string{});
    }
  }
  return sum;
}

std::uint64_t compare_intervals(Floor& store, Floor* log, Differences& differences) {
  const auto settle = [](Floor& floor) {
    for (processors::Shard* shard : floor.shards()) shard->settle_maxima();
  };
  settle(store);
  if (log != nullptr) settle(*log);
  std::array<Cells, processors::kCellTables.size()> kept;
  for (std::size_t table = 0; table < kept.size(); ++table) kept[table] = cells(store, table);
  store.rebuild();
  std::uint64_t compared = 0;
  for (std::size_t table = 0; table < kept.size(); ++table) {
    const Cells given = log != nullptr ? cells(*log, table) : Cells{};
    compared += compare_cells(table, kept[table], cells(store, table), log != nullptr ? &given : nullptr, differences);
  }
  return compared;
}

}  // namespace app
