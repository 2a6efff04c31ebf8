// One connection: reads requests, asks the router, writes responses, until either side has enough.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "sinks/http/router.h"
#include "sinks/metrics/own_metrics.h"

namespace sinks {

struct HttpLimits {
  std::uint32_t header_bytes = 16 * 1024;     ///< Request line and headers; more is answered with 431.
  std::uint64_t body_bytes = 64 * 1024;       ///< More is answered with 413.
  std::size_t connections = 256;              ///< More wait in the kernel until one ends.
  std::chrono::milliseconds timeout{10'000};  ///< To send a whole request (from the end of the last response on), and
                                              ///< for the client to take each piece of a response.
};

/// What every session shares. Outlives all of them; thread-safe.
struct HttpService {
  Router router;
  HttpLimits limits;
  OwnMetrics& own;
};

/// Keeps the connection open between requests (HTTP/1.1) and answers pipelined requests in order. What
/// it throws (a body that breaks in the middle, no memory) closes the connection, as its end does. Runs on the
/// connection's strand.
boost::asio::awaitable<void> serve_connection(boost::asio::ip::tcp::socket socket, const HttpService& service);

}  // namespace sinks
