// A shard's intervals leave memory with a snapshot, and come back before something of them is looked at or changed.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "processors/interval_page.h"
#include "processors/shard.h"

namespace processors {
namespace {

[[noreturn]] void damaged(std::uint32_t shard, core::Slot interval, const std::string& how) {
  throw core::ArchiveFailure(fmt::format("the store's page of the interval {} of shard {} {}",
                                         core::format_rfc3339(core::slot_start(interval, core::kInterval)), shard,
                                         how));
}

}  // namespace

void Shard::leave_before(core::Slot lasting_from, core::Snapshot& snapshot) {
  AwayIntervals& away = book_.away();
  const std::vector<core::Slot> leaving =
      archive_ == nullptr ? std::vector<core::Slot>{} : leaving_before(lasting_from);
  snapshot.leaving = pack_intervals(leaving);
  snapshot.back = away.leave(lasting_from, leaving);
}

std::vector<core::Slot> Shard::leaving_before(core::Slot lasting_from) const {
  std::set<core::Slot> leaving;
  const auto consider = [&](core::Slot interval) {
    if (interval < lasting_from && book_.away().may_leave(interval)) leaving.insert(interval);
  };
  for (std::size_t table = 0; table < CellBook::kTables; ++table) {
    book_.with_table(table, [&](const auto& of) { of.pages([&](core::Slot slot, const auto&) { consider(slot); }); });
  }
  for (std::size_t i = 0; i < agents_.size(); ++i) {
    agents_[i].record.each_interval_before(lasting_from,
                                           [&](core::Slot slot, std::size_t, std::size_t) { consider(slot); });
  }
  return {leaving.begin(), leaving.end()};
}

Shard::Weight Shard::weigh(core::Slot lasting_from) const {
  constexpr std::size_t kRecord = 150, kAgent = 100, kState = 25, kBesideCell = 32;
  Weight weight;
  weight.staying = kRecord * (contacts_.size() + leads_.size() + deals_.size()) + kAgent * agents_.size();
  const auto leaves = [&](core::Slot interval) {
    return archive_ != nullptr && interval < lasting_from && book_.away().may_leave(interval);
  };
  for (std::size_t i = 0; i < agents_.size(); ++i) {
    const AgentRecord& agent = agents_[i].record;
    weight.staying += kState * agent.points().size();
    agent.each_interval_before(lasting_from, [&](core::Slot interval, std::size_t first, std::size_t last) {
      if (!leaves(interval)) return;
      weight.staying -= kState * (last - first), weight.leaving += kState * (last - first);
    });
  }
  for (std::size_t table = 0; table < CellBook::kTables; ++table) {
    book_.with_table(table, [&](const auto& of) {
      using CellType = typename std::decay_t<decltype(of)>::CellType;
      of.pages([&](core::Slot interval, const auto& page) {
        if (leaves(interval)) weight.leaving += page.size() * (sizeof(CellType) + kBesideCell);
      });
    });
  }
  return weight;
}

std::vector<core::IntervalPage> Shard::pack_intervals(const std::vector<core::Slot>& intervals) {
  if (intervals.empty()) return {};
  std::map<core::Slot, IntervalPageWriter> writers;
  for (const core::Slot interval : intervals) writers[interval];
  for (std::size_t table = 0; table < CellBook::kTables; ++table) {
    book_.with_table(table, [&](auto& of) {
      of.pages([&](core::Slot slot, auto& page) {
        const auto writer = writers.find(slot);
        if (writer == writers.end()) return;
        page.each([&](const CellKey& key, const auto& cell) {
          if (!cell.zero()) writer->second.cell(table, key, cell);
        });
      });
    });
  }
  for (std::size_t i = 0; i < agents_.size(); ++i) {
    const AgentRecord& agent = agents_[i].record;
    const core::NameId self = names_.intern(agent.id());
    agent.each_interval_before(intervals.back() + 1, [&](core::Slot slot, std::size_t first, std::size_t last) {
      const auto writer = writers.find(slot);
      if (writer == writers.end()) return;
      writer->second.states(self, [&](ListedWriter& out) { agent.pack_states(first, last, out); });
    });
  }
  std::vector<core::IntervalPage> pages;
  for (const auto& [interval, writer] : writers) pages.push_back({interval, writer.take(names_)});
  return pages;
}

void Shard::let_go_of_intervals() {
  const core::SlotSet gone = book_.away().let_go();
  if (gone.empty()) return;
  for (std::size_t table = 0; table < CellBook::kTables; ++table) {
    book_.with_table(table, [](auto& of) { of.trim_spare(); });
  }
  gone.each([&](core::Slot interval) { forget(interval); });
  for (std::size_t i = 0; i < agents_.size(); ++i) agents_[i].record.let_go(gone);
}

void Shard::forget(core::Slot interval) {
  for (std::size_t table = 0; table < CellBook::kTables; ++table) {
    book_.with_table(table, [&](auto& of) { of.drop(interval); });
  }
}

void Shard::take_back(core::Slot interval, std::string_view bytes) {
  IntervalPageReader page(bytes, names_);
  const auto take_tables = [&](std::size_t first, std::size_t end) {
    for (std::size_t table = first; table < end; ++table) {
      book_.with_table(table, [&](auto& of) {
        page.cells(table, [&](const CellKey& key, StateReader& in) { of.at(interval, key).unpack(in); });
      });
    }
  };
  take_tables(0, IntervalPageWriter::kStatesPart);
  page.states(
      [&](core::NameId agent, StateReader& in) { agents_.at(names_.text(agent)).record.take_back(interval, in); });
  take_tables(IntervalPageWriter::kStatesPart, CellBook::kTables);
}

void Shard::bring_back(core::Slot interval) {
  // Taken in once the archive is done with it: it serves one shard at a time.
  std::optional<std::string> page;
  each_away(interval, interval, [&](core::Slot, std::string_view bytes) { page = bytes; });
  if (!page) damaged(number_, interval, "is not there; replay the log into a new store");
  try {
    take_back(interval, *page);
  } catch (const core::CorruptState& error) {
    forget(interval);  // Half of it would be counted beside the page.
    damaged(number_, interval, fmt::format("is damaged: {}", error.what()));
  } catch (...) {
    forget(interval);
    throw;
  }
}

void Shard::bring_back(core::EventTime from, core::EventTime to) {
  if (book_.away().away().empty() || from >= to) return;
  std::vector<core::Slot> wanted;
  book_.away().away().each([&](core::Slot interval) {
    const core::EventTime start = core::slot_start(interval, core::kInterval);
    if (start < to && start + core::kInterval > from) wanted.push_back(interval);
  });
  for (const core::Slot interval : wanted) book_.away().need(interval);
}

/// The store has pages of intervals that are in memory, too: those are left out.
void Shard::each_away(core::Slot first, core::Slot last,
                      const std::function<void(core::Slot interval, std::string_view bytes)>& visit) {
  archive_->intervals(number_, first, last, [&](core::Slot interval, std::string_view bytes) {
    if (!book_.away().is_away(interval)) return;
    try {
      visit(interval, bytes);
    } catch (const core::CorruptState& error) {
      damaged(number_, interval, fmt::format("is damaged: {}", error.what()));
    }
  });
}

}  // namespace processors
