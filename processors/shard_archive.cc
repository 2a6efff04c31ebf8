// A shard and its archive: contacts, leads and deals leave in pages, and come back before an event of them is applied.
#include <algorithm>
#include <utility>

#include "processors/archive_page.h"
#include "processors/contact_facts.h"
#include "processors/deal_facts.h"
#include "processors/shard.h"

namespace processors {

void Shard::set_archive(core::Archive* archive) {
  archive_ = archive;
  if (archive_ == nullptr) return;
  archive_->hashes(number_, [&](std::uint64_t hash) { archived_.add(hash); });
  book_.away().set_bring_back([this](core::Slot interval) { bring_back(interval); });
  archive_->interval_slots(number_, [&](core::Slot interval) { book_.away().restore(interval); });
}

std::vector<core::ArchivePage> Shard::pack_leaving(std::size_t target) {
  const std::size_t now = contacts_.bytes() + leads_.bytes() + deals_.bytes();
  if (archive_ == nullptr || now <= target) return {};
  ArchivePageWriter pages(number_, next_page_, names_);
  // A tenth more than must go, so that not every commit has to look for some; of each kind the same share.
  const double share = 0.9 * static_cast<double>(target) / static_cast<double>(now);
  const auto choose = [&](auto& table, Piece piece) {
    pages.begin_kind(piece);
    table.choose_leaving(static_cast<std::size_t>(share * static_cast<double>(table.bytes())),
                         [&](const auto& record) { return pages.add(record); });
  };
  choose(contacts_, Piece::kListed), choose(leads_, Piece::kLeads), choose(deals_, Piece::kDeals);
  return pages.take();
}

void Shard::let_go() {
  const auto let_go = [&](auto& table, Piece piece) {
    table.let_go([&](std::string_view id) {
      const std::uint64_t hash = archive_hash(piece, id);
      if (!archived_.may_hold(hash)) archived_.add(hash);
    });
  };
  let_go(contacts_, Piece::kListed), let_go(leads_, Piece::kLeads), let_go(deals_, Piece::kDeals);
  let_go_of_intervals();
}

bool Shard::drop_before(core::EventTime time) {
  settle_maxima();  // While those of whom some may be are still there.
  dropped_before_ = time;
  return contacts_.drop_before(time) > 0 || !archived_.empty();
}

std::vector<core::Superseded> Shard::take_superseded() {
  std::vector<core::Superseded> all;
  const auto take = [&](auto& table, Piece piece) {
    for (const auto& [page, hash] : table.take_superseded()) all.push_back({number_, page, hash ^ salt_of(piece)});
  };
  take(contacts_, Piece::kListed), take(leads_, Piece::kLeads), take(deals_, Piece::kDeals);
  return all;
}

template <typename Record>
std::optional<std::uint64_t> Shard::in_archive(const RestingTable<Record>& table, Piece piece, std::string_view id,
                                               std::uint64_t hash) const {
  const std::uint64_t salted = hash ^ salt_of(piece);
  return archived_.may_hold(salted) && !table.holds(id, hash) ? std::optional(salted) : std::nullopt;
}

std::optional<std::uint64_t> Shard::in_archive(const core::Event& event, Touch touch, std::uint64_t hash) const {
  if (archived_.empty()) return std::nullopt;
  switch (entity_of(event, touch)) {
    case core::Entity::kContact:
      return in_archive(contacts_, Piece::kListed, event.contact, hash);
    case core::Entity::kLead:
      return in_archive(leads_, Piece::kLeads, event.lead, hash);
    case core::Entity::kDeal:
      return in_archive(deals_, Piece::kDeals, event.deal, hash);
    case core::Entity::kAgent:
      break;  // Agents never leave.
  }
  return std::nullopt;
}

bool Shard::may_be_archived(const core::Event& event, Touch touch, std::uint64_t hash) const {
  return in_archive(event, touch, hash).has_value();
}

void Shard::want(const core::Event& event, Touch touch, std::uint64_t hash) {
  if (const auto wanted = in_archive(event, touch, hash)) wanted_.push_back(*wanted);
}

std::size_t Shard::fetch_wanted(std::optional<std::uint64_t> as_of_page) {
  if (wanted_.empty()) return 0;
  std::sort(wanted_.begin(), wanted_.end());
  wanted_.erase(std::unique(wanted_.begin(), wanted_.end()), wanted_.end());
  archive_->find(number_, wanted_, as_of_page, [&](std::uint64_t page, std::string_view bytes, auto superseded) {
    const auto wanted = [&](std::uint64_t hash) {
      return std::binary_search(wanted_.begin(), wanted_.end(), hash) && !holds(superseded, hash);
    };
    const Piece piece = kind_of(bytes);
    const auto take_back = [&]<typename Record>(RestingTable<Record>& table) {
      each_in_page<Record>(bytes, names_, wanted, [&](const Record& record) {
        const bool taken = is_kept(record, dropped_before_) && table.take_back(record, page);
        if (taken && piece != Piece::kDeals) came_back(record);
      });
    };
    with_table_of(piece, take_back);
  });
  const std::size_t looked_for = wanted_.size();
  wanted_.clear();
  return looked_for;
}

/// Slices that are kept while a state is restored do not have it yet.
template <typename Record>
void Shard::came_back(const Record& record) {
  if (!slices_lack_archive_) return;
  book_.freeze_intervals(true);
  fill_slices(record);
  book_.freeze_intervals(false);
}

template <typename Use>
void Shard::with_table_of(Piece piece, Use&& use) {
  if (piece == Piece::kLeads) return use(leads_);
  if (piece == Piece::kDeals) return use(deals_);
  use(contacts_);
}

template <typename Record>
void Shard::each_archived(Piece piece, core::EventTime from, core::EventTime to,
                          const std::function<void(std::uint64_t page, const Record&)>& visit) {
  if (archive_ == nullptr || archived_.empty()) return;
  archive_->pages(number_, 0, from, to, [&](std::uint64_t page, std::string_view bytes, auto superseded) {
    if (kind_of(bytes) != piece) return;
    each_current<Record>(bytes, names_, superseded, dropped_before_,
                         [&](const Record& record) { visit(page, record); });
  });
}

template <typename Record>
void Shard::each_record(RestingTable<Record>& table, Piece piece, core::EventTime from, core::EventTime to,
                        const std::function<void(const Record&)>& visit) {
  table.each(visit);
  each_archived<Record>(piece, from, to, [&](std::uint64_t, const Record& record) {
    if (!table.holds(record.id())) visit(record);
  });
}

void Shard::each_contact(core::EventTime from, core::EventTime to,
                         const std::function<void(const ContactRecord&)>& visit) {
  each_record(contacts_, Piece::kListed, from, to, visit);
}
void Shard::each_lead(core::EventTime from, core::EventTime to,
                      const std::function<void(const AttributeRecord&)>& visit) {
  each_record(leads_, Piece::kLeads, from, to, visit);
}
void Shard::each_deal(core::EventTime from, core::EventTime to,
                      const std::function<void(const AttributeRecord&)>& visit) {
  each_record(deals_, Piece::kDeals, from, to, visit);
}

void Shard::fill_slices_from_archive() {
  if (archive_ == nullptr || archived_.empty()) return;
  archive_->pages(number_, 0, book_.slices_begin(), core::EventTime::max(),
                  [&](std::uint64_t, std::string_view bytes, auto superseded) {
                    const auto fill = [&]<typename Record>(const RestingTable<Record>& table) {
                      each_current<Record>(bytes, names_, superseded, dropped_before_, [&](const Record& record) {
                        if (!table.holds(record.id())) fill_slices(record);
                      });
                    };
                    const Piece piece = kind_of(bytes);
                    if (piece == Piece::kListed) fill(contacts_);
                    if (piece == Piece::kLeads) fill(leads_);
                  });
}

void Shard::open_again() {
  each_archived<ContactRecord>(Piece::kListed, core::EventTime::min(), core::EventTime::max(),
                               [&](std::uint64_t page, const ContactRecord& record) {
                                 if (view_of(record, rules_, names_).open()) contacts_.take_back(record, page);
                               });
}

/// Of a build that had no cells of deals, nor knew which are open.
void Shard::count_deals_anew() {
  std::vector<DealView> views;
  each_deal(core::EventTime::min(), core::EventTime::max(), [&](const AttributeRecord& record) {
    if (const auto view = deal_view_of(record, rules_, names_)) views.push_back(*view);
  });
  if (views.empty()) return;
  each_archived<AttributeRecord>(Piece::kDeals, core::EventTime::min(), core::EventTime::max(),
                                 [&](std::uint64_t page, const AttributeRecord& record) {
                                   const auto view = deal_view_of(record, rules_, names_);
                                   if (view && view->open()) deals_.take_back(record, page);
                                 });
  bring_back(core::EventTime::min(), core::EventTime::max());
  for (const DealView& view : views) add_deal(view, +1, book_);
  deals_.judge_open([&](const AttributeRecord& record) {
    const auto view = deal_view_of(record, rules_, names_);
    return view && view->open();
  });
}

namespace {

/// Adds the facts of turns and no others: contracts on them came with their cells.
struct ChatBook {
  CellBook& book;
  template <typename Add>
  void chat(core::Basis basis, core::EventTime time, const CellKey& key, Add&& add) {
    book.chat(basis, time, key, add);
  }
  template <typename Add>
  void chat_agent(core::Basis basis, core::EventTime time, const CellKey& key, Add&& add) {
    book.chat_agent(basis, time, key, add);
  }
  template <typename Add>
  void contract(const CellKey&, core::Slot, core::Slot, Add&&) {}
};

}  // namespace

/// Of a build that had no cells of chats, nor knew which wait for an answer.
void Shard::count_chats_anew() {
  Turns turns;
  each_contact(core::EventTime::min(), core::EventTime::max(), [&](const ContactRecord& record) {
    for (const TurnView& turn : turns_of(record, rules_, names_)) turns.push_back(turn);
  });
  // What the journal's records have added and taken back so far is among them.
  const auto clear = [](auto& family) { family = {}; };
  clear(book_.chats), clear(book_.chat_agents);
  if (turns.empty()) return;
  bring_back(core::EventTime::min(), core::EventTime::max());
  open_again();
  ChatBook book{book_};
  for (const TurnView& turn : turns) add_turn_begin(turn, rules_, +1, book), add_turn_end(turn, rules_, +1, book);
  contacts_.judge_open([&](const ContactRecord& record) { return view_of(record, rules_, names_).open(); });
}

void Shard::prepare(std::string_view piece) {
  if (archived_.empty() || piece.empty() || static_cast<Piece>(piece.front()) != Piece::kJournal) return;
  StateReader in(piece, names_);
  in.byte();
  const auto want_next = [&]<typename Record>(const RestingTable<Record>& table, Piece of) {
    const Record record = Record::unpack(in);
    const auto wanted = in_archive(table, of, record.id(), core::text_hash(record.id()));
    if (wanted) wanted_.push_back(*wanted);
  };
  while (!in.at_end()) {
    const auto kind = static_cast<Kind>(in.byte());
    if (kind == Kind::kContact) {
      want_next(contacts_, Piece::kListed);
    } else if (kind == Kind::kLead) {
      want_next(leads_, Piece::kLeads);
    } else if (kind == Kind::kDeal) {
      want_next(deals_, Piece::kDeals);
    } else {
      break;  // Agents come last, and are in memory.
    }
  }
  fetch_wanted(next_page_ - 1);
}

void Shard::restored() {
  all_came();
  note_archived();
  if (lacks<DealCell>()) count_deals_anew();
  if (lacks<ChatCell>()) count_chats_anew();
  tables_kept_ = CellBook::kTables;
}

/// What left since the snapshot is in memory again, the same as in its page; it may leave without being written anew.
void Shard::note_archived() {
  if (archive_ == nullptr) return;
  const std::uint64_t snapshot = next_page_;
  archive_->pages(number_, snapshot, core::EventTime::min(), core::EventTime::max(),
                  [&](std::uint64_t page, std::string_view bytes, auto superseded) {
                    next_page_ = std::max(next_page_, page + 1);  // Also past one of which nothing is current.
                    const auto archived = [&]<typename Record>(RestingTable<Record>& table) {
                      each_current<Record>(bytes, names_, superseded, dropped_before_,
                                           [&](const Record& record) { table.is_archived(record.id(), page); });
                    };
                    with_table_of(kind_of(bytes), archived);
                  });
}

}  // namespace processors
