// Addresses of web servers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace core {

struct Url {
  bool tls = false;          ///< https
  std::string host, port;    ///< The host without the brackets of an IPv6 address.
  std::string target = "/";  ///< Path and query.
  friend bool operator==(const Url&, const Url&) = default;
};

/// Reads "http[s]://HOST[:PORT][/PATH][?QUERY]"; the port is 80 or 443 where none is given. nullopt for anything else:
/// among it a user or password, which would be shown in logs. Thread-safe.
std::optional<Url> parse_url(std::string_view text);

/// As a Host header has it: without the port that goes without saying.
std::string host_header(const Url& url);

}  // namespace core
