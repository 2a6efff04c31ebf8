#include "app/report/plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/json_text.h"

namespace app {
namespace {

using processors::ContractFigure, processors::Fraction;

constexpr double kWidth = 880, kLeft = 56, kRight = 12, kTop = 12, kLine = 170, kGap = 18, kBars = 60, kBottom = 22;
constexpr double kHeight = kTop + kLine + kGap + kBars + kBottom;

/// Where plots are drawn and nowhere else figures become floating-point numbers: per cent, or seconds.
double shown(const Fraction& figure, const processors::Yardstick& by) {
  const double quotient = static_cast<double>(figure.numerator) / static_cast<double>(figure.denominator);
  return by.share ? quotient * 100 : quotient / 1000;
}
double shown(core::Level level, const processors::Yardstick& by) {
  return static_cast<double>(level) / (by.share ? 10'000 : 1000);
}

struct Scale {
  double low = 0, high = 1;
  double y(double value) const { return kTop + kLine * (1 - (value - low) / (high - low)); }
};

/// Round numbers around all values; shares stay within 0 and 100.
Scale scale_of(const std::vector<ContractFigure>& days) {
  double low = 1e300, high = -1e300;
  bool share = true;
  const auto see = [&](double value) { low = std::min(low, value), high = std::max(high, value); };
  for (const ContractFigure& day : days) {
    if (day.figure.any()) see(shown(day.figure, day.by));
    if (day.by.target) see(shown(*day.by.target, day.by));
    share = share && day.by.share;
  }
  double step = 1;
  while ((high - low) / step > 5) step *= step == 1 || std::fmod(std::log10(step), 1) == 0 ? 5 : 2;
  Scale scale{std::floor(low / step) * step, std::ceil(high / step) * step};
  if (scale.high <= scale.low) scale.high = scale.low + step;
  if (share) scale.high = std::min(scale.high, 100.0), scale.low = std::max(scale.low, 0.0);
  if (scale.high <= scale.low) scale.low = scale.high - step;
  return scale;
}

}  // namespace

std::string html_text(const std::string& text) {
  std::string out;
  for (const char c : core::to_utf8(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string date_text(const ContractFigure& day, const date::time_zone& zone) {
  return core::format_rfc3339_seconds(day.period.start, &zone).substr(0, 10);
}

std::string plot_days(const std::vector<ContractFigure>& days, const date::time_zone& zone, const std::string& title) {
  const bool any = std::ranges::any_of(days, [](const ContractFigure& day) { return day.figure.any(); });
  if (!any) return {};
  const Scale scale = scale_of(days);
  const auto n = static_cast<double>(days.size());
  const double slot = (kWidth - kLeft - kRight) / n;
  const auto x = [&](std::size_t i) { return kLeft + slot * (static_cast<double>(i) + 0.5); };
  std::int64_t most = 1;
  for (const ContractFigure& day : days) most = std::max(most, day.sums[processors::ContractCount::kOffered]);
  std::string svg =
      fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">\n", kWidth, kHeight, html_text(title));
  for (int tick = 0; tick <= 4; ++tick) {
    const double value = scale.low + (scale.high - scale.low) * tick / 4;
    svg += fmt::format("<line class=\"grid\" x1=\"{}\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>", kLeft, kWidth - kRight,
                       scale.y(value), scale.y(value));
    svg += fmt::format("<text class=\"axis\" x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{:g}{}</text>\n", kLeft - 6,
                       scale.y(value) + 4, std::round(value * 100) / 100, days.front().by.share ? " %" : " s");
  }
  std::string path, dots, bars, labels;
  bool pen = false;
  const std::size_t label_every = std::max<std::size_t>(1, days.size() / 10);
  for (std::size_t i = 0; i < days.size(); ++i) {
    const ContractFigure& figure = days[i];
    const std::string date = date_text(figure, zone);
    const std::int64_t offered = figure.sums[processors::ContractCount::kOffered];
    const double height = kBars * static_cast<double>(offered) / static_cast<double>(most);
    bars += fmt::format(
        "<rect class=\"bar\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"><title>{}: {} "
        "offered</title></rect>\n",
        x(i) - slot * 0.36, kTop + kLine + kGap + kBars - height, slot * 0.72, height, date, offered);
    if (i % label_every == 0) {
      labels += fmt::format("<text class=\"axis\" x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n", x(i),
                            kHeight - 6, date.substr(5));
    }
    if (!figure.figure.any()) {
      pen = false;
      continue;
    }
    const double y = scale.y(shown(figure.figure, figure.by));
    path += fmt::format("{}{:.1f} {:.1f} ", pen ? 'L' : 'M', x(i), y);
    pen = true;
    const auto met = processors::meets(figure.figure, figure.by);
    dots += fmt::format("<circle class=\"{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3.5\"><title>{}: {}</title></circle>\n",
                        met.value_or(true) ? "met" : "missed", x(i), y, date,
                        core::to_string(processors::figure_value(figure.figure, figure.by)));
  }
  svg += bars + fmt::format("<path class=\"figure\" d=\"{}\"/>\n", path);
  // Periods of several versions may have several targets: a piece for each day.
  std::string targets;
  for (std::size_t i = 0; i < days.size(); ++i) {
    const auto& by = days[i].by;
    if (!by.target) continue;
    const double y = scale.y(shown(*by.target, by));
    targets += fmt::format("M{:.1f} {:.1f}L{:.1f} {:.1f} ", x(i) - slot / 2, y, x(i) + slot / 2, y);
  }
  if (!targets.empty()) svg += fmt::format("<path class=\"target\" d=\"{}\"/>\n", targets);
  return svg + dots + labels + "</svg>\n";
}

}  // namespace app
