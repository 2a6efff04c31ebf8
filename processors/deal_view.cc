#include "processors/deal_view.h"

#include <algorithm>
#include <boost/container/small_vector.hpp>
#include <charconv>
#include <string_view>

namespace processors {
namespace {

std::int64_t number_of(std::string_view digits) {
  std::int64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

/// Calls visit(name, amount) for each of a field of costs.
template <typename Visit>
void each_cost(std::string_view costs, Visit&& visit) {
  while (!costs.empty()) {
    const std::size_t end = std::min(costs.find(kFieldSeparator), costs.size());
    const std::string_view cost = costs.substr(0, end);
    const std::size_t equals = cost.rfind('=');
    if (equals != std::string_view::npos) visit(cost.substr(0, equals), number_of(cost.substr(equals + 1)));
    costs.remove_prefix(std::min(end + 1, costs.size()));
  }
}

/// nullopt where a cost is missing that the client asks for; by default it asks for any at all.
std::optional<core::Wide> costs_of(std::string_view costs, const std::vector<std::string>& required) {
  core::Wide sum = 0;
  boost::container::small_vector<std::string_view, 8> stated;
  each_cost(costs, [&](std::string_view name, std::int64_t amount) { sum += amount, stated.push_back(name); });
  const bool enough = std::ranges::all_of(
      required, [&](const std::string& name) { return std::ranges::find(stated, name) != stated.end(); });
  return enough && !stated.empty() ? std::optional(sum) : std::nullopt;
}

}  // namespace

std::optional<DealView> deal_view_of(const AttributeRecord& record, Rules& rules, core::Names& names) {
  DealView v;
  v.opened = record.at(Milestone::kOpened);
  const auto won = record.at(Milestone::kWon), lost = record.at(Milestone::kLost);
  if (!v.opened && !won && !lost) return std::nullopt;
  v.won = won && (!lost || *won <= *lost);
  v.closed = v.won ? won : lost;
  const auto client = record.field(Field::kClient);
  v.key.a = names.intern(client.empty() ? "default" : client);
  v.key.b = names.intern(record.field(Field::kCurrency));
  if (const auto amount = record.field(Field::kAmount); !amount.empty()) v.amount = number_of(amount);
  v.costs = costs_of(record.field(Field::kCosts), rules.client(v.key.a).required_costs);
  return v;
}

}  // namespace processors
