// A shard and its archive: contacts leave in pages, and come back before an event of them is applied.
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

/// Fills one page after the other: the list of names, then of each contact its hash, its length and its record, so that
/// one can be read without the others.
class PageWriter {
 public:
  PageWriter(std::uint32_t shard, std::uint64_t& next_number, const core::Names& names)
      : shard_(shard), next_number_(next_number), names_(names) {}

  std::uint64_t add(const ContactRecord& record) {
    if (records_.size() >= kPageBytes) finish();
    if (records_.empty()) begin();
    core::ArchivePage& page = pages_.back();
    packed_.clear();
    ListedWriter writer(packed_, list_);
    record.pack(writer);
    core::PackedWriter out(records_);
    page.hashes.push_back(core::text_hash(record.id()));
    for (int shift = 0; shift < 64; shift += 8) out.byte(static_cast<std::uint8_t>(page.hashes.back() >> shift));
    out.text(packed_);
    page.first = std::min(page.first, record.marks().front().time);
    page.last = std::max(page.last, record.marks().back().time);
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
    out.byte(static_cast<std::uint8_t>(Piece::kListed));
    out.number(list_.names().size());
    for (const core::NameId name : list_.names()) out.name(name);
    out.bytes(records_);
    records_.clear();
    list_ = {};
  }

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

/// Those of a page for whose hash `wanted(hash)` holds; the others are stepped over.
template <typename Wanted, typename Visit>
void each_in_page(std::string_view bytes, core::Names& names, Wanted&& wanted, Visit&& visit) {
  StateReader in(bytes, names);
  switch (static_cast<Piece>(in.byte())) {
    case Piece::kArchive:
      while (!in.at_end()) {
        const ContactRecord record = ContactRecord::unpack(in);
        if (wanted(core::text_hash(record.id()))) visit(record);
      }
      return;
    case Piece::kListed:
      for (std::size_t n = in.count(); n > 0; --n) in.name();
      while (!in.at_end()) {
        const bool read = wanted(read_hash(in));
        const std::uint64_t size = in.number();
        if (read) {
          visit(ContactRecord::unpack(in));
        } else {
          in.bytes(size);
        }
      }
      return;
    default:
      throw core::CorruptState("a page of the archive is none");
  }
}

/// Those of a page whose version in it is current; one that was dropped may still lie beside others that are kept.
template <typename Visit>
void each_current(std::string_view bytes, core::Names& names, std::span<const std::uint64_t> superseded,
                  std::optional<core::EventTime> dropped_before, Visit&& visit) {
  const auto wanted = [&](std::uint64_t hash) { return !holds(superseded, hash); };
  each_in_page(bytes, names, wanted, [&](const ContactRecord& record) {
    if (!dropped_before || record.last() >= *dropped_before) visit(record);
  });
}

}  // namespace

void Shard::set_archive(core::Archive* archive, std::uint32_t shard) {
  archive_ = archive, number_ = shard;
  if (archive_ == nullptr) return;
  archive_->hashes(number_, [&](std::uint64_t hash) { archived_.add(hash); });
  book_.away().set_bring_back([this](core::Slot interval) { bring_back(interval); });
  archive_->interval_slots(number_, [&](core::Slot interval) { book_.away().restore(interval); });
}

std::vector<core::ArchivePage> Shard::pack_leaving(std::size_t target) {
  if (archive_ == nullptr || contacts_.bytes() <= target) return {};
  PageWriter pages(number_, next_page_, names_);
  // A tenth more than must go, so that not every commit has to look for some.
  contacts_.choose_leaving(target - target / 10, [&](const ContactRecord& record) { return pages.add(record); });
  return pages.take();
}

void Shard::let_go() {
  contacts_.let_go([&](std::string_view id) {
    const std::uint64_t hash = core::text_hash(id);
    if (!archived_.may_hold(hash)) archived_.add(hash);
  });
  let_go_of_intervals();
}

bool Shard::drop_before(core::EventTime time) {
  settle_maxima();  // While those of whom some may be are still there.
  dropped_before_ = time;
  return contacts_.drop_before(time) > 0 || !archived_.empty();
}

std::vector<core::Superseded> Shard::take_superseded() {
  std::vector<core::Superseded> all;
  for (const auto& [page, hash] : contacts_.take_superseded()) all.push_back({number_, page, hash});
  return all;
}

void Shard::want(std::string_view contact) {
  const std::uint64_t hash = core::text_hash(contact);
  if (archived_.may_hold(hash) && !contacts_.holds(contact)) wanted_.push_back(hash);
}

std::size_t Shard::fetch_wanted(std::optional<std::uint64_t> as_of_page) {
  if (wanted_.empty()) return 0;
  std::sort(wanted_.begin(), wanted_.end());
  wanted_.erase(std::unique(wanted_.begin(), wanted_.end()), wanted_.end());
  archive_->find(number_, wanted_, as_of_page, [&](std::uint64_t page, std::string_view bytes, auto superseded) {
    const auto wanted = [&](std::uint64_t hash) {
      return std::binary_search(wanted_.begin(), wanted_.end(), hash) && !holds(superseded, hash);
    };
    each_in_page(bytes, names_, wanted, [&](const ContactRecord& record) {
      if (!dropped_before_ || record.last() >= *dropped_before_) contacts_.take_back(record, page);
    });
  });
  const std::size_t looked_for = wanted_.size();
  wanted_.clear();
  return looked_for;
}

void Shard::each_archived(std::uint64_t since_page, core::EventTime from, core::EventTime to,
                          const std::function<void(std::uint64_t page, const ContactRecord&)>& visit) {
  if (archive_ == nullptr || archived_.empty()) return;
  archive_->pages(number_, since_page, from, to, [&](std::uint64_t page, std::string_view bytes, auto superseded) {
    each_current(bytes, names_, superseded, dropped_before_, [&](const ContactRecord& record) { visit(page, record); });
  });
}

void Shard::each_contact(core::EventTime from, core::EventTime to,
                         const std::function<void(const ContactRecord&)>& visit) {
  contacts_.each(visit);
  each_archived(0, from, to, [&](std::uint64_t, const ContactRecord& record) {
    if (!contacts_.holds(record.id())) visit(record);
  });
}

void Shard::prepare(std::string_view piece) {
  if (archived_.empty() || piece.empty() || static_cast<Piece>(piece.front()) != Piece::kJournal) return;
  StateReader in(piece, names_);
  in.byte();
  while (!in.at_end() && static_cast<Kind>(in.byte()) == Kind::kContact) want(ContactRecord::unpack(in).id());
  fetch_wanted(next_page_ - 1);
}

void Shard::restored() {
  // What left since the snapshot is in memory again, the same as in its page; it may leave without being written anew.
  if (archive_ == nullptr) return;
  const std::uint64_t snapshot = next_page_;
  archive_->pages(number_, snapshot, core::EventTime::min(), core::EventTime::max(),
                  [&](std::uint64_t page, std::string_view bytes, auto superseded) {
                    next_page_ = std::max(next_page_, page + 1);  // Also past one of which nothing is current.
                    each_current(bytes, names_, superseded, dropped_before_,
                                 [&](const ContactRecord& record) { contacts_.is_archived(record.id(), page); });
                  });
}

}  // namespace processors
