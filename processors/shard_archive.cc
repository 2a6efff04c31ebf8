// A shard and its archive: contacts, leads and deals leave in pages, and come back before an event of them is applied.
#include <algorithm>
#include <utility>

#include "core/text_hash.h"
#include "processors/contact_facts.h"
#include "processors/listed_names.h"
#include "processors/packed_pieces.h"
#include "processors/shard.h"

namespace processors {
namespace {

/// About 120 contacts: one of them costs as much to find as the page to read.
constexpr std::size_t kPageBytes = 16 * 1024;

bool holds(std::span<const std::uint64_t> hashes, std::uint64_t hash) {
  return std::find(hashes.begin(), hashes.end(), hash) != hashes.end();
}

/// What tells in the archive a lead from a deal or a contact of the same id.
constexpr std::uint64_t salt_of(Piece piece) {
  return piece == Piece::kLeads ? 0x9e3779b97f4a7c15 : piece == Piece::kDeals ? 0xd1b54a32d192ed03 : 0;
}
std::uint64_t archive_hash(Piece piece, std::string_view id) { return core::text_hash(id) ^ salt_of(piece); }

core::EventTime first_of(const ContactRecord& record) { return record.marks().front().time; }
core::EventTime first_of(const AttributeRecord& record) { return record.first(); }
/// Contacts are dropped by the time of their last event, leads and deals never.
core::EventTime last_of(const ContactRecord& record) { return record.last(); }
core::EventTime last_of(const AttributeRecord&) { return core::EventTime::max(); }

/// Fills one page after the other: the list of names, then of each contact its hash, its length and its record, so that
/// one can be read without the others.
class PageWriter {
 public:
  PageWriter(std::uint32_t shard, std::uint64_t& next_number, const core::Names& names)
      : shard_(shard), next_number_(next_number), names_(names) {}

  /// The next ones are of this kind.
  void begin_kind(Piece piece) {
    if (!records_.empty()) finish();
    piece_ = piece;
  }
  template <typename Record>
  std::uint64_t add(const Record& record) {
    if (records_.size() >= kPageBytes) finish();
    if (records_.empty()) begin();
    core::ArchivePage& page = pages_.back();
    packed_.clear();
    ListedWriter writer(packed_, list_);
    record.pack(writer);
    core::PackedWriter out(records_);
    page.hashes.push_back(archive_hash(piece_, record.id()));
    for (int shift = 0; shift < 64; shift += 8) out.byte(static_cast<std::uint8_t>(page.hashes.back() >> shift));
    out.text(packed_);
    page.first = std::min(page.first, first_of(record));
    page.last = std::max(page.last, last_of(record));
    return page.number;
  }
  std::vector<core::ArchivePage> take() {
    if (!records_.empty()) finish();
    return std::move(pages_);
  }

 private:
  void begin() {
    core::ArchivePage& page = pages_.emplace_back();
    page.shard = shard_, page.number = next_number_++;
    page.first = core::EventTime::max(), page.last = core::EventTime::min();
  }
  void finish() {
    StateWriter out(pages_.back().bytes, names_);
    out.byte(static_cast<std::uint8_t>(piece_));
    out.number(list_.names().size());
    for (const core::NameId name : list_.names()) out.name(name);
    out.bytes(records_);
    records_.clear();
    list_ = {};
  }

  Piece piece_ = Piece::kListed;
  std::uint32_t shard_;
  std::uint64_t& next_number_;
  const core::Names& names_;
  std::vector<core::ArchivePage> pages_;
  NameList list_;        ///< of the last page
  std::string records_;  ///< of the last page
  std::string packed_;
};

std::uint64_t read_hash(core::PackedReader& in) {
  std::uint64_t hash = 0;
  for (int shift = 0; shift < 64; shift += 8) hash |= std::uint64_t{in.byte()} << shift;
  return hash;
}

/// Of which kind the records of a page are.
Piece kind_of(std::string_view bytes) {
  const auto piece = bytes.empty() ? Piece{} : static_cast<Piece>(bytes.front());
  switch (piece) {
    case Piece::kArchive:
    case Piece::kListed:
      return Piece::kListed;
    case Piece::kLeads:
    case Piece::kDeals:
      return piece;
    default:
      throw core::CorruptState("a page of the archive is none");
  }
}

/// Those of a page for whose hash `wanted(hash)` holds; the others are stepped over.
template <typename Record, typename Wanted, typename Visit>
void each_in_page(std::string_view bytes, core::Names& names, Wanted&& wanted, Visit&& visit) {
  StateReader in(bytes, names);
  if (static_cast<Piece>(in.byte()) == Piece::kArchive) {
    while (!in.at_end()) {
      const Record record = Record::unpack(in);
      if (wanted(core::text_hash(record.id()))) visit(record);
    }
    return;
  }
  for (std::size_t n = in.count(); n > 0; --n) in.name();
  while (!in.at_end()) {
    const bool read = wanted(read_hash(in));
    const std::uint64_t size = in.number();
    if (read) {
      visit(Record::unpack(in));
    } else {
      in.bytes(size);
    }
  }
}

/// One that was dropped may still lie in a page beside others that are kept.
template <typename Record>
bool is_kept(const Record& record, std::optional<core::EventTime> dropped_before) {
  return !dropped_before || last_of(record) >= *dropped_before;
}

/// Those of a page whose version in it is current.
template <typename Record, typename Visit>
void each_current(std::string_view bytes, core::Names& names, std::span<const std::uint64_t> superseded,
                  std::optional<core::EventTime> dropped_before, Visit&& visit) {
  const auto wanted = [&](std::uint64_t hash) { return !holds(superseded, hash); };
  each_in_page<Record>(bytes, names, wanted, [&](const Record& record) {
    if (is_kept(record, dropped_before)) visit(record);
  });
}

}  // namespace

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
  PageWriter pages(number_, next_page_, names_);
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

void Shard::want(const core::Event& event, Touch touch) {
  if (touch == Touch::kLead) return want(leads_, Piece::kLeads, event.lead);
  if (core::is_of_contact(event.type)) return want(contacts_, Piece::kListed, event.contact);
  if (core::is_of_lead(event.type)) return want(leads_, Piece::kLeads, event.lead);
  if (core::is_of_deal(event.type)) want(deals_, Piece::kDeals, event.deal);
}

template <typename Record>
void Shard::want(const RestingTable<Record>& table, Piece piece, std::string_view id) {
  const std::uint64_t hash = archive_hash(piece, id);
  if (archived_.may_hold(hash) && !table.holds(id)) wanted_.push_back(hash);
}

std::size_t Shard::fetch_wanted(std::optional<std::uint64_t> as_of_page) {
  if (wanted_.empty()) return 0;
  std::sort(wanted_.begin(), wanted_.end());
  wanted_.erase(std::unique(wanted_.begin(), wanted_.end()), wanted_.end());
  archive_->find(number_, wanted_, as_of_page, [&](std::uint64_t page, std::string_view bytes, auto superseded) {
    const auto wanted = [&](std::uint64_t hash) {
      return std::binary_search(wanted_.begin(), wanted_.end(), hash) && !holds(superseded, hash);
    };
    const auto take_back = [&]<typename Record>(RestingTable<Record>& table) {
      each_in_page<Record>(bytes, names_, wanted, [&](const Record& record) {
        if (is_kept(record, dropped_before_)) table.take_back(record, page);
      });
    };
    with_table_of(kind_of(bytes), take_back);
  });
  const std::size_t looked_for = wanted_.size();
  wanted_.clear();
  return looked_for;
}

template <typename Use>
void Shard::with_table_of(Piece piece, Use&& use) {
  if (piece == Piece::kLeads) return use(leads_);
  if (piece == Piece::kDeals) return use(deals_);
  use(contacts_);
}

template <typename Record>
void Shard::each_archived(Piece piece, std::uint64_t since_page, core::EventTime from, core::EventTime to,
                          const std::function<void(std::uint64_t page, const Record&)>& visit) {
  if (archive_ == nullptr || archived_.empty()) return;
  archive_->pages(number_, since_page, from, to, [&](std::uint64_t page, std::string_view bytes, auto superseded) {
    if (kind_of(bytes) != piece) return;
    each_current<Record>(bytes, names_, superseded, dropped_before_,
                         [&](const Record& record) { visit(page, record); });
  });
}

template <typename Record>
void Shard::each_record(RestingTable<Record>& table, Piece piece, core::EventTime from, core::EventTime to,
                        const std::function<void(const Record&)>& visit) {
  table.each(visit);
  each_archived<Record>(piece, 0, from, to, [&](std::uint64_t, const Record& record) {
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
void Shard::each_deal(const std::function<void(const AttributeRecord&)>& visit) {
  each_record(deals_, Piece::kDeals, core::EventTime::min(), core::EventTime::max(), visit);
}

void Shard::open_again() {
  each_archived<ContactRecord>(Piece::kListed, 0, core::EventTime::min(), core::EventTime::max(),
                               [&](std::uint64_t page, const ContactRecord& record) {
                                 if (view_of(record, rules_, names_).open()) contacts_.take_back(record, page);
                               });
}

void Shard::prepare(std::string_view piece) {
  if (archived_.empty() || piece.empty() || static_cast<Piece>(piece.front()) != Piece::kJournal) return;
  StateReader in(piece, names_);
  in.byte();
  while (!in.at_end()) {
    const auto kind = static_cast<Kind>(in.byte());
    if (kind == Kind::kContact) {
      want(contacts_, Piece::kListed, ContactRecord::unpack(in).id());
    } else if (kind == Kind::kLead) {
      want(leads_, Piece::kLeads, AttributeRecord::unpack(in).id());
    } else if (kind == Kind::kDeal) {
      want(deals_, Piece::kDeals, AttributeRecord::unpack(in).id());
    } else {
      break;  // Agents come last, and are in memory.
    }
  }
  fetch_wanted(next_page_ - 1);
}

void Shard::restored() {
  // What left since the snapshot is in memory again, the same as in its page; it may leave without being written anew.
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
