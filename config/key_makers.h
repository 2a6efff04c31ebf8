// How the table of keys is written: a function for each kind of key. Internal to config.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "config/keys.h"

namespace config {

inline constexpr std::int64_t kMillisecond = 1, kSecond = 1000, kMinute = 60 * kSecond, kHour = 60 * kMinute,
                              kDay = 24 * kHour, kYear = 366 * kDay;
inline constexpr std::int64_t kMiB = std::int64_t{1} << 20, kTiB = std::int64_t{1} << 40;
inline constexpr std::int64_t kNameBytes = 128;  // Ids and names of events are that long at most.
inline constexpr std::int64_t kTextBytes = 4096;

constexpr Key section(std::string_view path, std::string_view meaning, bool required = false) {
  return {.path = path, .kind = Kind::kSection, .meaning = meaning, .required = required};
}
constexpr Key list(std::string_view path, std::string_view meaning, std::string_view allowed) {
  return {.path = path, .kind = Kind::kSections, .meaning = meaning, .allowed = allowed};
}
constexpr Key text(std::string_view path, std::string_view fallback, std::int64_t bytes, std::string_view meaning) {
  return {.path = path, .kind = Kind::kText, .fallback = fallback, .meaning = meaning, .low = 1, .high = bytes};
}
constexpr Key required_text(std::string_view path, std::int64_t bytes, std::string_view meaning) {
  return {.path = path, .kind = Kind::kText, .meaning = meaning, .low = 1, .high = bytes, .required = true};
}
constexpr Key texts(std::string_view path, std::string_view fallback, std::int64_t at_least, std::string_view meaning,
                    bool required = false) {
  return {.path = path,
          .kind = Kind::kTexts,
          .fallback = fallback,
          .meaning = meaning,
          .low = at_least,
          .high = kNameBytes,
          .required = required};
}
constexpr Key word(std::string_view path, std::string_view fallback, std::span<const std::string_view> words,
                   std::string_view meaning) {
  return {.path = path, .kind = Kind::kWord, .fallback = fallback, .meaning = meaning, .words = words};
}
constexpr Key words(std::string_view path, std::string_view fallback, std::span<const std::string_view> allowed,
                    std::string_view meaning) {
  return {.path = path, .kind = Kind::kWords, .fallback = fallback, .meaning = meaning, .low = 1, .words = allowed};
}
constexpr Key ranged(Kind kind, std::string_view path, std::string_view fallback, std::int64_t low, std::int64_t high,
                     std::string_view meaning) {
  return {.path = path, .kind = kind, .fallback = fallback, .meaning = meaning, .low = low, .high = high};
}
constexpr Key duration(std::string_view path, std::string_view fallback, std::int64_t low, std::int64_t high,
                       std::string_view meaning) {
  return ranged(Kind::kDuration, path, fallback, low, high, meaning);
}
constexpr Key flag(std::string_view path, std::string_view fallback, std::string_view meaning) {
  return ranged(Kind::kFlag, path, fallback, 0, 1, meaning);
}
constexpr Key other(Kind kind, std::string_view path, std::string_view fallback, std::string_view meaning) {
  return {.path = path, .kind = kind, .fallback = fallback, .meaning = meaning};
}
constexpr Key later(std::string_view path, std::string_view meaning) {
  return {.path = path, .kind = Kind::kLater, .meaning = meaning};
}

/// A text of a form of its own, which the reader of the key checks.
constexpr Key formed(std::string_view path, std::string_view fallback, std::string_view meaning,
                     std::string_view allowed, bool required = false) {
  return {.path = path,
          .kind = Kind::kText,
          .fallback = fallback,
          .meaning = meaning,
          .low = 1,
          .high = kNameBytes,
          .required = required,
          .allowed = allowed};
}

}  // namespace config
