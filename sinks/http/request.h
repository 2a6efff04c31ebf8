// A request as handlers see it.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace sinks {

struct Request {
  std::string method;
  std::string path;                          ///< Decoded.
  std::map<std::string, std::string> query;  ///< Decoded; a name without "=" has an empty value.
  std::string accept{}, accept_encoding{}, content_type{};
  std::string body{};
  /// It came over a loopback address, for a loopback address or localhost, and not through a proxy or from a page of
  /// another site.
  bool from_this_machine = false;
};

/// Reads a request target ("/path?name=value", or with "http://host" before it) into path and query. In the query "+"
/// is a space, as browsers write it; a literal plus is "%2B". The error says what is wrong: a broken %-escape, a name
/// given twice, no path. Thread-safe.
tl::expected<Request, std::string> parse_target(std::string_view target);

}  // namespace sinks
