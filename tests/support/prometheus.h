// A Prometheus server of its own for a test: free loopback port, temporary data, ended by its process id.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace test_support {

struct PrometheusSample {
  std::map<std::string, std::string> labels;  ///< "__name__" among them.
  double value = 0;
};

/// Whether Debian's prometheus and promtool are installed; tests skip where they are not.
bool prometheus_installed();

/// What `promtool check metrics` says of a page in the text format; empty if it is content.
std::string promtool_complaints(const std::string& page);

/// Confined to one thread.
class Prometheus {
 public:
  /// Starts it with one job, "floorwatch", that scrapes 127.0.0.1:`target_port` every second, and waits until it is
  /// ready. Throws std::runtime_error with the server's
  /// log where it does not come up.
  explicit Prometheus(std::uint16_t target_port, std::string rules = {});
  ~Prometheus();
  Prometheus(const Prometheus&) = delete;
  Prometheus& operator=(const Prometheus&) = delete;

  /// An instant query. Throws std::runtime_error where Prometheus refuses it.
  std::vector<PrometheusSample> query(const std::string& expression);

  /// Asks again until the answer is not empty; gives the last answer after `seconds` (which may be empty).
  std::vector<PrometheusSample> wait_for(const std::string& expression, int seconds = 30);

  /// Lines of level warn and error.
  std::string log() const { return folder_.read("log"); }
  std::uint16_t port() const { return port_; }

 private:
  TempDir folder_;
  std::uint16_t port_;
  std::unique_ptr<Process> process_;
};

}  // namespace test_support
