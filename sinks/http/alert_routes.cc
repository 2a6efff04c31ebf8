// What the API knows of alerts: the list, and acknowledging, muting and ending a mute as POST with a JSON object.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>
#include <initializer_list>

#include "core/printable_text.h"
#include "sinks/http/routes.h"

namespace sinks {
namespace {

namespace json = boost::json;

constexpr std::string_view kJson = "application/json";
constexpr std::size_t kLongestText = 1024;
constexpr core::Millis kLongestMute{31LL * 24 * 3'600'000};

/// The texts of the request's object; the error is for who asked. Confined to one thread.
class Body {
 public:
  static tl::expected<Body, std::string> read(const Request& request, std::initializer_list<std::string_view> allowed) {
    boost::system::error_code error;
    const json::value value = json::parse(request.body, error);
    if (error || !value.is_object()) return tl::unexpected(std::string("the body is no JSON object"));
    Body body;
    for (const auto& [name, text] : value.get_object()) {
      if (std::ranges::find(allowed, std::string_view(name)) == allowed.end()) {
        return tl::unexpected(
            fmt::format("{}: not known; allowed: {}", core::printable(std::string(name)), fmt::join(allowed, ", ")));
      }
      if (!text.is_string() || text.get_string().size() > kLongestText) {
        return tl::unexpected(
            fmt::format("{}: allowed: a text of at most {} bytes", std::string_view(name), kLongestText));
      }
      body.texts_[std::string(name)] = std::string(text.get_string());
    }
    return body;
  }

  std::string text(const std::string& name) const {
    const auto found = texts_.find(name);
    return found == texts_.end() ? "" : found->second;
  }
  /// Notes that it is missing.
  std::string required(const std::string& name) {
    if (text(name).empty()) missing_ += (missing_.empty() ? "" : ", ") + name;
    return text(name);
  }
  const std::string& missing() const { return missing_; }

 private:
  std::map<std::string, std::string> texts_;
  std::string missing_;
};

using Parsed = tl::expected<core::AlertOperation, std::string>;

Parsed acknowledgement(const Request& request) {
  auto body = Body::read(request, {"id", "by", "reason"});
  if (!body) return tl::unexpected(body.error());
  core::AcknowledgeAlert operation{body->required("id"), body->required("by"), body->required("reason")};
  if (!body->missing().empty()) return tl::unexpected(body->missing() + ": missing");
  return operation;
}

Parsed mute(const Request& request) {
  auto body = Body::read(request, {"client", "profile", "alert", "queue", "for", "by", "reason"});
  if (!body) return tl::unexpected(body.error());
  core::MuteAlerts operation;
  operation.key = {body->text("client"), body->text("profile"), body->text("alert"), body->text("queue")};
  const auto span = core::parse_duration(body->required("for"));
  operation.by = body->required("by"), operation.reason = body->required("reason");
  if (!body->missing().empty()) return tl::unexpected(body->missing() + ": missing");
  if (!span || span->count() <= 0 || *span > kLongestMute) {
    return tl::unexpected(std::string("for: allowed: a duration of at most 31d, such as 2h"));
  }
  operation.span = *span;
  return operation;
}

Parsed end_of_mute(const Request& request) {
  auto body = Body::read(request, {"id"});
  if (!body) return tl::unexpected(body.error());
  core::EndMute operation{body->required("id")};
  if (!body->missing().empty()) return tl::unexpected(body->missing() + ": missing");
  return operation;
}

/// A browser asks before it sends JSON to a foreign address, and who came by a foreign name is not from this machine:
/// no page on the web can do it for the one who reads it.
Response operate(const HttpProviders& providers, const Request& request, Parsed (*parse)(const Request&)) {
  if (!request.from_this_machine) return problem(403, "operations are taken from this machine only");
  if (!request.content_type.starts_with(kJson)) return problem(415, "allowed: Content-Type: application/json");
  const Parsed operation = parse(request);
  if (!operation) return problem(400, operation.error());
  const auto done = providers.operate(*operation);
  if (!done) return problem(409, done.error());
  return {200, std::string(kJson), {}, core::to_json(*done)};
}

}  // namespace

void add_alert_routes(Router& router, const std::shared_ptr<const HttpProviders>& providers) {
  router.add("/api/v1/alerts", [providers](const Request& request) {
    return rows_of(core::parse_alert_query(request.query), providers->alerts);
  });
  router.add("/api/v1/alerts/mutes", [providers](const Request&) -> Response {
    const auto mutes = providers->operate(core::ListMutes{});
    if (!mutes) return problem(409, mutes.error());
    return {200, std::string(kJson), {}, core::to_json(*mutes)};
  });
  const auto add = [&](const char* path, Parsed (*parse)(const Request&)) {
    router.add_operation(path,
                         [providers, parse](const Request& request) { return operate(*providers, request, parse); });
  };
  add("/api/v1/alerts/acknowledge", acknowledgement);
  add("/api/v1/alerts/mute", mute);
  add("/api/v1/alerts/unmute", end_of_mute);
}

}  // namespace sinks
