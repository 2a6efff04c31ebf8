// Asking for memory some time before it is used: a record of millions lies far from the processor.
#pragma once

#include <cstddef>
#include <cstdint>

namespace core {

/// Has the lines of `bytes` bytes from `at` on loaded meanwhile. A hint: any address will do. Thread-safe.
inline void load_ahead(const void* at, std::size_t bytes = 1) {
  constexpr std::size_t kLine = 64;
  for (std::size_t i = 0; i < bytes; i += kLine) __builtin_prefetch(static_cast<const char*>(at) + i);
  __asm__ volatile("");  // g++ takes a function that only prefetches for one without effect, and drops its calls.
}

/// The way to a record, in steps: each looks where the one before has led, so the one before must have come.
enum class Ahead : std::uint8_t { kIndex, kEntry, kRecord, kParts };

/// What the steps have found so far. It may be out of date by the next one: good for a hint, nothing else.
struct Found {
  std::uint32_t entry = 0xffffffff;
  std::uint64_t agent_hash = 0;
};

}  // namespace core
