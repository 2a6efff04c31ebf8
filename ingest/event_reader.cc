#include "ingest/event_reader.h"

#include <fmt/format.h>

#include "ingest/json_tokens.h"
#include "ingest/text_rules.h"

namespace ingest {
namespace {

/// What is wrong, for people; nullptr where nothing is.
using Wrong = const char*;

constexpr int kMaxDepth = 256;
constexpr Wrong kNoUtf8 = "a string is not UTF-8";
constexpr Wrong kBadString = "a string is not closed or has a raw control character";
constexpr Wrong kBadEscape = "a string has an unknown escape or half a surrogate pair";
constexpr Wrong kNoValue = "a value is missing or no JSON (a string, number, object, array, true, false or null)";
constexpr Wrong kNoMember = "an object's member must be a string, a colon and a value";
constexpr Wrong kNoComma = "a comma or the closing bracket is missing";
constexpr Wrong kTooDeep = "nested deeper than 256 levels";

constexpr KnownKeys kAttributeKeys(kAttributeNames);
constexpr KnownKeys kFieldKeys(kFieldNames);

/// One pass over one document, by recursive descent. Confined to one thread.
class Walk {
 public:
  Walk(JsonTokens& tokens, RawEvent& event, MemberOrders& orders, core::Arena& arena)
      : tokens_(tokens), event_(event), orders_(orders), arena_(arena) {}

  Wrong read_envelope() {
    return each_known(kAttributeKeys, orders_.attributes, event_.attributes, 1, [this](auto number, JsonValue& value) {
      return static_cast<Attribute>(number) == Attribute::kData ? read_data(value) : read_value(value, 1);
    });
  }

  Wrong read_fields() {
    auto& order = orders_.fields_of(event_[Attribute::kType].text);
    return each_known(kFieldKeys, order, event_.fields, 2, [this](auto number, JsonValue& value) {
      const auto field = static_cast<Field>(number);
      return field == Field::kCosts    ? read_costs(value)
             : field == Field::kQueues ? read_queues(value)
                                       : read_value(value, 2);
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
      if (const Wrong wrong = take_key(key)) return wrong;
      if (const Wrong wrong = member(key)) return wrong;
    } while (take_mark(','));
    return take_mark('}') ? nullptr : kNoComma;
  }

  /// The same for an object with known members at this `depth`: calls `read(number, value)` on those that are more than
  /// a plain string, and passes the unknown.
  template <std::size_t N, typename Read>
  Wrong each_known(const KnownKeys<N>& keys, KeyOrder<N>& order, RawMembers<N>& members, int depth, Read read) {
    tokens_.skip();
    if (take_mark('}')) return nullptr;
    std::uint8_t last = KeyOrder<N>::kStart;
    do {
      const bool before_key =
          tokens_.take_members([&]() -> const WrittenKey& { return keys.written[order.after(last)]; },
                               [&](std::string_view written) {
                                 last = order.after(last);
                                 members.values[last] = {written, JsonKind::kString};
                                 members.state(last);
                               });
      if (!before_key) continue;
      std::uint8_t& next = order.after(last);
      if (!tokens_.take_key(keys.written[next])) {
        std::string_view key;
        if (const Wrong wrong = take_key(key)) return wrong;
        const auto number = keys.names.find(key);
        if (!number) {
          if (const Wrong wrong = pass_value(depth)) return wrong;
          continue;
        }
        next = static_cast<std::uint8_t>(*number);
      }
      last = next;
      if (const Wrong wrong = read(last, members.values[last])) return wrong;
      members.state(last);
    } while (take_mark(','));
    return take_mark('}') ? nullptr : kNoComma;
  }

  /// A key, without its escapes, and the colon behind it.
  Wrong take_key(std::string_view& key) {
    if (tokens_.peek() != '"') return kNoMember;
    if (const Wrong wrong = take_string(key)) return wrong;
    if (tokens_.traits().escapes) key = *unescape_json(key, arena_);
    return take_mark(':') ? nullptr : kNoMember;
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
    if (!tokens_.take_string(written)) return kBadString;
    return tokens_.traits().escapes && !unescape_json(written, arena_) ? kBadEscape : nullptr;
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
    const std::string_view token = tokens_.take_scalar();
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
    event_.fields.stated = 0;  // Of two `data` the last holds, whole.
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
  MemberOrders& orders_;
  core::Arena& arena_;
};

/// Lets `read` go through the document's root object, and sees to it that nothing follows.
template <typename Read>
Wrong read_document(JsonTokens& tokens, Read read) {
  if (tokens.peek() != '{') return "the message is no object";
  if (const Wrong wrong = read()) return wrong;
  if (!tokens.at_end()) return "something follows the object";
  return tokens.is_utf8() ? nullptr : kNoUtf8;
}

}  // namespace

EventReader::Fault EventReader::read_event(std::string_view document, RawEvent& event, core::Arena& arena) {
  JsonTokens tokens(document);
  const Wrong wrong = read_document(tokens, [&] { return Walk(tokens, event, orders_, arena).read_envelope(); });
  if (wrong) return fault(document, wrong);
  event.attribute_traits = event.field_traits = tokens.traits();
  return std::nullopt;
}

EventReader::Fault EventReader::read_data(std::string_view document, RawEvent& event, core::Arena& arena) {
  JsonTokens tokens(document);
  event.set(Attribute::kData, {{}, JsonKind::kObject});
  const Wrong wrong = read_document(tokens, [&] { return Walk(tokens, event, orders_, arena).read_fields(); });
  if (wrong) return fault(document, wrong);
  event.field_traits = tokens.traits();
  return std::nullopt;
}

std::string EventReader::fault(std::string_view document, const char* wrong) {
  const char* const deeper = bytes_.fault(document);
  return fmt::format("not JSON: {}", deeper ? deeper : wrong);
}

}  // namespace ingest
