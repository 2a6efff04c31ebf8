// floorwatch as a process that serves HTTP on a free loopback port, for the time of a test.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/process.h"

namespace test_support {

/// Asks again every few milliseconds until it is so; false if it is not within `patience`.
inline bool comes_true(const std::function<bool()>& so, std::chrono::seconds patience = std::chrono::seconds(60)) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!so()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

/// `run` or `replay --listen`, both of which say on standard error where they serve. Confined to one thread.
class ServedFloor {
 public:
  /// Starts the program, its output in the new file `output`, and waits until it serves. Throws std::runtime_error with
  /// what it said where it does not.
  ServedFloor(const std::vector<std::string>& command, std::string output)
      : output_(forgotten(std::move(output))), process_(command, output_) {
    if (comes_true([&] { return port() != 0 || !process_.running(); }) && port() != 0) return;
    throw std::runtime_error("it does not serve:\n" + said());
  }

  std::uint16_t port() const {
    const std::string text = said();
    for (const std::string before : {"serving http port ", "serves http://127.0.0.1:"}) {
      const auto at = text.rfind(before);
      if (at == std::string::npos) continue;
      const auto digits = text.substr(at + before.size());
      // A line that is still being written might hold half of the port.
      if (digits.find('\n') != std::string::npos) return static_cast<std::uint16_t>(std::stoi(digits));
    }
    return 0;
  }
  bool says(const std::string& words) const { return said().find(words) != std::string::npos; }
  /// Whether it has said so by and by.
  bool comes_to_say(const std::string& words) {
    return comes_true([&] { return says(words) || !process_.running(); }) && says(words);
  }
  std::string said() const {
    std::ifstream file(output_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  Process& process() { return process_; }

 private:
  /// What a former process said must not be taken for this one's words.
  static std::string forgotten(std::string output) {
    std::filesystem::remove(output);
    return output;
  }

  std::string output_;
  Process process_;
};

}  // namespace test_support
