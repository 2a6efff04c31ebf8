// An event's known members as they were written, unjudged: what lies between the JSON reader and the contract's rules.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "ingest/event_fields.h"

namespace ingest {

enum class JsonKind : std::uint8_t { kNull, kString, kNumber, kTrue, kFalse, kArray, kObject };

/// A JSON value as it was written: of a string what is between the quotes, of a number its digits, else empty.
struct JsonValue {
  std::string_view text;
  JsonKind kind = JsonKind::kNull;
};

/// What the strings of a document may contain; lets the usual document skip the closer looks.
struct TextTraits {
  bool escapes = false;   ///< A backslash occurs, so that strings must be unescaped.
  bool controls = false;  ///< A byte occurs that may belong to a control character.
};

struct RawCost {
  std::string_view name;  ///< Without escapes.
  JsonValue amount;
};

/// Of repeated keys the last one is here; `null` counts as absent. Reused from event to event, so that it does not
/// allocate. Confined to one thread.
struct RawEvent {
  std::array<JsonValue, 8> attributes;
  std::array<JsonValue, kFields> fields;
  std::uint32_t stated_attributes = 0;  ///< One bit an Attribute; the values of unset bits are leftovers.
  std::uint64_t stated_fields = 0;      ///< One bit a Field.
  std::vector<RawCost> costs;           ///< Where the field `costs` is an object, its members in the order written.
  std::vector<JsonValue> queues;        ///< Where the field `queues` is an array, its elements.
  TextTraits attribute_traits, field_traits;

  bool states(Attribute attribute) const { return (stated_attributes >> static_cast<unsigned>(attribute) & 1) != 0; }
  bool states(Field field) const { return (stated_fields & bit(field)) != 0; }
  const JsonValue& operator[](Attribute attribute) const { return attributes[static_cast<std::size_t>(attribute)]; }
  const JsonValue& operator[](Field field) const { return fields[static_cast<std::size_t>(field)]; }

  void set(Attribute attribute, const JsonValue& value) {
    const std::uint32_t mask = std::uint32_t{1} << static_cast<unsigned>(attribute);
    attributes[static_cast<std::size_t>(attribute)] = value;
    stated_attributes = value.kind == JsonKind::kNull ? stated_attributes & ~mask : stated_attributes | mask;
  }
  void set(Field field, const JsonValue& value) {
    fields[static_cast<std::size_t>(field)] = value;
    stated_fields = value.kind == JsonKind::kNull ? stated_fields & ~bit(field) : stated_fields | bit(field);
  }
  void clear() { stated_attributes = 0, stated_fields = 0, attribute_traits = {}, field_traits = {}; }
};

}  // namespace ingest
