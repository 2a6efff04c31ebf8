// What the client can read: the format by its Accept header, compression by Accept-Encoding (RFC 9110, 12.5).
#pragma once

#include <string_view>

#include "sinks/metrics/exposition.h"

namespace sinks {

/// OpenMetrics where the client names it with at least the weight of text/plain; else text, also where neither is
/// accepted: readable text is worth more than a 406. Thread-safe.
ExpositionFormat negotiate_format(std::string_view accept);

/// Whether gzip is accepted and not worth less than no compression. Thread-safe.
bool accepts_gzip(std::string_view accept_encoding);

}  // namespace sinks
