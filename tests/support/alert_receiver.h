// A web server that takes alerts, as a pager or an Alertmanager would: remembers what was posted, and answers as a test
// says. It can go away and come back on the same port.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "sinks/http/server.h"

namespace test_support {

struct Posted {
  std::string body;
  unsigned answered = 0;
  core::WallTime at{};
};

/// Thread-safe, but for start() and stop().
class AlertReceiver {
 public:
  AlertReceiver() { start(); }

  void start() {
    sinks::Router router;
    for (const char* path : {"/hook", "/api/v2/alerts"}) {
      router.add_operation(path, [this](const sinks::Request& request) {
        const unsigned status = answer_;
        const std::lock_guard lock(mutex_);
        posted_.push_back({request.body, status, std::chrono::floor<core::Millis>(std::chrono::system_clock::now())});
        return sinks::Response{status, "text/plain", {}, std::string("ok\n")};
      });
    }
    sinks::HttpOptions options;
    options.listen = "127.0.0.1:" + std::to_string(port_);
    server_ = std::make_unique<sinks::HttpServer>(options, std::move(router), own_);
    const auto started = server_->start();
    if (!started) throw std::runtime_error(started.error().message);
    port_ = server_->port();
  }
  void stop() { server_.reset(); }
  void answer(unsigned status) { answer_ = status; }

  std::string url(const std::string& path = "") const { return "http://127.0.0.1:" + std::to_string(port_) + path; }
  std::vector<Posted> posted() const {
    const std::lock_guard lock(mutex_);
    return posted_;
  }
  /// What was answered 200, as text between two marks, such as "\"status\":\"" and "\"".
  std::vector<std::string> taken(const std::string& from, const std::string& to = "\"") const {
    std::vector<std::string> found;
    for (const Posted& one : posted()) {
      const auto at = one.body.find(from);
      if (one.answered != 200 || at == std::string::npos) continue;
      const auto begin = at + from.size();
      found.push_back(one.body.substr(begin, one.body.find(to, begin) - begin));
    }
    return found;
  }

 private:
  sinks::OwnMetrics own_;
  std::atomic<unsigned> answer_{200};
  mutable std::mutex mutex_;
  std::vector<Posted> posted_;
  std::uint16_t port_ = 0;
  std::unique_ptr<sinks::HttpServer> server_;
};

}  // namespace test_support
