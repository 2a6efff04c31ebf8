// Reads JSON documents into RawEvents, once over the bytes, and is strict about every one of them.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "core/batch.h"
#include "ingest/json_bytes.h"
#include "ingest/key_order.h"
#include "ingest/raw_event.h"

namespace ingest {

/// In which order the members of events came.
struct MemberOrders {
  KeyOrder<kAttributes> attributes;
  /// One for each length of the type's text, which tells most types apart. Where the type comes after the fields, that
  /// of the event before does.
  std::array<KeyOrder<kFields>, 32> fields;

  KeyOrder<kFields>& fields_of(std::string_view type) { return fields[type.size() % fields.size()]; }
};

/// What passes is JSON from the first byte to the last (grammar, UTF-8, escapes, pairs of surrogates, nothing after the
/// end), also in the members that nobody asks for. Members may come in any order. Documents nested deeper than 256 are
/// refused.
///
/// Confined to one thread.
class EventReader {
 public:
  /// What is wrong with the document, for people; empty where it was read.
  using Fault = std::optional<std::string>;

  /// Reads a whole CloudEvent into `event`, which the caller has cleared. Texts are borrowed from `document`; `arena`
  /// takes what has to be rewritten on the way.
  Fault read_event(std::string_view document, RawEvent& event, core::Arena& arena);

  /// Reads a document that is only the `data` of an event: sets the fields and the attribute `data`.
  Fault read_data(std::string_view document, RawEvent& event, core::Arena& arena);

 private:
  /// A document could not be read because something was `wrong`: what to say of it.
  std::string fault(std::string_view document, const char* wrong);

  JsonBytes bytes_;
  MemberOrders orders_;
};

}  // namespace ingest
