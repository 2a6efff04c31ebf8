// Who may write a store: one process at a time. The rules are pure; clock and process table come in with the claim.
//
// The owner writes a heartbeat; who finds it old, or can prove that the owner has ended, takes the store over and
// raises the epoch. Every write compares the epoch, so an owner that was only paused finds out before it changes
// anything.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "core/time.h"

namespace core {

/// An owner writes a heartbeat at least so often, also when it has nothing else to write.
inline constexpr Millis kHeartbeatEvery{2'000};
/// So old a heartbeat is taken for that of an owner that has ended.
inline constexpr Millis kHeartbeatLost{10'000};

/// A process, told from every other one, also from a later one that was given the same number.
struct ProcessId {
  std::string host;          ///< For people.
  std::string space;         ///< Boot and process namespace: only within one can numbers and uptimes be compared.
  std::int64_t number = 0;   ///< The process id.
  std::int64_t started = 0;  ///< In the kernel's ticks since the boot.
  friend bool operator==(const ProcessId&, const ProcessId&) = default;
};

/// "process 4711 on host pbx1"
std::string to_string(const ProcessId& process);

/// One moment on two clocks: people set the wall clock; the uptime (since boot, sleep included) only goes on.
struct Moment {
  WallTime wall{};
  Millis uptime{};
};

/// What a store says of its owner.
struct Ownership {
  ProcessId owner;
  std::uint64_t epoch = 0;  ///< Raised by every change of owner; 0: there has been none.
  WallTime since{};         ///< When the owner took it.
  Moment heartbeat;
  bool given_up = true;  ///< The owner has ended in order.
};

/// A process that wants to own a store.
struct Claim {
  ProcessId process;
  std::function<Moment()> clock;
  std::function<bool(const ProcessId&)> has_ended;  ///< True only where that is certain.
  bool take_over = false;                           ///< Told to by a person: the present owner is not asked.
};

/// Uptimes are compared within one boot, so a clock that is set does no harm; else wall clocks, a step either way
/// alike.
Millis heartbeat_age(const Ownership& held, const ProcessId& asking, Moment now);

/// Why the claim cannot be granted, and what to do about it; nullopt if it can.
std::optional<std::string> refusal(const Ownership& held, const Claim& claim, Moment now);

/// What `former` says when it finds that `held` is not its own any more.
std::string lost_to(const Ownership& held, const ProcessId& former);

}  // namespace core
