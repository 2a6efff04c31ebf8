// A shard's packed state. A piece begins with its kind: cells, records whose facts are in the cells already (both of a
// snapshot), or records that changed since (a journal entry), whose facts follow from what they replace.
#include "processors/agent_time.h"
#include "processors/contact_facts.h"
#include "processors/deal_facts.h"
#include "processors/lead_facts.h"
#include "processors/packed_pieces.h"
#include "processors/shard.h"

namespace processors {
namespace {

constexpr std::size_t kPageBytes = 64 * 1024;

/// Cuts what is written into pages of one kind.
class Pages {
 public:
  Pages(std::vector<std::string>& pages, Piece piece, const core::Names& names)
      : pages_(pages), piece_(piece), names_(names) {}

  /// The writer of the current page; a new page begins where the last one is full.
  StateWriter& writer() {
    if (writer_ && page_.size() >= kPageBytes) finish();
    if (!writer_) {
      page_.clear();
      writer_ = std::make_unique<StateWriter>(page_, names_);
      writer_->byte(static_cast<std::uint8_t>(piece_));
    }
    return *writer_;
  }
  void finish() {
    if (!writer_) return;
    writer_.reset();
    pages_.push_back(page_);
  }

 private:
  std::vector<std::string>& pages_;
  Piece piece_;
  const core::Names& names_;
  std::string page_;
  std::unique_ptr<StateWriter> writer_;
};

template <typename CellType, typename Stays>
void pack_table(Pages& pages, std::uint8_t number, CellTable<CellType>& table, Stays&& stays) {
  table.pages([&](core::Slot slot, auto& page) {
    if (!stays(slot)) return;
    page.each([&](const CellKey& key, CellType& cell) {
      if (cell.zero()) return;
      StateWriter& out = pages.writer();
      out.byte(number);
      out.signed_number(slot);
      out.name(key.a), out.name(key.b), out.name(key.c);
      cell.pack(out);
    });
  });
}

template <typename CellType>
void unpack_cell(StateReader& in, CellTable<CellType>& table) {
  const std::int64_t slot = in.signed_number();
  if (slot < core::kFirstInterval || slot >= core::kEndOfIntervals) {
    throw core::CorruptState("a cell is outside the years 0 to 9999");
  }
  CellKey key;
  key.a = in.name(), key.b = in.name(), key.c = in.name();
  table.at(static_cast<core::Slot>(slot), key).unpack(in);
}

}  // namespace

std::string Shard::pack_changes() {
  std::string bytes;
  StateWriter out(bytes, names_);
  out.byte(static_cast<std::uint8_t>(Piece::kJournal));
  const auto pack = [&](auto& table, Kind kind, const auto& write) {
    for (auto* slot : table.dirty()) {
      out.byte(static_cast<std::uint8_t>(kind));
      write(slot->record);
    }
    table.clear_dirty();
  };
  pack(contacts_, Kind::kContact, [&](ContactRecord& r) { r.pack(out); });
  pack(leads_, Kind::kLead, [&](AttributeRecord& r) { r.pack(out); });
  pack(deals_, Kind::kDeal, [&](AttributeRecord& r) { r.pack(out); });
  pack(agents_, Kind::kAgent, [&](AgentRecord& r) { out.text(r.id()), r.pack_changes(out); });
  return bytes.size() > 1 ? bytes : std::string{};
}

core::Snapshot Shard::pack_snapshot(core::Slot lasting_from) {
  settle_maxima();  // Also those of what leaves.
  core::Snapshot snapshot;
  snapshot.shard = number_;
  leave_before(lasting_from, snapshot);
  const core::SlotSet& leaving = book_.away().leaving();
  std::vector<std::string>& pages = snapshot.pages;
  Pages cells(pages, Piece::kCells, names_);
  for (std::uint8_t table = 0; table < CellBook::kTables; ++table) {
    book_.with_table(table, [&](auto& of) {
      pack_table(cells, table, of, [&](core::Slot interval) { return !leaving.contains(interval); });
    });
  }
  cells.finish();

  Pages totals(pages, Piece::kTotals, names_);
  totals.writer();
  for (std::uint8_t table = 0; table < CellBook::kTotals; ++table) {
    book_.with_totals(table, [&](auto& of) { pack_table(totals, table, of, [](core::Slot) { return true; }); });
  }
  totals.finish();

  Pages place(pages, Piece::kPlace, names_);
  place.writer().number(next_page_);
  if (dropped_before_) place.writer().time(*dropped_before_);
  place.finish();

  Pages tables(pages, Piece::kTables, names_);
  tables.writer().number(CellBook::kTables);
  tables.finish();

  Pages records(pages, Piece::kRecords, names_);
  const auto begin = [&](Kind kind) -> StateWriter& {
    StateWriter& out = records.writer();
    out.byte(static_cast<std::uint8_t>(kind));
    return out;
  };
  contacts_.each_unarchived([&](const ContactRecord& r) { r.pack(begin(Kind::kContact)); });
  leads_.each_unarchived([&](const AttributeRecord& r) { r.pack(begin(Kind::kLead)); });
  deals_.each_unarchived([&](const AttributeRecord& r) { r.pack(begin(Kind::kDeal)); });
  for (std::size_t i = 0; i < agents_.size(); ++i) {
    StateWriter& out = begin(Kind::kAgent);
    out.text(agents_[i].record.id());
    agents_[i].record.pack_all(leaving, out);
  }
  for (std::size_t i = 0; i < agents_.size(); ++i) {
    const AgentRecord& agent = agents_[i].record;
    const core::SlotSet away = agent.away_after(leaving);
    if (away.empty()) continue;
    StateWriter& out = begin(Kind::kAgentAway);
    out.text(agent.id());
    agent.pack_away(away, out);
  }
  records.finish();
  return snapshot;
}

std::string Shard::pack_within(core::EventTime from, core::EventTime to) {
  std::string bytes;
  StateWriter out(bytes, names_);
  out.byte(static_cast<std::uint8_t>(Piece::kJournal));
  const auto pack = [&](auto& table, Kind kind) {
    table.each([&](const auto& record) {
      if (!record.touches(from, to)) return;
      out.byte(static_cast<std::uint8_t>(kind));
      record.pack(out);
    });
  };
  pack(contacts_, Kind::kContact), pack(leads_, Kind::kLead), pack(deals_, Kind::kDeal);
  for (std::size_t i = 0; i < agents_.size(); ++i) {
    // The kind is written first, so an agent without anything in the range is left out before.
    if (!agents_[i].record.touches(from, to)) continue;
    out.byte(static_cast<std::uint8_t>(Kind::kAgent));
    agents_[i].record.pack_within(from, to, out);
  }
  return bytes;
}

void Shard::restore(std::string_view bytes) {
  StateReader in(bytes, names_);
  switch (static_cast<Piece>(in.byte())) {
    case Piece::kCells:
      of_snapshot_ = true;
      while (!in.at_end()) restore_cells(in);
      break;
    case Piece::kRecords:
      of_snapshot_ = true;
      book_.freeze_intervals(true);
      while (!in.at_end()) restore_record(in, false);
      book_.freeze_intervals(false);
      break;
    case Piece::kJournal:
      while (!in.at_end() && static_cast<Kind>(in.rest().front()) != Kind::kAgent) restore_record(in, true);
      if (!in.at_end()) agents_to_come_.push_back({std::string(in.rest()), in.known()});
      break;
    case Piece::kTotals:
      totals_kept_ = true;
      while (!in.at_end()) restore_totals(in);
      break;
    case Piece::kTables:
      tables_kept_ = in.number();
      break;
    case Piece::kPlace:
      of_snapshot_ = true;
      next_page_ = in.number();
      if (!in.at_end()) dropped_before_ = in.time();
      break;
    default:
      throw core::CorruptState("a piece of an unknown kind");
  }
}

/// An agent's entry has only what changed, and states are added where they belong: at the end, if they come in order.
void Shard::all_came() {
  contacts_.all_came(), leads_.all_came(), deals_.all_came();
  for (auto entry = agents_to_come_.rbegin(); entry != agents_to_come_.rend(); ++entry) {
    StateReader in(entry->bytes, names_, std::move(entry->names));
    while (!in.at_end()) restore_record(in, true);
  }
  agents_to_come_ = {};
}

void Shard::take_changes(std::string_view bytes) {
  restore(bytes);
  all_came();
  contacts_.mark_all_dirty(), leads_.mark_all_dirty(), deals_.mark_all_dirty();
  for (std::size_t i = 0; i < agents_.size(); ++i) {
    agents_.mark_dirty(agents_[i]);
    agents_[i].record.mark_all_changed();
  }
}

void Shard::restore_cells(StateReader& in) {
  const std::uint8_t number = in.byte();
  if (number >= CellBook::kTables) throw core::CorruptState("a cell of an unknown family");
  book_.with_table(number, [&](auto& table) { unpack_cell(in, table); });
}

void Shard::restore_totals(StateReader& in) {
  const std::uint8_t number = in.byte();
  if (number >= CellBook::kTotals) throw core::CorruptState("a total of an unknown family");
  book_.with_totals(number, [&](auto& table) { unpack_cell(in, table); });
}

void Shard::restore_record(StateReader& in, bool of_journal) {
  switch (static_cast<Kind>(in.byte())) {
    case Kind::kContact:
      return contacts_.restore(
          ContactRecord::unpack(in), of_journal,
          [&](const ContactRecord* before, const ContactRecord& after) { return count_contact(before, after); });
    case Kind::kLead:
      return leads_.restore(
          AttributeRecord::unpack(in), of_journal,
          [&](const AttributeRecord* before, const AttributeRecord& after) { return count_lead(before, after); });
    case Kind::kDeal:
      return deals_.restore(
          AttributeRecord::unpack(in), of_journal,
          [&](const AttributeRecord* before, const AttributeRecord& after) { return count_deal(before, after); });
    case Kind::kAgent: {
      const std::string_view id = in.text();
      AgentBook book(book_, rules_);
      return agents_.at(id).record.unpack(in, names_.intern(id), names_, book);
    }
    case Kind::kAgentAway: {
      const std::string_view id = in.text();
      return agents_.at(id).record.unpack_away(in);
    }
  }
  throw core::CorruptState("a record of an unknown kind");
}

bool Shard::count_contact(const ContactRecord* before, const ContactRecord& after) {
  // Of a snapshot's records all that facts would say is in its cells, but for slices, which most are too old for.
  const bool counts = !book_.intervals_frozen() || (book_.slices_kept() && after.last() >= book_.slices_begin());
  const ContactView now = view_of(after, rules_, names_, {.offers = counts});
  if (counts) {
    replace_contact(before == nullptr ? ContactView{} : view_of(*before, rules_, names_), now, rules_, book_);
  }
  return now.open();
}

bool Shard::count_lead(const AttributeRecord* before, const AttributeRecord& after) {
  const auto was = before == nullptr ? std::nullopt : view_of(*before, rules_, names_);
  const auto now = view_of(after, rules_, names_);
  if (was) add_lead(*was, rules_, -1, book_);
  if (now) add_lead(*now, rules_, +1, book_);
  return now && now->open;
}

bool Shard::count_deal(const AttributeRecord* before, const AttributeRecord& after) {
  const auto now = deal_view_of(after, rules_, names_);
  if (!lacks<DealCell>()) {
    const auto was = before == nullptr ? std::nullopt : deal_view_of(*before, rules_, names_);
    if (was) add_deal(*was, -1, book_);
    if (now) add_deal(*now, +1, book_);
  }
  return now && now->open();
}

}  // namespace processors
