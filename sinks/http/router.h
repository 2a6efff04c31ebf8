// Which handler answers which path.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "sinks/http/request.h"
#include "sinks/http/response.h"

namespace sinks {

/// Called on the http thread. What it throws becomes a 500 with the exception's words.
using Handler = std::function<Response(const Request&)>;

/// Immutable once the server has it; handlers must be thread-safe if the server has several threads.
class Router {
 public:
  /// For GET and HEAD.
  void add(std::string path, Handler handler);
  /// For POST: what changes something.
  void add_operation(std::string path, Handler handler);

  /// Reads the target and answers: 400 for a target that cannot be read, 404, 405, 500, or what the handler says.
  /// `head` has method and the headers that matter; its path and query are not looked at.
  Response respond(Request head, std::string_view target) const;

  /// The route's path, or "other": a closed list, fit for a label.
  std::string_view label(std::string_view target) const;

 private:
  struct Route {
    Handler get, post;  ///< Empty where there is none.
    std::string_view allowed() const { return !post ? "GET, HEAD" : !get ? "POST" : "GET, HEAD, POST"; }
  };
  std::map<std::string, Route, std::less<>> routes_;
};

}  // namespace sinks
