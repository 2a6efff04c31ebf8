// What Alertmanager and a webhook are posted, over real sockets.
#include <gtest/gtest.h>

#include <boost/asio/write.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <mutex>

#include "core/sha256.h"
#include "sinks/alerts/http_post.h"
#include "sinks/alerts/receivers.h"
#include "tests/support/alert_receiver.h"
#include "tests/support/http_client.h"

namespace sinks {
namespace {

namespace json = boost::json;
using core::AlertStage;
using test_support::AlertReceiver;

core::AlertDelivery delivery(AlertStage stage) {
  core::Alert alert;
  alert.key = {"acme", "voice", "sl \"30m\"", "sales"};
  alert.severity = "page", alert.figure = "service_level", alert.window = "30m";
  alert.began = core::event_time(1'772'445'540'000), alert.started = core::event_time(1'772'445'600'000);
  alert.entered_at = core::wall_time(1'772'445'600'250);
  alert.summary = "sales of acme: 71 %", alert.action = "Move agents.";
  alert.facts = {{"value", "0.710000"}, {"misses_left", "-3"}};
  alert.id = "1f";
  if (stage == AlertStage::kResolved) {
    alert.resolved = core::event_time(1'772'445'900'000), alert.left_at = core::wall_time(1'772'445'900'250);
    alert.outcome = "81 %";
  }
  return {{alert.id, stage, "x"}, alert};
}

TEST(Webhook, PostsOneObjectWithAllThatIsKnown) {
  AlertReceiver server;
  const auto hook = make_webhook("pager", server.url("/hook"), "", "http://floor/api/v1/alerts");
  ASSERT_TRUE(hook->send(std::vector{delivery(AlertStage::kFiring)}));
  ASSERT_TRUE(hook->send(std::vector{delivery(AlertStage::kResolved)}));
  const auto posted = server.posted();
  ASSERT_EQ(posted.size(), 2U);
  const json::object firing = json::parse(posted[0].body).as_object(),
                     resolved = json::parse(posted[1].body).as_object();
  EXPECT_EQ(firing.at("id"), "1f");
  EXPECT_EQ(firing.at("status"), "firing");
  EXPECT_EQ(firing.at("alert"), "sl \"30m\"");
  EXPECT_EQ(firing.at("started"), "2026-03-02T10:00:00Z");
  EXPECT_TRUE(firing.at("resolved").is_null());
  EXPECT_EQ(firing.at("facts").as_object().at("misses_left").as_int64(), -3);
  EXPECT_EQ(resolved.at("status"), "resolved");
  EXPECT_EQ(resolved.at("resolved"), "2026-03-02T10:05:00Z");
  EXPECT_EQ(resolved.at("outcome"), "81 %");
  EXPECT_EQ(resolved.at("link"), "http://floor/api/v1/alerts");
}

TEST(Webhook, SignsTheBodyWithTheTimeOfSending) {
  std::mutex mutex;
  std::string request;
  // The raw bytes, since the test's server shows handlers no headers of its own.
  boost::asio::io_context io;
  boost::asio::ip::tcp::acceptor acceptor(io, {boost::asio::ip::address_v4::loopback(), 0});
  std::thread server([&] {
    auto socket = acceptor.accept();
    std::array<char, 8192> bytes{};
    std::string all;
    while (all.find("\"link\"") == std::string::npos) {
      all.append(bytes.data(), socket.read_some(boost::asio::buffer(bytes)));
    }
    {
      const std::lock_guard lock(mutex);
      request = all;
    }
    boost::asio::write(socket, boost::asio::buffer(std::string("HTTP/1.1 204 No Content\r\n\r\n")));
  });
  const auto hook = make_webhook(
      "pager", "http://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port()) + "/x?y=1", "hush", "l");
  const auto sent = hook->send(std::vector{delivery(AlertStage::kFiring)});
  server.join();
  ASSERT_TRUE(sent) << sent.error().message;
  const std::lock_guard lock(mutex);
  EXPECT_TRUE(request.starts_with("POST /x?y=1 HTTP/1.1\r\n")) << request;
  EXPECT_NE(request.find("Floorwatch-Delivery: 1f-firing\r\n"), std::string::npos) << request;
  const auto at = request.find("Floorwatch-Signature: t=") + 24, comma = request.find(",v1=", at);
  const std::string time = request.substr(at, comma - at), hmac = request.substr(comma + 4, 64);
  const std::string body = request.substr(request.find("\r\n\r\n") + 4);
  EXPECT_EQ(hmac, core::hmac_sha256("hush", time + "." + body));
  EXPECT_NEAR(std::stod(time), static_cast<double>(std::time(nullptr)), 60);
}

TEST(Webhook, WhatIsNotTakenIsAFailureThatSaysWhy) {
  AlertReceiver server;
  server.answer(500);
  const auto hook = make_webhook("pager", server.url("/hook"), "", "");
  auto sent = hook->send(std::vector{delivery(AlertStage::kFiring)});
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().message, "answered 500");
  EXPECT_TRUE(sent.error().retry_after.has_value());
  server.answer(400);
  sent = hook->send(std::vector{delivery(AlertStage::kFiring)});
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().retry_after, std::nullopt) << "the body is wrong, and will be";
  server.stop();
  sent = hook->send(std::vector{delivery(AlertStage::kFiring)});
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().message, "Connection refused");
  server.start();
  server.answer(200);
  EXPECT_TRUE(hook->send(std::vector{delivery(AlertStage::kFiring)})) << "it has come back";
}

TEST(HttpPost, AServerThatSaysNothingIsWaitedForOnlyAWhileAndCancelEndsIt) {
  boost::asio::io_context io;
  boost::asio::ip::tcp::acceptor acceptor(io, {boost::asio::ip::address_v4::loopback(), 0});
  const auto url = core::parse_url("http://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port()));
  HttpPost post(*url);
  const auto slow = post.post("text/plain", "x", {}, core::Millis{50});
  ASSERT_FALSE(slow);
  EXPECT_EQ(slow.error().message, "The socket was closed due to a timeout");
  std::thread canceller([&] { post.cancel(); });
  EXPECT_EQ(post.post("text/plain", "x", {}, std::chrono::minutes(10)).error().message, "stopped");
  canceller.join();
}

TEST(HttpPost, ACertificateThatNobodyVouchesForIsRefused) {
  AlertReceiver plain;  // Speaks no TLS at all.
  auto url = core::parse_url("https://127.0.0.1" + plain.url().substr(plain.url().rfind(':')) + "/hook");
  HttpPost post(*url);
  EXPECT_FALSE(post.post("text/plain", "x"));
  EXPECT_TRUE(plain.posted().empty());
}

TEST(Alertmanager, IsToldInItsOwnWords) {
  AlertReceiver server;
  const auto channel = make_alertmanager(server.url() + "/", "http://floor/api/v1/alerts");
  ASSERT_TRUE(channel->send(std::vector{delivery(AlertStage::kFiring)}));
  ASSERT_TRUE(channel->send(std::vector{delivery(AlertStage::kResolved)}));
  const std::vector<core::Alert> firing = {delivery(AlertStage::kFiring).alert, delivery(AlertStage::kFiring).alert};
  ASSERT_TRUE(channel->refresh(firing));
  const auto posted = server.posted();
  ASSERT_EQ(posted.size(), 3U);
  const json::object first = json::parse(posted[0].body).as_array().at(0).as_object(),
                     second = json::parse(posted[1].body).as_array().at(0).as_object();
  EXPECT_EQ(first.at("labels"), json::parse(R"({"alertname":"sl \"30m\"","client":"acme","profile":"voice",
                                                "queue":"sales","severity":"page","sender":"floorwatch"})"));
  EXPECT_EQ(first.at("labels"), second.at("labels")) << "by which it knows the alert";
  EXPECT_EQ(first.at("annotations").as_object().at("misses_left"), "-3");
  EXPECT_EQ(first.at("annotations").as_object().at("id"), "1f");
  EXPECT_EQ(first.at("startsAt"), "2026-03-02T10:00:00Z");
  EXPECT_EQ(second.at("endsAt"), "2026-03-02T10:05:00.250Z");
  const auto ends = core::parse_rfc3339(std::string(first.at("endsAt").as_string())).value();
  const core::Millis ahead =
      ends.time_since_epoch() - std::chrono::floor<core::Millis>(std::chrono::system_clock::now()).time_since_epoch();
  EXPECT_GT(ahead, std::chrono::minutes(3));
  EXPECT_LT(ahead, std::chrono::minutes(5));
  EXPECT_EQ(json::parse(posted[2].body).as_array().size(), 2U);
}

}  // namespace
}  // namespace sinks
