#include "tests/support/log_writer.h"

#include <algorithm>

#include "tests/support/random_log.h"

namespace test_support {

using oracle::Ms;

/// The same instant in one of the forms that RFC 3339 allows.
std::string LogWriter::time_text(Ms time) {
  if (random_.chance(10)) {
    std::string local = utc_text(time + 2 * 3'600'000);
    local.pop_back();
    return local + "+02:00";
  }
  std::string text = utc_text(time);
  if (random_.chance(10)) text.insert(text.size() - 1, "789");  // microseconds, cut on entry
  if (text.ends_with(".000Z") && random_.chance(30)) text.replace(text.size() - 5, 5, "Z");
  return text;
}

void LogWriter::emit(const std::string& type, Ms time, Fields data, const std::string& subject) {
  if (random_.chance(care_.loss)) return;
  if (random_.chance(care_.skew)) time += random_.pick<Ms>({-1, 1, -1'000, -20'000, -300'000, 60'000, 1'200'000});
  if (random_.chance(20)) random_.shuffle(data);
  std::string fields;
  for (const auto& [name, value] : data) fields += (fields.empty() ? "" : ",") + quoted(name) + ":" + value;
  if (random_.chance(3)) fields += std::string(fields.empty() ? "" : ",") + "\"parent\":null";
  ++written_;
  const std::string id = std::to_string(written_ * 7 % 1000) + "-" + std::to_string(written_);
  const std::string source = random_.pick<std::string>({"/acd/a", "/acd/b"});
  std::string line = R"({"specversion":"1.0","id":"e-)" + id + R"(","source":")" + source + R"(","type":")" + type +
                     R"(","time":")" + time_text(time) + "\"";
  if (!subject.empty()) line += ",\"subject\":" + quoted(subject);
  line += ",\"data\":{" + fields + "}}";
  lines_.emplace_back(time, line);
  while (random_.chance(care_.doubling)) lines_.emplace_back(time, line);
}

void LogWriter::cut_after(Ms time) {
  std::erase_if(lines_, [&](const auto& line) { return line.first > time; });
}

std::vector<std::string> LogWriter::lines() const {
  auto sorted = lines_;
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> lines;
  for (auto& [time, line] : sorted) lines.push_back(std::move(line));
  return lines;
}

}  // namespace test_support
