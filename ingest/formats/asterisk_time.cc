#include "ingest/formats/asterisk_time.h"

#include <date/tz.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace ingest {
namespace {

constexpr std::string_view kDigits = "0123456789";
// A larger number counts something else.
constexpr std::int64_t kEndOfYears = core::to_ms(core::kEndOfEventTime) / 1000;

std::optional<core::EventTime> parse_seconds(std::string_view whole, std::string_view fraction) {
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(whole.data(), whole.data() + whole.size(), seconds);
  if (error != std::errc{} || end != whole.data() + whole.size() || seconds >= kEndOfYears) return std::nullopt;
  std::int64_t ms = 0;
  for (std::size_t i = 0; i < 3; ++i) ms = ms * 10 + (i < fraction.size() ? fraction[i] - '0' : 0);
  return core::event_time(seconds * 1000 + ms);
}

}  // namespace

std::optional<core::EventTime> parse_asterisk_time(std::string_view text, const date::time_zone& zone) {
  const std::size_t whole = std::min(text.find_first_not_of(kDigits), text.size());
  if (whole > 0 && whole == text.size()) return parse_seconds(text, {});
  if (whole > 0 && text[whole] == '.' && whole + 1 < text.size() &&
      text.find_first_not_of(kDigits, whole + 1) == std::string_view::npos) {
    return parse_seconds(text.substr(0, whole), text.substr(whole + 1));
  }

  std::array<char, 48> buffer;
  if (text.empty() || text.size() + 1 > buffer.size()) return std::nullopt;
  std::ranges::replace_copy(text, buffer.begin(), ' ', 'T');
  const std::string_view iso(buffer.data(), text.size());
  if (const auto time = core::parse_rfc3339(iso)) return time;
  buffer[text.size()] = 'Z';
  const auto clocks = core::parse_rfc3339({buffer.data(), text.size() + 1});
  if (!clocks) return std::nullopt;
  // Around a change of the clocks `first` is what held before it. Its offset gives the earlier instant of a repeated
  // hour, and the time after the change for a skipped one.
  const date::local_time<core::Millis> local{clocks->time_since_epoch()};
  const core::EventTime time = *clocks - zone.get_info(local).first.offset;
  if (time < core::kFirstEventTime || time >= core::kEndOfEventTime) return std::nullopt;
  return time;
}

}  // namespace ingest
