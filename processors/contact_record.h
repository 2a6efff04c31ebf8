// The record of one contact: everything its events said, merged by rules that do not depend on their order.
//
// Single milestones keep the earliest time, at equal times the smaller content; what can happen many times is a set
// keyed by its own id, or by agent and time; attributes are those of the latest event that states them (engine.md of
// the contract, "Entity records"). Applying an event twice changes nothing, so no event ids are kept.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/event.h"
#include "core/names.h"
#include "core/prefetch.h"
#include "core/text_hash.h"
#include "processors/state_io.h"
#include "processors/text_row.h"

namespace processors {

/// What can be marked in a contact. The order is the store's format: append only.
enum class MarkKind : std::uint8_t {
  kQueued,      ///< visit; code Entry, text parent
  kLeft,        ///< visit; code LeaveReason
  kAnswered,    ///< visit, agent
  kOffered,     ///< visit, agent, text offer id
  kOfferEnded,  ///< visit, agent, code OfferEnd, text offer id
  kHeld,
  kRetrieved,
  kTransferred,
  kEnded,    ///< agent or none; code EndedBy + 1 or 0, text result
  kWrapped,  ///< text disposition
  kDialled,
  kConnected,
  kMessage,  ///< code Speaker, text message id
};

inline bool belongs_to_visit(MarkKind kind) { return kind <= MarkKind::kOfferEnded; }

struct Mark {
  core::EventTime time;
  core::NameId agent{};
  TextRef text{};
  MarkKind kind{};
  std::uint8_t code = 0;
  std::uint16_t check = 0;  ///< check_of() the text: where it differs, the text does.
  std::uint32_t visit = 0;  ///< Index into ContactRecord::visits; 0 for marks of the contact itself.
};
static_assert(sizeof(Mark) <= 24, "records are mostly marks");

/// A name or text as stated by the latest event, with that event's time.
template <typename T>
struct Attribute {
  T value{};
  core::EventTime time{};
};

struct Visit {
  TextRef id{};
  Attribute<core::NameId> client, queue, channel;
};

/// What applying an event did to a record.
struct Change {
  bool changed = false;   ///< false: the event is a duplicate.
  bool conflict = false;  ///< It contradicts a milestone that the record already had.
};

/// Confined to the shard thread. Names are those of the shard's Names.
class ContactRecord {
 public:
  explicit ContactRecord(std::string_view id) { begin(id); }
  ContactRecord() = default;
  /// Becomes the record of another contact, without events.
  void begin(std::string_view id);

  /// Merges one event of this contact (types contact.* and chat.message). `source` is the configured source's name.
  Change merge(const core::Event& event, core::NameId source, core::Names& names);

  /// Whether the event may move a visit that is known to another client, queue or channel.
  bool moves_visit(const core::Event& event, const core::Names& names) const;

  std::string_view id() const { return text(id_); }
  /// Has loaded what merge() looks at and what does not lie in the record itself.
  void prefetch_parts() const {
    if (marks_.capacity() > kMarks)
      core::load_ahead(marks_.data(), std::min<std::size_t>(marks_.size() * sizeof(Mark), 512));
    text_.prefetch();
  }
  /// Whether an event of it lies in [from, to).
  bool touches(core::EventTime from, core::EventTime to) const {
    return std::any_of(marks_.begin(), marks_.end(), [&](const Mark& m) { return m.time >= from && m.time < to; });
  }
  /// Its latest event.
  core::EventTime last() const { return marks_.empty() ? core::EventTime::min() : marks_.back().time; }
  std::string_view text(TextRef ref) const { return text_[ref]; }
  std::span<const Visit> visits() const { return {visits_.data(), visits_.size()}; }
  /// In order of time.
  std::span<const Mark> marks() const { return {marks_.data(), marks_.size()}; }
  /// The attributes of the contact itself: what dialled, connected and messages state; id unused.
  const Visit& own() const { return own_; }
  bool has_messages() const { return has_messages_; }
  /// nullopt: none of this id is known, or it is empty.
  std::optional<core::EventTime> time_of_message(std::string_view id) const;
  /// The source with the smallest name among those that sent events of this contact.
  core::NameId source() const { return source_; }
  TextRef customer() const { return customer_.value; }
  TextRef interaction() const { return interaction_.value; }
  TextRef lead() const { return lead_.value; }

  /// `Writer` is a StateWriter or a NumberedWriter. The id comes first, as text.
  template <typename Writer>
  void pack(Writer& out) const;
  /// Becomes what was packed. Throws core::CorruptState.
  template <typename Reader>
  void read(Reader& in);
  template <typename Reader>
  static ContactRecord unpack(Reader& in) {
    ContactRecord record;
    record.read(in);
    return record;
  }

  /// The record in words, the same whatever order its events came in; `without_wrap` stands for the source.
  std::string canonical(const core::Names& names, bool without_wrap) const;

 private:
  /// nullptr if it has none of this id.
  const Visit* find_visit(std::string_view id) const;
  /// Its index; a new one is put down.
  std::uint32_t visit_of(std::string_view id);
  static std::uint16_t check_of(std::string_view text) { return static_cast<std::uint16_t>(core::text_hash(text)); }
  bool has_text(const Mark& mark, std::string_view text, std::uint16_t check) const {
    return mark.check == check && this->text(mark.text) == text;
  }
  TextRef keep_of_mark(std::string_view text, std::uint16_t check);
  Change merge_mark(Mark mark, std::string_view text, const core::Names& names);
  bool merge_attributes(const core::Event& event, core::Names& names, Visit& of);

  /// Of most contacts all of it lies in the record itself: three quarters have at most eight events and 80 bytes of
  /// text.
  static constexpr std::size_t kMarks = 10, kTextBytes = 112;

  TextRef id_{};
  core::NameId source_{};
  Attribute<TextRef> customer_, interaction_, lead_;
  Row<Visit, 1> visits_;
  TextRow<kTextBytes> text_;
  Row<Mark, kMarks> marks_;
  Visit own_;
  bool has_messages_ = false;
};

}  // namespace processors
