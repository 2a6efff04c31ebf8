// The HTTP server over real sockets on the loopback interface.
#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <vector>

#include "sinks/http/routes.h"
#include "sinks/http/server.h"
#include "tests/support/http_client.h"

namespace sinks {
namespace {

using test_support::http_get;
using test_support::RawConnection;

HttpOptions on_free_port() {
  HttpOptions options;
  options.listen = "127.0.0.1:0";
  return options;
}

Router simple_router() {
  Router router;
  router.add("/hello", [](const Request& request) {
    const auto name = request.query.find("name");
    return Response{200, "text/plain", {}, "hello " + (name == request.query.end() ? "world" : name->second) + "\n"};
  });
  router.add("/long", [](const Request&) { return Response{200, "text/plain", {}, std::string(100'000, 'x')}; });
  router.add("/throws", [](const Request&) -> Response { throw std::runtime_error("the handler broke"); });
  return router;
}

class HttpServerTest : public testing::Test {
 protected:
  void start(HttpOptions options = on_free_port()) {
    server = std::make_unique<HttpServer>(options, simple_router(), own);
    ASSERT_TRUE(server->start());
  }

  OwnMetrics own;
  std::unique_ptr<HttpServer> server;
};

constexpr std::string_view kHello = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n";

TEST_F(HttpServerTest, AnswersAndSaysWhatItIs) {
  start();
  const auto answer = http_get(server->port(), "/hello?name=Ann%20%26+Bob");
  EXPECT_EQ(answer.status, 200U);
  EXPECT_EQ(answer.body, "hello Ann & Bob\n");
  EXPECT_EQ(answer.headers.at("content-type"), "text/plain");
  EXPECT_EQ(answer.headers.at("cache-control"), "no-store");
  EXPECT_EQ(answer.headers.at("connection"), "close");
}

TEST_F(HttpServerTest, HeadHasTheSameHeadersAndNoBody) {
  start();
  const auto answer = http_get(server->port(), "/hello", {}, "HEAD");
  EXPECT_EQ(answer.status, 200U);
  EXPECT_EQ(answer.headers.at("content-length"), "12");
  EXPECT_EQ(answer.body, "");
}

TEST_F(HttpServerTest, ExplainsWhatItRefuses) {
  start();
  const auto missing = http_get(server->port(), "/nothing");
  EXPECT_EQ(missing.status, 404U);
  EXPECT_EQ(missing.headers.at("content-type"), "application/problem+json");
  EXPECT_EQ(
      missing.body,
      "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,\"detail\":\"nothing is at /nothing\"}\n");
  const auto posted = http_get(server->port(), "/hello", {{"Content-Length", "0"}}, "POST");
  EXPECT_EQ(posted.status, 405U);
  EXPECT_EQ(posted.headers.at("allow"), "GET, HEAD");
  EXPECT_EQ(http_get(server->port(), "/hello?name=%zz").status, 400U);
  EXPECT_EQ(http_get(server->port(), "/hello?name=a&name=b").status, 400U);
  const auto broken = http_get(server->port(), "/throws");
  EXPECT_EQ(broken.status, 500U);
  EXPECT_NE(broken.body.find("the handler broke"), std::string::npos);
}

TEST_F(HttpServerTest, AnswersBytesThatAreNoRequestWith400AndCloses) {
  start();
  for (const std::string_view bytes :
       {"hello\r\n\r\n", "GET /hello HTTP/3.0\r\n\r\n", "GET  HTTP/1.1\r\n\r\n",
        "GET /hello HTTP/1.1\r\nbad header\r\n\r\n", "POST /hello HTTP/1.1\r\nContent-Length: x\r\n\r\n"}) {
    RawConnection connection(server->port());
    connection.send(bytes);
    EXPECT_TRUE(connection.read_to_close().starts_with("HTTP/1.1 400 Bad Request\r\n")) << bytes;
  }
}

TEST_F(HttpServerTest, KeepsTheConnectionAndAnswersPipelinedRequestsInOrder) {
  start();
  RawConnection connection(server->port());
  std::string requests;
  for (const char* name : {"a", "b", "c"}) {
    requests += "GET /hello?name=" + std::string(name) + " HTTP/1.1\r\nHost: x\r\n\r\n";
  }
  connection.send(requests + "GET /hello?name=d HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::string all = connection.read_to_close();
  std::size_t at = 0;
  for (const char* name : {"hello a\n", "hello b\n", "hello c\n", "hello d\n"}) {
    at = all.find(name, at);
    ASSERT_NE(at, std::string::npos) << name;
  }
}

TEST_F(HttpServerTest, ReadsARequestThatComesByteByByte) {
  start();
  RawConnection connection(server->port());
  for (const char byte : kHello) connection.send({&byte, 1});
  EXPECT_NE(connection.read_until("hello world\n").find("200 OK"), std::string::npos);
}

TEST_F(HttpServerTest, LimitsHeadersAndBodies) {
  start();
  RawConnection long_header(server->port());
  long_header.send("GET /hello HTTP/1.1\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n");
  EXPECT_TRUE(long_header.read_to_close().starts_with("HTTP/1.1 431 "));
  RawConnection long_target(server->port());
  long_target.send("GET /" + std::string(20'000, 'x') + " HTTP/1.1\r\n\r\n");
  EXPECT_TRUE(long_target.read_to_close().starts_with("HTTP/1.1 431 "));
  RawConnection long_body(server->port());
  long_body.send("POST /hello HTTP/1.1\r\nContent-Length: 70000\r\n\r\n" + std::string(70'000, 'x'));
  EXPECT_TRUE(long_body.read_to_close().starts_with("HTTP/1.1 413 "));
}

TEST_F(HttpServerTest, ClosesAConnectionThatSendsNoWholeRequestInTime) {
  HttpOptions options = on_free_port();
  options.limits.timeout = std::chrono::milliseconds(50);
  start(options);
  RawConnection silent(server->port()), slow(server->port());
  slow.send("GET /hello HTT");
  EXPECT_EQ(silent.read_to_close(), "");
  EXPECT_EQ(slow.read_to_close(), "");
}

TEST_F(HttpServerTest, LetsAConnectionBeyondTheLimitWaitUntilOneEnds) {
  HttpOptions options = on_free_port();
  options.limits.connections = 2;
  start(options);
  auto first = std::make_unique<RawConnection>(server->port());
  RawConnection second(server->port());
  first->send(kHello);
  second.send(kHello);
  EXPECT_NE(first->read_until("hello world\n"), "");
  EXPECT_NE(second.read_until("hello world\n"), "");
  RawConnection third(server->port());
  third.send(kHello);
  EXPECT_FALSE(third.readable_within(100));
  first.reset();
  EXPECT_NE(third.read_until("hello world\n").find("200 OK"), std::string::npos);
}

TEST_F(HttpServerTest, CompressesForThoseWhoAcceptIt) {
  start();
  const auto packed = http_get(server->port(), "/long", {{"Accept-Encoding", "br, gzip;q=0.8"}});
  EXPECT_EQ(packed.headers.at("content-encoding"), "gzip");
  EXPECT_LT(packed.body.size(), 1'000U);
  EXPECT_EQ(test_support::gunzip(packed.body), std::string(100'000, 'x'));
  const auto plain = http_get(server->port(), "/long");
  EXPECT_EQ(plain.headers.count("content-encoding"), 0U);
  EXPECT_EQ(plain.body, std::string(100'000, 'x'));
}

TEST_F(HttpServerTest, AnswersHttp10WithoutKeepingTheConnection) {
  start();
  RawConnection connection(server->port());
  connection.send("GET /hello HTTP/1.0\r\n\r\n");
  const std::string all = connection.read_to_close();
  EXPECT_TRUE(all.starts_with("HTTP/1.0 200 OK\r\n")) << all;
  EXPECT_TRUE(all.ends_with("hello world\n"));
}

TEST_F(HttpServerTest, StartsAndStopsAnyNumberOfTimes) {
  start();
  const auto port = server->port();
  EXPECT_TRUE(server->start());
  EXPECT_EQ(server->port(), port);
  RawConnection open(port);
  open.send(kHello);
  EXPECT_NE(open.read_until("hello world\n"), "");
  server->stop();
  server->stop();
  EXPECT_EQ(server->port(), 0);
  EXPECT_EQ(open.read_to_close(), "");
  ASSERT_TRUE(server->start());
  EXPECT_EQ(http_get(server->port(), "/hello").status, 200U);
}

TEST_F(HttpServerTest, AnswersFromSeveralThreads) {
  HttpOptions options = on_free_port();
  options.threads = 3;
  start(options);
  std::vector<std::unique_ptr<RawConnection>> connections;
  for (int i = 0; i < 20; ++i) {
    connections.push_back(std::make_unique<RawConnection>(server->port()));
    connections.back()->send(kHello);
  }
  for (auto& connection : connections)
    EXPECT_NE(connection->read_until("hello world\n").find("200"), std::string::npos);
}

TEST(HttpListen, SaysWhyItCannotListen) {
  OwnMetrics own;
  HttpServer first(on_free_port(), simple_router(), own);
  ASSERT_TRUE(first.start());
  HttpOptions options;
  options.listen = "127.0.0.1:" + std::to_string(first.port());
  const auto taken = HttpServer(options, simple_router(), own).start();
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().message, "http.listen: cannot listen on " + options.listen + ": Address already in use");
  for (const char* wrong : {"", "9464", "127.0.0.1:", "127.0.0.1:99999", ":9464", "::1:9464", "127.0.0.1:http"}) {
    options.listen = wrong;
    const auto refused = HttpServer(options, simple_router(), own).start();
    ASSERT_FALSE(refused) << wrong;
    EXPECT_NE(refused.error().message.find("is not HOST:PORT"), std::string::npos) << wrong;
  }
}

TEST_F(HttpServerTest, CountsRequestsByRouteAndCode) {
  start();
  http_get(server->port(), "/hello?name=x");
  http_get(server->port(), "/a-path-that-nobody-routes");
  server->stop();
  const auto figures = own.collect();
  const auto count = [&](const char* labels) {
    return core::find_values(*figures, "floorwatch_http_requests_total", labels);
  };
  EXPECT_EQ(count("code=\"200\",path=\"/hello\""), std::vector<double>{1});
  EXPECT_EQ(count("code=\"404\",path=\"other\""), std::vector<double>{1});
}

}  // namespace
}  // namespace sinks
