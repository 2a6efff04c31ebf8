// An Alertmanager of its own for a test: free loopback ports, temporary data, ended by its process id.
#pragma once

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <memory>
#include <stdexcept>
#include <string>

#include "tests/support/http_client.h"
#include "tests/support/process.h"
#include "tests/support/served_floor.h"
#include "tests/support/temp_dir.h"

namespace test_support {

/// Confined to one thread.
class Alertmanager {
 public:
  /// Whether Debian's prometheus-alertmanager is installed; tests skip where it is not.
  static bool installed() { return access("/usr/bin/prometheus-alertmanager", X_OK) == 0; }

  /// Notifies `webhook` at once of every alert that fires or is resolved.
  explicit Alertmanager(const std::string& webhook) {
    folder_.write(
        "alertmanager.yml",
        "route: {receiver: test, group_by: ['...'], group_wait: 0s, group_interval: 1s, repeat_interval: 1h}\n"
        "receivers: [{name: test, webhook_configs: [{url: \"" +
            webhook + "\", send_resolved: true}]}]\n");
    start();
  }
  ~Alertmanager() { stop(); }

  void start() {
    process_ = std::make_unique<Process>(
        std::vector<std::string>{"/usr/bin/prometheus-alertmanager", "--config.file=" + (folder_ / "alertmanager.yml"),
                                 "--storage.path=" + (folder_ / "data"), "--cluster.listen-address=",
                                 "--web.listen-address=127.0.0.1:" + std::to_string(port_)},
        folder_ / "log");
    const bool up = comes_true([&] {
      try {
        return http_get(port_, "/-/ready").status == 200;
      } catch (const std::runtime_error&) {
        return false;  // It does not listen yet.
      }
    });
    if (!up) throw std::runtime_error("alertmanager does not come up: " + folder_.read("log"));
  }
  void stop() {
    if (process_) process_->end(SIGTERM);
    process_.reset();
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  /// What its API has of alerts that fire.
  std::string alerts() const { return http_get(port_, "/api/v2/alerts?active=true").body; }

 private:
  TempDir folder_;
  const std::uint16_t port_ = static_cast<std::uint16_t>(free_port());
  std::unique_ptr<Process> process_;
};

}  // namespace test_support
