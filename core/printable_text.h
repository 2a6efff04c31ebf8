// Bytes of unknown origin, fit for a screen and a table.
#pragma once

#include <string>
#include <string_view>

namespace core {

/// `bytes` as they are where they are UTF-8 without control characters; else, whole, with `\n`, `\t`, `\r`, `\\` and
/// `\xHH` for every byte that is part of neither. Thread-safe: a free function without state.
std::string printable(std::string_view bytes);

}  // namespace core
