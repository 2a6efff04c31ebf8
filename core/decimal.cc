#include "core/decimal.h"

#include <fmt/format.h>

#include <algorithm>

namespace core {
namespace {

constexpr int kDecimals = 4;
/// More digits than 64 bits can hold; also the bound of exponents, beyond which only a zero is exact and fits.
constexpr std::int64_t kMaxDigits = 19, kMaxExponent = 1'000'000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// A JSON number in pieces; the views point into the text.
struct NumberText {
  bool negative = false;
  std::string_view whole, fraction;
  std::int64_t exponent = 0;  ///< Cut to ±kMaxExponent.
};

std::string_view take_digits(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  const std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(digits.size());
  return digits;
}

bool take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<NumberText> split_number(std::string_view text) {
  NumberText number;
  number.negative = take(text, "-");
  number.whole = take_digits(text);
  if (number.whole.empty() || (number.whole.size() > 1 && number.whole.front() == '0')) return std::nullopt;
  if (take(text, ".")) {
    number.fraction = take_digits(text);
    if (number.fraction.empty()) return std::nullopt;
  }
  if (take(text, "eE")) {
    const bool down = !text.empty() && text.front() == '-';
    take(text, "+-");
    const std::string_view digits = take_digits(text);
    if (digits.empty()) return std::nullopt;
    for (const char c : digits) number.exponent = std::min(number.exponent * 10 + (c - '0'), kMaxExponent);
    if (down) number.exponent = -number.exponent;
  }
  if (!text.empty()) return std::nullopt;
  return number;
}

}  // namespace

std::optional<Decimal> parse_decimal(std::string_view text) {
  const auto number = split_number(text);
  if (!number) return std::nullopt;

  // value = digits × 10^scale ten-thousandths; zeros wait in `scale` until a digit follows them.
  std::uint64_t digits = 0;
  const auto fraction_digits = static_cast<std::int64_t>(number->fraction.size());
  std::int64_t scale = number->exponent - fraction_digits + kDecimals;
  std::int64_t pending_zeros = 0, significant = 0;
  for (const std::string_view part : {number->whole, number->fraction}) {
    for (const char c : part) {
      if (c == '0') {
        ++pending_zeros;
        continue;
      }
      if (digits == 0) pending_zeros = 0;
      significant += pending_zeros + 1;
      if (significant > kMaxDigits) return std::nullopt;
      for (; pending_zeros > 0; --pending_zeros) digits *= 10;
      digits = digits * 10 + static_cast<std::uint64_t>(c - '0');
    }
  }
  if (digits == 0) return Decimal{};
  scale += pending_zeros;
  if (scale < 0 || scale > kMaxDigits) return std::nullopt;
  for (; scale > 0; --scale) {
    if (__builtin_mul_overflow(digits, std::uint64_t{10}, &digits)) return std::nullopt;
  }
  const std::uint64_t limit = (std::uint64_t{1} << 63) - (number->negative ? 0 : 1);
  if (digits > limit) return std::nullopt;
  // Negation in unsigned arithmetic, so that the smallest value needs no case of its own.
  return Decimal{static_cast<std::int64_t>(number->negative ? 0 - digits : digits)};
}

std::string format_decimal(Decimal value) {
  const bool negative = value.ten_thousandths < 0;
  const auto bits = static_cast<std::uint64_t>(value.ten_thousandths);
  const std::uint64_t magnitude = negative ? 0 - bits : bits;
  std::string text = fmt::format("{}{}.{:04}", negative ? "-" : "", magnitude / 10'000, magnitude % 10'000);
  for (int spare = 0; spare < 2 && text.back() == '0'; ++spare) text.pop_back();
  return text;
}

}  // namespace core
