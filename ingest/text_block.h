// Looking at sixteen bytes of text at once.
//
// Thread-safe: free functions without state.
#pragma once

#include <cstddef>
#include <cstdint>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace ingest {

inline constexpr std::ptrdiff_t kTextBlock = 16;

/// Whether a byte of a JSON string ends it or needs a closer look: a quote, a backslash, a control character's byte (up
/// to 0x1F, and 0x7F), or one beyond ASCII.
constexpr bool is_mark(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte >= 0x7f || c == '"' || c == '\\';
}

inline std::uint32_t marks_one_by_one(const char* block) {
  std::uint32_t marks = 0;
  for (std::ptrdiff_t i = 0; i < kTextBlock; ++i) marks |= std::uint32_t{is_mark(block[i])} << i;
  return marks;
}

/// Of a block, a bit for each byte that is_mark(), the first byte's lowest.
inline std::uint32_t marks_of(const char* block) {
#ifdef __SSE2__
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block));
  const auto equal = [bytes](char c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)); };
  // 0x20 to 0x7E come to 0x21 to 0x7F. All others come to 0x80 or more: their highest bit is set.
  const __m128i outside = _mm_adds_epu8(_mm_sub_epi8(bytes, _mm_set1_epi8(0x20)), _mm_set1_epi8(0x21));
  return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_or_si128(outside, _mm_or_si128(equal('"'), equal('\\')))));
#else
  return marks_one_by_one(block);
#endif
}

}  // namespace ingest
