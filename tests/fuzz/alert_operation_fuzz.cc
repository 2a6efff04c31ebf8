// Any bytes as what somebody asks of alerts, as an operation's body and as the words of a query: refused, or an
// operation and a query within their limits.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "sinks/http/routes.h"

namespace {

constexpr std::size_t kLongestText = 1024;

void check_texts(std::initializer_list<std::string_view> required, std::initializer_list<std::string_view> all) {
  for (const std::string_view text : required) {
    if (text.empty()) std::abort();
  }
  for (const std::string_view text : all) {
    if (text.size() > kLongestText) std::abort();
  }
}

struct CheckOperation {
  void operator()(const core::AcknowledgeAlert& o) const {
    check_texts({o.id, o.by, o.reason}, {o.id, o.by, o.reason});
  }
  void operator()(const core::MuteAlerts& o) const {
    check_texts({o.by, o.reason}, {o.key.client, o.key.profile, o.key.name, o.key.queue, o.by, o.reason});
    if (o.span <= core::Millis{0} || o.span > core::Millis{31LL * 24 * 3'600'000}) std::abort();
  }
  void operator()(const core::EndMute& o) const { check_texts({o.id}, {o.id}); }
  void operator()(const core::ListMutes&) const {}
};

const sinks::Router& router() {
  static const sinks::Router routes = [] {
    sinks::HttpProviders providers;
    providers.alerts = [](const core::AlertQuery& query) -> core::Result<core::FigureTable> {
      if (!query.limit || *query.limit == 0) std::abort();
      for (const auto& time : {query.from, query.to}) {
        if (time && (*time < core::kFirstEventTime || *time >= core::kEndOfEventTime)) std::abort();
      }
      return core::FigureTable{{"client", "id"}, {{query.client.value_or(""), query.id.value_or("")}}};
    };
    providers.operate = [](const core::AlertOperation& o) -> tl::expected<core::FigureTable, std::string> {
      std::visit(CheckOperation{}, o);
      return core::FigureTable{{"id"}, {}};
    };
    sinks::Router router;
    sinks::add_alert_routes(router, std::make_shared<const sinks::HttpProviders>(std::move(providers)));
    return router;
  }();
  return routes;
}

void check(const sinks::Response& response, std::initializer_list<unsigned> allowed) {
  for (const unsigned status : allowed) {
    if (response.status == status) return;
  }
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  for (const char* path : {"/api/v1/alerts/acknowledge", "/api/v1/alerts/mute", "/api/v1/alerts/unmute"}) {
    sinks::Request request;
    request.method = "POST", request.content_type = "application/json", request.from_this_machine = true;
    request.body = text;
    check(router().respond(std::move(request), path), {200, 400});
  }
  sinks::Request request;
  request.method = "GET";
  check(router().respond(std::move(request), "/api/v1/alerts?" + text), {200, 400});
  return 0;
}
