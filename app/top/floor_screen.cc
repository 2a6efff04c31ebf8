#include "app/top/floor_screen.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "core/figure_table.h"
#include "core/json_text.h"

namespace app {
namespace {

constexpr std::string_view kRed = "\x1b[31m", kBold = "\x1b[1m", kPlain = "\x1b[0m";
constexpr std::size_t kLinesAround = 5;  // Headline, the table's header, "more queues", agents, where to read on.

bool waits_too_long(const FloorRow& row, const ScreenOptions& options) {
  return row.oldest_wait && *row.oldest_wait >= options.longest_wait;
}

bool is_below(const std::optional<double>& service_level, const ScreenOptions& options) {
  return service_level && *service_level < options.target;
}

bool is_marked(const FloorRow& row, const ScreenOptions& options) {
  return waits_too_long(row, options) || is_below(row.service_level_half_hour, options) ||
         is_below(row.service_level_day, options);
}

// Numbers stand right; the mark has a column of its own, so that they stay below each other.
std::string cell(const std::string& text, std::size_t wide, bool marked) {
  return fmt::format("{:>{}}{}", text, wide, marked ? '!' : ' ');
}

std::string percent(const std::optional<double>& share, const ScreenOptions& options) {
  return share ? cell(fmt::format("{:.1f} %", *share * 100), 7, is_below(share, options)) : cell("-", 7, false);
}

// What one acts on stands first: a narrow terminal cuts the day's counts, not the waits.
core::FigureTable table_of(const FloorView& view, std::size_t rows, const ScreenOptions& options) {
  core::FigureTable table;
  table.columns = {"client",   "queue",     "channel", "waiting",  " oldest ", "SL 30 m ",
                   " SL day ", "ASA 30 m ", "offered", "answered", "abandoned"};
  for (std::size_t i = 0; i < rows; ++i) {
    const FloorRow& row = view.rows[i];
    table.rows.push_back({row.client, row.queue, row.channel, row.waiting,
                          cell(row.oldest_wait ? clock_text(*row.oldest_wait) : "-", 7, waits_too_long(row, options)),
                          percent(row.service_level_half_hour, options), percent(row.service_level_day, options),
                          cell(row.mean_wait_s ? fmt::format("{:.1f} s", *row.mean_wait_s) : "-", 8, false),
                          row.offered, row.answered, row.abandoned});
  }
  return table;
}

std::string printable(std::string_view text) {
  std::string clean = core::to_utf8(text);
  std::replace_if(clean.begin(), clean.end(), [](unsigned char byte) { return byte < 0x20 || byte == 0x7F; }, '?');
  return clean;
}

std::string headline(const FloorView& view, const ScreenOptions& options) {
  const std::string state =
      view.ready ? "ready" : "NOT READY" + (view.why_not_ready.empty() ? "" : ": " + printable(view.why_not_ready));
  return fmt::format("floorwatch {}  {:%H:%M:%S} UTC  {}", options.url,
                     std::chrono::floor<std::chrono::seconds>(view.at), state);
}

std::string agents_line(const FloorView& view) {
  std::string line;
  for (const auto& [state, agents] : view.agents) {
    line += fmt::format("{}{} {}", line.empty() ? "agents: " : ", ", printable(state), agents);
  }
  return line;
}

// Cuts at a whole character, never inside one.
std::string cut(std::string line, const std::optional<std::size_t>& columns) {
  if (!columns) return line;
  std::size_t seen = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if ((line[i] & 0xC0) != 0x80 && seen++ == *columns) return line.substr(0, i);
  }
  return line;
}

class Screen {
 public:
  explicit Screen(const ScreenOptions& options) : options_(options) {}

  void add(std::string line, std::string_view style = {}) {
    line = cut(std::move(line), options_.columns);
    const bool styled = options_.colours && !style.empty();
    if (styled) text_ += style;
    text_ += line;
    if (styled) text_ += kPlain;
    text_ += '\n';
  }

  std::string take() { return std::move(text_); }

 private:
  const ScreenOptions& options_;
  std::string text_;
};

}  // namespace

std::string clock_text(core::Millis span) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(span).count();
  const auto hours = seconds / 3600, minutes = seconds / 60 % 60;
  return hours > 0 ? fmt::format("{}:{:02}:{:02}", hours, minutes, seconds % 60)
                   : fmt::format("{}:{:02}", minutes, seconds % 60);
}

std::string draw_floor(const FloorView& view, const ScreenOptions& options) {
  std::size_t shown = view.rows.size();
  if (options.lines) shown = std::min(shown, *options.lines > kLinesAround ? *options.lines - kLinesAround : 1);

  Screen screen(options);
  screen.add(headline(view, options), view.ready ? kBold : kRed);
  std::string table = core::to_text(table_of(view, shown, options));
  std::string_view rest = table;
  for (std::size_t line = 0; !rest.empty(); ++line) {
    const std::string_view text = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(text.size() + 1);
    const bool marked = line > 0 && is_marked(view.rows[line - 1], options);
    screen.add(std::string(text), line == 0 ? kBold : marked ? kRed : std::string_view{});
  }
  if (shown < view.rows.size())
    screen.add(fmt::format("... and {} more queues: make the window taller", view.rows.size() - shown));
  if (view.rows.empty()) screen.add("no visits yet today");
  if (!view.agents.empty()) screen.add(agents_line(view));
  screen.add(fmt::format("more: {0}/metrics  {0}/api/v1/figures?by=queue&every=30m", options.url));
  return screen.take();
}

}  // namespace app
