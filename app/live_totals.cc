#include "app/live_totals.h"

#include <algorithm>

#include "app/metric_families.h"

namespace app {

using processors::CellKey;
using processors::LeadCell, processors::LeadCount, processors::QueueCell;

void Buckets::add(const std::vector<std::int64_t>& bounds, const core::Histogram& histogram, std::int64_t sum_ms) {
  // Both ascend.
  std::size_t bucket = 0;
  for (const auto& entry : histogram.bins()) {
    while (bucket < bounds.size() && bounds[bucket] < core::bin_lowest(entry.bin)) ++bucket;
    counts_.at(bucket) += entry.count;
  }
  sum_ms_ += sum_ms;
}

void Buckets::add(const Buckets& other) {
  for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
  sum_ms_ += other.sum_ms_;
}

Buckets::Value Buckets::value(std::size_t bounds) const {
  Value value{{}, bounds, static_cast<double>(sum_ms_) / 1000};
  std::uint64_t count = 0;
  for (std::size_t i = 0; i <= bounds; ++i) value.cumulative[i] = count += static_cast<std::uint64_t>(counts_[i]);
  return value;
}

void QueueTotals::add(const QueueCell& cell) {
  using processors::QueueHist, processors::QueueSum;
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += cell.counts[i];
  wait.add(BucketBounds::kWait, cell[QueueHist::kWaitAnswered], cell[QueueSum::kWaitAnswered]);
  handle.add(BucketBounds::kHandle, cell[QueueHist::kHandle],
             cell[QueueSum::kTalk] + cell[QueueSum::kHold] + cell[QueueSum::kWrap]);
}

void QueueTotals::add(const QueueTotals& other) {
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += other.counts[i];
  wait.add(other.wait), handle.add(other.handle);
}

void LeadTotals::add(const LeadCell& cell) {
  created += cell[LeadCount::kCreated], attempted += cell[LeadCount::kAttempted];
  contacted += cell[LeadCount::kContacted];
  response.add(BucketBounds::kResponse, cell[processors::LeadHist::kResponse], cell[processors::LeadSum::kResponse]);
}

void LeadTotals::add(const LeadTotals& other) {
  created += other.created, attempted += other.attempted, contacted += other.contacted;
  response.add(other.response);
}

void DealTotals::add(const processors::DealCell& cell) {
  won += cell[processors::DealCount::kWon], lost += cell[processors::DealCount::kLost];
}

void ChatTotals::add(const processors::ChatCell& cell) {
  using processors::ChatCount, processors::ChatHist, processors::ChatSum;
  started += cell[ChatCount::kStarted], responded += cell[ChatCount::kResponded], missed += cell[ChatCount::kMissed];
  first_response.add(BucketBounds::kChatResponse, cell[ChatHist::kFirstResponse], cell[ChatSum::kFirstResponse]);
}

void ChatTotals::add(const ChatTotals& other) {
  started += other.started, responded += other.responded, missed += other.missed;
  first_response.add(other.first_response);
}

ShardTotals::ShardTotals(processors::Shard& shard) {
  const auto take = [&](const auto& totals, auto& into) {
    const auto* page = totals.page(0);
    if (page == nullptr) return;
    into.reserve(page->size());
    page->each([&](const CellKey& key, const auto& cell) {
      into.emplace_back().first = key;
      into.back().second.add(cell);
      names_.note(shard.names(), key);
    });
  };
  const processors::CellBook& book = shard.book();
  take(book.queues.totals, queues_), take(book.leads.totals, leads_), take(book.deal_totals, deals_);
  take(book.chats.totals, chats_);
}

void ShardTotals::add_to(LiveTotals& totals) const {
  for (const auto& [key, part] : queues_) {
    totals.queues[{names_.text(key.a), names_.text(key.b), names_.text(key.c)}].add(part);
  }
  for (const auto& [key, part] : leads_) totals.leads[{names_.text(key.a), names_.text(key.b)}].add(part);
  for (const auto& [key, part] : chats_) {
    totals.chats[{names_.text(key.a), names_.text(key.b), names_.text(key.c)}].add(part);
  }
  for (const auto& [key, part] : deals_) totals.deals[{names_.text(key.a), names_.text(key.b)}].add(part);
}

}  // namespace app
