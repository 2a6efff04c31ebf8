// Exact decimal money: whole ten-thousandths of a currency unit in 64 bits.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace core {

struct Decimal {
  std::int64_t ten_thousandths = 0;
  friend auto operator<=>(const Decimal&, const Decimal&) = default;
};

/// Reads "12", "-0.5", "1234.5678", also with an exponent as JSON numbers may have ("1e3"). nullopt where the value is
/// not exact in ten-thousandths or does not fit into 64 bits of them, or the text is not a JSON number.
std::optional<Decimal> parse_decimal(std::string_view text);

/// At least two and at most four decimals: "12.00", "0.5001", "-3.10".
std::string format_decimal(Decimal value);

}  // namespace core
