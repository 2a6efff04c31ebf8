// Chats: when they close, and who waits for whom in between.
#include "tests/oracle/chats.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace oracle {
namespace {

/// Within an instant things happen in this order.
constexpr std::array<const char*, 8> kOrder = {"contact.queued",      "contact.left_queue", "contact.answered",
                                               "contact.transferred", "contact.ended",      "contact.wrapped",
                                               "contact.dialled",     "contact.connected"};
using Position = std::pair<Ms, std::size_t>;

Position position_of(const Event& event) {
  const auto* const found = std::find(kOrder.begin(), kOrder.end(), event.type);
  return {event.time, static_cast<std::size_t>(found - kOrder.begin())};
}

/// A wait or a talk: busy from `from` on until `to`.
struct Part {
  Position from;
  std::optional<Position> to;
  bool busy_after(Position at) const { return from <= at && (!to || *to > at); }
};

/// One contact.
class Chat {
 public:
  Chat(Events events, const Options& options) : events_(std::move(events)), options_(options) {
    for (const Event* event : events_) {
      if (belongs_to_visit(*event)) visits_[event->visit].push_back(event);
    }
    for (const auto& [id, visit] : visits_) add_wait(visit);
    add_talks();
    find_closings();
  }

  std::vector<Turn> turns() const {
    std::vector<Turn> turns;
    std::vector<std::size_t> sessions;  // of each turn
    for (const auto& [time, from, agent] : messages()) {
      const std::size_t session = session_at(time);
      const bool waits = !turns.empty() && !turns.back().answered && sessions.back() == session;
      if (from == "agent") {
        if (waits) turns.back().answered = time, turns.back().agent = agent;
        continue;
      }
      if (waits) continue;
      Turn turn;
      turn.first = turns.empty() || sessions.back() != session;
      turn.chat_start = turn.first ? time : turns.back().chat_start;
      turn.begin = time;
      turn.place = place_at(time);
      turns.push_back(turn), sessions.push_back(session);
    }
    for (std::size_t i = 0; i < turns.size(); ++i) {
      if (turns[i].answered || sessions[i] == closings_.size()) continue;
      turns[i].closed = *std::next(closings_.begin(), static_cast<std::ptrdiff_t>(sessions[i]));
    }
    return turns;
  }

 private:
  static bool belongs_to_visit(const Event& event) {
    return event.type == "contact.queued" || event.type == "contact.offered" || event.type == "contact.offer_ended" ||
           event.type == "contact.answered" || event.type == "contact.left_queue";
  }
  static std::optional<Position> first_of(const Events& events, std::initializer_list<std::string> types) {
    std::optional<Position> first;
    for (const Event* event : events) {
      if (std::find(types.begin(), types.end(), event->type) == types.end()) continue;
      first = first ? std::min(*first, position_of(*event)) : position_of(*event);
    }
    return first;
  }

  void add_wait(const Events& visit) {
    const auto queued = first_of(visit, {"contact.queued"}), left = first_of(visit, {"contact.left_queue"});
    const auto answered = first_of(visit, {"contact.answered"});
    std::optional<Position> end = left;
    if (answered) end = end ? std::min(*end, *answered) : *answered;
    if (left && end == left) ends_.insert(*left);
    if (queued) begins_.insert(*queued);
    if (queued && (!end || *end > *queued)) parts_.push_back({*queued, end});
  }

  void add_talks() {
    for (const Event* event : events_) {
      if (event->type != "contact.answered" && event->type != "contact.connected") continue;
      const Position from = position_of(*event);
      begins_.insert(from);
      std::optional<Position> to;
      bool passed_on = false;
      for (const Event* other : events_) {
        const bool own = other->agent == event->agent;
        const bool stops = other->type == "contact.ended"
                               ? own || other->agent.empty()
                               : own && (other->type == "contact.transferred" || other->type == "contact.wrapped");
        if (!stops || position_of(*other) <= from || (to && position_of(*other) >= *to)) continue;
        to = position_of(*other), passed_on = other->type == "contact.transferred";
      }
      parts_.push_back({from, to});
      if (to && !passed_on) ends_.insert(*to);
    }
  }

  void find_closings() {
    for (const Event* event : events_) {
      if (event->type != "contact.ended") continue;
      const Position at = position_of(*event);
      if (begins_.empty() || *begins_.begin() > at) ends_.insert(at);
    }
    for (const Position& at : ends_) {
      const bool busy = std::any_of(parts_.begin(), parts_.end(), [&](const Part& p) { return p.busy_after(at); });
      if (!busy) closings_.insert(at.first);
    }
  }

  /// How often it has closed before.
  std::size_t session_at(Ms time) const {
    return static_cast<std::size_t>(std::distance(closings_.begin(), closings_.lower_bound(time)));
  }

  using Message = std::tuple<Ms, std::string, std::string>;  ///< time, from, agent
  /// Of customer and agents, in order; of one instant the customer's before the agents'.
  std::vector<Message> messages() const {
    std::map<std::string, Message> by_id;
    std::vector<Message> all;
    for (const Event* event : events_) {
      if (event->type != "chat.message") continue;
      const Message message{event->time, event->word, event->agent};
      if (event->message.empty()) {
        all.push_back(message);
        continue;
      }
      const auto [known, fresh] = by_id.emplace(event->message, message);
      if (!fresh) known->second = std::min(known->second, message);
    }
    for (const auto& [id, message] : by_id) all.push_back(message);
    std::erase_if(all, [](const Message& m) { return std::get<1>(m) != "customer" && std::get<1>(m) != "agent"; });
    std::sort(all.begin(), all.end(), [](const Message& a, const Message& b) {
      const auto order = [](const Message& m) {
        return std::tuple(std::get<0>(m), std::get<1>(m) == "agent", std::get<2>(m));
      };
      return order(a) < order(b);
    });
    return all;
  }

  Place place_at(Ms time) const {
    // A visit's begins: its queuing, or of one that was never seen to be queued its answers.
    std::set<std::pair<Ms, std::string>> begins;
    for (const auto& [id, visit] : visits_) {
      const auto queued = first_of(visit, {"contact.queued"});
      if (queued) begins.emplace(queued->first, id);
      for (const Event* event : visit) {
        if (!queued && event->type == "contact.answered") begins.emplace(event->time, id);
      }
    }
    std::map<Ms, std::string> first_ids;  // of several at one instant the smallest id
    for (const auto& [begin, id] : begins) first_ids.try_emplace(begin, id);
    const std::size_t session = session_at(time);
    const std::string* before = nullptr;
    const std::string* within = nullptr;
    const std::string* after = nullptr;
    for (const auto& [begin, id] : first_ids) {
      if (session_at(begin) < session) before = &id;
      if (session_at(begin) != session) continue;
      if (begin <= time) within = &id;
      if (begin > time && after == nullptr) after = &id;
    }
    const std::string* visit = within ? within : after ? after : before;
    if (visit) return place_of(visits_.at(*visit), options_);
    Events own;
    std::copy_if(events_.begin(), events_.end(), std::back_inserter(own), [](const Event* event) {
      return event->type == "chat.message" || event->type == "contact.dialled" || event->type == "contact.connected";
    });
    return place_of(own, options_);
  }

  Events events_;
  const Options& options_;
  std::map<std::string, Events> visits_;
  std::vector<Part> parts_;
  std::set<Position> begins_, ends_;
  std::set<Ms> closings_;
};

}  // namespace

std::vector<Turn> read_turns(const std::vector<Event>& events, const Options& options) {
  std::map<std::string, Events> by_contact;
  std::set<std::string> with_messages;
  for (const Event& event : events) {
    const bool message = event.type == "chat.message";
    if (message || event.type.starts_with("contact.")) by_contact[event.contact].push_back(&event);
    if (message) with_messages.insert(event.contact);
  }
  std::vector<Turn> turns;
  for (const std::string& contact : with_messages) {
    for (Turn& turn : Chat(by_contact[contact], options).turns()) turns.push_back(std::move(turn));
  }
  return turns;
}

}  // namespace oracle
