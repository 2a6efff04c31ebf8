// The rows of a table of figures, before they are written: cells summed by key and interval.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "processors/placement.h"

namespace processors {

struct RowFrame {
  core::Period period{};
  Status status = Status::kFinal;
  std::int64_t revisions = 0;  ///< The sum of those of its 15-minute intervals.
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

struct DealRow : RowFrame {
  DealCell cell;
  std::string currency{};
  /// Open deals at the interval's end, of a total as of now; absent where only what the row's own deals did is asked.
  std::optional<std::int64_t> stock;
  void merge(const DealRow& other) { cell.merge(other.cell); }
  bool nothing() const { return cell[DealCount::kOpened] + cell[DealCount::kWon] + cell[DealCount::kLost] == 0; }
};

struct ChatRow : RowFrame {
  ChatCell cell;
  std::optional<core::EventTime> oldest_unanswered;
  void merge(const ChatRow& other) {
    cell.merge(other.cell);
    if (!other.oldest_unanswered) return;
    oldest_unanswered = std::min(oldest_unanswered.value_or(*other.oldest_unanswered), *other.oldest_unanswered);
  }
  bool nothing() const { return cell.zero(); }
};
struct ChatAgentRow : RowFrame {
  ChatAgentCell cell;
  void merge(const ChatAgentRow& other) { cell.merge(other.cell); }
  bool nothing() const { return cell.zero(); }
};

template <typename Row>
using Rows = std::map<RowKey, Row>;

/// Rows by (client, queue, channel); the queue and channel are left empty for `--by client`.
Rows<QueueRow> queue_rows(std::span<Shard* const> shards, Placement& placement);
Rows<AgentRow> agent_rows(std::span<Shard* const> shards, Placement& placement);
Rows<LeadRow> lead_rows(std::span<Shard* const> shards, Placement& placement);
/// By (client, currency).
Rows<DealRow> deal_rows(std::span<Shard* const> shards, Placement& placement);
/// By (client, queue, channel).
Rows<ChatRow> chat_rows(std::span<Shard* const> shards, Placement& placement);
Rows<ChatAgentRow> chat_agent_rows(std::span<Shard* const> shards, Placement& placement);
/// Says of each row its currency, and how many deals were open at its end.
void count_open_deals(std::span<Shard* const> shards, Placement& placement, Rows<DealRow>& rows);

}  // namespace processors
