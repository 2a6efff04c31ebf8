// What is wrong with the bytes of a document, whatever its grammar.
#pragma once

#include <simdjson.h>

#include <memory>
#include <string_view>

namespace ingest {

/// simdjson's first stage, asked about documents that could not be read: it goes through all of one and knows a cause
/// that lies deeper than the place where reading stopped.
///
/// Confined to one thread.
class JsonBytes {
 public:
  /// In simdjson's words: no UTF-8, a string that is not closed or has a raw control character, nothing there at all;
  /// nullptr where it is none of these.
  const char* fault(std::string_view document);

 private:
  std::unique_ptr<simdjson::internal::dom_parser_implementation> stage_;
};

}  // namespace ingest
