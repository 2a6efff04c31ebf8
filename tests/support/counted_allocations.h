// Counts what the program allocates with `new`. For the one source file of a test: the operators are replaced where
// this is included. Not in a build with a sanitizer, which has its own: there nothing is counted.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

#include "tests/support/sanitized.h"

namespace test_support {

/// Since the test last set it to 0.
inline std::atomic<std::size_t> allocations = 0;

}  // namespace test_support

#if !FLOORWATCH_SANITIZED
// The standard lets no replacement be inline.
// NOLINTBEGIN(misc-definitions-in-headers)
void* operator new(std::size_t size) {
  ++test_support::allocations;
  if (void* const bytes = std::malloc(size)) return bytes;
  throw std::bad_alloc();
}
void operator delete(void* bytes) noexcept { std::free(bytes); }
void operator delete(void* bytes, std::size_t) noexcept { std::free(bytes); }
// NOLINTEND(misc-definitions-in-headers)
#endif
