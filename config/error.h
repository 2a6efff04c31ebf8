// What is wrong in a configuration: values, collected all at once.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace config {

struct ConfigError {
  std::string file;
  int line = 0;         ///< 1 for the first; 0 where it is not about a line (the file is missing).
  std::string message;  ///< What is wrong, and what is allowed.
};
using ConfigErrors = std::vector<ConfigError>;

/// "FILE:LINE: what is wrong, what is allowed".
inline std::string to_string(const ConfigError& error) {
  return error.line > 0 ? fmt::format("{}:{}: {}", error.file, error.line, error.message)
                        : fmt::format("{}: {}", error.file, error.message);
}

/// Collects the errors of one file while it is read. Confined to one thread.
class Diagnosis {
 public:
  explicit Diagnosis(std::string file) : file_(std::move(file)) {}

  void report(int line, std::string message) { errors_.push_back({file_, line, std::move(message)}); }

  /// All errors in the order of their lines.
  ConfigErrors take() {
    std::ranges::stable_sort(errors_, {}, &ConfigError::line);
    return std::move(errors_);
  }

 private:
  std::string file_;
  ConfigErrors errors_;
};

}  // namespace config
