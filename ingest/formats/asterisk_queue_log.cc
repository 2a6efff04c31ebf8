#include "ingest/formats/asterisk_queue_log.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <optional>

#include "core/murmur2.h"
#include "ingest/field_values.h"
#include "ingest/formats/asterisk_time.h"
#include "ingest/text_rules.h"
#include "ingest/word_table.h"

namespace ingest {
namespace {

using core::EventType;
using core::RejectReason;

/// What a verb says.
struct Meaning {
  enum class Kind : std::uint8_t {
    kQueued,      ///< The visit begins.
    kTurnedAway,  ///< The visit begins and ends at once, for `code`.
    kLeft,        ///< The visit ends for `code`.
    kOfferEnded,  ///< A ring that only its end tells of.
    kAnswered,
    kEnded,  ///< The talking ends, by `code`.
    kTransferred,
    kState,  ///< The agent is in the state `code` from now on.
  };
  Kind kind{};
  std::uint8_t code = 0;
};

template <typename Enum>
constexpr Meaning meaning(Meaning::Kind kind, Enum code) {
  return {kind, static_cast<std::uint8_t>(code)};
}

struct Verb {
  std::string_view word;
  Meaning meaning;
};

using enum Meaning::Kind;
constexpr std::array kVerbs = {
    Verb{"ENTERQUEUE", {kQueued}},
    Verb{"JOINEMPTY", meaning(kTurnedAway, core::LeaveReason::kNoAgents)},
    Verb{"CLOSED", meaning(kTurnedAway, core::LeaveReason::kClosed)},
    Verb{"FULL", meaning(kTurnedAway, core::LeaveReason::kOverflow)},
    Verb{"DIVERT_CA_RATIO", meaning(kTurnedAway, core::LeaveReason::kOverflow)},
    Verb{"DIVERT_HOLDTIME", meaning(kTurnedAway, core::LeaveReason::kOverflow)},
    Verb{"ABANDON", meaning(kLeft, core::LeaveReason::kCaller)},
    Verb{"EXITWITHTIMEOUT", meaning(kLeft, core::LeaveReason::kTimeout)},
    Verb{"EXITEMPTY", meaning(kLeft, core::LeaveReason::kNoAgents)},
    Verb{"EXITWITHKEY", meaning(kLeft, core::LeaveReason::kExitKey)},
    Verb{"WITHDRAW", meaning(kLeft, core::LeaveReason::kSystemError)},
    Verb{"RINGNOANSWER", meaning(kOfferEnded, core::OfferEnd::kTimeout)},
    Verb{"RINGCANCELED", meaning(kOfferEnded, core::OfferEnd::kCallerLeft)},
    // The agent picked up and hung up on the announcement: the caller goes on waiting.
    Verb{"AGENTDUMP", meaning(kOfferEnded, core::OfferEnd::kRejected)},
    // The agent picked up, but the two channels have no codec in common.
    Verb{"SYSCOMPAT", meaning(kOfferEnded, core::OfferEnd::kError)},
    Verb{"CONNECT", {kAnswered}},
    Verb{"COMPLETEAGENT", meaning(kEnded, core::EndedBy::kAgent)},
    Verb{"COMPLETECALLER", meaning(kEnded, core::EndedBy::kCustomer)},
    Verb{"TRANSFER", {kTransferred}},
    Verb{"BLINDTRANSFER", {kTransferred}},
    Verb{"ATTENDEDTRANSFER", {kTransferred}},
    Verb{"AGENTLOGIN", meaning(kState, core::AgentState::kAvailable)},
    Verb{"AGENTCALLBACKLOGIN", meaning(kState, core::AgentState::kAvailable)},
    Verb{"ADDMEMBER", meaning(kState, core::AgentState::kAvailable)},
    Verb{"UNPAUSE", meaning(kState, core::AgentState::kAvailable)},
    Verb{"UNPAUSEALL", meaning(kState, core::AgentState::kAvailable)},
    Verb{"PAUSE", meaning(kState, core::AgentState::kAway)},
    Verb{"PAUSEALL", meaning(kState, core::AgentState::kAway)},
    Verb{"AGENTLOGOFF", meaning(kState, core::AgentState::kOffline)},
    Verb{"AGENTCALLBACKLOGOFF", meaning(kState, core::AgentState::kOffline)},
    Verb{"REMOVEMEMBER", meaning(kState, core::AgentState::kOffline)},
};
// Known, and of no meaning here: QUEUESTART, CONFIGRELOAD, DID, INFO, PENALTY, RINGING, WRAPUPSTART, … They are skipped
// like verbs that some later Asterisk, or a dialplan's own QueueLog(), may write.

constexpr WordTable<kVerbs.size()> kVerbWords{[] {
  std::array<std::string_view, kVerbs.size()> words;
  std::ranges::transform(kVerbs, words.begin(), &Verb::word);
  return words;
}()};

/// The columns of a line; "NONE" is how Asterisk writes that there is none, here empty but for `agent`.
struct Line {
  std::string_view time, call, queue, agent, verb, data1, data2;
};

std::string_view stated(std::string_view column) { return column == "NONE" ? std::string_view{} : column; }

std::optional<Line> split(std::string_view text) {
  std::array<std::string_view, 7> columns;
  std::size_t count = 0;
  for (bool more = true; more && count < columns.size(); ++count) {
    const std::size_t bar = text.find('|');
    columns[count] = text.substr(0, bar);
    more = bar != std::string_view::npos;
    text.remove_prefix(more ? bar + 1 : text.size());
  }
  constexpr std::size_t kLeast = 5;
  if (count < kLeast || columns[4].empty()) return std::nullopt;
  return Line{columns[0], stated(columns[1]), stated(columns[2]), columns[3], columns[4], columns[5], columns[6]};
}

/// Callers who withhold their number are not one and the same customer.
bool is_withheld(std::string_view caller) {
  static constexpr std::array<std::string_view, 6> kWords = {"anonymous",  "unknown", "unavailable",
                                                             "restricted", "private", "<unknown>"};
  return std::ranges::any_of(kWords, [caller](std::string_view word) {
    return std::ranges::equal(caller, word,
                              [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
  });
}

EventType type_of(Meaning::Kind kind) {
  switch (kind) {
    case kQueued:
    case kTurnedAway:
      return EventType::kContactQueued;
    case kLeft:
      return EventType::kContactLeftQueue;
    case kOfferEnded:
      return EventType::kContactOfferEnded;
    case kAnswered:
      return EventType::kContactAnswered;
    case kEnded:
      return EventType::kContactEnded;
    case kTransferred:
      return EventType::kContactTransferred;
    default:
      return EventType::kAgentState;
  }
}

Fault missing(std::string_view column, std::string_view verb) {
  return {RejectReason::kMissingField, fmt::format("{}: missing, {} needs it", column, verb)};
}

bool needs_agent(Meaning::Kind kind) {
  return kind == kOfferEnded || kind == kAnswered || kind == kEnded || kind == kTransferred;
}

std::optional<Fault> check_columns(const Line& line, Meaning::Kind kind) {
  if (kind != kState) {
    if (line.call.empty()) return missing("CALLID", line.verb);
    if (line.queue.empty()) return missing("QUEUE", line.verb);
    if (needs_agent(kind) && line.agent.empty()) return missing("AGENT", line.verb);
  }
  return std::nullopt;
}

/// Fills what the columns say; the rest of the event is its type's and the line's place.
std::optional<Fault> fill(const Line& line, const Meaning& verb, core::Event& event, core::Arena& arena) {
  event.type = type_of(verb.kind);
  // A call that was answered by nobody with a name was answered all the same: then the agent is called NONE, as in the
  // log. (Some dialplans connect callers through channels that are no member's.)
  event.agent = needs_agent(verb.kind) ? line.agent : stated(line.agent);
  event.queue = line.queue;
  if (verb.kind == kState) {
    if (verb.code == core::index(core::AgentState::kAway)) event.words[0] = line.data1;
  } else {
    event.channel = "voice";
    event.contact = line.call;
    event.visit = arena.concat(line.call, "/", line.queue);
    if (verb.kind == kQueued && !is_withheld(line.data2)) event.customer = line.data2;
  }
  const std::pair<std::string_view, std::string_view> texts[] = {{"CALLID/QUEUE", event.visit},
                                                                 {"QUEUE", event.queue},
                                                                 {"AGENT", event.agent},
                                                                 {"caller", event.customer},
                                                                 {"pause reason", event.words[0]}};
  for (const auto& [column, text] : texts) {
    if (text.size() <= kMaxNameBytes && !has_control_characters(text)) continue;
    return Fault{RejectReason::kBadValue,
                 fmt::format("{}: {} must have at most 128 bytes and no control character", column, quoted(text))};
  }
  return std::nullopt;
}

/// Confined to one thread.
class AsteriskQueueLogDecoder final : public core::Decoder {
 public:
  AsteriskQueueLogDecoder(const std::string& source_name, const date::time_zone& zone)
      : source_("asterisk/" + source_name), zone_(zone) {}

  void decode(const core::RawMessage& message, std::uint32_t index, core::DecodedBatch& out) override {
    std::string_view text = message.value;
    while (!text.empty() && (text.back() == '\r' || text.back() == '\n')) text.remove_suffix(1);
    if (text.find_first_not_of(" \t") == std::string_view::npos) return;
    if (auto fault = read(text, message.offset, index, out)) {
      out.rejections.push_back({index, fault->reason, std::move(fault->detail)});
    }
  }

 private:
  std::optional<Fault> read(std::string_view text, std::int64_t offset, std::uint32_t index,
                            core::DecodedBatch& out) const {
    const auto malformed = [](std::string detail) { return Fault{RejectReason::kMalformedLine, std::move(detail)}; };
    if (!simdjson::validate_utf8(text.data(), text.size())) {
      return malformed(fmt::format("{} is not UTF-8", quoted(text)));
    }
    const auto line = split(text);
    if (!line) return malformed(fmt::format("{} is not TIME|CALLID|QUEUE|AGENT|VERB|DATA…", quoted(text)));
    const auto time = parse_asterisk_time(line->time, zone_);
    if (!time) {
      return malformed(fmt::format("TIME: {} is neither seconds since 1970 nor a time as 2012-07-01 08:00:00.000000",
                                   quoted(line->time)));
    }
    const auto found = kVerbWords.find(line->verb);
    // A verb about an agent without one: how some tools log a queue's own changes.
    if (!found || (kVerbs[*found].meaning.kind == kState && stated(line->agent).empty())) {
      ++out.skipped;
      return std::nullopt;
    }
    const Meaning& verb = kVerbs[*found].meaning;
    core::Event event;
    event.message = index;
    event.time = *time;
    if (auto fault = check_columns(*line, verb.kind)) return fault;
    if (auto fault = fill(*line, verb, event, out.arena)) return fault;
    append(event, verb, fmt::format("{:020}-{:08x}", offset, core::murmur2(text)), out);
    return std::nullopt;
  }

  /// Texts of the events live in the batch, not in the decoder, which may go first.
  void append(core::Event& event, const Meaning& verb, std::string_view line_id, core::DecodedBatch& out) const {
    event.source = out.arena.copy(source_);
    event.id = out.arena.concat(line_id, "-0");
    if (verb.kind == kTurnedAway) {
      out.events.push_back(event);
      event.type = EventType::kContactLeftQueue;
      event.id = out.arena.concat(line_id, "-1");
    }
    // The log has no id of a ring: every line is one of its own.
    if (verb.kind == kOfferEnded) event.words[0] = event.id;
    event.code = verb.code;
    event.code_stated = verb.kind == kLeft || verb.kind == kTurnedAway || verb.kind == kOfferEnded ||
                        verb.kind == kEnded || verb.kind == kState;
    out.events.push_back(event);
  }

  const std::string source_;
  const date::time_zone& zone_;
};

}  // namespace

std::unique_ptr<core::Decoder> make_asterisk_queue_log_decoder(const std::string& source_name,
                                                               const date::time_zone& zone) {
  return std::make_unique<AsteriskQueueLogDecoder>(source_name, zone);
}

}  // namespace ingest
