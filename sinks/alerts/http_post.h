// Posts a text to a web server, over TLS where its address says so.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/result.h"
#include "core/url.h"

namespace boost::asio::ssl {
class context;
}

namespace sinks {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

/// Every post has a connection of its own: alerts are few, and a receiver may be away for hours between two.
/// Confined to one thread, but for cancel(), which is thread-safe.
class HttpPost {
 public:
  explicit HttpPost(core::Url url);
  ~HttpPost();

  /// Done where the server answers 2xx. A Failure says what it answered, or why there is no answer within `patience`;
  /// it is without a retry where the server says that the body itself is wrong (400, 413, 422). Certificates are
  /// checked against the system's authorities and the host's name.
  core::Result<void> post(const std::string& content_type, const std::string& body, const HttpHeaders& headers = {},
                          core::Millis patience = core::Millis{5000});
  /// What waits for an answer ends, and nothing is posted any more.
  void cancel() {
    cancelled_ = true;
    io_.stop();
  }

 private:
  const core::Url url_;
  std::unique_ptr<boost::asio::ssl::context> tls_;  ///< nullptr where the address is not https
  std::atomic<bool> cancelled_{false};
  boost::asio::io_context io_{1};
};

}  // namespace sinks
