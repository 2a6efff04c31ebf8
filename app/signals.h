// SIGINT, SIGTERM and SIGHUP as calls on a thread of their own.
#pragma once

#include <signal.h>

#include <functional>
#include <thread>

namespace app {

/// Made before any other thread, so that every thread has the signals blocked and only the watcher takes them.
/// Destroying it ends the watcher. Confined to the main thread; the callback runs on the watcher's.
class SignalWatch {
 public:
  SignalWatch();
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

  /// From now on `on_signal(SIGINT | SIGTERM | SIGHUP)` is called; called once.
  void start(std::function<void(int)> on_signal);
  /// No call comes after it returns. Idempotent.
  void stop();

 private:
  sigset_t set_{};
  std::thread thread_;
};

}  // namespace app
