#include "tests/oracle/event.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <set>
#include <string_view>
#include <tuple>

#include "tests/oracle/calendar.h"

namespace oracle {
namespace {

namespace json = boost::json;

bool is_known(const std::string& type) {
  static const std::set<std::string> known = {
      "contact.queued", "contact.offered",     "contact.offer_ended", "contact.answered", "contact.left_queue",
      "contact.held",   "contact.retrieved",   "contact.transferred", "contact.ended",    "contact.wrapped",
      "chat.message",   "contact.dialled",     "contact.connected",   "agent.state",      "schedule.shift",
      "lead.created",   "lead.assigned",       "lead.contacted",      "lead.closed",      "deal.opened",
      "deal.updated",   "deal.won",            "deal.lost"};
  return known.contains(type);
}

std::string text(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

bool flag(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value && value->is_bool() && value->as_bool();
}

/// Ten-thousandths of a decimal number, written as a text or as a number of JSON.
Ms decimal(const json::value& value) {
  if (value.is_int64()) return value.as_int64() * 10'000;
  if (!value.is_string()) return std::llround(value.to_number<double>() * 10'000);
  const std::string text(value.as_string());
  std::string digits = text.substr(0, text.find('.'));
  std::string fraction = text.find('.') == std::string::npos ? "" : text.substr(text.find('.') + 1);
  fraction.resize(4, '0');
  return std::stoll(digits + fraction);
}

std::string first_of(const std::string& a, const std::string& b, const std::string& c = {}) {
  return !a.empty() ? a : !b.empty() ? b : c;
}

/// The word of a closed list that this type of event carries.
std::string closed_word(const std::string& type, const json::object& data) {
  if (type == "contact.queued") return first_of(text(data, "entry"), "inbound");
  if (type == "agent.state") return text(data, "state");
  if (type == "chat.message") return text(data, "from");
  const std::string reason = text(data, "reason");
  return type == "contact.left_queue" && reason == "abandoned" ? "caller" : reason;
}

void read_data(const json::object& data, const std::string& subject, Event& event) {
  event.client = text(data, "client");
  event.queue = text(data, "queue");
  event.channel = text(data, "channel");
  event.visit = first_of(text(data, "visit"), text(data, "contact"), subject);
  event.contact = first_of(text(data, "contact"), text(data, "visit"), subject);
  event.agent = text(data, "agent");
  if (event.type.starts_with("agent.")) event.agent = first_of(event.agent, subject);
  event.lead = text(data, "lead");
  if (event.type.starts_with("lead.")) event.lead = first_of(event.lead, subject);
  if (event.type == "lead.created") event.campaign = text(data, "campaign");
  event.deal = text(data, "deal");
  if (event.type.starts_with("deal.")) event.deal = first_of(event.deal, subject);
  event.currency = text(data, "currency");
  if (const json::value* amount = data.if_contains("amount"); amount && !amount->is_null()) {
    event.amount = decimal(*amount);
  }
  if (const json::value* costs = data.if_contains("costs"); costs && costs->is_object()) {
    event.costs.emplace();
    for (const auto& [name, cost] : costs->as_object()) (*event.costs)[std::string(name)] = decimal(cost);
  }
  event.offer = text(data, "offer");
  event.message = text(data, "message");
  event.word = closed_word(event.type, data);
  event.reached = flag(data, "reached");
  event.automated = flag(data, "automated");
}

std::optional<Event> read_event(const std::string& line) {
  const json::value whole = json::parse(line);
  const json::object& envelope = whole.as_object();
  Event event;
  event.type = text(envelope, "type");
  if (!is_known(event.type)) return std::nullopt;
  event.source = text(envelope, "source");
  event.id = text(envelope, "id");
  event.time = parse_time(text(envelope, "time"));
  const json::value* data = envelope.if_contains("data");
  read_data(data && data->is_object() ? data->as_object() : json::object(), text(envelope, "subject"), event);
  return event;
}

}  // namespace

std::vector<Event> read_events(const std::vector<std::string>& lines) {
  std::vector<Event> events;
  events.reserve(lines.size());
  for (const std::string& line : lines) {
    if (line.empty()) continue;
    if (auto event = read_event(line)) events.push_back(std::move(*event));
  }
  const auto key = [](const Event& e) { return std::tie(e.time, e.source, e.id); };
  std::stable_sort(events.begin(), events.end(), [&](const Event& a, const Event& b) { return key(a) < key(b); });
  const auto same = [&](const Event& a, const Event& b) { return key(a) == key(b); };
  events.erase(std::unique(events.begin(), events.end(), same), events.end());
  return events;
}

}  // namespace oracle
