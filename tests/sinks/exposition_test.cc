#include "sinks/metrics/exposition.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

#include "core/series_book.h"
#include "sinks/metrics/negotiation.h"
#include "sinks/metrics/own_metrics.h"

namespace sinks {
namespace {

using core::MetricType;

class ExpositionTest : public testing::Test {
 protected:
  std::string text() { return expose({book.snapshot()}, ExpositionFormat::kText); }
  std::string open() { return expose({book.snapshot()}, ExpositionFormat::kOpenMetrics); }

  core::SeriesBook book{{.max_series = 1'000'000, .describes_itself = false}};
};

TEST_F(ExpositionTest, CountersLoseTheirSuffixInOpenMetricsFamilies) {
  const auto offered = book.family({"offered_total", "Visits begun.", MetricType::kCounter, {}});
  book.set(offered, {{"client", "a"}, {"queue", "b"}}, 12);
  EXPECT_EQ(text(),
            "# HELP offered_total Visits begun.\n# TYPE offered_total counter\n"
            "offered_total{client=\"a\",queue=\"b\"} 12\n");
  EXPECT_EQ(open(),
            "# HELP offered Visits begun.\n# TYPE offered counter\n"
            "offered_total{client=\"a\",queue=\"b\"} 12\n# EOF\n");
}

TEST_F(ExpositionTest, HistogramsHaveTheSameBoundsInBothFormats) {
  const auto wait = book.family({"wait_seconds", "Wait.", MetricType::kHistogram, {0.5, 20}});
  const std::vector<std::uint64_t> buckets = {1, 4};
  book.set(wait, {{"queue", "b"}}, core::HistogramValue{buckets, 5, 61.25});
  book.set(wait, {}, core::HistogramValue{buckets, 5, 61.25});
  const std::string lines =
      "# HELP wait_seconds Wait.\n# TYPE wait_seconds histogram\n"
      "wait_seconds_bucket{queue=\"b\",le=\"0.5\"} 1\n"
      "wait_seconds_bucket{queue=\"b\",le=\"20.0\"} 4\n"
      "wait_seconds_bucket{queue=\"b\",le=\"+Inf\"} 5\n"
      "wait_seconds_count{queue=\"b\"} 5\n"
      "wait_seconds_sum{queue=\"b\"} 61.25\n"
      "wait_seconds_bucket{le=\"0.5\"} 1\n"
      "wait_seconds_bucket{le=\"20.0\"} 4\n"
      "wait_seconds_bucket{le=\"+Inf\"} 5\n"
      "wait_seconds_count 5\n"
      "wait_seconds_sum 61.25\n";
  EXPECT_EQ(text(), lines);
  EXPECT_EQ(open(), lines + "# EOF\n");
}

TEST_F(ExpositionTest, NumbersAreReadBackExactly) {
  const auto gauge = book.family({"g", "G.", MetricType::kGauge, {}});
  const auto written = [&](double value) {
    book.set(gauge, {}, value);
    const std::string all = text();
    return all.substr(all.rfind(' ') + 1);
  };
  EXPECT_EQ(written(0), "0\n");
  EXPECT_EQ(written(-3), "-3\n");
  EXPECT_EQ(written(0.1), "0.1\n");
  EXPECT_EQ(written(1'772'442'902.123), "1772442902.123\n");
  EXPECT_EQ(written(9'007'199'254'740'991), "9007199254740991\n");
  EXPECT_EQ(std::stod(written(1e300)), 1e300);
  EXPECT_EQ(std::strtod(written(5e-324).c_str(), nullptr), 5e-324);
  EXPECT_EQ(written(std::numeric_limits<double>::infinity()), "+Inf\n");
  EXPECT_EQ(written(-std::numeric_limits<double>::infinity()), "-Inf\n");
}

TEST_F(ExpositionTest, AFamilyWithoutVisibleSeriesIsNotNamed) {
  book.family({"never_set", "N.", MetricType::kGauge, {}});
  const auto hidden = book.family({"hidden", "H.", MetricType::kGauge, {}});
  book.set(hidden, {}, std::nan(""));
  EXPECT_EQ(text(), "");
  EXPECT_EQ(open(), "# EOF\n");
}

TEST_F(ExpositionTest, HelpIsEscapedAsEachFormatWants) {
  const auto gauge = book.family({"g", "Back\\slash, \"quote\",\nline.", MetricType::kGauge, {}});
  book.set(gauge, {}, 1);
  EXPECT_TRUE(text().starts_with("# HELP g Back\\\\slash, \"quote\",\\nline.\n"));
  EXPECT_TRUE(open().starts_with("# HELP g Back\\\\slash, \\\"quote\\\",\\nline.\n"));
}

TEST_F(ExpositionTest, PiecesJoinToTheWholeWhereverTheyAreCut) {
  const auto first = book.family({"first", "F.", MetricType::kGauge, {}});
  const auto second = book.family({"second_total", "S.", MetricType::kCounter, {}});
  constexpr int kSeries = 20'000;
  for (int i = 0; i < kSeries; ++i) {
    book.set(first, {{"queue", std::to_string(i)}}, i);
    book.set(second, {{"queue", std::to_string(i)}}, i);
  }
  Exposition exposition({book.snapshot(), OwnMetrics().collect()}, ExpositionFormat::kOpenMetrics);
  std::string piece, all;
  int pieces = 0;
  while (exposition.next(piece)) {
    ++pieces;
    EXPECT_LT(piece.size(), 2 * Exposition::kPieceBytes);
    all += piece;
  }
  EXPECT_GT(pieces, 2);
  EXPECT_FALSE(exposition.next(piece));
  for (int i = 0; i < kSeries; i += 997) {
    const std::string labels = "{queue=\"" + std::to_string(i) + "\"} " + std::to_string(i) + "\n";
    EXPECT_NE(all.find("\nfirst" + labels), std::string::npos);
    EXPECT_NE(all.find("\nsecond_total" + labels), std::string::npos);
  }
  EXPECT_EQ(all.find("# TYPE first gauge"), all.rfind("# TYPE first gauge"));
  EXPECT_TRUE(all.ends_with("# EOF\n"));
}

TEST(OwnMetrics, HaveTheUsualFiguresOfTheProcess) {
  OwnMetrics own;
  own.count_request("/metrics", 200, std::chrono::milliseconds(2));
  const auto figures = own.collect();
  const auto value = [&](const char* name) { return core::find_values(*figures, name, "").value().front(); };
  EXPECT_GT(value("process_cpu_seconds_total"), 0);
  EXPECT_GT(value("process_resident_memory_bytes"), 1'000'000);
  EXPECT_GT(value("process_virtual_memory_bytes"), value("process_resident_memory_bytes"));
  EXPECT_GE(value("process_open_fds"), 3);
  EXPECT_GE(value("process_max_fds"), value("process_open_fds"));
  const double now = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  EXPECT_LT(value("process_start_time_seconds"), now + 5);
  EXPECT_GT(value("process_start_time_seconds"), now - 86'400);
  const auto seconds = core::find_values(*figures, "floorwatch_http_request_seconds", "path=\"/metrics\"");
  ASSERT_TRUE(seconds);
  EXPECT_EQ(seconds->front(), 0);                 // at most 1 ms
  EXPECT_EQ((*seconds)[seconds->size() - 2], 1);  // all
  EXPECT_NEAR(seconds->back(), 0.002, 1e-9);
}

TEST(Negotiation, OpenMetricsIsForThoseWhoNameIt) {
  const auto open = ExpositionFormat::kOpenMetrics, text = ExpositionFormat::kText;
  // Prometheus 2.42
  EXPECT_EQ(negotiate_format("application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;"
                             "q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"),
            open);
  EXPECT_EQ(negotiate_format("text/plain;version=0.0.4;q=1,*/*;q=0.1"), text);
  EXPECT_EQ(negotiate_format("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"), text);
  EXPECT_EQ(negotiate_format("*/*"), text);
  EXPECT_EQ(negotiate_format(""), text);
  EXPECT_EQ(negotiate_format("APPLICATION/OpenMetrics-Text; Version=\"1.0.0\" ; Q=0.3"), open);
  EXPECT_EQ(negotiate_format("application/openmetrics-text;q=0.2, text/plain;q=0.3"), text);
  EXPECT_EQ(negotiate_format("application/openmetrics-text;q=0.3, text/*;q=0.3"), open);
  EXPECT_EQ(negotiate_format("application/openmetrics-text;q=0"), text);
  EXPECT_EQ(negotiate_format("application/openmetrics-text;version=9.0.0"), text);
  EXPECT_EQ(negotiate_format("application/openmetrics-text;q=nonsense"), text);
  EXPECT_EQ(negotiate_format(",;,=;q=,\"unclosed"), text);
}

TEST(Negotiation, GzipIsForThoseWhoPreferIt) {
  EXPECT_TRUE(accepts_gzip("gzip"));
  EXPECT_TRUE(accepts_gzip("deflate, GZIP;q=0.5"));
  EXPECT_TRUE(accepts_gzip("*"));
  EXPECT_TRUE(accepts_gzip("x-gzip"));
  EXPECT_FALSE(accepts_gzip(""));
  EXPECT_FALSE(accepts_gzip("br"));
  EXPECT_FALSE(accepts_gzip("gzip;q=0"));
  EXPECT_FALSE(accepts_gzip("*, gzip;q=0"));
  EXPECT_FALSE(accepts_gzip("identity, gzip;q=0.5"));
}

}  // namespace
}  // namespace sinks
