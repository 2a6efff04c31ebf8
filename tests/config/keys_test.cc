// Every key of the table: wrong types, the ends of its range, its default written out.
#include "config/keys.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "config/load.h"
#include "config/print.h"
#include "config/values.h"
#include "core/time.h"

namespace config {
namespace {

constexpr const char* kClient = "acme";

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

/// The path as messages show it.
std::string shown(const Key& key) {
  std::string path(key.path);
  replace_all(path, "*", kClient);
  return path;
}

/// A document that holds just this key, with its value; the key stands on line 2.
std::string document(const Key& key, const std::string& value) {
  std::string head, tail, path = shown(key);
  for (std::size_t dot = path.find('.'); dot != std::string::npos; dot = path.find('.')) {
    std::string part = path.substr(0, dot);
    path = path.substr(dot + 1);
    const bool list = part.ends_with("[]");
    if (list) part.resize(part.size() - 2);
    head += '{' + part + ": " + (list ? "[" : "");
    tail = std::string(list ? "]" : "") + '}' + tail;
  }
  return head + "{\n" + path + ": " + value + '}' + tail;
}

ConfigErrors errors_of(const std::string& text) {
  auto config = load(text, "c.yaml");
  return config ? ConfigErrors{} : config.error();
}

/// The errors that are about this key on its line.
std::string errors_about(const Key& key, const std::string& value) {
  std::string found;
  for (const ConfigError& error : errors_of(document(key, value))) {
    const bool about =
        error.message.starts_with(shown(key) + ' ') && !error.message.starts_with(shown(key) + " is missing");
    if (about && error.line == 2) found += to_string(error) + '\n';
  }
  return found;
}

/// Whether the table's own range refuses the value, not a rule between several keys.
bool out_of_range(const Key& key, const std::string& value) {
  return errors_about(key, value).find("allowed: " + allowed_values(key)) != std::string::npos;
}

std::string written(const Key& key, std::int64_t number) {
  if (key.kind == Kind::kDuration) return core::format_duration(core::Millis{number});
  return key.kind == Kind::kSize ? format_size(number) : std::to_string(number);
}

bool is_number(const Key& key) {
  return key.kind == Kind::kDuration || key.kind == Kind::kSize || key.kind == Kind::kWhole;
}

TEST(Keys, PathsAreUniqueAndEveryKeySaysWhatItMeans) {
  std::set<std::string_view> paths;
  for (const Key& key : keys()) {
    EXPECT_TRUE(paths.insert(key.path).second) << key.path;
    EXPECT_TRUE(key.meaning.ends_with('.')) << key.path;
    EXPECT_NE(allowed_values(key), "") << key.path;
  }
}

TEST(Keys, EveryKeyOfTheWrongShapeIsAnErrorOnItsLineThatSaysWhatIsAllowed) {
  for (const Key& key : keys()) {
    if (key.kind == Kind::kLater) continue;
    const bool mapping =
        key.kind == Kind::kSection || key.kind == Kind::kNamedSections || key.kind == Kind::kProperties;
    const std::string errors = errors_about(key, mapping ? "text" : "{a: b}");
    EXPECT_NE(errors.find("c.yaml:2: "), std::string::npos) << key.path << '\n' << errors;
    EXPECT_NE(errors.find("allowed: "), std::string::npos) << key.path << '\n' << errors;
  }
}

TEST(Keys, EveryScalarRefusesListsAndNothing) {
  for (const Key& key : keys()) {
    const bool list = key.kind == Kind::kTexts || key.kind == Kind::kWords || key.kind == Kind::kSections;
    const bool mapping =
        key.kind == Kind::kSection || key.kind == Kind::kNamedSections || key.kind == Kind::kProperties;
    if (key.kind == Kind::kLater || list || mapping) continue;
    EXPECT_NE(errors_about(key, "[[1]]"), "") << key.path;
    EXPECT_NE(errors_about(key, ""), "") << key.path;
    EXPECT_NE(errors_about(key, "\"\\u0001\""), "") << key.path;
  }
}

TEST(Keys, WordsAreOneOfTheirList) {
  for (const Key& key : keys()) {
    if (key.kind != Kind::kWord && key.kind != Kind::kWords) continue;
    EXPECT_NE(errors_about(key, "nonsense"), "") << key.path;
    for (const std::string_view word : key.words) {
      if (word == "intervals_met" || word == "misses_left") continue;  // Need a target beside them.
      EXPECT_EQ(errors_about(key, std::string(word)), "") << key.path;
    }
  }
}

TEST(Keys, TextsAreNeitherEmptyNorTooLong) {
  for (const Key& key : keys()) {
    if (key.kind != Kind::kText && key.kind != Kind::kTexts) continue;
    EXPECT_NE(errors_about(key, "''"), "") << key.path;
    EXPECT_NE(errors_about(key, std::string(static_cast<std::size_t>(key.high) + 1, 'x')), "") << key.path;
  }
}

TEST(Keys, NumbersAreAllowedFromTheLowestToTheHighest) {
  for (const Key& key : keys()) {
    if (!is_number(key)) continue;
    EXPECT_FALSE(out_of_range(key, written(key, key.low))) << key.path;
    EXPECT_FALSE(out_of_range(key, written(key, key.high))) << key.path;
    EXPECT_TRUE(out_of_range(key, written(key, key.high + 1))) << key.path;
    EXPECT_TRUE(out_of_range(key, written(key, key.low - 1))) << key.path;
    EXPECT_TRUE(out_of_range(key, "many")) << key.path;
    EXPECT_TRUE(out_of_range(key, "99999999999999999999d")) << key.path;
  }
}

TEST(Keys, LaterKeysAreRefusedAsNotYetSupportedAndNotAsUnknown) {
  for (const Key& key : keys()) {
    if (key.kind != Kind::kLater) continue;
    const std::string errors = errors_about(key, "{a: b}");
    EXPECT_NE(errors.find("is not yet supported in this version"), std::string::npos) << key.path << '\n' << errors;
  }
}

TEST(Keys, EveryDefaultMayBeWrittenOut) {
  for (const Key& key : keys()) {
    if (key.fallback.empty() || key.fallback == "all") continue;
    EXPECT_EQ(errors_about(key, std::string(key.fallback)), "") << key.path;
  }
}

}  // namespace
}  // namespace config
