// The two fields that hold several values: `queues` and `costs`.
#include <fmt/format.h>

#include <algorithm>

#include "ingest/field_values.h"
#include "ingest/text_rules.h"

namespace ingest {

using core::RejectReason;

bool FieldReader::read_queues(const JsonValue& value, core::Event& event) {
  if (value.kind != JsonKind::kArray) return wrong_type("queues", value, "an array of strings");
  const auto queues = arena_.texts(raw_.queues.size());
  for (std::size_t i = 0; i < queues.size(); ++i) {
    if (!read_name("queues[]", raw_.queues[i], queues[i])) return false;
  }
  event.queues = queues;
  return true;
}

bool FieldReader::read_costs(const JsonValue& value, core::Event& event) {
  if (value.kind != JsonKind::kObject) return wrong_type("costs", value, "an object of amounts");
  // By name, and of equal names in the order written: then the last of them holds, also where it is null.
  struct Named {
    std::string_view name;
    const JsonValue* amount;
  };
  const std::size_t count = raw_.costs.size();
  auto* const named = static_cast<Named*>(arena_.allocate(count * sizeof(Named), alignof(Named)));
  for (std::size_t i = 0; i < count; ++i) named[i] = {raw_.costs[i].name, &raw_.costs[i].amount};
  std::sort(named, named + count,
            [](const Named& a, const Named& b) { return a.name != b.name ? a.name < b.name : a.amount < b.amount; });
  const auto costs = arena_.costs(count);
  std::size_t used = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const bool repeated = i + 1 < count && named[i + 1].name == named[i].name;
    if (repeated || named[i].amount->kind == JsonKind::kNull) continue;
    core::Cost& cost = costs[used++];
    if (named[i].name.empty() || named[i].name.size() > kMaxNameBytes || has_control_characters(named[i].name)) {
      return reject(
          RejectReason::kBadValue,
          fmt::format("costs: the name {} must have 1 to 128 bytes and no control character", quoted(named[i].name)));
    }
    cost.name = named[i].name;
    if (!read_amount("costs, an amount", *named[i].amount, cost.amount)) return false;
  }
  event.costs = costs.first(used);
  return true;
}

}  // namespace ingest
