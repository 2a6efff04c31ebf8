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
  /// `table`: as CellBook::with_table() counts them.
  template <typename CellType>
  void cell(std::size_t table, const CellKey& key, const CellType& cell) {
    ListedWriter out(parts_[table], names_);
    out.name(key.a), out.name(key.b), out.name(key.c);
    cell.pack(out);
  }
  /// write(out) writes the states.
  template <typename Write>
  void states(core::NameId agent, Write&& write) {
    ListedWriter out(parts_[CellBook::kTables], names_);
    out.name(agent);
    write(out);
  }

  std::string take(const core::Names& names) const {
    std::string bytes;
    StateWriter out(bytes, names);
    out.byte(static_cast<std::uint8_t>(Piece::kInterval));
    names_.write(out);
    for (const std::string& part : parts_) out.text(part);
    return bytes;
  }

 private:
  NameList names_;
  std::array<std::string, CellBook::kTables + 1> parts_;  ///< by table, and the states
};

/// Reads the parts in their order. Everything throws core::CorruptState. Confined to the shard thread.
class IntervalPageReader {
 public:
  IntervalPageReader(std::string_view bytes, core::Names& names) : in_(bytes, names) {
    if (static_cast<Piece>(in_.byte()) != Piece::kInterval) throw core::CorruptState("a page of an interval is none");
    NameList::read(in_);
  }

  /// visit(key, in) for each cell of the table, which it unpacks.
  template <typename Visit>
  void cells(std::size_t table, Visit&& visit) {
    part(table, [&] {
      CellKey key;
      key.a = in_.name(), key.b = in_.name(), key.c = in_.name();
      visit(key, in_);
    });
  }
  /// visit(agent, in) for each agent, whose states it unpacks.
  template <typename Visit>
  void states(Visit&& visit) {
    part(CellBook::kTables, [&] {
      const core::NameId agent = in_.name();
      visit(agent, in_);
    });
  }

 private:
  template <typename ReadOne>
  void part(std::size_t wanted, ReadOne&& read_one) {
    for (; next_ < wanted; ++next_) in_.text();
    ++next_;
    const std::size_t size = in_.count(), behind = in_.left() - size;
    while (in_.left() > behind) read_one();
    if (in_.left() != behind) throw core::CorruptState("a part of an interval's page is longer than it says");
  }

  StateReader in_;
  std::size_t next_ = 0;
};

}  // namespace processors
