// The seven counters of service level and the eleven formulas made of them (sla.md of the contract, "The formulas").
#pragma once

#include <array>
#include <cstdint>

#include "core/figure_config.h"

namespace processors {

/// How a visit ended, by its profile's thresholds: answered within T, answered later, abandoned up to S, abandoned
/// from S to T, abandoned later, flowed out within T, flowed out later. In the order of QueueCount's columns.
enum class ServiceClass : std::uint8_t {
  kAnsweredWithin,
  kAnsweredLate,
  kAbandonedShort,
  kAbandonedWithin,
  kAbandonedLate,
  kFlowedOutWithin,
  kFlowedOutLate,
};

/// Which classes count in a formula's numerator and denominator.
struct FormulaParts {
  std::uint8_t numerator, denominator;  ///< bit masks by ServiceClass
};

constexpr FormulaParts formula_parts(core::Formula formula) {
  // One letter a class: answered, short and other abandoned, flowed out; capitals are late.
  // NOLINTNEXTLINE(readability-identifier-naming)
  constexpr std::uint8_t a = 1, A = 2, s = 4, b = 8, B = 16, f = 32, F = 64, all = 127;
  constexpr std::array<FormulaParts, core::kFormulaWords.size()> kParts = {{
      {a, a | A},
      {a, all},
      {a, all - s},
      {a, a | A | s | b | B},
      {a, a | A | b | B},
      {a, a | A | B},
      {a, a | A | B | F},
      {a, a | A | s | b | B | F},
      {a | s | b, a | A | s | b | B | F},
      {a | s | b | f, all},
      {a | s | b, a | A | s | b | B},
  }};
  return kParts[static_cast<std::size_t>(formula)];
}

constexpr bool is_answered(ServiceClass c) {
  return c == ServiceClass::kAnsweredWithin || c == ServiceClass::kAnsweredLate;
}

constexpr bool in_part(std::uint8_t part, ServiceClass c) { return (part >> static_cast<unsigned>(c)) & 1U; }

constexpr ServiceClass answered_class(core::Millis wait, const core::SlaVersion& sla) {
  return wait <= sla.threshold ? ServiceClass::kAnsweredWithin : ServiceClass::kAnsweredLate;
}

constexpr ServiceClass left_class(core::Millis wait, core::LeaveReason reason, const core::SlaVersion& sla) {
  if (!sla.abandoned[core::index(reason)]) {
    return wait <= sla.threshold ? ServiceClass::kFlowedOutWithin : ServiceClass::kFlowedOutLate;
  }
  if (wait <= sla.short_abandon) return ServiceClass::kAbandonedShort;
  return wait <= sla.threshold ? ServiceClass::kAbandonedWithin : ServiceClass::kAbandonedLate;
}

}  // namespace processors
