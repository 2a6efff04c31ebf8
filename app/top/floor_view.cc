#include "app/top/floor_view.h"

#include <simdjson.h>

#include <algorithm>
#include <tuple>

#include "app/top/series_lines.h"

namespace app {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;
using Key = std::tuple<std::string, std::string, std::string>;
using Rows = std::map<Key, FloorRow>;

std::string text_at(const object& row, std::string_view key) {
  std::string_view text;
  return row[key].get(text) == simdjson::SUCCESS ? std::string(text) : std::string{};
}

std::optional<double> number_at(const object& row, std::string_view key) {
  double number = 0;
  if (row[key].get(number) != simdjson::SUCCESS) return std::nullopt;
  return number;
}

std::int64_t count_at(const object& row, std::string_view key) {
  std::int64_t count = 0;
  return row[key].get(count) == simdjson::SUCCESS ? count : 0;
}

FloorRow& row_of(Rows& rows, Key key) {
  FloorRow& row = rows[key];
  std::tie(row.client, row.queue, row.channel) = std::move(key);
  return row;
}

// Hands every object of the array `text` to `take`.
template <typename Take>
core::Result<void> read_figures(const std::string& text, std::string_view what, Rows& rows, Take take) {
  simdjson::dom::parser parser;
  simdjson::dom::array array;
  if (parser.parse(text).get(array) != simdjson::SUCCESS) {
    return core::fail("the answer to " + std::string(what) + " is no JSON array");
  }
  for (const element item : array) {
    object figures;
    if (item.get(figures) != simdjson::SUCCESS)
      return core::fail("the answer to " + std::string(what) + " holds more than objects");
    take(figures, row_of(rows, {text_at(figures, "client"), text_at(figures, "queue"), text_at(figures, "channel")}));
  }
  return {};
}

Key key_of(const SeriesLine& series) {
  return {series.label("client"), series.label("queue"), series.label("channel")};
}

void read_waiting(const FloorAnswers& answers, Rows& rows) {
  for_each_series(answers.metrics, "floorwatch_contacts_waiting", [&](const SeriesLine& series) {
    row_of(rows, key_of(series)).waiting = static_cast<std::int64_t>(series.value);
  });
  for_each_series(answers.metrics, "floorwatch_oldest_waiting_timestamp_seconds", [&](const SeriesLine& series) {
    const auto since = core::wall_time(static_cast<std::int64_t>(series.value * 1000));
    row_of(rows, key_of(series)).oldest_wait = std::max(core::Millis{0}, answers.at - since);
  });
}

// An agent can serve several queues: where the states come per queue, adding them up would count people twice, so
// only the series of the whole floor are taken.
void read_agents(const FloorAnswers& answers, FloorView& view) {
  for_each_series(answers.metrics, "floorwatch_agents", [&](const SeriesLine& series) {
    if (series.label("queue").empty()) view.agents[series.label("state")] += static_cast<std::int64_t>(series.value);
  });
}

core::Result<void> read_readiness(const std::string& text, FloorView& view) {
  simdjson::dom::parser parser;
  object answer;
  if (parser.parse(text).get(answer) != simdjson::SUCCESS) return core::fail("the answer to /readyz is no JSON object");
  if (answer["ready"].get(view.ready) != simdjson::SUCCESS)
    return core::fail("the answer to /readyz does not say whether it is ready");
  simdjson::dom::array reasons;
  if (answer["reasons"].get(reasons) != simdjson::SUCCESS) return {};
  for (const element reason : reasons) {
    std::string_view words;
    if (reason.get(words) != simdjson::SUCCESS) continue;
    if (!view.why_not_ready.empty()) view.why_not_ready += "; ";
    view.why_not_ready += words;
  }
  return {};
}

}  // namespace

std::string problem_words(const std::string& body) {
  simdjson::dom::parser parser;
  object problem;
  if (parser.parse(body).get(problem) != simdjson::SUCCESS) return {};
  const std::string detail = text_at(problem, "detail");
  return detail.empty() ? detail : ": " + detail;
}

core::Result<FloorView> read_floor(const FloorAnswers& answers) {
  FloorView view;
  view.at = answers.at;
  Rows rows;
  const auto day =
      read_figures(answers.day, "/api/v1/figures?window=day", rows, [](const object& figures, FloorRow& row) {
        row.offered = count_at(figures, "offered");
        row.answered = count_at(figures, "answered");
        row.abandoned = count_at(figures, "abandoned");
        row.service_level_day = number_at(figures, "service_level");
      });
  if (!day) return tl::unexpected(day.error());
  const auto half_hour =
      read_figures(answers.half_hour, "/api/v1/figures?window=30m", rows, [](const object& figures, FloorRow& row) {
        row.service_level_half_hour = number_at(figures, "service_level");
        row.mean_wait_s = number_at(figures, "mean_wait_s");
      });
  if (!half_hour) return tl::unexpected(half_hour.error());
  if (const auto read = read_readiness(answers.readiness, view); !read) return tl::unexpected(read.error());
  read_waiting(answers, rows);
  read_agents(answers, view);
  view.rows.reserve(rows.size());
  for (auto& [key, row] : rows) view.rows.push_back(std::move(row));
  return view;
}

}  // namespace app
