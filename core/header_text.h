// Headers of a Kafka message as one line of text, as the store keeps them with a dead letter.
//
// The form is that of a URL's query: `ce_id=17&ce_type=contact.queued&content-type=application/json`. Bytes that are no
// printable ASCII, and `%`, `&`, `=` and space, are %XX. A header that has no value at all has no `=`. Nothing is lost:
// order, repeated names and any bytes come back. Thread-safe: free functions without state.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/batch.h"

namespace core {

std::string write_headers(std::span<const Header> headers);

/// What write_headers wrote. The headers' bytes are put into `arena`.
std::vector<Header> read_headers(std::string_view text, Arena& arena);

}  // namespace core
