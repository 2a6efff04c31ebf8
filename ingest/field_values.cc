#include "ingest/field_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>

#include "ingest/text_rules.h"

namespace ingest {
namespace {

using core::RejectReason;

constexpr WordTable kEntries{core::kEntryWords};
constexpr WordTable kLeaveReasons{core::kLeaveReasonWords};
constexpr WordTable kOfferEnds{core::kOfferEndWords};
constexpr WordTable kEndedBys{core::kEndedByWords};
constexpr WordTable kSpeakers{core::kSpeakerWords};
constexpr WordTable kStates{core::kAgentStateWords};

constexpr std::string_view name_of(Field field) { return kFieldNames.words()[static_cast<std::size_t>(field)]; }

constexpr std::string_view name_of(Attribute attribute) {
  return kAttributeNames.words()[static_cast<std::size_t>(attribute)];
}

constexpr std::string_view kKindWords[] = {"null", "a string", "a number", "true", "false", "an array", "an object"};

/// `visit` and `contact` stand for each other and for `subject`; agents, leads and deals only in events of their own.
void apply_defaults(core::Event& event, std::string_view subject) {
  using enum core::EventType;
  const auto fill = [](std::string_view& field, std::string_view value) {
    if (field.empty()) field = value;
  };
  if (event.type < kAgentState) {
    fill(event.visit, event.contact.empty() ? subject : event.contact);
    fill(event.contact, event.visit);
  } else if (event.type <= kScheduleShift) {
    fill(event.agent, subject);
  } else if (event.type <= kLeadClosed) {
    fill(event.lead, subject);
  } else {
    fill(event.deal, subject);
  }
}

}  // namespace

bool FieldReader::reject(RejectReason reason, std::string detail) {
  fault_ = {reason, std::move(detail)};
  return false;
}

bool FieldReader::wrong_type(std::string_view where, const JsonValue& value, std::string_view allowed) {
  return reject(RejectReason::kWrongType,
                fmt::format("{}: {}, must be {}", where, kKindWords[static_cast<std::size_t>(value.kind)], allowed));
}

std::string_view FieldReader::text_of(std::string_view written) {
  // The reader has refused documents with escapes that have no meaning.
  return traits_.escapes ? unescape_json(written, arena_).value_or(std::string_view{}) : written;
}

bool FieldReader::check_name(std::string_view where, const JsonValue& value, std::string_view& name) {
  if (value.kind != JsonKind::kString) return wrong_type(where, value, "a string");
  name = text_of(value.text);
  if (name.empty()) return reject(RejectReason::kBadValue, fmt::format("{}: empty, must have 1 to 128 bytes", where));
  if (name.size() > kMaxNameBytes) {
    return reject(RejectReason::kBadValue,
                  fmt::format("{}: {} has {} bytes, must have 1 to 128", where, quoted(name), name.size()));
  }
  if (traits_.controls && has_control_characters(name)) {
    return reject(RejectReason::kBadValue, fmt::format("{}: {} has a control character", where, quoted(name)));
  }
  return true;
}

bool FieldReader::read_time(std::string_view where, const JsonValue& value, core::EventTime& time) {
  if (value.kind != JsonKind::kString) return wrong_type(where, value, "a string");
  const std::string_view text = text_of(value.text);
  const auto parsed = core::parse_rfc3339(text);
  if (!parsed) {
    return reject(RejectReason::kBadValue,
                  fmt::format("{}: {} is no possible RFC 3339 time with an offset, as 2026-03-02T09:15:02.123Z", where,
                              quoted(text)));
  }
  time = *parsed;
  return true;
}

bool FieldReader::read_bool(std::string_view where, const JsonValue& value, std::optional<bool>& flag) {
  if (value.kind != JsonKind::kTrue && value.kind != JsonKind::kFalse) return wrong_type(where, value, "true or false");
  flag = value.kind == JsonKind::kTrue;
  return true;
}

bool FieldReader::read_word(Role role, std::string_view where, const JsonValue& value, core::Event& event) {
  if (value.kind != JsonKind::kString) return wrong_type(where, value, "a string");
  const std::string_view word = text_of(value.text);
  const auto look_up = [&](const auto& table) {
    const auto found = table.find(word);
    if (!found) {
      return reject(RejectReason::kUnknownWord,
                    fmt::format("{}: {} is not one of {}", where, quoted(word), listed(table.words())));
    }
    event.code = static_cast<std::uint8_t>(*found);
    event.code_stated = true;
    return true;
  };
  switch (role) {
    case Role::kEntry:
      return look_up(kEntries);
    case Role::kOfferEnd:
      return look_up(kOfferEnds);
    case Role::kEndedBy:
      return look_up(kEndedBys);
    case Role::kSpeaker:
      return look_up(kSpeakers);
    case Role::kState:
      return look_up(kStates);
    default:
      break;
  }
  if (word == "abandoned") {  // The other word for `caller` that the contract accepts.
    event.code = core::index(core::LeaveReason::kCaller);
    return event.code_stated = true;
  }
  return look_up(kLeaveReasons);
}

bool FieldReader::read_amount(std::string_view where, const JsonValue& value, core::Decimal& amount) {
  if (value.kind != JsonKind::kString && value.kind != JsonKind::kNumber) {
    return wrong_type(where, value, "a decimal as a string or number");
  }
  const std::string_view text = value.kind == JsonKind::kString ? text_of(value.text) : value.text;
  const auto parsed = core::parse_decimal(text);
  if (!parsed) {
    return reject(RejectReason::kBadValue,
                  fmt::format("{}: {} is no decimal of at most 4 decimals between -922337203685477.5808 and "
                              "922337203685477.5807",
                              where, quoted(text)));
  }
  amount = *parsed;
  return true;
}

bool FieldReader::read_currency(const JsonValue& value, core::Event& event) {
  if (value.kind != JsonKind::kString) return wrong_type("currency", value, "a string");
  event.currency = text_of(value.text);
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (event.currency.size() == 3 && std::ranges::all_of(event.currency, is_capital)) return true;
  return reject(RejectReason::kBadValue,
                fmt::format("currency: {} is no ISO 4217 code of three capitals, as EUR", quoted(event.currency)));
}

bool FieldReader::read_capacity(const JsonValue& value, core::Event& event) {
  if (value.kind != JsonKind::kNumber) return wrong_type("capacity", value, "a whole number");
  std::int32_t capacity = 0;
  const char* const begin = value.text.data();
  const char* const end = begin + value.text.size();
  const auto [stop, error] = std::from_chars(begin, end, capacity);
  if (error != std::errc{} || stop != end || capacity < 0) {
    return reject(RejectReason::kBadValue,
                  fmt::format("capacity: {} is no whole number from 0 to 2147483647", quoted(value.text)));
  }
  event.capacity = capacity;
  return true;
}

bool FieldReader::read_own_field(Field field, Role role, core::Event& event) {
  const JsonValue& value = raw_[field];
  const std::string_view where = name_of(field);
  switch (role) {
    case Role::kWord0:
      return read_name(where, value, event.words[0]);
    case Role::kWord1:
      return read_name(where, value, event.words[1]);
    case Role::kWord2:
      return read_name(where, value, event.words[2]);
    case Role::kShiftFrom:
      return read_time(where, value, event.from);
    case Role::kShiftTo:
      return read_time(where, value, event.to);
    case Role::kReached:
      return read_bool(where, value, event.reached);
    case Role::kAutomated:
      return read_bool(where, value, event.automated);
    case Role::kAmount:
      return read_amount(where, value, event.amount.emplace());
    case Role::kCurrency:
      return read_currency(value, event);
    case Role::kCosts:
      return read_costs(value, event);
    case Role::kQueues:
      return read_queues(value, event);
    case Role::kCapacity:
      return read_capacity(value, event);
    default:
      return read_word(role, where, value, event);
  }
}

std::optional<FieldReader::Envelope> FieldReader::read_envelope() {
  traits_ = raw_.attribute_traits;
  if (const std::uint64_t missing = kRequiredAttributes & ~raw_.attributes.stated; missing != 0) {
    const auto first = static_cast<Attribute>(std::countr_zero(missing));
    reject(RejectReason::kEnvelope, fmt::format("{}: missing", name_of(first)));
    return std::nullopt;
  }
  Envelope envelope;
  std::string_view version;
  const auto name = [this](Attribute attribute, std::string_view& text) {
    return !raw_.states(attribute) || read_name(name_of(attribute), raw_[attribute], text);
  };
  const bool good = name(Attribute::kSpecVersion, version) && name(Attribute::kId, envelope.id) &&
                    name(Attribute::kSource, envelope.source) && name(Attribute::kType, envelope.type) &&
                    name(Attribute::kSubject, envelope.subject) &&
                    read_time("time", raw_[Attribute::kTime], envelope.time);
  fault_.reason = RejectReason::kEnvelope;
  if (!good) return std::nullopt;
  if (version != "1.0") {
    reject(RejectReason::kEnvelope, fmt::format("specversion: {}, must be \"1.0\"", quoted(version)));
    return std::nullopt;
  }
  return envelope;
}

bool FieldReader::check_required(const core::Event& event) {
  const TypeRules& rules = kTypeRules[core::index(event.type)];
  for (std::uint64_t rest = rules.required; rest != 0; rest &= rest - 1) {
    const auto i = static_cast<std::size_t>(std::countr_zero(rest));
    const auto field = static_cast<Field>(i);
    const bool there = i < kSharedMembers.size() ? !(event.*kSharedMembers[i]).empty() : raw_.states(field);
    if (there) continue;
    return reject(RejectReason::kMissingField, fmt::format("{}: missing, {} needs it", name_of(field),
                                                           core::kEventTypeWords[core::index(event.type)]));
  }
  return true;
}

bool FieldReader::read_data(core::Event& event, std::string_view subject) {
  traits_ = raw_.field_traits;
  if (raw_.states(Attribute::kData)) {
    const JsonValue& data = raw_[Attribute::kData];
    if (data.kind != JsonKind::kObject) return wrong_type("data", data, "an object");
    const TypeRules& rules = kTypeRules[core::index(event.type)];
    const std::uint64_t known = raw_.fields.stated & rules.known;
    for (std::uint64_t rest = known & kSharedFields; rest != 0; rest &= rest - 1) {
      const auto i = static_cast<std::size_t>(std::countr_zero(rest));
      if (!read_name(kFieldNames.words()[i], raw_.fields.values[i], event.*kSharedMembers[i])) return false;
    }
    for (std::uint64_t rest = known & ~kSharedFields; rest != 0; rest &= rest - 1) {
      const auto i = static_cast<std::size_t>(std::countr_zero(rest));
      if (!read_own_field(static_cast<Field>(i), rules.roles[i], event)) return false;
    }
  }
  apply_defaults(event, subject);
  return check_required(event);
}

}  // namespace ingest
