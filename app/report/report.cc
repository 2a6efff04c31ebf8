#include "app/report/report.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/json_text.h"
#include "core/printable_text.h"
#include "core/timezone_data.h"
#include "processors/contract_table.h"
#include "processors/row_frame.h"

namespace app {
namespace {

using core::EventTime;
using processors::ContractFigure;

std::optional<int> number(std::string_view text, std::size_t digits) {
  int value = 0;
  if (text.size() != digits) return std::nullopt;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  return read.ec == std::errc{} && read.ptr == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

core::Period between(const date::time_zone& zone, date::sys_days first, date::sys_days last) {
  const auto begin = [&](date::sys_days day) {
    return core::day_begin(zone, static_cast<std::int32_t>(day.time_since_epoch().count()));
  };
  return {begin(first), begin(last)};
}

core::Result<void> read_revisions(StoredFloor& stored, const std::string& client, const core::Period& span,
                                  ReportedProfile& profile) {
  core::RevisionReader* kept = stored.store->revisions();
  if (kept == nullptr) return {};
  core::FigureQuery query;
  query.by = core::FigureKey::kProfile;
  query.client = client, query.from = span.start, query.to = span.end;
  return kept->revisions(query, [&](const core::Revision& revision) {
    if (revision.row.b == profile.name) profile.revisions.push_back(revision);
    return true;
  });
}

}  // namespace

std::optional<ReportPeriod> parse_report_period(const std::string& text, const date::time_zone& zone) {
  using namespace date;
  const auto in = [&](sys_days first, sys_days last) { return ReportPeriod{text, between(zone, first, last)}; };
  const std::string_view view(text);
  const auto y = number(view.substr(0, 4), 4);
  if (!y || *y < 1970) return std::nullopt;
  const year of{*y};
  if (view.size() == 4) return in(of / January / 1, (of + years{1}) / January / 1);
  if (view[4] != '-') return std::nullopt;
  const std::string_view rest = view.substr(5);
  if (rest.starts_with('Q')) {
    const auto quarter = number(rest.substr(1), 1);
    if (!quarter || *quarter < 1 || *quarter > 4) return std::nullopt;
    const auto first = of / month{static_cast<unsigned>(*quarter * 3 - 2)};
    return in(first / 1, (first + months{3}) / 1);
  }
  if (rest.starts_with('W')) {  // ISO 8601: week 1 has the year's first Thursday.
    const auto week = number(rest.substr(1), 2);
    if (!week || *week < 1 || *week > 53) return std::nullopt;
    const sys_days fourth = of / January / 4;
    const sys_days monday = fourth - (weekday{fourth} - Monday) + weeks{*week - 1};
    if (year_month_day{monday + days{3}}.year() != of) return std::nullopt;
    return in(monday, monday + days{7});
  }
  const auto m = number(rest.substr(0, 2), 2);
  if (!m || *m < 1 || *m > 12) return std::nullopt;
  const auto first = of / month{static_cast<unsigned>(*m)};
  if (rest.size() == 2) return in(first / 1, (first + months{1}) / 1);
  const auto d = rest[2] == '-' ? number(rest.substr(3), 2) : std::nullopt;
  if (!d) return std::nullopt;
  const year_month_day date = first / day{static_cast<unsigned>(*d)};
  if (!date.ok()) return std::nullopt;
  return in(date, sys_days{date} + days{1});
}

core::Result<Report> make_report(StoredFloor& stored, const std::string& store_url, const std::string& client,
                                 const ReportPeriod& period) {
  const core::FigureConfig& config = stored.floor->config();
  const core::ClientConfig& settings = config.client(client);
  Report report{client,
                settings.timezone,
                period,
                stored.point.as_of,
                stored.point.sealed,
                stored.floor->digest(),
                config.fingerprint(),
                core::timezone_data_version(),
                FLOORWATCH_VERSION,
                store_url,
                {}};
  processors::ContractReader reader(stored.floor->shards(), config, stored.point);
  const auto periods = reader.periods(client, std::nullopt, std::nullopt);
  for (const core::SlaProfile& profile : settings.sla) {
    ReportedProfile& reported = report.profiles.emplace_back();
    reported.name = profile.name, reported.profile = &profile;
    core::Period covered = period.span;
    for (const ContractFigure& figure : periods) {
      const bool inside = figure.period.start < period.span.end && figure.period.end > period.span.start;
      if (figure.profile != profile.name || !inside) continue;
      covered.start = std::min(covered.start, figure.period.start);
      covered.end = std::max(covered.end, figure.period.end);
      const processors::ContractName name{client, profile.name};
      const core::Period part{std::max(figure.period.start, period.span.start),
                              std::min(figure.period.end, period.span.end)};
      for (ContractFigure& day : reader.days(name, part)) reported.days.push_back(std::move(day));
      for (ContractFigure& interval : reader.intervals(name, part, figure.version->terms.interval)) {
        reported.intervals.push_back(std::move(interval));
      }
      reported.periods.push_back(figure);
    }
    for (const core::Exclusion& exclusion : profile.exclusions) {
      if (exclusion.from < covered.end && exclusion.to > covered.start) reported.exclusions.push_back(exclusion);
    }
    if (auto read = read_revisions(stored, client, covered, reported); !read) return tl::unexpected(read.error());
  }
  return report;
}

std::int64_t ReportedProfile::revisions_of(const ContractFigure& period) const {
  return std::ranges::count_if(
      revisions, [&](const auto& r) { return r.row.start >= period.period.start && r.row.start < period.period.end; });
}

core::FigureTable report_table(const Report& report) {
  core::FigureTable table;
  table.columns = {"of", "client", "profile", "start", "end", "status"};
  table.columns.insert(table.columns.end(), processors::kContractColumns.begin(), processors::kContractColumns.end());
  const date::time_zone* zone = core::find_zone(report.timezone);
  const auto add = [&](const char* of, const ContractFigure& figure, std::int64_t revisions = 0) {
    std::vector<core::Value> row = {std::string(of),
                                    figure.client,
                                    figure.profile,
                                    core::format_rfc3339_seconds(figure.period.start, zone),
                                    core::format_rfc3339_seconds(figure.period.end, zone),
                                    std::string(processors::status_word(figure.status, revisions))};
    processors::contract_values(figure, row);
    table.rows.push_back(std::move(row));
  };
  for (const ReportedProfile& profile : report.profiles) {
    for (const ContractFigure& figure : profile.periods) add("period", figure, profile.revisions_of(figure));
    for (const ContractFigure& day : profile.days) add("day", day);
    for (const ContractFigure& figure : profile.intervals) add("interval", figure);
  }
  return table;
}

core::FigureTable exclusion_table(const Report& report) {
  core::FigureTable table{{"profile", "from", "to", "reason", "by"}, {}};
  for (const ReportedProfile& profile : report.profiles) {
    for (const core::Exclusion& e : profile.exclusions) {
      table.rows.push_back({profile.name, core::format_rfc3339(e.from), core::format_rfc3339(e.to), e.reason, e.by});
    }
  }
  return table;
}

std::string because(const core::Revision& revision) {
  const core::RevisionCause& cause = revision.cause;
  if (cause.type == "restatement") return cause.entity;
  return fmt::format("{} of {} at {}", cause.type, core::printable(cause.entity), core::format_rfc3339(cause.time));
}

core::FigureTable revised_figures(const Report& report) {
  core::FigureTable table{{"profile", "start", "committed_at", "figure", "was", "now", "because"}, {}};
  for (const ReportedProfile& profile : report.profiles) {
    for (const core::Revision& r : profile.revisions) {
      const std::string at = core::format_rfc3339(core::EventTime{r.committed_at.time_since_epoch()});
      for (const auto& figure : r.figures) {
        table.rows.push_back({profile.name, core::format_rfc3339(r.row.start), at, figure.name, figure.before,
                              figure.after, because(r)});
      }
    }
  }
  return table;
}

std::string report_json(const Report& report) {
  std::string out = "{";
  const auto text = [&](const char* name, const std::string& value) {
    out += out.size() > 1 ? ",\"" : "\"";
    out += name, out += "\":";
    core::append_json_string(out, value);
  };
  text("client", report.client), text("period", report.period.name), text("timezone", report.timezone);
  text("as_of", core::format_rfc3339(report.as_of));
  text("state_digest", report.digest), text("configuration", report.fingerprint);
  text("time_zone_data", report.time_zone_data), text("program", report.program);
  const auto table = [&](const char* name, const core::FigureTable& rows) {
    out += std::string(",\"") + name + "\":" + core::to_json(rows);
    while (out.ends_with('\n')) out.pop_back();
  };
  table("rows", report_table(report));
  table("exclusions", exclusion_table(report)), table("revisions", revised_figures(report));
  return out + "}\n";
}

}  // namespace app
