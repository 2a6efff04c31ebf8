// The page of an interval that left memory: the cells of all tables, each stepped over by who does not want it, and the
// states of the agents.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "processors/cell_book.h"
#include "processors/listed_names.h"
#include "processors/packed_pieces.h"
#include "processors/state_io.h"

namespace processors {

/// Confined to the shard thread.
class IntervalPageWriter {
 public:
  /// The parts of a page: tables 0 to 6, the states, and the tables that came later.
  static constexpr std::size_t kStatesPart = 7;
  static constexpr std::size_t part_of(std::size_t table) { return table < kStatesPart ? table : table + 1; }

  /// `table`: as CellBook::with_table() counts them.
  template <typename CellType>
  void cell(std::size_t table, const CellKey& key, const CellType& cell) {
    ListedWriter out(parts_[part_of(table)], names_);
    out.name(key.a), out.name(key.b), out.name(key.c);
    cell.pack(out);
  }
  /// write(out) writes the states.
  template <typename Write>
  void states(core::NameId agent, Write&& write) {
    ListedWriter out(parts_[kStatesPart], names_);
    out.name(agent);
    write(out);
  }

  std::string take(const core::Names& names) const {
    std::string bytes;
    StateWriter out(bytes, names);
    out.byte(static_cast<std::uint8_t>(Piece::kParts));
    out.number(parts_.size());
    names_.write(out);
    for (const std::string& part : parts_) out.text(part);
    return bytes;
  }

 private:
  NameList names_;
  std::array<std::string, CellBook::kTables + 1> parts_;
};

/// Reads the parts in their order: that of the tables, with the states before table 7. Everything throws
/// core::CorruptState. Confined to the shard thread.
class IntervalPageReader {
 public:
  IntervalPageReader(std::string_view bytes, core::Names& names) : in_(bytes, names) {
    const auto piece = static_cast<Piece>(in_.byte());
    if (piece == Piece::kInterval) {
      parts_ = IntervalPageWriter::kStatesPart + 1;
    } else if (piece == Piece::kWhole) {
      parts_ = IntervalPageWriter::kStatesPart + 2;  // And contracts.
    } else if (piece == Piece::kParts) {
      parts_ = in_.count();
      if (parts_ > CellBook::kTables + 1) throw core::CorruptState("a page of an interval has parts of a later build");
    } else {
      throw core::CorruptState("a page of an interval is none");
    }
    NameList::read(in_);
  }

  /// visit(key, in) for each cell of the table, which it unpacks.
  template <typename Visit>
  void cells(std::size_t table, Visit&& visit) {
    part(IntervalPageWriter::part_of(table), [&] {
      CellKey key;
      key.a = in_.name(), key.b = in_.name(), key.c = in_.name();
      visit(key, in_);
    });
  }
  /// visit(agent, in) for each agent, whose states it unpacks.
  template <typename Visit>
  void states(Visit&& visit) {
    part(IntervalPageWriter::kStatesPart, [&] {
      const core::NameId agent = in_.name();
      visit(agent, in_);
    });
  }

 private:
  template <typename ReadOne>
  void part(std::size_t wanted, ReadOne&& read_one) {
    if (wanted >= parts_) return;  // It is of before there was such a table.
    for (; next_ < wanted; ++next_) in_.text();
    ++next_;
    const std::size_t size = in_.count(), behind = in_.left() - size;
    while (in_.left() > behind) read_one();
    if (in_.left() != behind) throw core::CorruptState("a part of an interval's page is longer than it says");
  }

  StateReader in_;
  std::size_t parts_ = 0, next_ = 0;
};

}  // namespace processors
