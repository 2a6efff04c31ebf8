// Every key of the configuration, declared once: path, type, default, range, meaning. Reading, error messages and
// docs/configuration.md all come from this table.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace config {

enum class Kind : std::uint8_t {
  kSection,        ///< a mapping with keys of its own
  kSections,       ///< a list of such mappings
  kNamedSections,  ///< a mapping from names that the user chooses to such mappings
  kText,           ///< low..high bytes without control characters
  kTexts,          ///< at least low of such texts
  kWord,           ///< one of words
  kWords,          ///< at least one of words
  kWhole,          ///< whole number, low..high
  kFlag,
  kDuration,  ///< low..high milliseconds
  kSize,      ///< low..high bytes
  kDate,
  kZone,        ///< IANA name
  kAddress,     ///< host:port
  kSecret,      ///< a text, or where it is to be found
  kProperties,  ///< a mapping from names to texts or secrets
  kHours,       ///< a mapping from days of the week to lists of opening hours
  kLater,       ///< known, but refused: not yet supported
};

/// How a path is written: "sources[].name" is a key of each entry of the list `sources`, "clients.*.timezone" one of
/// each named entry of `clients`.
struct Key {
  std::string_view path;
  Kind kind{};
  std::string_view fallback{};  ///< The default as one would write it.
  std::string_view meaning{};
  std::int64_t low = 0, high = 0;
  std::span<const std::string_view> words{};
  bool required = false;
  std::string_view allowed{};  ///< Replaces the words that kind and range give.
  std::string_view shorthand{};  ///< Of a list of mappings: a scalar stands for a mapping with this key alone.
};

/// The formats of sources that this version reads. The first is the default.
inline constexpr std::array<std::string_view, 2> kFormats = {"canonical", "asterisk-queue-log"};

/// The whole table in the order of the reference page.
std::span<const Key> keys();

/// nullptr if there is no such path.
const Key* find_key(std::string_view path);

/// The last part of a key's path: "name" of "sources[].name".
std::string_view leaf(const Key& key);

/// The keys directly below a path ("" is the top, "sources[]" an entry of that list).
std::vector<const Key*> keys_below(std::string_view path);

/// What a value may be, in words: "a duration from 10ms to 1m". Part of every error message and of the reference.
std::string allowed_values(const Key& key);

}  // namespace config
