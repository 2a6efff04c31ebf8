// This process as the owner of a store, and what it can find out about another one.
#pragma once

#include <string>
#include <string_view>

#include "core/ownership.h"

namespace app {

/// Thread-safe.
core::Claim claim_of_this_process(bool take_over);

/// True only where it is certain: a process of the boot and namespace of `self`, which asks, whose number is free,
/// another process's now, or that of one that has died and only waits to be noticed by its parent. Thread-safe.
bool has_ended(const core::ProcessId& process, const core::ProcessId& self);

/// State and start (ticks since the boot) of a process, from the text of its /proc/…/stat. The program's name in it may
/// hold anything, also blanks and brackets.
struct ProcessStat {
  char state = '?';
  std::int64_t started = 0;
};
std::optional<ProcessStat> parse_process_stat(std::string_view text);

}  // namespace app
