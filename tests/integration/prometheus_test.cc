// Debian's Prometheus reads what the server writes: every value, without a word of complaint.
#include "tests/support/prometheus.h"

#include <gtest/gtest.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/series_book.h"
#include "sinks/http/routes.h"
#include "sinks/http/server.h"
#include "tests/support/http_client.h"

namespace sinks {
namespace {

using core::MetricType;
using test_support::Prometheus;
using test_support::PrometheusSample;

constexpr int kQueues = 500;

class PrometheusTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!test_support::prometheus_installed()) GTEST_SKIP() << "prometheus and promtool are not installed";
    fill();
    HttpProviders providers;
    providers.metrics = [this] {
      const std::lock_guard lock(mutex);
      return snapshot;
    };
    providers.figures = [](const core::FigureQuery&) { return core::FigureTable{}; };
    providers.readiness = [] { return Readiness{true, {}, core::Millis(1), {}}; };
    HttpOptions options;
    options.listen = "127.0.0.1:0";
    server = std::make_unique<HttpServer>(options, make_router(providers, own), own);
    ASSERT_TRUE(server->start());
  }

  // The kinds of figures that the pipeline publishes, with names that need escaping.
  void fill() {
    const auto offered = book.family({"floorwatch_contacts_offered_total", "Visits begun.", MetricType::kCounter, {}});
    const auto oldest = book.family({"floorwatch_oldest_waiting_timestamp_seconds",
                                     "When the visit that waits longest began.",
                                     MetricType::kGauge,
                                     {}});
    level = book.family(
        {"floorwatch_service_level_ratio", "Service level by the profile's formula.", MetricType::kGauge, {}});
    const auto per_hour = book.family(
        {"floorwatch_contacts_per_agent_hour", "Contacts handled per staffed hour.", MetricType::kGauge, {}});
    const auto wait =
        book.family({"floorwatch_wait_seconds", "Wait of answered visits.", MetricType::kHistogram, {5, 10, 20, 60}});
    for (int i = 0; i < kQueues; ++i) {
      const std::string queue = "queue " + std::to_string(i);
      book.set(offered, {{"client", "acme"}, {"queue", queue}, {"channel", "voice"}}, i);
      const std::vector<std::uint64_t> buckets = {1, 2, 3, 4};
      book.set(wait, {{"client", "acme"}, {"queue", queue}}, core::HistogramValue{buckets, 5, 0.125 * i});
    }
    book.set(oldest, {{"queue", "queue 0"}}, 1'772'442'902.123);
    book.set(level, {{"queue", odd_name}, {"window", "5m"}, {"profile", "gold"}}, 0.8125);
    book.set(per_hour, {{"client", "acme"}, {"window", "1h"}}, 4.5);
    publish();
  }

  void publish() {
    const std::lock_guard lock(mutex);
    snapshot = book.snapshot();
  }

  const std::string odd_name = "Wien \"Süd\" \\ line\n2";
  core::SeriesBook book;
  core::FamilyId level;
  std::mutex mutex;
  std::shared_ptr<const core::MetricsSnapshot> snapshot;
  OwnMetrics own;
  std::unique_ptr<HttpServer> server;
};

double only(const std::vector<PrometheusSample>& samples) {
  EXPECT_EQ(samples.size(), 1U);
  return samples.empty() ? -1 : samples.front().value;
}

TEST_F(PrometheusTest, ReadsEveryValueWithoutAComplaint) {
  Prometheus prometheus(server->port());
  EXPECT_EQ(only(prometheus.wait_for("up{job=\"floorwatch\"} == 1")), 1);

  const auto offered = prometheus.wait_for("floorwatch_contacts_offered_total");
  ASSERT_EQ(offered.size(), static_cast<std::size_t>(kQueues));
  for (const auto& sample : offered) {
    EXPECT_EQ(sample.labels.at("queue"), "queue " + std::to_string(static_cast<int>(sample.value)));
    EXPECT_EQ(sample.labels.at("channel"), "voice");
  }
  EXPECT_EQ(only(prometheus.query("floorwatch_oldest_waiting_timestamp_seconds")), 1'772'442'902.123);
  const auto ratio = prometheus.query("floorwatch_service_level_ratio");
  EXPECT_EQ(only(ratio), 0.8125);
  EXPECT_EQ(ratio.front().labels.at("queue"), odd_name);
  EXPECT_EQ(only(prometheus.query("floorwatch_wait_seconds_bucket{queue=\"queue 7\",le=\"20.0\"}")), 3);
  EXPECT_EQ(only(prometheus.query("floorwatch_wait_seconds_sum{queue=\"queue 8\"}")), 1);
  EXPECT_EQ(only(prometheus.query("histogram_quantile(0.5, sum by (le) (floorwatch_wait_seconds_bucket))")), 15);
  EXPECT_GT(only(prometheus.query("process_resident_memory_bytes")), 0);
  const auto scraped = prometheus.wait_for("floorwatch_http_requests_total{path=\"/metrics\",code=\"200\"} > 1");
  EXPECT_GT(only(scraped), 1);
  EXPECT_EQ(prometheus.log(), "");
}

TEST_F(PrometheusTest, ASeriesThatIsRetiredDisappears) {
  Prometheus prometheus(server->port());
  ASSERT_FALSE(prometheus.wait_for("floorwatch_service_level_ratio").empty());
  const core::Label labels[] = {{"queue", odd_name}, {"window", "5m"}, {"profile", "gold"}};
  book.retire(*book.series(level, labels));
  publish();
  EXPECT_FALSE(prometheus.wait_for("absent(floorwatch_service_level_ratio)").empty());
  EXPECT_EQ(prometheus.query("floorwatch_contacts_offered_total").size(), static_cast<std::size_t>(kQueues));
}

TEST_F(PrometheusTest, PromtoolIsContentWithThePage) {
  test_support::http_get(server->port(), "/metrics");  // so that the figures of requests are on the next page
  const auto page = test_support::http_get(server->port(), "/metrics", {{"Accept", "text/plain"}});
  EXPECT_NE(page.body.find("floorwatch_http_request_seconds_bucket"), std::string::npos);
  EXPECT_EQ(test_support::promtool_complaints(page.body), "");
}

}  // namespace
}  // namespace sinks
