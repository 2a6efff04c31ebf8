#include "simulation/event_feed.h"

#include <array>

namespace simulation {

namespace {

void append_digits(std::string& text, std::uint64_t value, int width) {
  std::array<char, 20> digits{};
  for (int i = width; i-- > 0; value /= 10) digits[static_cast<std::size_t>(i)] = static_cast<char>('0' + value % 10);
  text.append(digits.data(), static_cast<std::size_t>(width));
}

}  // namespace

std::string numbered(char prefix, std::uint64_t number) {
  std::string text{prefix, '-'};
  append_digits(text, number, 12);
  return text;
}

void append_time(std::string& text, core::EventTime time) {
  const std::int64_t ms = core::to_ms(time);
  const std::int64_t day = core::floor_div(ms, 86'400'000);
  auto rest = static_cast<std::uint64_t>(ms - day * 86'400'000);
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  append_digits(text, static_cast<std::uint64_t>(static_cast<int>(date.year())), 4);
  text += '-';
  append_digits(text, static_cast<unsigned>(date.month()), 2);
  text += '-';
  append_digits(text, static_cast<unsigned>(date.day()), 2);
  text += 'T';
  append_digits(text, rest / 3'600'000, 2);
  text += ':';
  append_digits(text, rest / 60'000 % 60, 2);
  text += ':';
  append_digits(text, rest / 1'000 % 60, 2);
  text += '.';
  append_digits(text, rest % 1'000, 3);
  text += 'Z';
}

EventFeed& EventFeed::begin(core::EventType type, std::string_view source, core::EventTime time,
                            std::string_view subject, std::string_view key) {
  time_ = time;
  key_ = key;
  first_field_ = true;
  text_ = R"({"specversion":"1.0","id":"e-)";
  append_digits(text_, ++sent_, 12);
  text_.append(R"(","source":")").append(source);
  text_.append(R"(","type":")").append(core::kEventTypeWords[core::index(type)]);
  text_.append(R"(","time":")");
  append_time(text_, time);
  text_.append(R"(","subject":")").append(subject).append(R"(","data":{)");
  return *this;
}

void EventFeed::name(std::string_view name) {
  if (!first_field_) text_ += ',';
  first_field_ = false;
  text_.append(1, '"').append(name).append("\":");
}

EventFeed& EventFeed::text(std::string_view field, std::string_view value) {
  name(field);
  text_.append(1, '"').append(value).append(1, '"');
  return *this;
}

EventFeed& EventFeed::time(std::string_view field, core::EventTime value) {
  name(field);
  text_ += '"';
  append_time(text_, value);
  text_ += '"';
  return *this;
}

EventFeed& EventFeed::raw(std::string_view field, std::string_view json) {
  name(field);
  text_.append(json);
  return *this;
}

void EventFeed::send() {
  text_.append("}}");
  delivery_.add(time_, key_, text_);
}

}  // namespace simulation
