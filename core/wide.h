// Products of two 64-bit integers.
#pragma once

namespace core {

__extension__ using Wide = __int128;

}  // namespace core
