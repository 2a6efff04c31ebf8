// The record of a lead or a deal: milestones, attributes as last stated, and the times of attempts.
//
// One shape for both, since both are the same kind of thing: something that is opened, changed and closed by events
// of any order. Merging follows engine.md of the contract, "Entity records".
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/event.h"
#include "processors/contact_record.h"
#include "processors/listed_names.h"
#include "processors/state_io.h"
#include "processors/text_row.h"

namespace processors {

/// Milestones of leads (created, closed, contacted) and deals (opened, won, lost). The order is the store's format.
enum class Milestone : std::uint8_t { kCreated, kClosed, kContacted, kOpened, kWon, kLost, kEnd };

/// What the latest event says. The order is the store's format.
enum class Field : std::uint8_t {
  kClient,
  kCampaign,
  kOrigin,
  kAgent,
  kCustomer,
  kLead,
  kAmount,  ///< ten-thousandths, in digits
  kCurrency,
  kProduct,
  kStage,
  kCosts,  ///< "name=ten-thousandths" of each, by name, a unit separator between
  kEnd,
};

/// Between the costs of a deal in their field, "name=ten-thousandths" each. Control characters occur in no name.
inline constexpr char kFieldSeparator = '\x1f';

/// Confined to the shard thread.
class AttributeRecord {
 public:
  explicit AttributeRecord(std::string_view id) { begin(id); }
  AttributeRecord() = default;
  /// Becomes the record of another one, without events.
  void begin(std::string_view id) {
    empty(milestones_), empty(fields_), empty(attempts_), text_.clear();
    id_ = text_.keep(id);
  }

  /// Merges an event of this entity: lead.*, deal.*, or a contact.dialled or contact.connected that names the lead.
  Change merge(const core::Event& event);

  std::string_view id() const { return text_[id_]; }
  void prefetch_parts() const { text_.prefetch(); }
  /// Whether an event of it lies in [from, to).
  bool touches(core::EventTime from, core::EventTime to) const;
  /// The earliest time of a milestone.
  std::optional<core::EventTime> at(Milestone milestone) const;
  /// Empty where no event stated it.
  std::string_view field(Field field) const;
  /// Attempts by a person, in order of time, each time once.
  std::span<const core::EventTime> attempts() const { return {attempts_.data(), attempts_.size()}; }

  /// Its earliest and its latest event.
  core::EventTime first() const;
  core::EventTime last() const;

  /// `Writer` is a StateWriter, a ListedWriter or a NumberedWriter. The id comes first, as text.
  template <typename Writer>
  void pack(Writer& out) const;
  /// Becomes what was packed. Throws core::CorruptState.
  template <typename Reader>
  void read(Reader& in);
  template <typename Reader>
  static AttributeRecord unpack(Reader& in) {
    AttributeRecord record;
    record.read(in);
    return record;
  }
  std::string canonical(std::string_view kind) const;

 private:
  template <typename Visit>
  void each_time(Visit&& visit) const;

  struct Stated {
    core::EventTime time;
    TextRef content{};
    Milestone milestone;
  };
  struct Latest {
    core::EventTime time;
    TextRef author{};  ///< source and id of the event: the greater holds at equal times
    TextRef value{};
    Field field;
  };
  class Merging;
  using Text = TextRow<256, std::uint32_t>;  ///< All costs of a deal are one text.

  TextRef id_{};
  Row<Stated, 3> milestones_;
  Row<Latest, 8> fields_;
  Row<core::EventTime, 4> attempts_;
  Text text_;
};

}  // namespace processors
