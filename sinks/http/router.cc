#include "sinks/http/router.h"

#include <exception>

#include "sinks/http/compression.h"

namespace sinks {

void Router::add(std::string path, Handler handler) { handlers_.insert_or_assign(std::move(path), std::move(handler)); }

Response Router::respond(Request head, std::string_view target) const {
  auto request = parse_target(target);
  if (!request) return problem(400, request.error());
  const auto found = handlers_.find(request->path);
  if (found == handlers_.end()) return problem(404, "nothing is at " + request->path);
  if (head.method != "GET" && head.method != "HEAD") {
    Response refused = problem(405, "allowed: GET, HEAD");
    refused.headers.emplace_back("Allow", "GET, HEAD");
    return refused;
  }
  request->method = std::move(head.method);
  request->accept = std::move(head.accept);
  request->accept_encoding = std::move(head.accept_encoding);
  try {
    return compressed(found->second(*request), *request);
  } catch (const std::exception& error) {
    return problem(500, error.what());
  }
}

std::string_view Router::label(std::string_view target) const {
  const auto request = parse_target(target);
  const auto found = request ? handlers_.find(request->path) : handlers_.end();
  return found == handlers_.end() ? std::string_view("other") : std::string_view(found->first);
}

}  // namespace sinks
