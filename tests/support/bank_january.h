// A real call centre's January (the "Anonymous Bank" of service engineering research) as canonical events.
#pragma once

#include <string>
#include <vector>

namespace test_support {

struct BankEvent {
  std::string key;   ///< The contact, by which a producer keys its messages.
  std::string line;  ///< A canonical event.
};

/// Reads january.txt.zst, in order of time. A row of the file is one contact with one visit:
/// - the visit is date-line-call-row, since call numbers repeat; the queue is the type of service;
/// - it begins at q_start if it queued, else at ser_start, else at vru_exit; a clock that is more than 12 h before
///   vru_entry is the next day's (the file has one date for a call over midnight);
/// - answered (AGENT) or left (HANG: the caller, PHANTOM: a system error) at begin + q_time; ended ser_time later;
/// - the agent is the server, NO_SERVER too. The source has no wrap-up: it needs `sends_wrap: false`.
/// Clocks are taken as UTC: the bank's zone enters no figure over the whole month.
/// Throws std::runtime_error where the file is not what it should be.
std::vector<BankEvent> bank_january(const std::string& path);

}  // namespace test_support
