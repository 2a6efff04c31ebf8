// A small blocking HTTP client for tests: whole answers, or the raw bytes of a connection.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace test_support {

struct HttpAnswer {
  unsigned status = 0;
  std::map<std::string, std::string> headers;  ///< Names in lower case.
  std::string body;                            ///< Without chunks; still compressed if it was.
};

/// One request on a connection of its own to 127.0.0.1. Throws std::runtime_error where there is no answer in 30 s.
HttpAnswer http_get(std::uint16_t port, const std::string& target,
                    const std::map<std::string, std::string>& headers = {}, const std::string& method = "GET");

/// Likewise, with a body.
HttpAnswer http_post(std::uint16_t port, const std::string& target, const std::string& body,
                     const std::string& content_type = "application/json");

/// A connection that sends and reads bytes as they are. Closed by the destructor. Reads end after 30 s.
class RawConnection {
 public:
  explicit RawConnection(std::uint16_t port);
  ~RawConnection();
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  void send(std::string_view bytes);
  /// Reads until `end` has come, the other side closes, or the time is over.
  std::string read_until(std::string_view end);
  std::string read_to_close() { return read_until({}); }
  /// Whether there are bytes (or the other side's end) to read within `milliseconds`.
  bool readable_within(int milliseconds);

 private:
  int socket_;
};

/// Undoes gzip; throws std::runtime_error where the bytes are not one whole gzip stream.
std::string gunzip(const std::string& packed);

}  // namespace test_support
