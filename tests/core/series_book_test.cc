#include "core/series_book.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>
#include <stdexcept>
#include <string>

namespace core {
namespace {

using Values = std::vector<double>;

const MetricFamily kWaiting = {"waiting", "Waiting.", MetricType::kGauge, {}};
const MetricFamily kOffered = {"offered_total", "Offered.", MetricType::kCounter, {}};
const MetricFamily kWait = {"wait_seconds", "Wait.", MetricType::kHistogram, {5, 20}};

std::optional<Values> held(const MetricsSnapshot& snapshot, const std::string& metric) {
  return find_values(snapshot, "floorwatch_counter_held", "metric=\"" + metric + "\"");
}

TEST(LabelText, HasAFixedOrderAndNoEmptyValues) {
  const Label labels[] = {{"reason", "timeout"}, {"channel", "voice"}, {"queue", ""}, {"client", "acme"}};
  EXPECT_EQ(label_text(labels), "client=\"acme\",channel=\"voice\",reason=\"timeout\"");
  EXPECT_EQ(label_text({}), "");
}

TEST(LabelText, EscapesAndReplacesBytesOutsideUtf8) {
  const Label labels[] = {{"queue", "a\\b\"c\nd\xFF"}};
  EXPECT_EQ(label_text(labels), "queue=\"a\\\\b\\\"c\\nd\uFFFD\"");
}

TEST(LabelText, RefusesNamesThatPrometheusWouldNotRead) {
  for (const std::string_view name : {"", "le", "a:b", "1st", "a-b"}) {
    const Label labels[] = {{name, "value"}};
    EXPECT_THROW(label_text(labels), std::logic_error) << name;
  }
}

TEST(SeriesBook, PublishesWhatWasSet) {
  SeriesBook book;
  const auto waiting = book.family(kWaiting);
  book.set(waiting, {{"queue", "sales"}}, 3);
  book.set(waiting, {{"queue", "care"}}, 1);
  book.set(waiting, {{"queue", "sales"}}, 4);
  const auto snapshot = book.snapshot();
  EXPECT_EQ(find_values(*snapshot, "waiting", "queue=\"sales\""), Values{4});
  EXPECT_EQ(find_values(*snapshot, "waiting", "queue=\"care\""), Values{1});
  EXPECT_EQ(find_values(*snapshot, "waiting", ""), std::nullopt);
}

TEST(SeriesBook, ASnapshotNeverChanges) {
  SeriesBook book;
  const auto waiting = book.family(kWaiting);
  const Label sales[] = {{"queue", "sales"}};
  const auto id = *book.series(waiting, sales);
  book.set(id, 1);
  const auto before = book.snapshot();
  book.set(id, 2);
  book.set(waiting, {{"queue", "care"}}, 9);
  const auto between = book.snapshot();
  book.retire(id);
  book.set(waiting, {{"queue", "a much longer name than the one before"}}, 5);
  EXPECT_EQ(find_values(*before, "waiting", "queue=\"sales\""), Values{1});
  EXPECT_EQ(find_values(*before, "waiting", "queue=\"care\""), std::nullopt);
  EXPECT_EQ(find_values(*between, "waiting", "queue=\"sales\""), Values{2});
  EXPECT_EQ(find_values(*between, "waiting", "queue=\"care\""), Values{9});
}

TEST(SeriesBook, SharesThePagesThatNobodyWroteTo) {
  SeriesBook book;
  const auto waiting = book.family(kWaiting);
  for (int i = 0; i < 1'000; ++i) book.set(waiting, {{"queue", std::to_string(i)}}, i);
  const auto before = book.snapshot();
  book.set(waiting, {{"queue", "0"}}, -1);
  book.set(waiting, {{"queue", "999"}}, 999);  // no change
  const auto after = book.snapshot();
  const auto& old_pages = before->families.back().pages;
  const auto& new_pages = after->families.back().pages;
  ASSERT_EQ(new_pages.size(), 4U);
  EXPECT_NE(old_pages[0].values, new_pages[0].values);
  EXPECT_EQ(old_pages[0].labels, new_pages[0].labels);
  for (std::size_t i = 1; i < 4; ++i) EXPECT_EQ(old_pages[i].values, new_pages[i].values);
}

TEST(SeriesBook, AGaugeWithoutValueIsAbsent) {
  SeriesBook book;
  const auto waiting = book.family(kWaiting);
  book.set(waiting, {}, 0.5);
  EXPECT_EQ(find_values(*book.snapshot(), "waiting", ""), Values{0.5});
  book.set(waiting, {}, std::nan(""));
  EXPECT_EQ(find_values(*book.snapshot(), "waiting", ""), std::nullopt);
}

TEST(SeriesBook, RetiresTheSeriesThatWereNotSetInARound) {
  SeriesBook book;
  const auto waiting = book.family(kWaiting);
  book.set(waiting, {{"queue", "a"}}, 1);
  book.set(waiting, {{"queue", "b"}}, 1);
  book.retire_untouched(waiting);
  EXPECT_TRUE(find_values(*book.snapshot(), "waiting", "queue=\"b\""));
  book.set(waiting, {{"queue", "a"}}, 1);
  book.retire_untouched(waiting);
  EXPECT_TRUE(find_values(*book.snapshot(), "waiting", "queue=\"a\""));
  EXPECT_FALSE(find_values(*book.snapshot(), "waiting", "queue=\"b\""));
}

TEST(SeriesBook, ACounterHoldsItsValueUntilTheTrueOnePassesIt) {
  SeriesBook book;
  const auto offered = book.family(kOffered);
  const auto shown = [&](double truth) {
    book.set(offered, {}, truth);
    return find_values(*book.snapshot(), "offered_total", "")->front();
  };
  EXPECT_EQ(shown(10), 10);
  EXPECT_EQ(held(*book.snapshot(), "offered_total"), std::nullopt);
  EXPECT_EQ(shown(7), 10);
  EXPECT_EQ(held(*book.snapshot(), "offered_total"), Values{3});
  EXPECT_EQ(shown(9), 10);
  EXPECT_EQ(held(*book.snapshot(), "offered_total"), Values{1});
  EXPECT_EQ(shown(11), 11);
  EXPECT_EQ(held(*book.snapshot(), "offered_total"), std::nullopt);
}

// A wait corrected from 3 s to 30 s lowers one bucket only; buckets that moved one by one would be no histogram.
TEST(SeriesBook, AHistogramIsHeldAsAWhole) {
  SeriesBook book;
  const auto wait = book.family(kWait);
  const auto set = [&](std::vector<std::uint64_t> buckets, std::uint64_t count, double sum) {
    book.set(wait, {}, HistogramValue{buckets, count, sum});
    return *find_values(*book.snapshot(), "wait_seconds", "");
  };
  EXPECT_EQ(set({4, 6}, 7, 100), (Values{4, 6, 7, 100}));
  EXPECT_EQ(set({2, 5}, 8, 150), (Values{4, 6, 7, 100}));
  EXPECT_EQ(held(*book.snapshot(), "wait_seconds"), Values{2});
  EXPECT_EQ(set({4, 7}, 10, 170), (Values{4, 7, 10, 170}));
  EXPECT_EQ(held(*book.snapshot(), "wait_seconds"), std::nullopt);
}

TEST(SeriesBookProperty, ShownValuesNeverFallAndAreTrueOnceTheTruthHasPassedThem) {
  std::mt19937 random(11);
  SeriesBook book;
  const auto offered = book.family(kOffered);
  std::map<std::string, double> truth, shown;
  for (int step = 0; step < 20'000; ++step) {
    const std::string queue = std::to_string(random() % 300);
    truth[queue] = std::max(0.0, truth[queue] + static_cast<int>(random() % 5) - 1);
    book.set(offered, {{"queue", queue}}, truth[queue]);
    if (step % 97 != 0) continue;
    const auto snapshot = book.snapshot();
    const double now = find_values(*snapshot, "offered_total", "queue=\"" + queue + "\"")->front();
    EXPECT_GE(now, shown[queue]);
    EXPECT_GE(now, truth[queue]);
    EXPECT_TRUE(now == truth[queue] || held(*snapshot, "offered_total").value().front() > 0);
    shown[queue] = now;
  }
}

// Against a plain map: whatever is registered, retired and registered again, a label text has its own value.
TEST(SeriesBookProperty, SlotsThatAreUsedAgainBelongToTheNewSeriesOnly) {
  std::mt19937 random(5);
  SeriesBook book({.max_series = 100'000, .describes_itself = false});
  const auto waiting = book.family(kWaiting);
  std::map<std::string, double> expected;
  auto snapshot = book.snapshot();
  for (int step = 0; step < 20'000; ++step) {
    const std::string queue(random() % 12, 'q');
    const std::string name = queue + std::to_string(random() % 700);
    const Label labels[] = {{"queue", name}};
    if (random() % 3 == 0 && expected.erase(name) == 1) {
      book.retire(*book.series(waiting, labels));
    } else {
      expected[name] = step;
      book.set(waiting, {{"queue", name}}, step);
    }
    if (step % 50 == 0) snapshot = book.snapshot();
  }
  snapshot = book.snapshot();
  std::map<std::string, double> found;
  for (const auto& page : snapshot->families[0].pages) {
    for (std::size_t i = 0; i < page.labels->size(); ++i) {
      if (!std::isnan((*page.values)[i])) found.emplace(page.labels->at(i), (*page.values)[i]);
    }
  }
  EXPECT_EQ(found.size(), expected.size());
  EXPECT_EQ(book.lines(), expected.size());
  for (const auto& [name, value] : expected) EXPECT_EQ(found["queue=\"" + name + "\""], value);
}

TEST(SeriesBook, RefusesAndCountsSeriesBeyondTheLimit) {
  SeriesBook book({.max_series = 6, .describes_itself = true});
  const auto waiting = book.family(kWaiting);
  const auto wait = book.family(kWait);
  const std::vector<std::uint64_t> none = {0, 0};
  book.set(wait, {}, HistogramValue{none, 0, 0});  // five lines
  book.set(waiting, {{"queue", "a"}}, 1);
  book.set(waiting, {{"queue", "b"}}, 1);
  book.set(waiting, {{"queue", "a"}}, 2);
  const auto snapshot = book.snapshot();
  EXPECT_EQ(find_values(*snapshot, "waiting", "queue=\"a\""), Values{2});
  EXPECT_EQ(find_values(*snapshot, "waiting", "queue=\"b\""), std::nullopt);
  EXPECT_EQ(find_values(*snapshot, "floorwatch_series_refused_total", ""), Values{1});
}

TEST(SeriesBook, RefusesFamiliesThatPrometheusWouldNotRead) {
  SeriesBook book;
  book.family(kOffered);
  EXPECT_THROW(book.family(kOffered), std::logic_error);
  EXPECT_THROW(book.family({"offered", "One name in OpenMetrics.", MetricType::kGauge, {}}), std::logic_error);
  EXPECT_THROW(book.family({"answered", "No _total.", MetricType::kCounter, {}}), std::logic_error);
  EXPECT_THROW(book.family({"open_total", "A gauge.", MetricType::kGauge, {}}), std::logic_error);
  EXPECT_THROW(book.family({"1st", "A digit.", MetricType::kGauge, {}}), std::logic_error);
  EXPECT_THROW(book.family({"handle_seconds", "No bounds.", MetricType::kHistogram, {}}), std::logic_error);
  EXPECT_THROW(book.family({"handle_seconds", "Not ascending.", MetricType::kHistogram, {5, 5}}), std::logic_error);
}

}  // namespace
}  // namespace core
