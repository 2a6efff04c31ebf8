#include "sinks/metrics/process_metrics.h"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>

namespace sinks {
namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;

// Fields of /proc/self/stat, see proc(5), counted from the state, which follows the name in brackets.
struct Stat {
  double start_ticks = 0, virtual_bytes = 0, resident_pages = 0;
};

std::optional<Stat> read_stat() {
  constexpr int kStart = 19, kVirtual = 20, kResident = 21;
  std::ifstream file("/proc/self/stat");
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;
  const auto name_end = line.rfind(')');  // the name itself may hold spaces and brackets
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream rest(line.substr(name_end + 1));
  const std::vector<std::string> fields(std::istream_iterator<std::string>(rest), {});
  if (fields.size() <= kResident) return std::nullopt;
  return Stat{std::stod(fields[kStart]), std::stod(fields[kVirtual]), std::stod(fields[kResident])};
}

std::optional<double> boot_time() {
  std::ifstream file("/proc/stat");
  for (std::string word; file >> word;) {
    double seconds = 0;
    if (word == "btime" && file >> seconds) return seconds;
  }
  return std::nullopt;
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::optional<double> open_fds() {
  std::error_code error;
  const std::filesystem::directory_iterator files("/proc/self/fd", error);
  if (error) return std::nullopt;
  return static_cast<double>(std::distance(begin(files), end(files)) - 1);  // less the one that reads the folder
}

std::optional<double> max_fds() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return std::nullopt;
  return static_cast<double>(limit.rlim_cur);
}

void add(std::vector<MetricFamily>& families, MetricType type, std::string name, std::string help,
         std::optional<double> value) {
  if (!value) return;
  prometheus::ClientMetric metric;
  (type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = *value;
  families.push_back({std::move(name), std::move(help), type, {metric}});
}

}  // namespace

std::vector<MetricFamily> ProcessMetrics::Collect() const {
  const auto stat = read_stat();
  std::optional<double> resident, virtual_bytes, start;
  if (stat) {
    resident = stat->resident_pages * static_cast<double>(sysconf(_SC_PAGESIZE));
    virtual_bytes = stat->virtual_bytes;
    const auto boot = boot_time();
    if (boot) start = *boot + stat->start_ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
  }
  std::vector<MetricFamily> all;
  const auto gauge = MetricType::Gauge;
  add(all, MetricType::Counter, "process_cpu_seconds_total", "User and system CPU time spent, in seconds.",
      cpu_seconds());
  add(all, gauge, "process_resident_memory_bytes", "Resident memory size in bytes.", resident);
  add(all, gauge, "process_virtual_memory_bytes", "Virtual memory size in bytes.", virtual_bytes);
  add(all, gauge, "process_open_fds", "Number of open file descriptors.", open_fds());
  add(all, gauge, "process_max_fds", "Largest number of open file descriptors.", max_fds());
  add(all, gauge, "process_start_time_seconds", "When the process started, in seconds since 1970 UTC.", start);
  return all;
}

}  // namespace sinks
