// The scorecard as a page for people: a contract manager reads it, prints it, and can have it verified.
#include <fmt/format.h>

#include <algorithm>

#include "app/report/plot.h"
#include "app/report/report.h"
#include "core/periods.h"
#include "processors/contract_table.h"
#include "processors/row_frame.h"

namespace app {
namespace {

/// More would hide the rest of the page.
constexpr std::size_t kShownRevisions = 200;

using processors::ContractCount;
using processors::ContractFigure;
using processors::Yardstick;

constexpr std::string_view kStyle = R"(
:root{--ink:#1d2733;--soft:#5b6b7c;--line:#d8dfe6;--paper:#fff;--card:#f6f8fa;--figure:#1763a6;--bar:#b9cbdd;--good:#1a7f4b;--bad:#b3261e}
@media (prefers-color-scheme:dark){:root{--ink:#e8edf2;--soft:#9fb0c0;--line:#33424f;--paper:#131a21;--card:#1b242d;--figure:#6db3f2;--bar:#3a5066;--good:#5fcf95;--bad:#ff8a80}}
body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:960px;margin:2rem auto;padding:0 1rem}
h1{margin:0 0 .2rem;font-size:1.6rem}h2{margin:2.2rem 0 .6rem;font-size:1.25rem}h3{margin:1.4rem 0 .4rem;font-size:1rem}
.soft{color:var(--soft)}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:.28rem .5rem;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}th:first-child,td:first-child{text-align:left}
th{color:var(--soft);font-weight:600}.tiles{display:flex;flex-wrap:wrap;gap:.8rem}.tile{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.7rem 1rem;min-width:8.5rem}
.tile b{display:block;font-size:1.35rem;font-variant-numeric:tabular-nums}.yes{color:var(--good)}.no{color:var(--bad)}
.tiles+.scroll,.tiles+p{margin-top:.8rem}svg{width:100%;height:auto;margin:.8rem 0}.grid{stroke:var(--line)}.axis{fill:var(--soft);font-size:11px}.bar{fill:var(--bar)}
.figure{fill:none;stroke:var(--figure);stroke-width:2}.target{fill:none;stroke:var(--bad);stroke-width:1.5;stroke-dasharray:5 4}
.met{fill:var(--figure)}.missed{fill:var(--paper);stroke:var(--bad);stroke-width:2}
code{background:var(--card);padding:.1rem .3rem;border-radius:4px;overflow-wrap:anywhere}.scroll{overflow-x:auto}
@media print{details>*{display:block}body{margin:0}}
)";

/// "79.8 %" of a share, "45.2 s" of a span: as exact as the figure is shown elsewhere. `aligned`: with all its
/// decimals.
std::string words(const core::Value& value, const Yardstick& by, bool aligned = false) {
  if (std::holds_alternative<std::monostate>(value)) return "–";
  core::Fixed fixed = std::get<core::Fixed>(value);
  if (by.share) fixed.decimals = static_cast<std::uint8_t>(fixed.decimals - 2);
  std::string text = core::to_string(fixed);
  if (!aligned) text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text + (by.share ? " %" : " s");
}
std::string figure_words(const ContractFigure& f) { return words(processors::figure_value(f.figure, f.by), f.by); }
std::string target_words(const Yardstick& by) {
  if (!by.target) return "none";
  return fmt::format("{} {}", by.at_most ? "at most" : "at least", words(processors::level_value(by.target, by), by));
}

std::string met_words(const ContractFigure& f) {
  const auto met = processors::meets(f.figure, f.by);
  if (!met) return "–";
  return *met ? "<span class=\"yes\">✓ met</span>" : "<span class=\"no\">✗ missed</span>";
}

std::string credit_words(const ContractFigure& f) {
  if (f.by.credits == nullptr || !f.figure.any()) return "–";
  const std::int64_t rate = processors::credit_of(f.figure, f.by);
  return fmt::format("{} {} ({})", core::format_decimal(processors::credit_amount(*f.by.credits, rate)),
                     html_text(f.by.credits->currency), words(core::Fixed{rate, 6}, Yardstick{}));
}

class Page {
 public:
  explicit Page(const Report& report) : report_(report), zone_(core::find_zone(report.timezone)) {}

  std::string take() {
    head();
    for (const ReportedProfile& profile : report_.profiles) this->profile(profile);
    foot();
    return std::move(out_);
  }

 private:
  std::string time(core::EventTime at) const { return core::format_rfc3339_seconds(at, zone_); }
  /// "2026-03-02 09:30"
  std::string minute(core::EventTime at) const {
    std::string text = time(at).substr(0, 16);
    text[10] = ' ';
    return text;
  }
  template <typename... Args>
  void put(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Args>(args)...);
  }

  void head() {
    put("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
        "<title>{} {}</title><style>{}</style></head><body>\n",
        html_text(report_.client), html_text(report_.period.name), kStyle);
    put("<h1>{}: {}</h1>\n<p class=\"soft\">{} to {} ({}); as of {}{}</p>\n", html_text(report_.client),
        html_text(report_.period.name), minute(report_.period.span.start), minute(report_.period.span.end),
        html_text(report_.timezone), minute(report_.as_of), report_.sealed ? ", from a replayed log" : "");
  }

  void profile(const ReportedProfile& profile) {
    put("<h2>{}</h2>\n", html_text(profile.name));
    if (profile.periods.empty()) {
      put("<p class=\"soft\">Nothing of this period was judged.</p>\n");
      return;
    }
    for (const ContractFigure& period : profile.periods) tiles(period, profile.revisions_of(period));
    versions(*profile.profile);
    out_ +=
        plot_days(profile.days, *zone_, fmt::format("{} by day against its target, and visits offered", profile.name));
    days(profile);
    intervals(profile);
    exclusions(profile);
    revisions(profile);
  }

  void tile(std::string_view what, const std::string& value) {
    put("<div class=\"tile\"><span class=\"soft\">{}</span><b>{}</b></div>\n", what, value);
  }

  void tiles(const ContractFigure& f, std::int64_t revisions) {
    const std::int64_t expected = f.rest ? f.rest->denominator : 0;
    put("<h3>{} to {} <span class=\"soft\">({})</span></h3>\n<div class=\"tiles\">\n", minute(f.period.start),
        minute(f.period.end), processors::status_word(f.status, revisions));
    std::string metric(core::kMetricWords[core::index(f.metric)]);
    std::ranges::replace(metric, '_', ' ');
    tile(metric, figure_words(f));
    tile("target", target_words(f.by));
    tile("result", met_words(f));
    tile("credit", credit_words(f));
    if (const auto left = processors::misses_left(f.figure, expected, f.by))
      tile("misses left", fmt::format("{}", *left));
    if (f.rest) {
      tile("projection", words(processors::figure_value(f.projected(), f.by), f.by));
    }
    put("</div>\n");
    if (f.rest) {
      put("<p class=\"soft\">The projection takes the {} still expected to come like the mean of the last four days of "
          "the same weekday.</p>\n",
          expected);
    }
    counts(f);
  }

  void counts(const ContractFigure& f) {
    using C = ContractCount;
    put("<div class=\"scroll\"><table><tr><th>offered</th><th>answered ≤ T</th><th>&gt; T</th><th>abandoned ≤ S</th>"
        "<th>≤ T</th><th>&gt; T</th><th>flowed out ≤ T</th><th>&gt; "
        "T</th><th>numerator</th><th>denominator</th></tr>\n<tr>");
    for (const C column : {C::kOffered, C::kAnsweredWithin, C::kAnsweredLate, C::kAbandonedShort, C::kAbandonedWithin,
                           C::kAbandonedLate, C::kFlowedOutWithin, C::kFlowedOutLate}) {
      put("<td>{}</td>", f.sums[column]);
    }
    put("<td>{}</td><td>{}</td></tr></table></div>\n", f.figure.numerator, f.figure.denominator);
  }

  void versions(const core::SlaProfile& profile) {
    put("<h3>Terms</h3>\n<div class=\"scroll\"><table><tr><th>from</th><th>formula</th><th>T</th><th>S</th>"
        "<th>basis</th><th>calendar</th><th>target</th><th>aggregate</th><th>rounding</th></tr>\n");
    for (const core::SlaVersion& version : profile.versions) {
      const core::Terms& terms = version.terms;
      const bool none_short = version.short_abandon < core::Millis{0};
      put("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></"
          "tr>\n",
          version.valid_from == core::EventTime{} ? "the beginning" : time(version.valid_from).substr(0, 10),
          core::kFormulaWords[core::index(version.formula)], core::format_duration(version.threshold),
          none_short ? "none" : core::format_duration(version.short_abandon),
          core::kBasisWords[core::index(version.basis)], terms.calendar.empty() ? "always" : html_text(terms.calendar),
          target_words(processors::yardstick_of(profile.metric, terms)),
          core::kAggregateWords[core::index(terms.aggregate)],
          terms.decimals ? fmt::format("{} decimals", *terms.decimals) : "none");
    }
    put("</table></div>\n");
  }

  void row(const std::string& name, const ContractFigure& f) {
    put("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n", name,
        f.sums[ContractCount::kOffered], f.figure.numerator, f.figure.denominator,
        words(processors::figure_value(f.figure, f.by), f.by, true), met_words(f));
  }

  void days(const ReportedProfile& profile) {
    put("<h3>Days</h3>\n<div class=\"scroll\"><table><tr><th>day</th><th>offered</th><th>numerator</th>"
        "<th>denominator</th><th>figure</th><th>result</th></tr>\n");
    for (const ContractFigure& day : profile.days) row(date_text(day, *zone_), day);
    put("</table></div>\n");
  }

  void intervals(const ReportedProfile& profile) {
    put("<details><summary>Intervals ({})</summary><div class=\"scroll\"><table><tr><th>interval</th><th>offered</th>"
        "<th>numerator</th><th>denominator</th><th>figure</th><th>result</th></tr>\n",
        profile.intervals.size());
    for (const ContractFigure& interval : profile.intervals) row(minute(interval.period.start), interval);
    put("</table></div></details>\n");
  }

  void exclusions(const ReportedProfile& profile) {
    if (profile.exclusions.empty()) return;
    put("<h3>Exclusions</h3>\n<div "
        "class=\"scroll\"><table><tr><th>from</th><th>to</th><th>reason</th><th>by</th></tr>\n");
    for (const core::Exclusion& e : profile.exclusions) {
      put("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n", time(e.from), time(e.to), html_text(e.reason),
          html_text(e.by));
    }
    put("</table></div>\n");
  }

  void revisions(const ReportedProfile& profile) {
    if (profile.revisions.empty()) return;
    put("<h3>Revisions</h3>\n<div class=\"scroll\"><table><tr><th>from</th><th>at</th><th>figure</th><th>was</th>"
        "<th>now</th><th>because</th></tr>\n");
    std::size_t shown = 0;
    for (const core::Revision& r : profile.revisions) {
      if (++shown > kShownRevisions) break;
      for (const auto& figure : r.figures) {
        put("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n", minute(r.row.start),
            core::format_rfc3339(core::EventTime{r.committed_at.time_since_epoch()}), html_text(figure.name),
            html_text(figure.before), html_text(figure.after), html_text(because(r)));
      }
    }
    put("</table></div>\n");
    if (profile.revisions.size() <= kShownRevisions) return;
    put("<p>{} more: <code>floorwatch figures --revisions --by profile</code> lists them all.</p>\n",
        profile.revisions.size() - kShownRevisions);
  }

  void foot() {
    put("<h2>How to check this report</h2>\n<p>Every figure is a quotient of the sums beside it, each from single "
        "contacts, which <code>floorwatch contacts</code> lists. The log gives the same state again:</p>\n"
        "<p><code>floorwatch verify --config FILE --store {}</code></p>\n"
        "<table><tr><td>state digest</td><td><code>{}</code></td></tr><tr><td>configuration</td><td><code>{}</code>"
        "</td></tr><tr><td>time zone data</td><td>{}</td></tr><tr><td>program</td><td>floorwatch {}</td></tr></table>\n"
        "</body></html>\n",
        html_text(report_.store), report_.digest, report_.fingerprint, report_.time_zone_data, report_.program);
  }

  const Report& report_;
  const date::time_zone* zone_;
  std::string out_;
};

}  // namespace

std::string report_html(const Report& report) { return Page(report).take(); }

}  // namespace app
