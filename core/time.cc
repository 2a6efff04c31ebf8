#include "core/time.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/decimal.h"
#include "core/eight_characters.h"

namespace core {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Reads fixed-width numbers and marks from the front of a text; after a mismatch `ok` stays false.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  int number(std::size_t digits) {
    if (text_.size() < digits) return fail();
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (!is_digit(text_[i])) return fail();
      value = value * 10 + (text_[i] - '0');
    }
    text_.remove_prefix(digits);
    return value;
  }

  void mark(char a, char b) {
    if (peek() != a && peek() != b) {
      fail();
      return;
    }
    text_.remove_prefix(1);
  }
  void mark(char c) { mark(c, c); }

  /// Milliseconds of an optional fraction ".123456"; digits beyond the third are read and cut.
  int fraction() {
    if (peek() != '.') return 0;
    text_.remove_prefix(1);
    const auto end = std::find_if_not(text_.begin(), text_.end(), is_digit);
    const auto digits = static_cast<std::size_t>(end - text_.begin());
    if (digits == 0) return fail();
    int ms = 0;
    for (std::size_t i = 0; i < 3; ++i) ms = ms * 10 + (i < digits ? text_[i] - '0' : 0);
    text_.remove_prefix(digits);
    return ms;
  }

  char peek() const { return text_.empty() ? '\0' : text_.front(); }
  bool complete() const { return ok_ && text_.empty(); }

 private:
  int fail() {
    ok_ = false;
    text_ = {};
    return 0;
  }

  std::string_view text_;
  bool ok_ = true;
};

/// "Z" or "+hh:mm", as minutes east of UTC.
int scan_offset(Scanner& scan) {
  if (scan.peek() == 'Z' || scan.peek() == 'z') {
    scan.mark('Z', 'z');
    return 0;
  }
  const int sign = scan.peek() == '-' ? -1 : 1;
  scan.mark('+', '-');
  const int hours = scan.number(2);
  scan.mark(':');
  const int minutes = scan.number(2);
  if (hours > 23 || minutes > 59) scan.mark('\x01');  // no text has it here: the scan fails
  return sign * (hours * 60 + minutes);
}

/// A day and a time of it as they were written; whether there are such is not checked.
struct WrittenTime {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, ms = 0, offset_minutes = 0;
};

std::optional<WrittenTime> scan_rfc3339(std::string_view text) {
  Scanner scan(text);
  WrittenTime written;
  written.year = scan.number(4);
  scan.mark('-');
  written.month = scan.number(2);
  scan.mark('-');
  written.day = scan.number(2);
  scan.mark('T', 't');
  written.hour = scan.number(2);
  scan.mark(':');
  written.minute = scan.number(2);
  scan.mark(':');
  written.second = scan.number(2);
  written.ms = scan.fraction();
  written.offset_minutes = scan_offset(scan);
  return scan.complete() ? std::optional(written) : std::nullopt;
}

/// What scan_rfc3339 makes of a time in UTC with milliseconds or whole seconds, as most producers write it; nullopt for
/// any other.
std::optional<WrittenTime> read_usual(std::string_view text) {
  static constexpr DigitShape kDate("0000-00-"), kClock("00T00:00"), kFraction(":00.000Z"), kSecond("0:00:00Z");
  const bool with_ms = text.size() == 24;
  if (!with_ms && text.size() != 20) return std::nullopt;
  const EightCharacters date(text.data(), kDate), clock(text.data() + 8, kClock);
  const EightCharacters rest(text.data() + text.size() - 8, with_ms ? kFraction : kSecond);
  if (!date.fit() || !clock.fit() || !rest.fit()) return std::nullopt;
  return WrittenTime{.year = date.pair(0) * 100 + date.pair(2),
                     .month = date.pair(5),
                     .day = clock.pair(0),
                     .hour = clock.pair(3),
                     .minute = clock.pair(6),
                     .second = rest.pair(with_ms ? 1 : 5),
                     .ms = with_ms ? rest.pair(4) * 10 + rest.digit(6) : 0};
}

struct Unit {
  std::string_view suffix;
  std::int64_t milliseconds;
};
constexpr std::array<Unit, 5> kUnits = {{{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};

}  // namespace

std::optional<EventTime> parse_rfc3339(std::string_view text) {
  using std::chrono::hours, std::chrono::minutes, std::chrono::seconds;
  const auto usual = read_usual(text);
  const auto written = usual ? usual : scan_rfc3339(text);
  if (!written || written->hour > 23 || written->minute > 59 || written->second > 59) return std::nullopt;

  const std::chrono::year_month_day date{std::chrono::year{written->year},
                                         std::chrono::month{static_cast<unsigned>(written->month)},
                                         std::chrono::day{static_cast<unsigned>(written->day)}};
  if (!date.ok()) return std::nullopt;
  const WallTime utc = std::chrono::sys_days{date} + hours{written->hour} +
                       minutes{written->minute - written->offset_minutes} + seconds{written->second} +
                       Millis{written->ms};
  // An offset may push the first and last day of the four-digit years out of what RFC 3339 can write.
  const EventTime time{utc.time_since_epoch()};
  if (time < kFirstEventTime || time >= kEndOfEventTime) return std::nullopt;
  return time;
}

std::string format_rfc3339(EventTime time) {
  const WallTime utc{time.time_since_epoch()};
  const auto midnight = std::chrono::floor<std::chrono::days>(utc);
  const std::chrono::year_month_day date{midnight};
  const std::chrono::hh_mm_ss clock{utc - midnight};
  std::string text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                                 static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                 clock.hours().count(), clock.minutes().count(), clock.seconds().count());
  if (clock.subseconds().count() != 0) fmt::format_to(std::back_inserter(text), ".{:03}", clock.subseconds().count());
  text += 'Z';
  return text;
}

std::optional<Millis> parse_duration(std::string_view text) {
  const auto digits_end = text.find_first_not_of("0123456789.");
  if (digits_end == std::string_view::npos) return std::nullopt;
  const std::string_view suffix = text.substr(digits_end);
  const auto unit = std::ranges::find(kUnits, suffix, &Unit::suffix);
  const auto amount = parse_decimal(text.substr(0, digits_end));
  if (unit == kUnits.end() || !amount) return std::nullopt;

  constexpr std::int64_t kTenThousandths = 10'000;
  std::int64_t scaled = 0;
  if (__builtin_mul_overflow(amount->ten_thousandths, unit->milliseconds, &scaled)) return std::nullopt;
  if (scaled % kTenThousandths != 0) return std::nullopt;
  return Millis{scaled / kTenThousandths};
}

std::string format_duration(Millis span) {
  if (span.count() == 0) return "0s";
  const auto largest = std::find_if(kUnits.rbegin(), kUnits.rend(),
                                    [span](const Unit& unit) { return span.count() % unit.milliseconds == 0; });
  return fmt::format("{}{}", span.count() / largest->milliseconds, largest->suffix);
}

}  // namespace core
