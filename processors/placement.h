// Where a fact goes in a table of figures: to which row's interval, and how settled that is.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "core/periods.h"
#include "processors/figures.h"

namespace processors {

/// From the least to the most settled.
enum class Status : std::uint8_t { kLive, kProvisional, kFinal };

/// What a query reads: which slots or moments belong to which row. Confined to one thread.
class Placement {
 public:
  Placement(const core::FigureConfig& config, const core::FigureQuery& query, const ReadPoint& point);

  /// The row's interval for a fact at `time` of a client; nullopt: not asked for. The start of a slot stands for all
  /// facts in it.
  std::optional<core::Period> place(std::string_view client, core::EventTime time);

  /// How settled the 15 minutes are in which a fact lies, and the row's whole interval.
  Status status(core::EventTime slot_end, const core::Period& row) const;

  bool windowed() const { return query_.window.has_value(); }
  bool rolling() const { return windowed() && *query_.window != core::Window::kDay; }
  /// Bounds of a total or window that cut through 15-minute cells: facts must be picked one by one.
  bool cuts_intervals() const;
  /// From where to where agents' time counts for a window, or a total's bounds.
  core::Period span(std::string_view client);

  /// All that any row is of lies in it.
  core::Period reach() const;

  core::Basis basis() const { return windowed() ? core::Basis::kEvent : query_.basis; }
  const core::FigureQuery& query() const { return query_; }
  const ReadPoint& point() const { return point_; }

 private:
  core::PeriodFinder& finder(std::string_view client);
  const date::time_zone& zone(std::string_view client) const;

  const core::FigureConfig& config_;
  const core::FigureQuery& query_;
  const ReadPoint& point_;
  std::map<std::string, core::PeriodFinder, std::less<>> finders_;
};

}  // namespace processors
