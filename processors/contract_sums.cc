#include "processors/contract_sums.h"

#include <algorithm>
#include <tuple>

#include "processors/contact_facts.h"
#include "processors/lead_facts.h"
#include "processors/occupancy.h"
#include "processors/still_open.h"

namespace processors {
namespace {

ContractName name_of(const core::Names& names, const CellKey& key) {
  return {std::string(names.text(key.a)), std::string(names.text(key.b))};
}

/// Adds only what goes to one contract, wherever it stands in time.
struct OneContract {
  CellKey key;
  ContractCell* into;
  template <typename Add>
  void contract(const CellKey& of, core::Slot, core::Slot, Add&& add) {
    if (of == key) add(*into);
  }
};

}  // namespace

ContractSums::ContractSums(std::span<Shard* const> shards, const core::FigureConfig& config, const ReadPoint& point,
                           core::Slot since)
    : shards_(shards), point_(point) {
  const bool leads = std::ranges::any_of(config.clients, [](const auto& client) {
    return std::ranges::any_of(client.second.sla, [](const core::SlaProfile& profile) {
      return profile.metric == core::Metric::kLeadResponse;
    });
  });
  for (Shard* shard : shards) {
    const Homes& homes = homes_.emplace_back(homes_of(*shard));
    read_days(*shard, homes, since), read_open(*shard, leads), read_running(*shard, homes, since);
  }
}

ContractSums::Homes ContractSums::homes_of(Shard& shard) {
  Homes homes;
  if (!shard.rules().judges_occupancy()) return homes;
  const core::NameId fallback = shard.names().intern("default");
  for (std::size_t i = 0; i < shard.agents().size(); ++i) {
    AgentRecord& agent = shard.agents()[i].record;
    const core::NameId home = agent.home_client();
    homes.emplace(agent.name(shard.names()), home == core::NameId::kNone ? fallback : home);
  }
  return homes;
}

void ContractSums::read_days(Shard& shard, const Homes& homes, core::Slot since) {
  boost::unordered_flat_map<CellKey, Days*, boost::hash<CellKey>> days;  // A name is looked up once.
  std::as_const(shard.book().contract_days).pages([&](core::Slot day, const auto& page) {
    if (day < since) return;
    page.each([&](const CellKey& key, const ContractCell& cell) {
      if (cell.zero() || !belongs(key, homes)) return;
      Days*& of = days[{key.a, key.b}];
      if (of == nullptr) of = &days_[name_of(shard.names(), key)];
      (*of)[day].merge(cell);
    });
  });
}

void ContractSums::read_open(Shard& shard, bool leads) {
  Rules& rules = shard.rules();
  const auto open = [&](const Contract& contract, core::EventTime at, bool counts) {
    const core::Slot interval = core::slot_of(at, core::kInterval), day = rules.day_of(contract.key.a, interval);
    const ContractName name = name_of(shard.names(), contract.key);
    unsettled_.insert({name, interval});
    if (!counts) return;
    ContractCell late;
    late.sum(ContractSum::kDenominator, 1);
    add_open(name, interval, day, late);
  };
  shard.contacts().each_open([&](const ContactRecord& record) {
    const ContactView view = view_of(record, rules, shard.names());
    for (const VisitView& v : view.visits) {
      if (!still_waits(v, rules, point_.as_of)) continue;
      each_visit_contract(v, rules, [&](const Contract& contract) {
        open(contract, v.begin, false);
        if (const auto from = counts_open_from(v, contract, point_.as_of)) open(contract, *from, true);
      });
    }
    for (const SegmentView& s : view.segments) {
      if (!still_handled(s, rules, point_.as_of)) continue;
      each_handle_contract(
          s, rules, [&](const Contract& contract) { open(contract, counted_at(contract, s.arrival, s.start), false); });
    }
    for (const TurnView& t : view.turns) {
      if (!t.first || !still_unanswered(t, rules, point_.as_of)) continue;
      each_response_contract(t, rules, [&](const Contract& contract) { open(contract, t.begin, false); });
    }
  });
  if (!leads) return;
  shard.leads().each_open([&](const AttributeRecord& record) {
    const auto view = view_of(record, rules, shard.names());
    rules.each_lead_contract(view->key.a, view->created,
                             [&](const Contract& contract) { open(contract, view->created, false); });
  });
}

void ContractSums::add_open(const ContractName& name, core::Slot interval, core::Slot day, const ContractCell& cell) {
  counting_days_.insert({name, day});
  open_[name][interval].merge(cell);
  days_[name][day].merge(cell);
}

/// Agents' states that go on, up to as-of. A state that is given up after all takes its time back, so nothing that it
/// covers is settled.
void ContractSums::read_running(Shard& shard, const Homes& homes, core::Slot since) {
  Rules& rules = shard.rules();
  if (!rules.judges_occupancy()) return;
  for (std::size_t i = 0; i < shard.agents().size(); ++i) {
    AgentRecord& agent = shard.agents()[i].record;
    const auto now = agent.current(point_.as_of, rules.give_up().agent_state);
    if (!now || !enters_occupancy(now->state)) continue;
    const core::NameId home = homes.at(agent.name(shard.names()));
    rules.each_occupancy_contract([&](const CellKey& key, const core::SlaProfile& profile) {
      if (key.a != home) return;
      const ContractName name = name_of(shard.names(), key);
      core::each_interval_part(now->time, point_.as_of, [&](core::EventTime start, core::EventTime end) {
        const core::Slot interval = core::slot_of(start, core::kInterval), day = rules.day_of(key.a, interval);
        if (day < since) return;
        unsettled_.insert({name, interval});
        ContractCell cell;
        add_occupancy(now->state, rules.judged_time(profile, {start, end}).count(), cell);
        if (!cell.zero()) add_open(name, interval, day, cell);
      });
    });
  }
}

const ContractSums::Days& ContractSums::days(const ContractName& name) const {
  static const Days kNone;
  const auto found = days_.find(name);
  return found == days_.end() ? kNone : found->second;
}

std::uint64_t ContractSums::changes(const ContractName& name, core::Slot day) const {
  std::uint64_t sum = 0;
  for (Shard* shard : shards_) {
    const auto client = shard->names().find(name.first), profile = shard->names().find(name.second);
    if (!client || !profile) continue;
    const CellKey key{*client, *profile};
    sum += shard->book().contract_changes(key, day);
    if (shard->rules().is_of_occupancy(key)) sum += shard->book().home_changes();
  }
  return sum;
}

bool ContractSums::counts_open_in(const ContractName& name, core::Slot day) const {
  return counting_days_.contains({name, day});
}

bool ContractSums::open_in(const ContractName& name, const core::Period& period) const {
  const auto first = unsettled_.lower_bound({name, core::slot_of(period.start, core::kInterval)});
  return !point_.sealed && first != unsettled_.end() && first->first == name &&
         core::slot_start(first->second, core::kInterval) < period.end;
}

ContractSums::Quarters ContractSums::quarters(const ContractName& name, core::EventTime from,
                                              core::EventTime to) const {
  Quarters quarters;
  const core::Slot first = core::slot_of(from, core::kInterval), last = core::slot_of(to, core::kInterval);
  for (std::size_t s = 0; s < shards_.size(); ++s) {
    Shard* const shard = shards_[s];
    const CellKey key{shard->names().intern(name.first), shard->names().intern(name.second)};
    const bool of_occupancy = shard->rules().is_of_occupancy(key);
    shard->each_page<ContractCell>({}, from, to, [&](core::Slot interval, auto& page) {
      if (interval < first || interval >= last) return;
      const auto add = [&](const ContractCell& cell) {
        if (!cell.zero()) quarters[interval].merge(cell);
      };
      if (!of_occupancy) {
        if (const ContractCell* cell = page.find(key)) add(*cell);
        return;
      }
      page.each([&](const CellKey& at, const ContractCell& cell) {
        if (at.a == key.a && at.b == key.b && belongs(at, homes_[s])) add(cell);
      });
    });
  }
  if (const auto open = open_.find(name); open != open_.end()) {
    for (auto it = open->second.lower_bound(first); it != open->second.end() && it->first < last; ++it) {
      quarters[it->first].merge(it->second);
    }
  }
  return quarters;
}

ContractCell ContractSums::first_visits(const ContractName& name, core::EventTime from, core::EventTime to,
                                        std::int64_t most) const {
  struct Judged {
    core::EventTime begin;
    std::string contact, visit;
    ContractCell cell;
  };
  std::vector<Judged> visits;
  for (Shard* shard : shards_) {
    Rules& rules = shard->rules();
    const CellKey key{shard->names().intern(name.first), shard->names().intern(name.second)};
    shard->each_contact(from, to, [&](const ContactRecord& record) {
      const ContactView view = view_of(record, rules, shard->names());
      if (!shard->retains(record) && !view.open()) return;
      for (const VisitView& v : view.visits) {
        if (v.begin < from || v.begin >= to) continue;
        ContractCell cell;
        OneContract book{key, &cell};
        add_contract_begin(v, rules, +1, book);
        if (cell.zero()) continue;  // Another's.
        if (v.outcome != VisitView::Outcome::kOpen) add_contract_end(v, rules, +1, book);
        if (still_waits(v, rules, point_.as_of)) {
          each_visit_contract(v, rules, [&](const Contract& contract) {
            if (contract.key != key || !counts_open_from(v, contract, point_.as_of)) return;
            cell.sum(ContractSum::kDenominator, 1);
          });
        }
        visits.push_back(
            {v.begin, std::string(record.id()), std::string(record.text(record.visits()[v.visit].id)), cell});
      }
    });
  }
  std::ranges::sort(visits, [](const Judged& a, const Judged& b) {
    return std::tie(a.begin, a.contact, a.visit) < std::tie(b.begin, b.contact, b.visit);
  });
  ContractCell sum;
  for (std::size_t i = 0; i < visits.size() && i < static_cast<std::size_t>(std::max<std::int64_t>(most, 0)); ++i) {
    sum.merge(visits[i].cell);
  }
  return sum;
}

}  // namespace processors
