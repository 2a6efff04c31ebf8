#include "tests/oracle/deals.h"

#include <map>

namespace oracle {
namespace {

void earliest(std::optional<Ms>& first, Ms time) {
  if (!first || time < *first) first = time;
}

/// All that the log says about one deal; what is said later holds.
struct Said {
  std::string client, currency;
  std::optional<Ms> opened, won, lost, amount;
  std::optional<std::map<std::string, Ms>> costs;

  void add(const Event& event) {
    if (!event.client.empty()) client = event.client;
    if (!event.currency.empty()) currency = event.currency;
    if (event.amount) amount = event.amount;
    if (event.costs) costs = event.costs;
    if (event.type == "deal.opened") earliest(opened, event.time);
    if (event.type == "deal.won") earliest(won, event.time);
    if (event.type == "deal.lost") earliest(lost, event.time);
  }
};

/// By default a deal must state any cost at all.
std::optional<Ms> sum_of_costs(const Said& said, const std::set<std::string>& required) {
  if (!said.costs || said.costs->empty()) return std::nullopt;
  for (const std::string& name : required) {
    if (!said.costs->contains(name)) return std::nullopt;
  }
  Ms sum = 0;
  for (const auto& [name, cost] : *said.costs) sum += cost;
  return sum;
}

}  // namespace

std::vector<Deal> read_deals(const std::vector<Event>& events, const Options& options) {
  std::map<std::string, Said> by_deal;
  for (const Event& event : events) {
    if (event.type.starts_with("deal.") && !event.deal.empty()) by_deal[event.deal].add(event);
  }
  std::vector<Deal> deals;
  for (const auto& [id, said] : by_deal) {
    if (!said.opened && !said.won && !said.lost) continue;
    Deal deal;
    deal.client = said.client.empty() ? "default" : said.client;
    deal.currency = said.currency;
    deal.opened = said.opened;
    deal.won = said.won && (!said.lost || *said.won <= *said.lost);
    deal.closed = deal.won ? said.won : said.lost;
    deal.amount = said.amount;
    deal.costs = sum_of_costs(said, options.client(deal.client).required_costs);
    deals.push_back(deal);
  }
  return deals;
}

}  // namespace oracle
