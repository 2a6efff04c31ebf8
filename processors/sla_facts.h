// The facts of contracts: what visits, segments, chats and leads add to the figures that a client's profiles judge.
//
// A contract's figure is Σ numerators / Σ denominators. What belongs to it is decided by when it began: its hours, its
// exclusions, its version in force. Where the version goes by the event, ends count at their own time.
#pragma once

#include <optional>

#include "processors/chat_turns.h"
#include "processors/contact_view.h"
#include "processors/lead_view.h"
#include "processors/rules.h"
#include "processors/service_level.h"

namespace processors {

constexpr ContractCount operator+(ContractCount column, std::size_t offset) {
  return static_cast<ContractCount>(static_cast<std::size_t>(column) + offset);
}

/// When something that began and ended counts.
inline core::EventTime counted_at(const Contract& contract, core::EventTime begin, core::EventTime end) {
  return contract.version->basis == core::Basis::kArrival ? begin : end;
}

template <typename Book, typename Add>
void add_to_contract(const Contract& contract, core::EventTime at, Rules& rules, Book& book, Add&& add) {
  const core::Slot interval = core::slot_of(at, core::kInterval);
  book.contract(contract.key, interval, rules.day_of(contract.key.a, interval), add);
}

/// Whether a profile's figure is one of visits.
constexpr bool judges_visits(core::Metric metric) {
  return metric == core::Metric::kServiceLevel || metric == core::Metric::kMeanWait ||
         metric == core::Metric::kAbandonmentRate;
}

/// Calls use(contract) for those whose figure has the visit in it.
template <typename Use>
void each_visit_contract(const VisitView& v, Rules& rules, Use&& use) {
  rules.each_contract(v.key, v.entry, v.begin, [&](const Contract& contract) {
    if (judges_visits(contract.profile->metric)) use(contract);
  });
}

/// An open visit that waits for longer than T counts as answered late: of which every formula has a share of the
/// denominator only. Since when it does.
inline std::optional<core::EventTime> counts_open_from(const VisitView& v, const Contract& contract,
                                                       core::EventTime as_of) {
  if (contract.profile->metric != core::Metric::kServiceLevel || as_of - v.begin <= contract.version->threshold) {
    return std::nullopt;
  }
  return counted_at(contract, v.begin, v.begin + contract.version->threshold + core::Millis{1});
}

template <typename Book>
void add_contract_begin(const VisitView& v, Rules& rules, std::int32_t sign, Book& book) {
  each_visit_contract(v, rules, [&](const Contract& contract) {
    const bool of_offered = contract.profile->metric == core::Metric::kAbandonmentRate;
    add_to_contract(contract, v.begin, rules, book, [&](ContractCell& cell) {
      cell.count(ContractCount::kOffered, sign);
      if (of_offered) cell.sum(ContractSum::kDenominator, sign);
    });
  });
}

/// What an ended visit of this class adds to the figure, beside its class.
inline void add_ended_visit(const Contract& contract, ServiceClass result, std::int64_t wait_ms, std::int32_t sign,
                            ContractCell& cell) {
  const auto add = [&](std::int64_t numerator, std::int64_t denominator) {
    cell.sum(ContractSum::kNumerator, sign * numerator), cell.sum(ContractSum::kDenominator, sign * denominator);
  };
  switch (contract.profile->metric) {
    case core::Metric::kServiceLevel: {
      const FormulaParts parts = formula_parts(contract.version->formula);
      return add(in_part(parts.numerator, result) ? 1 : 0, in_part(parts.denominator, result) ? 1 : 0);
    }
    case core::Metric::kMeanWait:
      if (is_answered(result)) add(wait_ms, 1);
      return;
    case core::Metric::kAbandonmentRate:
      if (result == ServiceClass::kAbandonedShort) add(0, -1);  // Neither abandoned nor offered.
      if (result == ServiceClass::kAbandonedWithin || result == ServiceClass::kAbandonedLate) add(1, 0);
      return;
    default:
      return;
  }
}

template <typename Book>
void add_contract_end(const VisitView& v, Rules& rules, std::int32_t sign, Book& book) {
  each_visit_contract(v, rules, [&](const Contract& contract) {
    const ServiceClass result = service_class(v, *contract.version);
    add_to_contract(contract, counted_at(contract, v.begin, v.end), rules, book, [&](ContractCell& cell) {
      cell.count(ContractCount::kAnsweredWithin + static_cast<std::size_t>(result), sign);
      add_ended_visit(contract, result, v.wait().count(), sign, cell);
    });
  });
}

/// Calls use(contract) for those of handle times.
template <typename Use>
void each_handle_contract(const SegmentView& s, Rules& rules, Use&& use) {
  rules.each_contract(s.key, std::nullopt, s.arrival, [&](const Contract& contract) {
    if (contract.profile->metric == core::Metric::kMeanHandle) use(contract);
  });
}

template <typename Book>
void add_contract_begin(const SegmentView& s, Rules& rules, std::int32_t sign, Book& book) {
  each_handle_contract(s, rules, [&](const Contract& contract) {
    add_to_contract(contract, counted_at(contract, s.arrival, s.start), rules, book,
                    [&](ContractCell& cell) { cell.count(ContractCount::kOffered, sign); });
  });
}

template <typename Book>
void add_contract_end(const SegmentView& s, Rules& rules, std::int32_t sign, Book& book) {
  each_handle_contract(s, rules, [&](const Contract& contract) {
    add_to_contract(contract, counted_at(contract, s.arrival, s.completed), rules, book, [&](ContractCell& cell) {
      cell.sum(ContractSum::kNumerator, sign * s.handle().count());
      cell.sum(ContractSum::kDenominator, sign);
    });
  });
}

/// Calls use(contract) for those of first responses to this chat, by its first turn.
template <typename Use>
void each_response_contract(const TurnView& t, Rules& rules, Use&& use) {
  rules.each_contract(t.key, std::nullopt, t.begin, [&](const Contract& contract) {
    if (contract.profile->metric == core::Metric::kFirstResponse) use(contract);
  });
}

/// Share of the started chats (basis event: of the answered) with a first response within the version's threshold.
template <typename Book>
void add_contract_begin(const TurnView& t, Rules& rules, std::int32_t sign, Book& book) {
  each_response_contract(t, rules, [&](const Contract& contract) {
    const bool by_event = contract.version->basis == core::Basis::kEvent;
    add_to_contract(contract, t.begin, rules, book, [&](ContractCell& cell) {
      cell.count(ContractCount::kOffered, sign);
      if (!by_event) cell.sum(ContractSum::kDenominator, sign);
    });
  });
}

template <typename Book>
void add_contract_end(const TurnView& t, Rules& rules, std::int32_t sign, Book& book) {
  each_response_contract(t, rules, [&](const Contract& contract) {
    const bool by_event = contract.version->basis == core::Basis::kEvent;
    const bool within = t.span() <= contract.version->threshold;
    add_to_contract(contract, counted_at(contract, t.begin, t.end), rules, book, [&](ContractCell& cell) {
      if (within) cell.sum(ContractSum::kNumerator, sign);
      if (by_event) cell.sum(ContractSum::kDenominator, sign);
    });
  });
}

/// Share of the created leads (basis event: of the attempted) with a first attempt within the version's threshold.
template <typename Book>
void add_lead_contract(const LeadView& v, Rules& rules, std::int32_t sign, Book& book) {
  rules.each_lead_contract(v.key.a, v.created, [&](const Contract& contract) {
    const bool by_event = contract.version->basis == core::Basis::kEvent;
    add_to_contract(contract, v.created, rules, book, [&](ContractCell& cell) {
      cell.count(ContractCount::kOffered, sign);
      if (!by_event) cell.sum(ContractSum::kDenominator, sign);
    });
    if (!v.first_attempt) return;
    const bool within = v.response() <= contract.version->threshold;
    add_to_contract(contract, counted_at(contract, v.created, *v.first_attempt), rules, book, [&](ContractCell& cell) {
      if (within) cell.sum(ContractSum::kNumerator, sign);
      if (by_event) cell.sum(ContractSum::kDenominator, sign);
    });
  });
}

}  // namespace processors
