// Compresses a response for a client that accepts it.
#pragma once

#include "sinks/http/request.h"
#include "sinks/http/response.h"

namespace sinks {

/// gzip where the request accepts it and the body is a stream or longer than a packet; says in Vary that it depends.
/// Thread-safe.
Response compressed(Response response, const Request& request);

}  // namespace sinks
