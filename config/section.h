// A mapping of the YAML file seen through the table of keys: every value is checked when it is read, and what is wrong
// is reported with its line and replaced by the default, so that one pass finds all errors.
#pragma once

#include <yaml-cpp/yaml.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/config.h"
#include "config/error.h"
#include "config/keys.h"
#include "config/values.h"

namespace config {

/// A text with the line on which it stands.
struct Placed {
  std::string text;
  int line = 0;
};

/// Keys are asked for by their last name ("commit_interval"); asking for one that the table does not have, or as
/// another kind than it is declared, is a programming error. Confined to the thread that loads.
class Section {
 public:
  /// `path` is the section's path in the table, `shown` the same for people, with the names of named sections.
  /// Reports keys that are unknown, repeated or not yet supported.
  Section(const YAML::Node& node, int line, std::string path, std::string shown, Diagnosis& diagnosis);

  bool has(std::string_view name) const { return entries_.contains(name); }
  /// Of the key, or of the section where the key is left out.
  int line(std::string_view name) const;
  int line() const { return line_; }
  /// "store.commit_interval", for messages.
  std::string shown(std::string_view name) const;
  /// Says what is wrong with a key's value beyond what the table knows.
  void report(std::string_view name, const std::string& what) const;
  void report(int line, std::string what) const { diagnosis_->report(line, std::move(what)); }
  /// "NAME is FOUND, allowed: …", for a text that the caller checks itself.
  void refuse(std::string_view name, std::string_view found) const;

  std::string text(std::string_view name) const;
  std::vector<Placed> texts(std::string_view name) const;
  std::size_t word(std::string_view name) const;
  std::vector<std::size_t> words(std::string_view name) const;
  std::int64_t whole(std::string_view name) const;
  bool flag(std::string_view name) const;
  core::Millis duration(std::string_view name) const;
  std::int64_t size(std::string_view name) const;
  std::string zone(std::string_view name) const;
  Address address(std::string_view name) const;
  /// Days since 1970-01-01 in the local calendar; absent where the key is.
  std::optional<std::int64_t> date(std::string_view name) const;
  /// Absent where the key is left out, or cannot be read, which is reported.
  std::optional<SecretText> secret(std::string_view name, bool resolve_secrets) const;
  std::map<std::string, SecretText> properties(std::string_view name, bool resolve_secrets) const;

  /// The lists below a key of kind kHours, by the names that they have.
  std::vector<std::pair<Placed, std::vector<Placed>>> named_lists(std::string_view name) const;

  /// An absent section is an empty one.
  Section section(std::string_view name) const;
  std::vector<Section> sections(std::string_view name) const;
  std::vector<std::pair<Placed, Section>> named_sections(std::string_view name) const;

 private:
  struct Entry {
    YAML::Node value;
    int line;
  };

  void add_entry(const std::string& name, const YAML::Node& value, int line);
  void report_unknown(const std::string& name, int line) const;
  const Key& declared(std::string_view name, Kind kind) const;
  const Entry* find(std::string_view name) const;
  /// The scalar below a key; nullopt where the key is absent, or has another shape, which is reported.
  std::optional<std::string> scalar(const Key& key) const;
  std::vector<Placed> items(const Key& key) const;
  std::int64_t number(const Key& key, std::optional<std::int64_t> (*parse)(std::string_view)) const;
  std::optional<SecretText> secret_in(const std::string& shown_name, const YAML::Node& node, int line,
                                      bool resolve) const;

  int line_;
  std::string path_, shown_;
  Diagnosis* diagnosis_;
  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace config
