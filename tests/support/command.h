// Runs a program to its end and gives what it said.
#pragma once

#include <string>
#include <vector>

namespace test_support {

struct Ran {
  int status = -1;       ///< Exit status, or 128 and the number of the signal that ended it.
  std::string out, err;  ///< Standard output and standard error.
};

/// Throws std::runtime_error if no process can be made; a command that is not there ends with status 127.
Ran run_command(const std::vector<std::string>& command);

}  // namespace test_support
