// The supervisor's table as text for a terminal.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "app/top/floor_view.h"

namespace app {

struct ScreenOptions {
  std::string url{};                              ///< Named in the headline.
  double target = 0.8;                            ///< Service level below which a row is marked, 0 to 1.
  core::Millis longest_wait{60'000};              ///< Oldest wait from which a row is marked.
  bool colours = false;                           ///< Beside the mark, never instead of it.
  std::optional<std::size_t> lines{}, columns{};  ///< The terminal's size; absent: everything is shown.
};

/// Headline, table, agents, where to read on; every line ends with "\n", none is wider or further down than the
/// terminal. A "!" marks what is past its limit. Names come from outside: no control character of them gets through.
/// Pure.
std::string draw_floor(const FloorView& view, const ScreenOptions& options);

/// 42 s -> "0:42", 65 min -> "1:05:00".
std::string clock_text(core::Millis span);

}  // namespace app
