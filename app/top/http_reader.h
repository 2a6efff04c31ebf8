// A small HTTP client for one server: asks one thing after the other over one connection, which it opens anew when
// lost.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace app {

struct HttpAddress {
  std::string host, port;
};

/// Reads "http://HOST[:PORT][/]"; port 80 if none is given. nullopt for anything else, https among it.
std::optional<HttpAddress> parse_http_address(std::string_view url);

struct HttpAnswer {
  int status = 0;
  std::string body;
};

/// Confined to the thread of its executor; one question at a time.
class HttpReader {
 public:
  HttpReader(boost::asio::any_io_executor executor, HttpAddress address);

  /// The server's answer, whatever its status. A Failure where there is none within ten seconds; asking again connects
  /// again.
  boost::asio::awaitable<core::Result<HttpAnswer>> get(std::string target);

 private:
  boost::asio::awaitable<HttpAnswer> ask(const std::string& target);
  boost::asio::awaitable<void> connect();

  HttpAddress address_;
  boost::asio::any_io_executor executor_;
  std::optional<boost::beast::tcp_stream> stream_;
  boost::beast::flat_buffer buffer_;
};

}  // namespace app
