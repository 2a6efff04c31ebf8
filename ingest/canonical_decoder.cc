#include "ingest/canonical_decoder.h"

#include <fmt/format.h>

#include <algorithm>

#include "ingest/event_reader.h"
#include "ingest/field_values.h"
#include "ingest/text_rules.h"

namespace ingest {
namespace {

constexpr WordTable kEventTypes{core::kEventTypeWords};
constexpr std::string_view kAttributePrefix = "ce_";

bool is_blank(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
}

/// Media types are compared without case and without their parameters.
bool media_type_begins(std::string_view type, std::string_view lower_case) {
  return type.size() >= lower_case.size() &&
         std::equal(lower_case.begin(), lower_case.end(), type.begin(),
                    [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b - 'A' + 'a' : b); });
}

bool is_json_media_type(std::string_view type) {
  type = type.substr(0, type.find_first_of("; \t"));
  constexpr std::string_view kSuffix = "+json";
  return media_type_begins(type, "application/json") || media_type_begins(type, "text/json") ||
         (type.size() > kSuffix.size() && media_type_begins(type.substr(type.size() - kSuffix.size()), kSuffix));
}

/// Confined to one thread.
class CanonicalDecoder final : public core::Decoder {
 public:
  void decode(const core::RawMessage& message, std::uint32_t index, core::DecodedBatch& out) override {
    raw_.clear();
    const Mode mode = mode_of(message);
    if (!mode.binary) {
      if (is_blank(message.value)) return;
      if (auto wrong = reader_.read_event(message.value, raw_, out.arena)) {
        return reject(index, {core::RejectReason::kNotJson, std::move(*wrong)}, out);
      }
    } else if (auto fault = read_headers(message)) {
      return reject(index, std::move(*fault), out);
    }
    judge(message, mode, index, out);
  }

 private:
  struct Mode {
    bool binary = false;
    std::string_view content_type;
  };

  static Mode mode_of(const core::RawMessage& message) {
    Mode mode;
    for (const core::Header& header : message.headers) {
      if (header.name == "ce_specversion") mode.binary = true;
      if (header.name == "content-type") mode.content_type = header.value;
    }
    if (media_type_begins(mode.content_type, "application/cloudevents")) mode.binary = false;
    return mode;
  }

  /// The attributes of binary mode; of a repeated header the last holds, one without a value is absent.
  std::optional<Fault> read_headers(const core::RawMessage& message) {
    raw_.attribute_traits = {.escapes = false, .controls = true};
    for (const auto& [name, value] : message.headers) {
      if (!name.starts_with(kAttributePrefix)) continue;
      const auto attribute = kAttributeNames.find(name.substr(kAttributePrefix.size()));
      if (!attribute || *attribute == core::index(Attribute::kData)) continue;
      if (!simdjson::validate_utf8(value.data(), value.size())) {
        return Fault{core::RejectReason::kEnvelope, fmt::format("{}: {} is not UTF-8", name, quoted(value))};
      }
      const JsonKind kind = value.data() == nullptr ? JsonKind::kNull : JsonKind::kString;
      raw_.set(static_cast<Attribute>(*attribute), {value, kind});
    }
    return std::nullopt;
  }

  /// Binary mode: the value is the `data`. It is read only after the envelope was found good and the type known.
  std::optional<Fault> read_value(const core::RawMessage& message, std::string_view content_type, core::Arena& arena) {
    std::string_view value = message.value;
    if (is_blank(value)) return std::nullopt;
    if (!content_type.empty() && !is_json_media_type(content_type)) {
      return Fault{core::RejectReason::kNotJson,
                   fmt::format("content-type: {}, must be application/json", quoted(content_type))};
    }
    value.remove_prefix(value.find_first_not_of(" \t\r\n"));
    value = value.substr(0, value.find_last_not_of(" \t\r\n") + 1);
    if (value == "null") return std::nullopt;
    if (auto wrong = reader_.read_data(value, raw_, arena)) {
      return Fault{core::RejectReason::kNotJson, std::move(*wrong)};
    }
    return std::nullopt;
  }

  void judge(const core::RawMessage& message, const Mode& mode, std::uint32_t index, core::DecodedBatch& out) {
    FieldReader fields(raw_, out.arena);
    const auto envelope = fields.read_envelope();
    if (!envelope) return reject(index, std::move(fields.fault()), out);
    const auto type = kEventTypes.find(envelope->type);
    if (!type) {
      ++out.skipped;
      return;
    }
    if (mode.binary) {
      if (auto fault = read_value(message, mode.content_type, out.arena)) return reject(index, std::move(*fault), out);
    }
    core::Event& event = out.events.emplace_back();
    event.type = static_cast<core::EventType>(*type);
    event.message = index;
    event.source = envelope->source;
    event.id = envelope->id;
    event.time = envelope->time;
    if (fields.read_data(event, envelope->subject)) return;
    out.events.pop_back();
    reject(index, std::move(fields.fault()), out);
  }

  static void reject(std::uint32_t index, Fault fault, core::DecodedBatch& out) {
    out.rejections.push_back({index, fault.reason, std::move(fault.detail)});
  }

  EventReader reader_;
  RawEvent raw_;
};

}  // namespace

std::unique_ptr<core::Decoder> make_canonical_decoder() { return std::make_unique<CanonicalDecoder>(); }

}  // namespace ingest
