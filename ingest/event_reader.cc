#include "ingest/event_reader.h"

#include <fmt/format.h>

#include <cstring>

#include "ingest/text_rules.h"

namespace ingest {
namespace {

/// What is wrong, for people; nullptr where nothing is.
using Wrong = const char*;

constexpr int kMaxDepth = 256;
constexpr Wrong kBadEscape = "a string has an unknown escape or half a surrogate pair";
constexpr Wrong kNoValue = "a value is missing or no JSON (a string, number, object, array, true, false or null)";
constexpr Wrong kNoMember = "an object's member must be a string, a colon and a value";
constexpr Wrong kNoComma = "a comma or the closing bracket is missing";
constexpr Wrong kTooDeep = "nested deeper than 256 levels";

TextTraits traits_of(std::string_view document) {
  const auto has = [document](int byte) { return std::memchr(document.data(), byte, document.size()) != nullptr; };
  // A raw byte below 0x20 is no JSON; so only an escape, DEL and the lead byte of U+0080–9F can make a control.
  const bool escapes = has('\\');
  return {escapes, escapes || has(0x7f) || has(0xc2)};
}

/// One pass over one document, by recursive descent. Confined to one thread.
class Walk {
 public:
  Walk(JsonTokens& tokens, RawEvent& event, const TextTraits& traits, core::Arena& arena)
      : tokens_(tokens), event_(event), traits_(traits), arena_(arena) {}

  Wrong read_envelope() {
    return each_member([this](std::string_view key) -> Wrong {
      const auto index = kAttributeNames.find(key);
      if (!index) return pass_value(1);
      const auto attribute = static_cast<Attribute>(*index);
      JsonValue value;
      const Wrong wrong = attribute == Attribute::kData ? read_data(value) : read_value(value, 1);
      event_.set(attribute, value);
      return wrong;
    });
  }

  Wrong read_fields() {
    return each_member([this](std::string_view key) -> Wrong {
      const auto index = kFieldNames.find(key);
      if (!index) return pass_value(2);
      const auto field = static_cast<Field>(*index);
      JsonValue value;
      const Wrong wrong = field == Field::kCosts    ? read_costs(value)
                          : field == Field::kQueues ? read_queues(value)
                                                    : read_value(value, 2);
      event_.set(field, value);
      return wrong;
    });
  }

 private:
  /// Stands on '{'. Calls `member(key)` on every value, which must take it; passes the closing bracket.
  template <typename Member>
  Wrong each_member(Member member) {
    tokens_.skip();
    if (take_mark('}')) return nullptr;
    do {
      std::string_view key;
      if (tokens_.peek() != '"') return kNoMember;
      if (const Wrong wrong = take_string(key)) return wrong;
      if (traits_.escapes) key = *unescape_json(key, arena_);
      if (!take_mark(':')) return kNoMember;
      if (const Wrong wrong = member(key)) return wrong;
    } while (take_mark(','));
    return take_mark('}') ? nullptr : kNoComma;
  }

  /// Stands on '['. Calls `element()` on every value, which must take it; passes the closing bracket.
  template <typename Element>
  Wrong each_element(Element element) {
    tokens_.skip();
    if (take_mark(']')) return nullptr;
    do {
      if (const Wrong wrong = element()) return wrong;
    } while (take_mark(','));
    return take_mark(']') ? nullptr : kNoComma;
  }

  bool take_mark(char mark) {
    if (tokens_.peek() != mark) return false;
    tokens_.skip();
    return true;
  }

  Wrong take_string(std::string_view& written) {
    const std::string_view token = tokens_.take();
    written = token.substr(1, token.size() - 2);
    return traits_.escapes && !unescape_json(written, arena_) ? kBadEscape : nullptr;
  }

  Wrong read_value(JsonValue& value, int depth) {
    if (tokens_.peek() == '"') {
      value.kind = JsonKind::kString;
      return take_string(value.text);
    }
    return read_other(value, depth);
  }

  Wrong read_other(JsonValue& value, int depth) {
    const char first = tokens_.peek();
    if (first == '{' || first == '[') {
      value = {{}, first == '{' ? JsonKind::kObject : JsonKind::kArray};
      if (depth >= kMaxDepth) return kTooDeep;
      const auto pass = [this, depth](auto...) { return pass_value(depth + 1); };
      return first == '{' ? each_member(pass) : each_element(pass);
    }
    return tokens_.at_end() ? kNoValue : take_scalar(value);
  }

  Wrong take_scalar(JsonValue& value) {
    const std::string_view token = tokens_.take();
    value = {token, JsonKind::kNumber};
    if (is_json_number(token)) return nullptr;
    if (token == "null") return value = {{}, JsonKind::kNull}, nullptr;
    if (token == "true") return value = {{}, JsonKind::kTrue}, nullptr;
    if (token == "false") return value = {{}, JsonKind::kFalse}, nullptr;
    return kNoValue;
  }

  Wrong pass_value(int depth) {
    JsonValue ignored;
    return read_value(ignored, depth);
  }

  Wrong read_data(JsonValue& value) {
    event_.stated_fields = 0;  // Of two `data` the last holds, whole.
    if (tokens_.peek() != '{') return read_value(value, 1);
    value = {{}, JsonKind::kObject};
    return read_fields();
  }

  Wrong read_costs(JsonValue& value) {
    event_.costs.clear();
    if (tokens_.peek() != '{') return read_value(value, 2);
    value = {{}, JsonKind::kObject};
    return each_member([this](std::string_view name) {
      RawCost& cost = event_.costs.emplace_back();
      cost.name = name;
      return read_value(cost.amount, 3);
    });
  }

  Wrong read_queues(JsonValue& value) {
    event_.queues.clear();
    if (tokens_.peek() != '[') return read_value(value, 2);
    value = {{}, JsonKind::kArray};
    return each_element([this] { return read_value(event_.queues.emplace_back(), 3); });
  }

  JsonTokens& tokens_;
  RawEvent& event_;
  const TextTraits traits_;
  core::Arena& arena_;
};

/// Opens `document`, lets `read` go through its root object, and sees to it that nothing follows.
template <typename Read>
EventReader::Fault read_document(JsonTokens& tokens, std::string_view document, Read read) {
  Wrong wrong = tokens.open(document);
  if (!wrong) wrong = tokens.peek() == '{' ? read() : "the message is no object";
  if (!wrong && !tokens.at_end()) wrong = "something follows the object";
  if (!wrong) return std::nullopt;
  return fmt::format("not JSON: {}", wrong);
}

}  // namespace

EventReader::Fault EventReader::read_event(std::string_view document, RawEvent& event, core::Arena& arena) {
  event.attribute_traits = event.field_traits = traits_of(document);
  return read_document(tokens_, document,
                       [&] { return Walk(tokens_, event, event.field_traits, arena).read_envelope(); });
}

EventReader::Fault EventReader::read_data(std::string_view document, RawEvent& event, core::Arena& arena) {
  event.field_traits = traits_of(document);
  event.set(Attribute::kData, {{}, JsonKind::kObject});
  return read_document(tokens_, document,
                       [&] { return Walk(tokens_, event, event.field_traits, arena).read_fields(); });
}

}  // namespace ingest
