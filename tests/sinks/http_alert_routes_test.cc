// What the API does with alerts: the list, and the operations with all that can be wrong about them.
#include <gtest/gtest.h>

#include "sinks/http/routes.h"

namespace sinks {
namespace {

class HttpAlertRoutes : public testing::Test {
 protected:
  HttpAlertRoutes() {
    providers.alerts = [this](const core::AlertQuery& query) -> core::Result<core::FigureTable> {
      asked = query;
      return core::FigureTable{{"alert"}, {{std::string("sl")}}};
    };
    providers.operate = [this](const core::AlertOperation& o) -> tl::expected<core::FigureTable, std::string> {
      operation = o;
      if (refusal) return tl::unexpected(*refusal);
      return core::FigureTable{{"id"}, {{std::string("7")}}};
    };
  }
  Response request(const std::string& method, std::string_view target) {
    head.method = method;
    Router router;
    add_alert_routes(router, std::make_shared<const HttpProviders>(providers));
    return router.respond(head, target);
  }
  Response post(std::string_view target, const std::string& body) {
    head.body = body;
    return request("POST", target);
  }
  static std::string text(const Response& response) { return std::get<std::string>(response.body); }

  HttpProviders providers;
  Request head{.method = "", .path = "", .query = {}, .content_type = "application/json", .from_this_machine = true};
  core::AlertQuery asked;
  core::AlertOperation operation;
  std::optional<std::string> refusal;
};

TEST_F(HttpAlertRoutes, ListsWhatIsAskedForAndAtMostAHundred) {
  EXPECT_EQ(text(request("GET", "/api/v1/alerts?state=firing")), "[\n{\"alert\":\"sl\"}\n]\n");
  EXPECT_EQ(asked.state, core::AlertStage::kFiring);
  EXPECT_EQ(asked.limit, 100U);
  EXPECT_EQ(request("GET", "/api/v1/alerts?state=on").status, 400U);
  EXPECT_EQ(text(request("GET", "/api/v1/alerts/mutes")), "[\n{\"id\":\"7\"}\n]\n");
}

TEST_F(HttpAlertRoutes, AcknowledgesWithNameAndReason) {
  const Response done = post("/api/v1/alerts/acknowledge", R"({"id":"1f","by":"ann","reason":"on it"})");
  EXPECT_EQ(done.status, 200U) << text(done);
  const auto& o = std::get<core::AcknowledgeAlert>(operation);
  EXPECT_EQ(o.id + o.by + o.reason, "1fannon it");
  EXPECT_NE(text(post("/api/v1/alerts/acknowledge", R"({"id":"1f"})")).find("by, reason: missing"), std::string::npos);
  refusal = "no alert that fires has the id 1f";
  EXPECT_EQ(post("/api/v1/alerts/acknowledge", R"({"id":"1f","by":"ann","reason":"x"})").status, 409U);
}

TEST_F(HttpAlertRoutes, MutesForAWhile) {
  EXPECT_EQ(
      post("/api/v1/alerts/mute", R"({"client":"acme","queue":"sales","for":"2h","by":"ann","reason":"x"})").status,
      200U);
  const auto& o = std::get<core::MuteAlerts>(operation);
  EXPECT_EQ(o.key, (core::AlertKey{"acme", "", "", "sales"}));
  EXPECT_EQ(o.span, std::chrono::hours(2));
  for (const char* span : {"0s", "-1h", "32d", "soon"}) {
    const Response refused =
        post("/api/v1/alerts/mute", std::string(R"({"by":"a","reason":"x","for":")") + span + "\"}");
    EXPECT_EQ(refused.status, 400U) << span;
  }
  EXPECT_EQ(post("/api/v1/alerts/unmute", R"({"id":"7"})").status, 200U);
  EXPECT_EQ(std::get<core::EndMute>(operation).id, "7");
}

TEST_F(HttpAlertRoutes, WhatIsNoObjectOfTextsIsRefused) {
  for (const char* body :
       {"", "null", "[]", "{", R"({"id":7})", R"({"ids":"7"})", R"({"id":"7"} x)", "{\"id\":\"\xff\"}"}) {
    EXPECT_EQ(post("/api/v1/alerts/unmute", body).status, 400U) << body;
  }
  EXPECT_EQ(post("/api/v1/alerts/unmute", "{\"id\":\"" + std::string(2000, 'x') + "\"}").status, 400U);
}

TEST_F(HttpAlertRoutes, NothingIsDoneForStrangers) {
  head.from_this_machine = false;
  EXPECT_EQ(post("/api/v1/alerts/unmute", R"({"id":"7"})").status, 403U);
  head.from_this_machine = true, head.content_type = "text/plain";
  EXPECT_EQ(post("/api/v1/alerts/unmute", R"({"id":"7"})").status, 415U) << "as a form of a foreign page would send it";
  head.content_type = "application/json";
  const Response got = request("GET", "/api/v1/alerts/unmute");
  EXPECT_EQ(got.status, 405U);
  EXPECT_EQ(got.headers.at(0).second, "POST");
  EXPECT_EQ(post("/api/v1/alerts", "{}").status, 405U);
}

}  // namespace
}  // namespace sinks
