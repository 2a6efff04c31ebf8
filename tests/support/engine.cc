#include "tests/support/engine.h"

#include <algorithm>
#include <stdexcept>

#include "core/murmur2.h"
#include "ingest/formats/formats.h"

namespace test_support {

Engine::Engine(const core::FigureConfig& config) : Engine(config, Shape{}) {}

Engine::Engine(const core::FigureConfig& config, Shape shape)
    : shape_(shape),
      floor_(config, shape.shards, shape.threads,
             shape.awake > 0 ? processors::MemoryLimits{shape.awake, 0} : processors::MemoryLimits{}) {
  if (shape.awake > 0) floor_.set_archive(&archive_);
  rules_.name = "log";
  rules_.make_decoder = [] { return std::move(*ingest::make_decoder("canonical", {"log", "UTC"})); };
  producer_ = rules_.make_decoder();
}

std::uint32_t Engine::partition_of(const core::RawMessage& message) {
  core::DecodedBatch decoded;
  producer_->decode(message, 0, decoded);
  const bool keyed = !decoded.events.empty() && core::text_hash(message.value) % 4 != 0;
  const std::string_view key = keyed ? core::routing_key(decoded.events.front()) : message.value;
  return core::partition_of(key, shape_.partitions);
}

void Engine::feed(const std::vector<std::string>& lines) {
  for (std::size_t first = 0; first < lines.size(); first += shape_.batch) {
    const std::size_t last = std::min(lines.size(), first + shape_.batch);
    // One text with room behind it, as a source's block has.
    auto text = std::make_shared<std::string>();
    std::vector<std::pair<std::size_t, std::size_t>> places;
    for (std::size_t i = first; i < last; ++i) places.emplace_back(text->size(), lines[i].size()), *text += lines[i] + '\n';
    text->append(64, '\0');
    core::RawBatch batch;
    batch.source = "log";
    const std::uint32_t partitions = std::max(shape_.partitions, 1U);
    for (std::uint32_t p = 0; p < partitions; ++p) {
      batch.partitions.push_back(
          {.key = "test:log", .label = "log", .end_read = {}, .number = p, .of_topic = shape_.partitions});
    }
    for (const auto& [at, size] : places) {
      core::RawMessage message;
      message.value = std::string_view(*text).substr(at, size);
      message.offset = static_cast<std::int64_t>(at);
      if (shape_.partitions > 0) message.partition = partition_of(message);
      batch.messages.push_back(message);
    }
    batch.owners.push_back(text);
    const app::Applied applied = floor_.apply(batch, rules_, std::nullopt, shape_.batch);
    counts_ += applied.counts;
    for (const auto& [partition, time] : applied.latest) as_of_ = std::max(as_of_, time);
    floor_.advance(as_of_);
    if (shape_.awake == 0) continue;
    core::Commit commit;
    floor_.pack_changes(commit);
    floor_.pack_leaving(0, commit);
    archive_.commit(std::move(commit.archive), commit.superseded);
    if (first / shape_.batch % 3 == 0) {
      for (auto* shard : floor_.shards()) archive_.take(shard->pack_snapshot(core::interval_at(as_of_)));
    }
    floor_.let_go();
  }
}

std::string Engine::csv(const std::map<std::string, std::string>& words) {
  const auto query = core::parse_figure_query(words);
  if (!query) throw std::invalid_argument(query.error());
  processors::ReadPoint point;
  point.as_of = as_of_;
  point.watermark = as_of_;
  point.sealed = true;
  return core::to_csv(floor_.figures(*query, point));
}

}  // namespace test_support
