#include "tests/support/load.h"

#include <stdexcept>

#include "ingest/formats/formats.h"
#include "simulation/centre.h"

namespace test_support {

Load::Load(std::uint64_t visits, core::Millis length) {
  simulation::Options options;
  options.visits = visits, options.length = length;
  std::vector<std::size_t> ends;
  const auto outlet = [&](core::EventTime, std::string_view, std::string_view message) -> core::Result<bool> {
    text_ += message;
    ends.push_back(text_.size());
    return true;
  };
  const auto summary = simulation::simulate(options, simulation::make_plan(options), nullptr, outlet);
  if (!summary) throw std::runtime_error(summary.error().message);
  const std::size_t size = text_.size();
  text_.append(64, '\0');  // A decoder may load whole registers.
  batch_.source = "bench";
  batch_.partitions.resize(1);
  batch_.partitions[0].key = batch_.partitions[0].label = "bench";
  std::size_t begin = 0;
  for (const std::size_t end : ends) {
    core::RawMessage message;
    message.value = std::string_view(text_).substr(begin, end - begin);
    message.offset = static_cast<std::int64_t>(begin);
    batch_.messages.push_back(message);
    begin = end;
  }
  if (begin != size) throw std::logic_error("messages do not add up to the text");
}

std::vector<std::string> Load::lines() const {
  std::vector<std::string> lines;
  for (const auto& message : batch_.messages) lines.emplace_back(message.value);
  return lines;
}

app::SourceRules load_rules() {
  app::SourceRules rules;
  rules.name = "bench";
  rules.make_decoder = [] { return std::move(*ingest::make_decoder("canonical", {"bench", "UTC"})); };
  return rules;
}

}  // namespace test_support
