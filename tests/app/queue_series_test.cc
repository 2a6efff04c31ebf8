#include "app/queue_series.h"

#include <gtest/gtest.h>

namespace app {
namespace {

struct Page {
  Page() {
    core::SlaProfile callbacks, voice;
    callbacks.name = "callbacks", callbacks.entries = {false, false, true, false}, callbacks.versions.emplace_back();
    voice.name = "voice", voice.versions = {{.valid_from = core::event_time(1'000)}};
    config.clients["acme"].sla = {callbacks, voice};
    auto& live = figures.queues[{"acme", "q", "chat"}];
    for (auto& window : live.windows) window.level_numerator = 3, window.level_denominator = 4;
  }

  std::optional<std::vector<double>> level(const std::string& profile) {
    return core::find_values(*book.snapshot(), "floorwatch_service_level_ratio",
                             R"(client="acme",queue="q",channel="chat",profile=")" + profile + R"(",window="15m")");
  }

  core::FigureConfig config;
  processors::LiveFigures figures;
  core::SeriesBook book{core::SeriesBookOptions{}};
  MetricFamilies families{book};
  QueueSeries series{book, families};
};

TEST(QueueSeries, NamesTheProfileInForceThatJudgesInboundVisits) {
  Page page;
  page.series.fill(page.figures, page.config, core::event_time(999));
  EXPECT_EQ(page.level("default"), std::vector<double>{0.75});
  EXPECT_EQ(page.level("voice"), std::nullopt) << "not in force yet";
  page.series.fill(page.figures, page.config, core::event_time(1'000));
  EXPECT_EQ(page.level("voice"), std::vector<double>{0.75});
  EXPECT_EQ(page.level("default"), std::nullopt) << "the former series stands there still";
  EXPECT_EQ(page.level("callbacks"), std::nullopt);
}

}  // namespace
}  // namespace app
