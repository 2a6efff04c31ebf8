#include "tests/support/bank_january.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "tests/support/packed_file.h"
#include "tests/support/random_log.h"
#include "tests/support/shared_data.h"

namespace test_support {
namespace {

constexpr std::int64_t kSecond = 1'000, kHour = 3'600'000, kDay = 24 * kHour;
constexpr const char* kNever = "0:00:00";  // What the file writes for a clock that there is not.

using Row = std::map<std::string, std::string>;

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream text(line);
  for (std::string cell; std::getline(text, cell, '\t');) {
    std::erase(cell, '\r');
    cells.push_back(cell);
  }
  return cells;
}

/// "990101" as milliseconds since 1970.
std::int64_t day_of(const std::string& date) {
  const int number = std::stoi(date);
  const std::chrono::year_month_day day{std::chrono::year{1900 + number / 10'000},
                                        std::chrono::month(static_cast<unsigned>(number / 100 % 100)),
                                        std::chrono::day(static_cast<unsigned>(number % 100))};
  return std::chrono::sys_days{day}.time_since_epoch().count() * kDay;
}

/// "9:05:31" as milliseconds since midnight.
std::int64_t clock_of(const std::string& text) {
  int hours = 0, minutes = 0, seconds = 0;
  if (std::sscanf(text.c_str(), "%d:%d:%d", &hours, &minutes, &seconds) != 3) {
    throw std::runtime_error("no clock: " + text);
  }
  return (hours * 3'600 + minutes * 60 + seconds) * kSecond;
}

std::int64_t begin_of(const Row& row) {
  const std::string& clock = row.at("q_start") != kNever     ? row.at("q_start")
                             : row.at("ser_start") != kNever ? row.at("ser_start")
                                                             : row.at("vru_exit");
  const std::int64_t of_day = clock_of(clock);
  const bool next_day = clock_of(row.at("vru_entry")) - of_day > 12 * kHour;
  return day_of(row.at("date")) + of_day + (next_day ? kDay : 0);
}

/// The events of one row, with their times.
class Contact {
 public:
  Contact(const Row& row, std::size_t number)
      : row_(row),
        visit_(row.at("date") + "-" + row.at("vru+line") + "-" + row.at("call_id") + "-" + std::to_string(number)) {}

  void write(std::vector<std::pair<std::int64_t, BankEvent>>& into) const {
    const std::int64_t begin = begin_of(row_), left = begin + std::stoll(row_.at("q_time")) * kSecond;
    const std::string outcome = row_.at("outcome"), agent = R"(,"agent":")" + row_.at("server") + '"';
    into.emplace_back(begin, event("contact.queued", begin, {}));
    if (outcome == "AGENT") {
      const std::int64_t ended = left + std::stoll(row_.at("ser_time")) * kSecond;
      into.emplace_back(left, event("contact.answered", left, agent));
      into.emplace_back(ended, event("contact.ended", ended, agent));
    } else {
      const std::string reason = outcome == "PHANTOM" ? "system_error" : "caller";
      into.emplace_back(left, event("contact.left_queue", left, R"(,"reason":")" + reason + '"'));
    }
  }

 private:
  BankEvent event(const std::string& type, std::int64_t time, const std::string& more) const {
    return {visit_, R"({"specversion":"1.0","id":")" + visit_ + "-" + type + R"(","source":"/bank","type":")" + type +
                        R"(","time":")" + utc_text(time) + R"(","subject":")" + visit_ +
                        R"(","data":{"queue":")" + row_.at("type") + R"(","channel":"voice")" + more + "}}"};
  }

  const Row& row_;
  const std::string visit_;
};

}  // namespace

std::vector<BankEvent> bank_january(const std::string& path) {
  std::istringstream text(read_zstd(path));
  std::string line;
  std::getline(text, line);
  const auto columns = split(line);
  std::vector<std::pair<std::int64_t, BankEvent>> events;
  for (std::size_t number = 1; std::getline(text, line); ++number) {
    const auto cells = split(line);
    if (cells.size() != columns.size()) throw std::runtime_error(path + ": row " + std::to_string(number));
    Row row;
    for (std::size_t i = 0; i < cells.size(); ++i) row[columns[i]] = cells[i];
    Contact(row, number).write(events);
  }
  std::stable_sort(events.begin(), events.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<BankEvent> sorted;
  sorted.reserve(events.size());
  for (auto& [time, event] : events) sorted.push_back(std::move(event));
  return sorted;
}

}  // namespace test_support
