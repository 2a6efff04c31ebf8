#include "processors/contract_sums.h"

#include <algorithm>
#include <tuple>

#include "processors/contact_facts.h"
#include "processors/lead_facts.h"
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
  for (Shard* shard : shards) read_days(*shard, since), read_open(*shard, leads);
}

void ContractSums::read_days(Shard& shard, core::Slot since) {
  boost::unordered_flat_map<CellKey, Days*, boost::hash<CellKey>> days;  // A name is looked up once.
  std::as_const(shard.book().contract_days).pages([&](core::Slot day, const auto& page) {
    if (day < since) return;
    page.each([&](const CellKey& key, const ContractCell& cell) {
      if (cell.zero()) return;
      Days*& of = days[key];
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
    counting_days_.insert({name, day});
    open_[name].push_back(interval);
    days_[name][day].sum(ContractSum::kDenominator, 1);
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
  });
  if (!leads) return;
  shard.leads().each_open([&](const AttributeRecord& record) {
    const auto view = view_of(record, rules, shard.names());
    rules.each_lead_contract(view->key.a, view->created,
                             [&](const Contract& contract) { open(contract, view->created, false); });
  });
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
    if (client && profile) sum += shard->book().contract_changes({*client, *profile}, day);
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
  for (Shard* shard : shards_) {
    const CellKey key{shard->names().intern(name.first), shard->names().intern(name.second)};
    shard->each_page<ContractCell>({}, from, to, [&](core::Slot interval, auto& page) {
      if (interval < first || interval >= last) return;
      if (const ContractCell* cell = page.find(key); cell != nullptr && !cell->zero()) quarters[interval].merge(*cell);
    });
  }
  if (const auto open = open_.find(name); open != open_.end()) {
    for (const core::Slot interval : open->second) {
      if (interval >= first && interval < last) quarters[interval].sum(ContractSum::kDenominator, 1);
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
