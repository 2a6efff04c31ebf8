// From the members of a document to a valid event: the contract's rules for each field.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/batch.h"
#include "ingest/raw_event.h"

namespace ingest {

/// Why an event is a dead letter, in the words of core::Rejection.
struct Fault {
  core::RejectReason reason{};
  std::string detail;
};

/// Reads names, words, times and amounts of one event; the first thing that is wrong is kept in fault().
/// Made for one event. Confined to one thread.
class FieldReader {
 public:
  FieldReader(const RawEvent& raw, core::Arena& arena) : raw_(raw), arena_(arena) {}

  /// The envelope: fills source, id, type and time. nullopt where something is wrong with it.
  struct Envelope {
    std::string_view source, id, type, subject;
    core::EventTime time{};
  };
  std::optional<Envelope> read_envelope();

  /// The fields of `data` by the rules of event.type, then the defaults, then what is required.
  bool read_data(core::Event& event, std::string_view subject);

  Fault& fault() { return fault_; }

 private:
  bool read_own_field(Field field, Role role, core::Event& event);
  bool read_word(Role role, std::string_view where, const JsonValue& value, core::Event& event);
  bool read_amount(std::string_view where, const JsonValue& value, core::Decimal& amount);
  bool read_capacity(const JsonValue& value, core::Event& event);
  bool read_currency(const JsonValue& value, core::Event& event);
  bool read_costs(const JsonValue& value, core::Event& event);
  bool read_queues(const JsonValue& value, core::Event& event);
  bool read_time(std::string_view where, const JsonValue& value, core::EventTime& time);
  bool read_bool(std::string_view where, const JsonValue& value, std::optional<bool>& flag);
  /// The usual name needs no closer look.
  bool read_name(std::string_view where, const JsonValue& value, std::string_view& name) {
    name = value.text;
    const bool usual = value.kind == JsonKind::kString && !traits_.controls && !name.empty();
    return (usual && name.size() <= kMaxNameBytes) || check_name(where, value, name);
  }
  bool check_name(std::string_view where, const JsonValue& value, std::string_view& name);
  bool check_required(const core::Event& event);

  std::string_view text_of(std::string_view written);
  bool wrong_type(std::string_view where, const JsonValue& value, std::string_view allowed);
  bool reject(core::RejectReason reason, std::string detail);

  const RawEvent& raw_;
  core::Arena& arena_;
  TextTraits traits_;  ///< Of the text that is being read: attributes, then fields.
  Fault fault_;
};

}  // namespace ingest
