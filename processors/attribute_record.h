// The record of a lead or a deal: milestones, attributes as last stated, and the times of attempts.
//
// One shape for both, since both are the same kind of thing: something that is opened, changed and closed by events
// of any order. Merging follows engine.md of the contract, "Entity records".
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/event.h"
#include "processors/contact_record.h"
#include "processors/listed_names.h"
#include "processors/state_io.h"

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

/// Confined to the shard thread.
class AttributeRecord {
 public:
  explicit AttributeRecord(std::string_view id) : id_(id) {}
  AttributeRecord() = default;

  /// Merges an event of this entity: lead.*, deal.*, or a contact.dialled or contact.connected that names the lead.
  Change merge(const core::Event& event);

  std::string_view id() const { return id_; }
  void prefetch_parts() const {
    core::load_ahead(milestones_.data(), milestones_.size() * sizeof(Stated));
    core::load_ahead(fields_.data(), fields_.size() * sizeof(Latest));
  }
  /// Whether an event of it lies in [from, to).
  bool touches(core::EventTime from, core::EventTime to) const;
  /// The earliest time of a milestone.
  std::optional<core::EventTime> at(Milestone milestone) const;
  /// Empty where no event stated it.
  std::string_view field(Field field) const;
  /// Attempts by a person, in order of time, each time once.
  const std::vector<core::EventTime>& attempts() const { return attempts_; }

  /// Its earliest and its latest event.
  core::EventTime first() const;
  core::EventTime last() const;

  /// `Writer` is a StateWriter, a ListedWriter or a NumberedWriter. The id comes first, as text.
  template <typename Writer>
  void pack(Writer& out) const;
  /// Throws core::CorruptState.
  template <typename Reader>
  static AttributeRecord unpack(Reader& in);
  std::string canonical(std::string_view kind) const;

 private:
  template <typename Visit>
  void each_time(Visit&& visit) const;

  struct Stated {
    Milestone milestone;
    core::EventTime time;
    std::string content;
  };
  struct Latest {
    Field field;
    core::EventTime time;
    std::string author;  ///< source and id of the event: the greater holds at equal times
    std::string value;
  };

  Change milestone(Milestone milestone, core::EventTime time, std::string content);
  bool attempt(core::EventTime time);
  Change merge_lead(const core::Event& event);
  Change merge_deal(const core::Event& event);
  bool latest(Field field, std::string_view value, const core::Event& event);

  std::string id_;
  std::vector<Stated> milestones_;
  std::vector<Latest> fields_;
  std::vector<core::EventTime> attempts_;
};

}  // namespace processors
