#include "sinks/http/router.h"

#include <exception>

#include "sinks/http/compression.h"

namespace sinks {

void Router::add(std::string path, Handler handler) { routes_[std::move(path)].get = std::move(handler); }
void Router::add_operation(std::string path, Handler handler) { routes_[std::move(path)].post = std::move(handler); }

Response Router::respond(Request head, std::string_view target) const {
  auto request = parse_target(target);
  if (!request) return problem(400, request.error());
  const auto found = routes_.find(request->path);
  if (found == routes_.end()) return problem(404, "nothing is at " + request->path);
  const bool reads = head.method == "GET" || head.method == "HEAD";
  const Handler& handler = reads ? found->second.get : found->second.post;
  if (!handler || (!reads && head.method != "POST")) {
    const std::string allowed(found->second.allowed());
    Response refused = problem(405, "allowed: " + allowed);
    refused.headers.emplace_back("Allow", allowed);
    return refused;
  }
  head.path = std::move(request->path);
  head.query = std::move(request->query);
  try {
    return compressed(handler(head), head);
  } catch (const std::exception& error) {
    return problem(500, error.what());
  }
}

std::string_view Router::label(std::string_view target) const {
  const auto request = parse_target(target);
  const auto found = request ? routes_.find(request->path) : routes_.end();
  return found == routes_.end() ? std::string_view("other") : std::string_view(found->first);
}

}  // namespace sinks
