#include "ingest/canonical_writer.h"

#include <fmt/format.h>

#include <iterator>

#include "core/json_text.h"
#include "ingest/event_fields.h"

namespace ingest {
namespace {

std::string_view code_word(Role role, std::uint8_t code) {
  switch (role) {
    case Role::kEntry:
      return core::kEntryWords[code];
    case Role::kLeaveReason:
      return core::kLeaveReasonWords[code];
    case Role::kOfferEnd:
      return core::kOfferEndWords[code];
    case Role::kEndedBy:
      return core::kEndedByWords[code];
    case Role::kSpeaker:
      return core::kSpeakerWords[code];
    default:
      return core::kAgentStateWords[code];
  }
}

/// Writes the members of one `data` object. Confined to one thread.
class DataWriter {
 public:
  DataWriter(const core::Event& event, std::string& out) : event_(event), out_(out) {}

  void write() {
    const TypeRules& rules = kTypeRules[core::index(event_.type)];
    out_ += '{';
    for (std::size_t i = 0; i < kFields; ++i) write_field(i, rules.roles[i]);
    out_ += '}';
  }

 private:
  void write_field(std::size_t field, Role role) {
    name_ = kFieldNames.words()[field];
    switch (role) {
      case Role::kUnknown:
        return;
      case Role::kShared:
        return write_text(event_.*kSharedMembers[field]);
      case Role::kWord0:
        return write_text(event_.words[0]);
      case Role::kWord1:
        return write_text(event_.words[1]);
      case Role::kWord2:
        return write_text(event_.words[2]);
      case Role::kShiftFrom:
        return write_text(core::format_rfc3339(event_.from));
      case Role::kShiftTo:
        return write_text(core::format_rfc3339(event_.to));
      case Role::kReached:
        return write_flag(event_.reached);
      case Role::kAutomated:
        return write_flag(event_.automated);
      case Role::kAmount:
        return write_text(event_.amount ? core::format_decimal(*event_.amount) : "");
      case Role::kCurrency:
        return write_text(event_.currency);
      case Role::kCapacity:
        return write_capacity();
      case Role::kCosts:
        return write_costs();
      case Role::kQueues:
        return write_queues();
      default:
        return write_text(event_.code_stated ? code_word(role, event_.code) : "");
    }
  }

  void key() {
    if (out_.back() != '{') out_ += ',';
    core::append_json_string(out_, name_);
    out_ += ':';
  }

  void write_text(std::string_view text) {
    if (text.empty()) return;
    key();
    core::append_json_string(out_, text);
  }

  void write_flag(const std::optional<bool>& flag) {
    if (!flag) return;
    key();
    out_ += *flag ? "true" : "false";
  }

  void write_capacity() {
    if (!event_.capacity) return;
    key();
    fmt::format_to(std::back_inserter(out_), "{}", *event_.capacity);
  }

  void write_costs() {
    if (!event_.costs) return;
    key();
    out_ += '{';
    for (const core::Cost& cost : *event_.costs) {
      name_ = cost.name;
      write_text(core::format_decimal(cost.amount));
    }
    out_ += '}';
  }

  void write_queues() {
    if (!event_.queues) return;
    key();
    out_ += '[';
    for (const std::string_view queue : *event_.queues) {
      if (out_.back() != '[') out_ += ',';
      core::append_json_string(out_, queue);
    }
    out_ += ']';
  }

  const core::Event& event_;
  std::string& out_;
  std::string_view name_;
};

}  // namespace

void write_canonical(const core::Event& event, std::string& out) {
  const auto attribute = [&out](std::string_view name, std::string_view value) {
    out += ",\"";
    out += name;
    out += "\":";
    core::append_json_string(out, value);
  };
  out += R"({"specversion":"1.0")";
  attribute("id", event.id);
  attribute("source", event.source);
  attribute("type", core::kEventTypeWords[core::index(event.type)]);
  attribute("time", core::format_rfc3339(event.time));
  attribute("subject", core::routing_key(event));
  out += ",\"data\":";
  DataWriter(event, out).write();
  out += '}';
}

}  // namespace ingest
