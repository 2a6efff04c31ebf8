// The days of a week as configurations and figures' keys name them.
#pragma once

#include <array>
#include <string_view>

namespace core {

inline constexpr std::array<std::string_view, 7> kDayWords = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

}  // namespace core
