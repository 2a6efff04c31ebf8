// What a comparison has found, in words.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace app {

/// Confined to one thread.
class Differences {
 public:
  static constexpr std::size_t kShown = 20;  ///< of each kind; the others are counted

  /// Whether a further difference of this kind would be shown.
  bool shows(const std::string& kind) const {
    const auto found = kinds_.find(kind);
    return found == kinds_.end() || found->second.lines.size() < kShown;
  }
  /// `line` is dropped where the kind has enough of them.
  void add(const std::string& kind, std::string line) {
    Kind& of = kinds_[kind];
    ++of.count, ++count_;
    if (of.lines.size() < kShown) of.lines.push_back(std::move(line));
  }
  std::uint64_t count() const { return count_; }
  /// One line each, and one for each kind that has more.
  std::string text() const;

 private:
  struct Kind {
    std::vector<std::string> lines;
    std::uint64_t count = 0;
  };
  std::map<std::string, Kind> kinds_;
  std::uint64_t count_ = 0;
};

}  // namespace app
