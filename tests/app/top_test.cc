#include "app/commands/top.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <future>
#include <map>
#include <string>

#include "app/commands/command.h"
#include "app/top/floor_screen.h"
#include "app/top/floor_view.h"
#include "app/top/http_reader.h"
#include "app/top/series_lines.h"

namespace app {
namespace {

const std::string kDay =
    R"([{"client":"acme","queue":"sales","channel":"voice","start":"2026-03-02T00:00:00Z","end":null,"status":"live","revision":0,)"
    R"("offered":120,"answered":100,"abandoned":12,"service_level":0.812500,"mean_wait_s":9.000},)"
    R"({"client":"acme","queue":"care","channel":"chat","offered":0,"answered":0,"abandoned":0,"service_level":null,"mean_wait_s":null}])";
const std::string kHalfHour =
    R"([{"client":"acme","queue":"sales","channel":"voice","offered":12,"service_level":0.750000,"mean_wait_s":12.345}])";
const std::string kMetrics =
    "# TYPE floorwatch_contacts_waiting gauge\n"
    "floorwatch_contacts_waiting{client=\"acme\",queue=\"sales\",channel=\"voice\"} 3\n"
    "floorwatch_oldest_waiting_timestamp_seconds{client=\"acme\",queue=\"sales\",channel=\"voice\"} 1772442842.5\n"
    "floorwatch_agents{client=\"acme\",state=\"available\"} 4\n"
    "floorwatch_agents{client=\"globex\",state=\"available\"} 3\n"
    "floorwatch_agents{client=\"acme\",queue=\"sales\",state=\"available\"} 4\n";
const std::string kReady = R"({"ready":true,"reasons":[]})";

FloorAnswers answers() { return {kDay, kHalfHour, kMetrics, kReady, core::wall_time(1'772'442'932'500)}; }

TEST(SeriesLines, TakesExactlyTheNamedMetricAndUndoesEscapes) {
  std::string seen;
  for_each_series("a_total 1\na{q=\"x\\\"y\\\\z\\n\",r=\"\"} 2.5\na 7\n# a\n", "a", [&](const SeriesLine& series) {
    seen += "[" + series.label("q") + "=" + std::to_string(static_cast<int>(series.value * 10)) + "]";
  });
  EXPECT_EQ(seen, "[x\"y\\z\n=25][=70]");
}

TEST(SeriesLines, PassesOverWhatIsNotOfTheFormat) {
  int samples = 0;
  for_each_series("a{q=\"x 1\na{q} 1\na{\na x\na{q=\"1\"} 3", "a", [&](const SeriesLine&) { ++samples; });
  EXPECT_EQ(samples, 1);
}

TEST(FloorView, JoinsTheFourAnswersByQueue) {
  const auto view = read_floor(answers());
  ASSERT_TRUE(view) << view.error().message;
  ASSERT_EQ(view->rows.size(), 2U);
  const FloorRow& care = view->rows[0];
  EXPECT_EQ(care.queue, "care");
  EXPECT_FALSE(care.oldest_wait);
  EXPECT_FALSE(care.service_level_day);
  const FloorRow& sales = view->rows[1];
  EXPECT_EQ(sales.waiting, 3);
  EXPECT_EQ(sales.oldest_wait, core::Millis{90'000});
  EXPECT_EQ(sales.offered, 120);
  EXPECT_DOUBLE_EQ(*sales.service_level_day, 0.8125);
  EXPECT_DOUBLE_EQ(*sales.service_level_half_hour, 0.75);
  EXPECT_DOUBLE_EQ(*sales.mean_wait_s, 12.345);
  EXPECT_TRUE(view->ready);
}

TEST(FloorView, CountsAnAgentWhoServesAQueueOnce) {
  EXPECT_EQ(read_floor(answers())->agents, (std::map<std::string, std::int64_t>{{"available", 7}}));
}

TEST(FloorView, AWaitThatBeginsAfterNowIsZero) {
  FloorAnswers asked = answers();
  asked.at = core::wall_time(1'772'442'000'000);
  EXPECT_EQ(read_floor(asked)->rows[1].oldest_wait, core::Millis{0});
}

TEST(FloorView, SaysWhichAnswerItDoesNotUnderstand) {
  FloorAnswers asked = answers();
  asked.half_hour = "<html>";
  EXPECT_EQ(read_floor(asked).error().message, "the answer to /api/v1/figures?window=30m is no JSON array");
  asked = answers();
  asked.readiness = "{}";
  EXPECT_EQ(read_floor(asked).error().message, "the answer to /readyz does not say whether it is ready");
}

TEST(FloorView, TellsTheServersWordsForAProblem) {
  EXPECT_EQ(problem_words(R"({"title":"x","status":503,"detail":"no commit yet"})"), ": no commit yet");
  EXPECT_EQ(problem_words("<html>"), "");
  EXPECT_EQ(problem_words("{}"), "");
}

TEST(FloorScreen, ShowsEveryQueueAndMarksWhatIsPastItsLimit) {
  EXPECT_EQ(draw_floor(*read_floor(answers()), {.url = "http://h:1"}),
            "floorwatch http://h:1  09:15:32 UTC  ready\n"
            "client  queue  channel  waiting   oldest   SL 30 m    SL day   ASA 30 m   offered  answered  abandoned\n"
            "acme    care   chat           0        -         -         -          -         0         0          0\n"
            "acme    sales  voice          3     1:30!   75.0 %!   81.2 %     12.3 s       120       100         12\n"
            "agents: available 7\n"
            "more: http://h:1/metrics  http://h:1/api/v1/figures?by=queue&every=30m\n");
}

TEST(FloorScreen, LimitsAreClosedForWaitsAndOpenForTheTarget) {
  const FloorView view = *read_floor(answers());
  const std::string text = draw_floor(view, {.target = 0.75, .longest_wait = core::Millis{90'001}});
  EXPECT_EQ(text.find('!'), std::string::npos) << text;
  EXPECT_NE(draw_floor(view, {.target = 0, .longest_wait = core::Millis{90'000}}).find("1:30!"), std::string::npos);
}

TEST(FloorScreen, ColourNeverStandsAlone) {
  const FloorView view = *read_floor(answers());
  const std::string coloured = draw_floor(view, {.url = "u", .colours = true});
  EXPECT_NE(coloured.find("\x1b[31m"), std::string::npos);
  EXPECT_NE(coloured.find("1:30!"), std::string::npos);
  EXPECT_EQ(draw_floor(view, {.url = "u"}).find('\x1b'), std::string::npos);
}

TEST(FloorScreen, FitsTheTerminalAndSaysWhatItLeavesOut) {
  const std::string text = draw_floor(*read_floor(answers()), {.url = "http://h:1", .lines = 6, .columns = 14});
  EXPECT_EQ(text, "floorwatch htt\nclient  queue \nacme    care  \n... and 1 more\nagents: availa\nmore: http://h\n");
}

TEST(FloorScreen, NothingFromOutsideSteersTheTerminal) {
  FloorAnswers asked = answers();
  asked.readiness = R"({"ready":false,"reasons":["source \u001b[2J down","late"]})";
  asked.day = R"([{"client":"a","queue":"\u001b]0;x","channel":""}])";
  const std::string text = draw_floor(*read_floor(asked), {.url = "u"});
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_NE(text.find("NOT READY: source ?[2J down; late"), std::string::npos) << text;
}

TEST(FloorScreen, WritesSpansAsClocksDo) {
  EXPECT_EQ(clock_text(core::Millis{0}), "0:00");
  EXPECT_EQ(clock_text(core::Millis{42'999}), "0:42");
  EXPECT_EQ(clock_text(core::Millis{3'900'000}), "1:05:00");
}

TEST(HttpAddress, ReadsHostAndPortAndRefusesTheRest) {
  EXPECT_EQ(parse_http_address("http://127.0.0.1:9464/")->port, "9464");
  EXPECT_EQ(parse_http_address("http://wall")->port, "80");
  EXPECT_EQ(parse_http_address("http://[::1]:7")->host, "::1");
  EXPECT_EQ(parse_http_address("http://[::1]")->port, "80");
  for (const char* wrong : {"", "wall:9464", "https://wall", "http://", "http://:1", "http://a:", "http://a:70000",
                            "http://a/b", "http://[::1", "http://[::1]x"}) {
    EXPECT_FALSE(parse_http_address(wrong)) << wrong;
  }
}

// Answers the four questions of one round on one connection, then closes.
class CannedFloor {
 public:
  explicit CannedFloor(std::map<std::string, std::string> pages, unsigned ready_status = 200)
      : acceptor_(context_, {boost::asio::ip::make_address("127.0.0.1"), 0}),
        served_(std::async(std::launch::async,
                           [this, pages = std::move(pages), ready_status] { serve(pages, ready_status); })) {}

  std::string url() const { return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()); }

 private:
  void serve(const std::map<std::string, std::string>& pages, unsigned ready_status) {
    namespace http = boost::beast::http;
    boost::asio::ip::tcp::socket socket = acceptor_.accept();
    boost::beast::flat_buffer buffer;
    for (std::size_t i = 0; i < pages.size(); ++i) {
      http::request<http::empty_body> request;
      boost::system::error_code error;
      http::read(socket, buffer, request, error);
      if (error) return;
      const auto page = pages.find(std::string(request.target()));
      http::response<http::string_body> response;
      response.result(page == pages.end() ? 404U : page->first == "/readyz" ? ready_status : 200U);
      if (page != pages.end()) response.body() = page->second;
      response.prepare_payload();
      http::write(socket, response, error);
    }
  }

  boost::asio::io_context context_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::future<void> served_;
};

struct Ran {
  int exit_code = -1;
  std::string out, err;
};

Ran run_once(const std::string& url) {
  Ran ran;
  CLI::App program;
  add_top(program, ran.exit_code);
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  program.parse("top --once --url " + url);
  ran.out = testing::internal::GetCapturedStdout();
  ran.err = testing::internal::GetCapturedStderr();
  return ran;
}

std::map<std::string, std::string> pages() {
  return {{"/api/v1/figures?by=queue&window=day", kDay},
          {"/api/v1/figures?by=queue&window=30m", kHalfHour},
          {"/metrics", kMetrics},
          {"/readyz", kReady}};
}

TEST(Top, PrintsOneTableFromARunningService) {
  CannedFloor floor(pages());
  const Ran ran = run_once(floor.url());
  EXPECT_EQ(ran.exit_code, kDone) << ran.err;
  EXPECT_NE(ran.out.find("acme    sales  voice          3"), std::string::npos) << ran.out;
}

TEST(Top, AServiceThatIsNotReadyIsStillShown) {
  auto some = pages();
  some["/readyz"] = R"({"ready":false,"reasons":["first catch-up is running"]})";
  CannedFloor floor(some, 503);
  const Ran ran = run_once(floor.url());
  EXPECT_EQ(ran.exit_code, kDone) << ran.err;
  EXPECT_NE(ran.out.find("NOT READY: first catch-up is running"), std::string::npos) << ran.out;
}

TEST(Top, AnotherServerIsRefusedInWords) {
  CannedFloor floor(std::map<std::string, std::string>{{"/", "hello"}});
  const Ran ran = run_once(floor.url());
  EXPECT_EQ(ran.exit_code, kEnvironmentFailed);
  EXPECT_NE(ran.err.find("/api/v1/figures?by=queue&window=day answers with status 404"), std::string::npos) << ran.err;
}

TEST(Top, NoServiceThereFails) {
  boost::asio::io_context context;
  boost::asio::ip::tcp::acceptor bound(context, {boost::asio::ip::make_address("127.0.0.1"), 0});
  const std::string url = "http://127.0.0.1:" + std::to_string(bound.local_endpoint().port());
  bound.close();
  const Ran ran = run_once(url);
  EXPECT_EQ(ran.exit_code, kEnvironmentFailed);
  EXPECT_NE(ran.err.find("no answer from " + url), std::string::npos) << ran.err;
}

TEST(Top, WrongArgumentsAreRefusedByTheParser) {
  for (const char* wrong : {"top --url ftp://x", "top --interval 0s", "top --interval fast", "top --target 101"}) {
    int exit_code = -1;
    CLI::App program;
    add_top(program, exit_code);
    EXPECT_THROW(program.parse(wrong), CLI::ParseError) << wrong;
    EXPECT_EQ(exit_code, -1);
  }
}

}  // namespace
}  // namespace app
