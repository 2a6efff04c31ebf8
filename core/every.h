// The kinds of intervals by which figures are shown and contracts judged.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace core {

enum class Every : std::uint8_t { k15m, k30m, k1h, kDay, kWeek, kMonth, kQuarter, kYear, kTotal };
inline constexpr std::array<std::string_view, 9> kEveryWords = {"15m",   "30m",     "1h",   "day",  "week",
                                                                "month", "quarter", "year", "total"};

}  // namespace core
