// A child process that is ended by its id, also when a test fails or is itself ended.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

#include "core/time.h"

namespace test_support {

/// Confined to the thread that starts it: the child is killed when that thread ends.
class Process {
 public:
  /// Runs `command` (looked up in PATH). Its output goes to the file `output`, or nowhere if that is empty.
  /// Throws std::runtime_error if no process can be made; a command that is not there ends with status 127.
  explicit Process(const std::vector<std::string>& command, const std::string& output = {},
                   const std::map<std::string, std::string>& environment = {});
  ~Process();  ///< Kills it if it runs.
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;

  pid_t id() const { return id_; }
  bool running();
  void signal(int number) const;
  int wait();                  ///< Until it ends: its exit status, or 128 and the number of the signal that ended it.
  int end(int signal_number);  ///< Sends the signal, and waits.

  /// True if it ended within `patience`; its status is what wait() then gives.
  bool ends_within(core::Millis patience);

 private:
  pid_t id_ = -1;
  int status_ = 0;
};

/// A loopback port that nothing listens on at the moment.
int free_port();

}  // namespace test_support
