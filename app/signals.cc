#include "app/signals.h"

#include <pthread.h>

namespace app {

SignalWatch::SignalWatch() {
  sigemptyset(&set_);
  // SIGUSR1 is how the destructor tells the watcher to end.
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1}) sigaddset(&set_, signal);
  pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGXFSZ, SIG_IGN);  // A limit on the size of files then is a fault of the store like a full disk.
}

SignalWatch::~SignalWatch() { stop(); }

void SignalWatch::stop() {
  if (!thread_.joinable()) return;
  pthread_kill(thread_.native_handle(), SIGUSR1);
  thread_.join();
}

void SignalWatch::start(std::function<void(int)> on_signal) {
  thread_ = std::thread([this, on_signal = std::move(on_signal)] {
    for (int signal = 0; sigwait(&set_, &signal) == 0 && signal != SIGUSR1;) on_signal(signal);
  });
}

}  // namespace app
