#include "app/letter_retry.h"

#include <algorithm>
#include <memory>
#include <set>

#include "core/header_text.h"
#include "core/periods.h"

namespace app {
namespace {

/// The headers of a batch's messages and their bytes.
struct KeptHeaders {
  core::Arena arena;
  std::vector<std::vector<core::Header>> of_messages;
};

/// The letters as they were read; their contents must outlive the batch.
core::RawBatch batch_of(const std::string& source, std::span<const core::DeadLetter* const> letters,
                        core::WallTime now) {
  core::RawBatch batch;
  batch.source = source;
  const auto headers = std::make_shared<KeptHeaders>();
  headers->of_messages.reserve(letters.size());
  for (const core::DeadLetter* letter : letters) {
    core::RawMessage& message = batch.messages.emplace_back();
    message.value = letter->content;
    message.headers = headers->of_messages.emplace_back(core::read_headers(letter->headers, headers->arena));
    message.offset = letter->offset;
    message.appended = now;
  }
  batch.owners.push_back(headers);
  return batch;
}

}  // namespace

LetterRetry::LetterRetry(core::Store& store, Floor& floor, core::WallTime now)
    : store_(store), floor_(floor), now_(now), progress_(store.progress()) {
  // What is final is corrected. Of a replayed log everything is, up to where it ended.
  if (progress_.sealed && progress_.as_of) {
    floor_.settle_before(*progress_.as_of + core::kInterval, true);
  } else if (const auto settled = progress_.settled_before()) {
    floor_.settle_before(*settled);
  }
}

void LetterRetry::apply(const PipelineSource& source, std::span<const core::DeadLetter> letters) {
  std::vector<const core::DeadLetter*> tried;
  for (const auto& letter : letters) {
    if (letter.whole) tried.push_back(&letter);
  }
  SourceRules rules = source.rules;
  rules.clock_skew = core::Millis{0};
  const auto late_before =
      progress_.watermark ? std::optional(*progress_.watermark - source.allowed_lateness) : std::nullopt;
  const Applied applied = floor_.apply(batch_of(rules.name, tried, now_), rules, late_before);
  std::set<std::uint32_t> rejected;
  for (const auto& rejection : applied.rejections) rejected.insert(rejection.message);
  for (std::uint32_t i = 0; i < tried.size(); ++i) {
    if (!rejected.contains(i)) count(*tried[i]);
  }
  count(rules.name, applied.counts);
  outcome_.retried += letters.size();
  outcome_.rejected += letters.size() - tried.size() + rejected.size();
  for (const auto& [partition, time] : applied.latest) {
    progress_.as_of = std::max(progress_.as_of.value_or(time), time);
  }
}

/// A letter is none any more: neither rejected nor, until its events are counted, received.
void LetterRetry::count(const core::DeadLetter& letter) {
  understood_.push_back(letter.id);
  core::EventCounts& counts = progress_.counts[letter.source];
  --counts.received, --counts.rejected, --counts.rejected_by[letter.reason];
}

/// The events of what was understood; what was rejected again counts already.
void LetterRetry::count(const std::string& source, const core::EventCounts& counts) {
  core::EventCounts& sum = progress_.counts[source];
  sum.received += counts.received - counts.rejected;
  sum.applied += counts.applied, sum.duplicate += counts.duplicate, sum.skipped += counts.skipped;
  sum.conflict += counts.conflict, sum.late += counts.late;
  outcome_.applied += counts.applied, outcome_.duplicate += counts.duplicate, outcome_.skipped += counts.skipped;
}

core::Result<LetterRetry::Outcome> LetterRetry::commit(const core::DeadLetterLimits& limits) {
  if (understood_.empty()) return outcome_;
  core::Commit commit;
  if (progress_.as_of) floor_.revise(*progress_.as_of, commit);
  floor_.pack_changes(commit);
  std::erase_if(commit.journal, [](const core::StateBlob& blob) { return blob.bytes.empty(); });
  if (progress_.sealed) progress_.watermark = progress_.as_of;
  progress_.committed_at = now_;
  commit.progress = progress_;
  commit.understood = std::move(understood_);
  commit.dead_letter_limits = limits;
  if (auto kept = store_.commit(commit); !kept) return tl::unexpected(kept.error());
  return outcome_;
}

}  // namespace app
