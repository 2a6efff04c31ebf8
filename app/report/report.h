// The scorecard of a client's contracts for one period: what `floorwatch report` writes.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "app/open_store.h"
#include "core/revision.h"
#include "processors/contracts.h"

namespace app {

/// A span of the client's calendar: "2026", "2026-Q1", "2026-03", "2026-W10", "2026-03-02".
struct ReportPeriod {
  std::string name;
  core::Period span;
};
/// nullopt: not of this form, or no such period.
std::optional<ReportPeriod> parse_report_period(const std::string& text, const date::time_zone& zone);

struct ReportedProfile {
  std::string name;
  const core::SlaProfile* profile;
  std::vector<processors::ContractFigure> periods;    ///< of the contract, those with a part in the span
  std::vector<processors::ContractFigure> days;       ///< with something judged
  std::vector<processors::ContractFigure> intervals;  ///< of the contract's kind, likewise
  std::vector<core::Revision> revisions;              ///< of those periods
  std::vector<core::Exclusion> exclusions;            ///< with a part in them
  /// Restatements of a period, and its quarter-hours that events have corrected.
  std::int64_t revisions_of(const processors::ContractFigure& period) const;
};

struct Report {
  std::string client, timezone;
  ReportPeriod period;
  core::EventTime as_of{};
  bool sealed = false;
  std::string digest, fingerprint, time_zone_data, program, store;
  std::vector<ReportedProfile> profiles;
};

/// Refers to the configuration of `stored`, which must outlive it. A Failure where the diary cannot be read.
core::Result<Report> make_report(StoredFloor& stored, const std::string& store_url, const std::string& client,
                                 const ReportPeriod& period);

/// One table: rows of periods, days and intervals (column `of`), with the columns of `figures --by profile`.
core::FigureTable report_table(const Report& report);
core::FigureTable exclusion_table(const Report& report);
core::FigureTable revised_figures(const Report& report);
/// What changed, in words: the keys of a restatement, or the event.
std::string because(const core::Revision& revision);
std::string report_json(const Report& report);
/// A page that needs nothing else: styles and plots are in it.
std::string report_html(const Report& report);

}  // namespace app
