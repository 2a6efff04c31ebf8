#include "tests/oracle/oracle.h"

#include <set>
#include <stdexcept>

namespace oracle {
namespace {

void check(const std::string& what, const std::string& word, const std::set<std::string>& allowed) {
  if (!allowed.contains(word)) throw std::invalid_argument(what + ": " + word);
}

bool matches(const std::optional<std::string>& filter, const std::string& value) { return !filter || *filter == value; }

}  // namespace

Floor::Floor(const std::vector<std::string>& lines, const Options& options) : Floor(read_events(lines), options) {}

Floor::Floor(const std::vector<Event>& events, const Options& options)
    : options_(options),
      as_of_(events.empty() ? 0 : events.back().time),
      contacts_(read_contacts(events, options)),
      agent_time_(read_agent_time(events, options, as_of_)),
      leads_(read_leads(events, options)),
      deals_(read_deals(events, options)),
      turns_(read_turns(events, options)) {}

std::string Floor::csv(const Query& query) const {
  check("by", query.by, {"queue", "agent", "client", "lead", "deal", "profile", "chat", "chat-agent"});
  check("every", query.every, {"15m", "30m", "1h", "day", "week", "month", "total"});
  check("basis", query.basis, {"arrival", "event"});
  check("window", query.window, {"", "5m", "15m", "30m", "1h", "day"});
  if ((query.by == "agent" || query.by == "lead" || query.by == "deal" || query.by == "chat-agent") &&
      (query.queue || query.channel)) {
    throw std::runtime_error("figures by " + query.by + " are not kept by queue or channel");
  }
  if (query.by == "deal" && (!query.window.empty() || query.basis != "arrival")) {
    throw std::runtime_error("deals have no window and no basis");
  }
  Query effective = query;
  if (!query.window.empty()) {
    effective.basis = "event";
    effective.from.reset();
    effective.to.reset();
  }
  if (query.by == "agent") return agent_csv(*this, effective);
  if (query.by == "lead") return lead_csv(*this, effective);
  if (query.by == "deal") return deal_csv(*this, effective);
  if (query.by == "chat") return chat_csv(*this, effective);
  if (query.by == "chat-agent") return chat_agent_csv(*this, effective);
  if (query.by == "profile") return profile_csv(*this, effective);
  return queue_csv(*this, effective);
}

std::string figures_csv(const std::vector<std::string>& lines, const Options& options, const Query& query) {
  return Floor(lines, options).csv(query);
}

bool is_asked(const Place& place, const Query& query) {
  return matches(query.client, place.client) && matches(query.queue, place.queue) &&
         matches(query.channel, place.channel);
}

}  // namespace oracle
