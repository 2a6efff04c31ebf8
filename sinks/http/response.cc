#include "sinks/http/response.h"

#include <boost/beast/http/status.hpp>

#include "core/json_text.h"

namespace sinks {

Response problem(unsigned status, std::string_view detail) {
  const std::string_view title = boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status));
  std::string body = "{\"type\":\"about:blank\",\"title\":";
  core::append_json_string(body, title);
  body += ",\"status\":" + std::to_string(status) + ",\"detail\":";
  core::append_json_string(body, detail);
  body += "}\n";
  return {status, "application/problem+json", {}, std::move(body)};
}

}  // namespace sinks
