#include <gtest/gtest.h>

#include "core/series_book.h"
#include "sinks/http/routes.h"
#include "tests/support/http_client.h"

namespace sinks {
namespace {

class HttpRoutesTest : public testing::Test {
 protected:
  HttpRoutesTest() {
    providers.metrics = [this] { return snapshot; };
    providers.figures = [this](const core::FigureQuery& query) {
      asked = query;
      return figures;
    };
    providers.dead_letters = [this](const core::DeadLetterQuery& query) {
      letters_asked = query;
      return figures;
    };
    providers.readiness = [this] { return readiness; };
  }

  Response get(std::string_view target, std::string accept = "", std::string encoding = "") {
    Request head;
    head.method = "GET";
    head.accept = std::move(accept);
    head.accept_encoding = std::move(encoding);
    return make_router(providers, own).respond(std::move(head), target);
  }

  static std::string text(const Response& response) {
    if (const auto* whole = std::get_if<std::string>(&response.body)) return *whole;
    std::string all, piece;
    while (std::get<std::unique_ptr<BodyStream>>(response.body)->next(piece)) all += piece;
    return all;
  }

  static std::string header(const Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers) {
      if (key == name) return value;
    }
    return "";
  }

  OwnMetrics own;
  std::shared_ptr<const core::MetricsSnapshot> snapshot;
  core::Result<core::FigureTable> figures =
      core::FigureTable{{"queue", "mean_wait_s"}, {{std::string("sales"), core::Fixed{1500, 3}}}};
  core::FigureQuery asked;
  core::DeadLetterQuery letters_asked;
  Readiness readiness;
  HttpProviders providers;
};

TEST_F(HttpRoutesTest, HealthIsThatItAnswers) {
  EXPECT_EQ(get("/healthz").status, 200U);
  EXPECT_EQ(text(get("/healthz")), "{\"alive\":true}\n");
}

TEST_F(HttpRoutesTest, NotReadyIs503WithTheReasons) {
  readiness = {false, {{"manila", true, false}}, std::nullopt, {"manila: 1200 messages behind"}};
  const auto response = get("/readyz");
  EXPECT_EQ(response.status, 503U);
  EXPECT_EQ(text(response),
            "{\"ready\":false,\"last_commit_age_seconds\":null,\"sources\":[{\"name\":\"manila\",\"connected\":true,"
            "\"caught_up\":false}],\"reasons\":[\"manila: 1200 messages behind\"]}\n");
}

TEST_F(HttpRoutesTest, ReadyIs200WithTheAgeOfTheLastCommit) {
  readiness = {true, {}, core::Millis(412), {}};
  EXPECT_EQ(get("/readyz").status, 200U);
  EXPECT_EQ(text(get("/readyz")), "{\"ready\":true,\"last_commit_age_seconds\":0.412,\"sources\":[],\"reasons\":[]}\n");
}

TEST_F(HttpRoutesTest, FiguresAreJsonUnlessCsvIsAskedFor) {
  const auto json = get("/api/v1/figures?by=queue&every=15m&client=acme%20co");
  EXPECT_EQ(json.content_type, "application/json");
  EXPECT_EQ(text(json), "[\n{\"queue\":\"sales\",\"mean_wait_s\":1.500}\n]\n");
  EXPECT_EQ(asked.every, core::Every::k15m);
  EXPECT_EQ(asked.client, "acme co");
  const auto csv = get("/api/v1/figures?format=csv");
  EXPECT_EQ(csv.content_type, "text/csv; charset=utf-8; header=present");
  EXPECT_EQ(text(csv), "queue,mean_wait_s\nsales,1.500\n");
}

TEST_F(HttpRoutesTest, AWrongQuestionIs400WithWhatIsAllowed) {
  const auto response = get("/api/v1/figures?by=dept");
  EXPECT_EQ(response.status, 400U);
  EXPECT_NE(text(response).find("allowed: queue, agent, client, lead"), std::string::npos);
  EXPECT_EQ(get("/api/v1/figures?format=xml").status, 400U);
}

TEST_F(HttpRoutesTest, RevisionsAreLimitedAndWhatIsLeftOutIsSaid) {
  EXPECT_EQ(header(get("/api/v1/figures?revisions=true"), "Floorwatch-Left-Out"), "");
  EXPECT_EQ(asked.limit, 1000U) << "and never all of them by accident";
  figures->cut = true;
  for (const std::string format : {"json", "csv"}) {
    const auto cut = get("/api/v1/figures?revisions=true&limit=7&format=" + format);
    EXPECT_EQ(cut.status, 200U);
    EXPECT_EQ(header(cut, "Floorwatch-Left-Out"), "revisions after the first 7");
    EXPECT_EQ(asked.limit, 7U);
  }
  for (const char* words : {"revisions=true&limit=0", "revisions=true&limit=10001", "limit=7"}) {
    EXPECT_EQ(get(std::string("/api/v1/figures?") + words).status, 400U) << words;
  }
  get("/api/v1/figures");
  EXPECT_EQ(asked.limit, std::nullopt) << "figures are shown whole";
}

TEST_F(HttpRoutesTest, DeadLettersAreJsonOfWhatIsAskedFor) {
  const auto response = get("/api/v1/dead-letters?source=pbx&reason=not_json&limit=7");
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.content_type, "application/json");
  EXPECT_EQ(letters_asked.source, "pbx");
  EXPECT_EQ(letters_asked.reason, "not_json");
  EXPECT_EQ(letters_asked.limit, 7U);
  get("/api/v1/dead-letters");
  EXPECT_EQ(letters_asked.limit, 100U) << "and never all of them by accident";
}

TEST_F(HttpRoutesTest, AWrongQuestionForDeadLettersIs400) {
  for (const char* words : {"reason=bad", "limit=0", "limit=-1", "limit=1e3", "limit=", "queue=q"}) {
    EXPECT_EQ(get(std::string("/api/v1/dead-letters?") + words).status, 400U) << words;
  }
}

TEST_F(HttpRoutesTest, FiguresThatCannotBeReadNowAre503) {
  figures = core::fail("the store is locked", core::Millis(1500));
  const auto response = get("/api/v1/figures");
  EXPECT_EQ(response.status, 503U);
  EXPECT_EQ(header(response, "Retry-After"), "2");
  EXPECT_NE(text(response).find("the store is locked"), std::string::npos);
}

TEST_F(HttpRoutesTest, MetricsBeforeTheFirstSnapshotAreThoseOfTheProcess) {
  const std::string all = text(get("/metrics"));
  EXPECT_NE(all.find("\nprocess_resident_memory_bytes "), std::string::npos);
  EXPECT_EQ(all.find("floorwatch_contacts"), std::string::npos);
}

TEST_F(HttpRoutesTest, MetricsAreInTheNegotiatedFormatAndCompression) {
  core::SeriesBook book;
  const auto id = book.family({"floorwatch_contacts_offered_total", "Visits begun.", core::MetricType::kCounter, {}});
  book.set(id, {{"queue", "sales"}}, 7);
  snapshot = book.snapshot();
  const auto plain = get("/metrics");
  EXPECT_EQ(plain.content_type, "text/plain; version=0.0.4; charset=utf-8");
  const auto open = get("/metrics", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5", "gzip");
  EXPECT_EQ(open.content_type, "application/openmetrics-text; version=1.0.0; charset=utf-8");
  EXPECT_EQ(header(open, "Content-Encoding"), "gzip");
  const std::string all = test_support::gunzip(text(open));
  EXPECT_NE(all.find("# TYPE floorwatch_contacts_offered counter\n"
                     "floorwatch_contacts_offered_total{queue=\"sales\"} 7\n"),
            std::string::npos);
  EXPECT_TRUE(all.ends_with("# EOF\n"));
}

TEST(RequestTarget, IsReadIntoPathAndQuery) {
  const auto request = parse_target("http://host:9464/a%2Fb?x=1&y&&z=%C3%A9+%2B#part");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->path, "/a/b");
  EXPECT_EQ(request->query, (std::map<std::string, std::string>{{"x", "1"}, {"y", ""}, {"z", "é +"}}));
  EXPECT_EQ(parse_target("http://host")->path, "/");
}

TEST(RequestTarget, IsRefusedWhereItCannotBeRead) {
  EXPECT_EQ(parse_target("*").error(), "the request target must begin with \"/\"");
  EXPECT_EQ(parse_target("/%g0").error(), "broken %-escape in \"/%g0\"");
  EXPECT_EQ(parse_target("/a?b=%e").error(), "broken %-escape in \"b=%e\"");
  EXPECT_EQ(parse_target("/a?b=1&b=1").error(), "b: given twice");
  EXPECT_FALSE(parse_target(""));
}

}  // namespace
}  // namespace sinks
