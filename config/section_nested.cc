// Sections within sections: lists, named ones, and properties whose values may be secrets.
#include <fmt/format.h>

#include <array>

#include "config/secret.h"
#include "config/section.h"

namespace config {
namespace {

constexpr std::int64_t kNameBytes = 128;

/// What floorwatch sets itself, with the key that does it.
struct Owned {
  std::string_view property, key;
};
constexpr std::array<Owned, 5> kOwned = {{{"bootstrap.servers", "kafka.brokers"},
                                          {"metadata.broker.list", "kafka.brokers"},
                                          {"group.id", "kafka.group"},
                                          {"auto.offset.reset", "start"},
                                          {"enable.auto.commit", "store.commit_interval"}}};

/// What a scalar stands for in a list of mappings; anything else is itself.
YAML::Node written_out(const YAML::Node& item, std::string_view shorthand) {
  if (!item.IsScalar() || shorthand.empty()) return item;
  YAML::Node mapping(YAML::NodeType::Map);
  mapping[std::string(shorthand)] = item;
  return mapping;
}

bool is_property_name(std::string_view name) {
  return !name.empty() && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-") == std::string_view::npos;
}

}  // namespace

Section Section::section(std::string_view name) const {
  const Key& key = declared(name, Kind::kSection);
  const Entry* entry = find(name);
  return {entry == nullptr ? YAML::Node() : entry->value, line(name), std::string(key.path), shown(name), *diagnosis_};
}

std::vector<Section> Section::sections(std::string_view name) const {
  const Key& key = declared(name, Kind::kSections);
  const Entry* entry = find(name);
  if (entry == nullptr) {
    if (key.required) report(name, fmt::format("is missing, allowed: {}", allowed_values(key)));
    return {};
  }
  const bool empty = entry->value.IsNull() || (entry->value.IsSequence() && entry->value.size() == 0);
  if (!entry->value.IsSequence() && !empty) {
    refuse(name, entry->value.IsMap() ? "a mapping" : "text");
    return {};
  }
  if (empty && key.required) refuse(name, "empty");

  std::vector<Section> sections;
  if (empty) return sections;
  for (const YAML::Node& item : entry->value) {
    const int at = item.IsNull() ? entry->line : item.Mark().line + 1;
    const YAML::Node mapping = written_out(item, key.shorthand);
    if (mapping.IsMap()) {
      sections.emplace_back(mapping, at, fmt::format("{}[]", key.path), fmt::format("{}[]", shown(name)), *diagnosis_);
    } else {
      report(at, fmt::format("{} holds something else than a mapping, allowed: {}", shown(name), allowed_values(key)));
    }
  }
  return sections;
}

std::vector<std::pair<Placed, std::vector<Placed>>> Section::named_lists(std::string_view name) const {
  const Key& key = declared(name, Kind::kHours);
  const Entry* entry = find(name);
  std::vector<std::pair<Placed, std::vector<Placed>>> lists;
  if (entry == nullptr) {
    if (key.required) report(name, fmt::format("is missing, allowed: {}", allowed_values(key)));
    return lists;
  }
  if (!entry->value.IsMap()) {
    refuse(name, entry->value.IsSequence() ? "a list" : "no mapping");
    return lists;
  }
  for (const auto& item : entry->value) {
    const int at = item.first.Mark().line + 1;
    const auto wrong = [&] {
      report(at, fmt::format("{} has an entry of another form, allowed: {}", shown(name), allowed_values(key)));
    };
    if (!item.first.IsScalar()) {
      wrong();
      continue;
    }
    std::vector<Placed> texts;
    if (item.second.IsScalar()) texts.push_back({item.second.Scalar(), at});
    if (item.second.IsSequence()) {
      for (const YAML::Node& text : item.second) {
        if (text.IsScalar()) texts.push_back({text.Scalar(), text.Mark().line + 1});
        if (!text.IsScalar()) wrong();
      }
    }
    if (item.second.IsMap()) wrong();
    lists.emplace_back(Placed{item.first.Scalar(), at}, std::move(texts));
  }
  return lists;
}

std::vector<std::pair<Placed, Section>> Section::named_sections(std::string_view name) const {
  const Key& key = declared(name, Kind::kNamedSections);
  const Entry* entry = find(name);
  std::vector<std::pair<Placed, Section>> sections;
  if (entry == nullptr || entry->value.IsNull()) return sections;
  if (!entry->value.IsMap()) {
    refuse(name, entry->value.IsSequence() ? "a list" : "text");
    return sections;
  }
  std::map<std::string, int> lines;
  for (const auto& item : entry->value) {
    const int at = item.first.Mark().line + 1;
    const std::string own_name = item.first.IsScalar() ? item.first.Scalar() : "";
    if (own_name.empty() || own_name.size() > kNameBytes || !is_printable(own_name)) {
      report(at, fmt::format("{} has a bad name, allowed: names of 1 to {} bytes without control characters",
                             shown(name), kNameBytes));
      continue;
    }
    const std::string path = shown(name) + '.' + own_name;
    if (const auto [former, is_new] = lines.emplace(own_name, at); !is_new) {
      report(at, fmt::format("{} stands here again after line {}, allowed: once", path, former->second));
      continue;
    }
    sections.emplace_back(Placed{own_name, at},
                          Section(item.second, at, fmt::format("{}.*", key.path), path, *diagnosis_));
  }
  return sections;
}

std::map<std::string, SecretText> Section::properties(std::string_view name, bool resolve_secrets) const {
  declared(name, Kind::kProperties);
  const Entry* entry = find(name);
  std::map<std::string, SecretText> properties;
  if (entry == nullptr || entry->value.IsNull()) return properties;
  if (!entry->value.IsMap()) {
    refuse(name, entry->value.IsSequence() ? "a list" : "text");
    return properties;
  }
  for (const auto& item : entry->value) {
    const int at = item.first.Mark().line + 1;
    const std::string property = item.first.IsScalar() ? item.first.Scalar() : "";
    const std::string path = shown(name) + '.' + property;
    const auto owned = std::ranges::find(kOwned, property, &Owned::property);
    if (!is_property_name(property)) {
      report(at, fmt::format("{} has a bad name, allowed: names of librdkafka's properties", shown(name)));
    } else if (owned != kOwned.end()) {
      report(at, fmt::format("{} is set by floorwatch, allowed: {}", path, owned->key));
    } else if (properties.contains(property)) {
      report(at, fmt::format("{} stands here again, allowed: once", path));
    } else if (auto value = secret_in(path, item.second, at, resolve_secrets)) {
      properties.emplace(property, std::move(*value));
    }
  }
  return properties;
}

std::optional<SecretText> Section::secret(std::string_view name, bool resolve_secrets) const {
  declared(name, Kind::kSecret);
  const Entry* entry = find(name);
  if (entry == nullptr) return std::nullopt;
  auto value = secret_in(shown(name), entry->value, entry->line, resolve_secrets);
  if (!value || value->from != SecretText::From::kConfiguration || !value->value.empty()) return value;
  refuse(name, "empty");
  return std::nullopt;
}

std::optional<SecretText> Section::secret_in(const std::string& shown_name, const YAML::Node& node, int at,
                                             bool resolve) const {
  const auto refuse_value = [&] {
    report(at, fmt::format("{} is neither text nor a secret, allowed: a value, {{env: NAME}} or {{file: PATH}}",
                           shown_name));
    return std::nullopt;
  };
  if (node.IsScalar()) {
    const bool good = is_printable(node.Scalar());
    return good ? std::optional(SecretText{SecretText::From::kConfiguration, "", node.Scalar()}) : refuse_value();
  }
  if (!node.IsMap() || node.size() != 1) return refuse_value();
  const auto origin = *node.begin();
  const std::string kind = origin.first.IsScalar() ? origin.first.Scalar() : "";
  const std::string reference = origin.second.IsScalar() ? origin.second.Scalar() : "";
  if ((kind != "env" && kind != "file") || reference.empty() || !is_printable(reference)) return refuse_value();

  SecretText text{kind == "env" ? SecretText::From::kEnvironment : SecretText::From::kFile, reference, ""};
  if (!resolve) return text;
  auto value = reveal(text.from, reference);
  if (!value) {
    report(at, fmt::format("{} {}", shown_name, value.error()));
    return std::nullopt;
  }
  text.value = std::move(*value);
  return text;
}

}  // namespace config
