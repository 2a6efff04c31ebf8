// An event's known members as they were written, unjudged: what lies between the JSON reader and the contract's rules.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "ingest/event_fields.h"
#include "ingest/text_rules.h"

namespace ingest {

enum class JsonKind : std::uint8_t { kNull, kString, kNumber, kTrue, kFalse, kArray, kObject };

/// A JSON value as it was written: of a string what is between the quotes, of a number its digits, else empty.
struct JsonValue {
  std::string_view text;
  JsonKind kind = JsonKind::kNull;
};

struct RawCost {
  std::string_view name;  ///< Without escapes.
  JsonValue amount;
};

/// The `N` known members of an object: of repeated keys the last one is here; `null` counts as absent.
template <std::size_t N>
struct RawMembers {
  std::array<JsonValue, N> values;  ///< Those that are not stated are leftovers.
  std::uint64_t stated = 0;         ///< One bit a member.

  bool states(std::size_t number) const { return (stated >> number & 1) != 0; }
  /// After values[number] was set.
  void state(std::size_t number) {
    const std::uint64_t mask = std::uint64_t{1} << number;
    stated = values[number].kind == JsonKind::kNull ? stated & ~mask : stated | mask;
  }
};

/// Reused from event to event, so that it does not allocate. Confined to one thread.
struct RawEvent {
  RawMembers<kAttributes> attributes;
  RawMembers<kFields> fields;
  std::vector<RawCost> costs;     ///< Where the field `costs` is an object, its members in the order written.
  std::vector<JsonValue> queues;  ///< Where the field `queues` is an array, its elements.
  TextTraits attribute_traits, field_traits;

  bool states(Attribute attribute) const { return attributes.states(core::index(attribute)); }
  bool states(Field field) const { return fields.states(core::index(field)); }
  const JsonValue& operator[](Attribute attribute) const { return attributes.values[core::index(attribute)]; }
  const JsonValue& operator[](Field field) const { return fields.values[core::index(field)]; }

  void set(Attribute attribute, const JsonValue& value) {
    attributes.values[core::index(attribute)] = value;
    attributes.state(core::index(attribute));
  }
  void clear() { attributes.stated = 0, fields.stated = 0, attribute_traits = {}, field_traits = {}; }
};

}  // namespace ingest
