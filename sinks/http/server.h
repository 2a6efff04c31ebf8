// The HTTP server: listens, accepts, and runs every connection on its own thread or threads.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/result.h"
#include "sinks/http/session.h"

namespace sinks {

struct HttpOptions {
  std::string listen = "127.0.0.1:9464";  ///< "HOST:PORT" or "[IPV6]:PORT"; port 0: any free one.
  unsigned threads = 1;
  HttpLimits limits;
};

/// The constructor starts nothing. start() and stop() are idempotent and may alternate; stop() closes every connection
/// at once and waits only for a handler that is running. Confined to the thread that owns it.
class HttpServer {
 public:
  /// `own` must outlive the server.
  HttpServer(HttpOptions options, Router router, OwnMetrics& own);
  ~HttpServer();

  /// Listens when it returns. Fails where the address is wrong, taken or not permitted.
  core::Result<void> start();
  void stop();

  /// The port that is listened on; 0 while it is not running.
  std::uint16_t port() const;

 private:
  class Running;

  HttpOptions options_;
  HttpService service_;
  std::unique_ptr<Running> running_;
};

}  // namespace sinks
