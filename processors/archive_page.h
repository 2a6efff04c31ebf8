// The pages of contacts, leads and deals that left memory: of each record its hash, its length and its bytes, so that
// one can be read without the others.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/archive.h"
#include "core/text_hash.h"
#include "processors/attribute_record.h"
#include "processors/contact_record.h"
#include "processors/listed_names.h"
#include "processors/packed_pieces.h"
#include "processors/state_io.h"

namespace processors {

inline bool holds(std::span<const std::uint64_t> hashes, std::uint64_t hash) {
  return std::find(hashes.begin(), hashes.end(), hash) != hashes.end();
}

/// What tells in the archive a lead from a deal or a contact of the same id.
constexpr std::uint64_t salt_of(Piece piece) {
  return piece == Piece::kLeads ? 0x9e3779b97f4a7c15 : piece == Piece::kDeals ? 0xd1b54a32d192ed03 : 0;
}
inline std::uint64_t archive_hash(Piece piece, std::string_view id) { return core::text_hash(id) ^ salt_of(piece); }

inline core::EventTime first_of(const ContactRecord& record) { return record.marks().front().time; }
inline core::EventTime first_of(const AttributeRecord& record) { return record.first(); }
/// Contacts are dropped by the time of their last event, leads and deals never.
inline core::EventTime last_of(const ContactRecord& record) { return record.last(); }
inline core::EventTime last_of(const AttributeRecord&) { return core::EventTime::max(); }

/// Fills one page after the other: the list of names, then the records. Confined to the shard thread.
class ArchivePageWriter {
 public:
  ArchivePageWriter(std::uint32_t shard, std::uint64_t& next_number, const core::Names& names)
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
  /// About 120 contacts: one of them costs as much to find as the page to read.
  static constexpr std::size_t kPageBytes = 16 * 1024;

  void begin() {
    core::ArchivePage& page = pages_.emplace_back();
    page.shard = shard_, page.number = next_number_++;
    page.first = core::EventTime::max(), page.last = core::EventTime::min();
  }
  void finish() {
    StateWriter out(pages_.back().bytes, names_);
    out.byte(static_cast<std::uint8_t>(piece_));
    list_.write(out);
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

inline std::uint64_t read_hash(core::PackedReader& in) {
  std::uint64_t hash = 0;
  for (int shift = 0; shift < 64; shift += 8) hash |= std::uint64_t{in.byte()} << shift;
  return hash;
}

/// Of which kind the records of a page are.
inline Piece kind_of(std::string_view bytes) {
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
  NameList::read(in);
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

}  // namespace processors
