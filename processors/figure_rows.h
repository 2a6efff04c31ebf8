// The rows of a table of figures, before they are written: cells summed by key and interval.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "core/periods.h"
#include "processors/figures.h"

namespace processors {

/// From the least to the most settled.
enum class Status : std::uint8_t { kLive, kProvisional, kFinal };

struct RowKey {
  std::string a, b, c;     ///< (client, queue, channel), (client, agent), (client), (client, campaign)
  core::EventTime start{};
  auto operator<=>(const RowKey&) const = default;
};

struct RowFrame {
  core::Period period{};
  Status status = Status::kFinal;
};

struct QueueRow : RowFrame {
  QueueCell cell;
  void merge(const QueueRow& other) { cell.merge(other.cell); }
  /// Dials and offers have no column of their own, so they alone make no row.
  bool nothing() const {
    QueueCell shown = cell;
    shown.count(QueueCount::kDialled, -static_cast<std::int32_t>(cell[QueueCount::kDialled]));
    shown.count(QueueCount::kOffers, -static_cast<std::int32_t>(cell[QueueCount::kOffers]));
    return shown.zero();
  }
};
struct AgentRow : RowFrame {
  AgentCell cell;
  AgentTimeCell time;
  void merge(const AgentRow& other) { cell.merge(other.cell), time.merge(other.time); }
  bool nothing() const { return cell.zero() && time.zero(); }
};
struct LeadRow : RowFrame {
  LeadCell cell;
  std::optional<core::EventTime> oldest_open;
  void merge(const LeadRow& other) {
    cell.merge(other.cell);
    if (other.oldest_open) oldest_open = std::min(oldest_open.value_or(*other.oldest_open), *other.oldest_open);
  }
  bool nothing() const { return cell.zero(); }
};

template <typename Row>
using Rows = std::map<RowKey, Row>;

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

/// Rows by (client, queue, channel); the queue and channel are left empty for `--by client`.
Rows<QueueRow> queue_rows(std::span<Shard* const> shards, Placement& placement);
Rows<AgentRow> agent_rows(std::span<Shard* const> shards, Placement& placement);
Rows<LeadRow> lead_rows(std::span<Shard* const> shards, Placement& placement);

}  // namespace processors
