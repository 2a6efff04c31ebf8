#include "processors/chat_turns.h"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

namespace processors {
namespace {

using core::EventTime;
using core::NameId;
using Marks = std::span<const Mark>;

/// Reads the marks in order of time. Lives for one call.
class TurnReader {
 public:
  TurnReader(const ContactRecord& record, Rules& rules, const core::Names& names, EventTime from)
      : record_(record), rules_(rules), names_(names), from_(from), visits_(record.visits().size()) {}

  void read(Marks marks) {
    for (const Mark *mark = marks.data(), *end = mark + marks.size(); mark != end;) {
      const Mark* next = mark + 1;
      while (next != end && next->time == mark->time) ++next;
      if (next == mark + 1) {
        alone(*mark);
      } else {
        together({mark, next});
      }
      mark = next;
    }
  }

  /// Those of the marks that were read.
  Turns turns() const {
    Turns turns = ended_;
    if (open_) turns.push_back(view(TurnView::Outcome::kOpen, open_->begin));
    if (unnamed_ == 0) return turns;
    const CellKey key = last_visit_ ? key_of(*last_visit_) : key_of(record_.own());
    for (std::size_t i = turns.size() - unnamed_; i < turns.size(); ++i) turns[i].key = key;
    return turns;
  }
  /// Whether a visit waits or an agent talks.
  bool busy() const {
    return !talking_.empty() || std::ranges::any_of(visits_, [](const VisitState& v) { return v.waits; });
  }

 private:
  struct VisitState {
    bool queued = false, waits = false, ended = false;
  };
  struct OpenTurn {
    EventTime begin;
    bool first;
    std::optional<std::uint32_t> visit;  ///< Absent: it is among the unnamed ones.
  };

  CellKey key_of(const Visit& visit) const {
    return rules_.place(visit.client.value, visit.queue.value, visit.channel.value);
  }
  CellKey key_of(std::uint32_t visit) const { return key_of(record_.visits()[visit]); }

  /// Nothing else is of the same instant.
  void alone(const Mark& mark) {
    if (mark.kind == MarkKind::kMessage) {
      if (is_from(mark, core::Speaker::kCustomer)) return customer_writes(mark.time);
      if (is_from(mark, core::Speaker::kAgent) && open_) end_turn(TurnView::Outcome::kAnswered, mark);
      return;
    }
    if (begins_visit(mark)) begin_visit(mark.visit);
    follow(mark);
  }

  /// Everything of one instant.
  void together(Marks marks) {
    begin_visits(marks);
    messages(marks);
    for (const Mark& mark : marks) follow(mark);
  }

  static bool is_from(const Mark& mark, core::Speaker speaker) {
    return mark.kind == MarkKind::kMessage && mark.code == core::index(speaker);
  }
  /// Of a visit of which no event says when it was queued its answers do.
  bool begins_visit(const Mark& mark) const {
    if (mark.kind != MarkKind::kAnswered) return mark.kind == MarkKind::kQueued;
    return !visits_[mark.visit].queued && std::ranges::none_of(record_.marks(), [&](const Mark& m) {
      return m.kind == MarkKind::kQueued && m.visit == mark.visit;
    });
  }
  std::string_view visit_id(std::uint32_t visit) const { return record_.text(record_.visits()[visit].id); }

  /// From now on the customer writes in this visit.
  void begin_visit(std::uint32_t visit) {
    last_visit_ = visit, in_visit_ = true;
    if (unnamed_ > 0) name_turns(key_of(visit));
  }
  /// Of several the one with the smallest id.
  void begin_visits(Marks marks) {
    std::optional<std::uint32_t> visit;
    for (const Mark& mark : marks) {
      if (begins_visit(mark) && (!visit || visit_id(mark.visit) < visit_id(*visit))) visit = mark.visit;
    }
    if (visit) begin_visit(*visit);
  }

  void messages(Marks marks) {
    if (std::ranges::any_of(marks, [](const Mark& m) { return is_from(m, core::Speaker::kCustomer); })) {
      customer_writes(marks[0].time);
    }
    if (!open_) return;
    const Mark* answer = nullptr;
    for (const Mark& mark : marks) {
      if (!is_from(mark, core::Speaker::kAgent)) continue;
      if (answer == nullptr || names_.text(mark.agent) < names_.text(answer->agent)) answer = &mark;
    }
    if (answer != nullptr) end_turn(TurnView::Outcome::kAnswered, *answer);
  }

  void customer_writes(EventTime time) {
    if (open_) return;
    open_ = OpenTurn{time, !start_, in_visit_ ? last_visit_ : std::nullopt};
    if (!start_) start_ = time;
    if (!in_visit_) ++unnamed_;
  }

  TurnView view(TurnView::Outcome outcome, EventTime end, NameId agent = NameId::kNone) const {
    const CellKey key = open_->visit ? key_of(*open_->visit) : CellKey{};
    return {key, open_->first, outcome, agent, *start_, open_->begin, end};
  }

  void end_turn(TurnView::Outcome outcome, const Mark& mark) {
    // One that has no key yet may get another one later, whenever it ended.
    if (mark.time >= from_ || unnamed_ > 0) {
      ended_.push_back(view(outcome, mark.time, outcome == TurnView::Outcome::kAnswered ? mark.agent : NameId::kNone));
    }
    open_.reset();
  }

  /// The customer wrote before a visit began: it is that of the visit that follows, or else of the one before.
  void name_turns(const CellKey& key) {
    if (open_) open_->visit = last_visit_, --unnamed_;
    for (std::size_t i = ended_.size() - unnamed_; i < ended_.size(); ++i) ended_[i].key = key;
    unnamed_ = 0;
  }

  /// Whether the agent talked.
  bool stop_talking(NameId agent) {
    const auto found = std::ranges::find(talking_, agent);
    if (found == talking_.end()) return false;
    talking_.erase(found);
    return true;
  }
  /// The visit's first end.
  bool end_visit(std::uint32_t visit) {
    const bool first = !std::exchange(visits_[visit].ended, true);
    visits_[visit].waits = false;
    return first;
  }

  /// Who waits and who talks, and whether the chat closes.
  void follow(const Mark& mark) {
    switch (mark.kind) {
      case MarkKind::kQueued:
        visits_[mark.visit].queued = true, visits_[mark.visit].waits = !visits_[mark.visit].ended;
        part_seen_ = true;
        return;
      case MarkKind::kLeft:
        return close_if(end_visit(mark.visit), mark);
      case MarkKind::kAnswered:
        end_visit(mark.visit);
        [[fallthrough]];
      case MarkKind::kConnected:
        stop_talking(mark.agent), talking_.push_back(mark.agent);
        part_seen_ = true;
        return;
      case MarkKind::kTransferred:
        stop_talking(mark.agent);  // The chat goes on elsewhere.
        return;
      case MarkKind::kEnded: {
        const bool all = mark.agent == NameId::kNone;
        const bool ended = all ? !talking_.empty() : stop_talking(mark.agent);
        if (all) talking_.clear();
        return close_if(ended || !part_seen_, mark);
      }
      case MarkKind::kWrapped:
        return close_if(stop_talking(mark.agent), mark);
      default:
        return;
    }
  }

  void close_if(bool part_ended, const Mark& mark) {
    if (!part_ended || busy()) return;
    if (open_) end_turn(TurnView::Outcome::kClosed, mark);
    if (unnamed_ > 0) name_turns(last_visit_ ? key_of(*last_visit_) : key_of(record_.own()));
    start_.reset(), in_visit_ = false;
  }

  const ContactRecord& record_;
  Rules& rules_;
  const core::Names& names_;
  const EventTime from_;
  boost::container::small_vector<VisitState, 4> visits_;
  boost::container::small_vector<NameId, 4> talking_;
  Turns ended_;
  std::optional<OpenTurn> open_;
  std::optional<EventTime> start_;           ///< of the chat since it last closed
  std::optional<std::uint32_t> last_visit_;  ///< the latest that began
  bool in_visit_ = false;                    ///< since the chat last closed
  bool part_seen_ = false;                   ///< A visit or an agent's talking.
  std::size_t unnamed_ = 0;                  ///< So many of the last turns have no key yet.
};

}  // namespace

Turns turns_of(const ContactRecord& record, Rules& rules, const core::Names& names, EventTime from) {
  if (!record.has_messages()) return {};
  TurnReader reader(record, rules, names, from);
  reader.read(record.marks());
  return reader.turns();
}

TurnChange turns_around_last(const ContactRecord& record, Rules& rules, const core::Names& names) {
  const Marks marks = record.marks();
  TurnReader reader(record, rules, names, marks.back().time);
  reader.read(marks.first(marks.size() - 1));
  TurnChange change{reader.turns(), {}, false};
  reader.read(marks.last(1));
  change.after = reader.turns(), change.busy = reader.busy();
  return change;
}

bool changes_last_turns(const core::Event& event, const ContactRecord& record) {
  using core::EventType;
  if (event.time <= record.last()) return false;
  switch (event.type) {
    case EventType::kChatMessage:  // Where the contact has no visit it may move all of them.
      return event.client.empty() && event.queue.empty() && event.channel.empty();
    case EventType::kContactLeftQueue:
    case EventType::kContactAnswered:
    case EventType::kContactTransferred:
    case EventType::kContactEnded:
    case EventType::kContactWrapped:
      return record.has_messages();
    default:
      return false;
  }
}

EventTime turns_changed_from(const core::Event& event, const ContactRecord& record) {
  using core::EventType;
  switch (event.type) {
    case EventType::kContactOffered:
    case EventType::kContactOfferEnded:
      return EventTime::max();
    case EventType::kChatMessage:
      // It may be one that is known by another time.
      if (!event.client.empty() || !event.queue.empty() || !event.channel.empty()) return EventTime::min();
      return std::min(event.time, record.time_of_message(event.words[0]).value_or(event.time));
    case EventType::kContactQueued:  // It names the turns before it, as an answer does and what the contact states.
    case EventType::kContactAnswered:
    case EventType::kContactDialled:
    case EventType::kContactConnected:
      return EventTime::min();
    default:
      return event.time;
  }
}

}  // namespace processors
