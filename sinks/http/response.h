// A response as handlers make it: a text, or a stream of pieces for what is too large for one.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace sinks {

/// Called on the http thread until it is done or the client is gone.
class BodyStream {
 public:
  virtual ~BodyStream() = default;
  /// Replaces `piece` with the next bytes, at least one; false (and nothing in `piece`) after the last. Must not wait.
  virtual bool next(std::string& piece) = 0;
};

struct Response {
  unsigned status = 200;
  std::string content_type;
  std::vector<std::pair<std::string, std::string>> headers;  ///< Beside those that the server sets itself.
  std::variant<std::string, std::unique_ptr<BodyStream>> body;
};

/// Problem details (RFC 9457): what went wrong, for programs and people.
Response problem(unsigned status, std::string_view detail);

}  // namespace sinks
