// Whether this build has a sanitizer: what measures speed, counts allocations, or takes resources away from the program,
// then says nothing.
#pragma once

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define FLOORWATCH_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define FLOORWATCH_SANITIZED 1
#endif
#endif
#if !defined(FLOORWATCH_SANITIZED)
#define FLOORWATCH_SANITIZED 0
#endif

namespace test_support {

inline constexpr bool kSanitized = FLOORWATCH_SANITIZED == 1;

}  // namespace test_support
