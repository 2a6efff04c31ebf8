#include "app/this_process.h"

#include <fmt/format.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace app {
namespace {

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::optional<ProcessStat> stat_of(std::int64_t number) {
  return parse_process_stat(text_of(fmt::format("/proc/{}/stat", number)));
}

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

/// Containers share a boot, but each may number its processes anew. What cannot be read is like no other's.
std::string process_space() {
  std::string boot = text_of("/proc/sys/kernel/random/boot_id");
  boot.erase(boot.find_last_not_of('\n') + 1);
  std::error_code unreadable;
  const std::string numbers = std::filesystem::read_symlink("/proc/self/ns/pid", unreadable).string();
  if (boot.empty() || numbers.empty()) return fmt::format("unknown {} {}", host_name(), getpid());
  return boot + " " + numbers;
}

core::Moment moment() {
  timespec uptime{};
  clock_gettime(CLOCK_BOOTTIME, &uptime);
  const auto since_boot = std::chrono::seconds(uptime.tv_sec) + std::chrono::nanoseconds(uptime.tv_nsec);
  return {std::chrono::floor<core::Millis>(std::chrono::system_clock::now()),
          std::chrono::floor<core::Millis>(since_boot)};
}

}  // namespace

std::optional<ProcessStat> parse_process_stat(std::string_view text) {
  const auto name_end = text.rfind(')');
  if (name_end == std::string_view::npos) return std::nullopt;
  std::istringstream fields{std::string(text.substr(name_end + 1))};
  ProcessStat stat;
  fields >> stat.state;
  constexpr int kBetween = 18;  // From the state, field 3 of proc(5), to the start, field 22.
  std::string skipped;
  for (int i = 0; i < kBetween; ++i) fields >> skipped;
  fields >> stat.started;
  return fields ? std::optional(stat) : std::nullopt;
}

bool has_ended(const core::ProcessId& process, const core::ProcessId& self) {
  if (process.space != self.space || process.number <= 0) return false;
  // Also right where /proc hides the processes of others.
  if (::kill(static_cast<pid_t>(process.number), 0) != 0 && errno == ESRCH) return true;
  const auto stat = stat_of(process.number);
  return stat && (stat->started != process.started || stat->state == 'Z' || stat->state == 'X');
}

core::Claim claim_of_this_process(bool take_over) {
  core::Claim claim;
  const auto stat = stat_of(getpid());
  claim.process = {host_name(), process_space(), getpid(), stat ? stat->started : 0};
  claim.clock = moment;
  claim.has_ended = [self = claim.process](const core::ProcessId& process) { return has_ended(process, self); };
  claim.take_over = take_over;
  return claim;
}

}  // namespace app
