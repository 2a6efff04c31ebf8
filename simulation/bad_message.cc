#include "simulation/bad_message.h"

#include <array>

#include "simulation/event_feed.h"

namespace simulation {

namespace {

// Whole messages; %T is a valid time, %L a name of 129 bytes, %E a good envelope but for its type. The bytes are sent
// as they stand here.
constexpr auto kBroken = std::to_array<std::string_view>({
    "hello",
    "[]",
    "42",
    R"(%E"type":"lead.created","subject":"l-1","data":{})",
    R"({"specversion":"0.3","id":"b","source":"/acd/x","type":"lead.created","time":"%T","subject":"l-1","data":{}})",
    R"({"id":"b","source":"/acd/x","type":"lead.created","time":"%T","subject":"l-1","data":{}})",
    R"({"specversion":"1.0","source":"/acd/x","type":"lead.created","time":"%T","subject":"l-1","data":{}})",
    R"({"specversion":"1.0","id":"","source":"/acd/x","type":"lead.created","time":"%T","subject":"l-1","data":{}})",
    R"({"specversion":"1.0","id":"%L","source":"/acd/x","type":"lead.created","time":"%T","subject":"l-1"})",
    R"({"specversion":"1.0","id":7,"source":"/acd/x","type":"lead.created","time":"%T","subject":"l-1","data":{}})",
    R"({"specversion":"1.0","id":"b","type":"lead.created","time":"%T","subject":"l-1","data":{}})",
    R"({"specversion":"1.0","id":"b","source":"/acd/x","time":"%T","subject":"l-1","data":{}})",
    R"({"specversion":"1.0","id":"b","source":"/acd/x","type":"lead.created","subject":"l-1","data":{}})",
    R"({"specversion":"1.0","id":"b","source":"/a","type":"lead.created","time":"2026-03-02 09:15","subject":"l-1"})",
    R"({"specversion":"1.0","id":"b","source":"/a","type":"lead.created","time":"2026-03-02T09:15:02","subject":"l"})",
    R"({"specversion":"1.0","id":"b","source":"/a","type":"lead.created","time":"2026-02-30T09:15:02Z","subject":"l"})",
    R"({"specversion":"1.0","id":"b","source":"/a","type":"lead.created","time":"2026-03-02T24:00:00Z","subject":"l"})",
    R"({"specversion":"1.0","id":"b","source":"/a","type":"lead.created","time":"2026-12-31T23:59:60Z","subject":"l"})",
    R"(%E"type":"contact.queued","subject":"v-1","data":{}})",
    R"(%E"type":"contact.answered","data":{"visit":"v-1"}})",
    R"(%E"type":"contact.answered","data":{"agent":"a-1"}})",
    R"(%E"type":"contact.left_queue","data":{"visit":"v-1"}})",
    R"(%E"type":"contact.left_queue","data":{"visit":"v-1","reason":"bored"}})",
    R"(%E"type":"contact.left_queue","data":{"visit":"v-1","reason":"Caller"}})",
    R"(%E"type":"contact.queued","data":{"visit":12,"queue":"q"}})",
    R"(%E"type":"contact.queued","data":{"visit":"v-1","queue":{}}})",
    R"(%E"type":"contact.queued","data":{"visit":"v-1","queue":"q","entry":"door"}})",
    R"(%E"type":"contact.queued","data":{"visit":"v-1","queue":"%L"}})",
    R"(%E"type":"contact.queued","data":{"visit":"v-\ud800","queue":"q"}})",
    R"(%E"type":"contact.queued","data":{"visit":"v-\u0001","queue":"q"}})",
    "%E\"type\":\"contact.queued\",\"data\":{\"visit\":\"v-\xff\",\"queue\":\"q\"}}",
    R"(%E"type":"contact.offer_ended","data":{"visit":"v-1","agent":"a-1","reason":"late"}})",
    R"(%E"type":"agent.state","data":{"agent":"a-1","state":"sleeping"}})",
    R"(%E"type":"agent.state","data":{"agent":"a-1"}})",
    R"(%E"type":"chat.message","data":{"contact":"c-1","from":"ghost"}})",
    R"(%E"type":"lead.assigned","data":{"lead":"l-1"}})",
    R"(%E"type":"lead.contacted","data":{"lead":"l-1","reached":"yes"}})",
    R"(%E"type":"deal.won","data":{"deal":"d-1","amount":NaN}})",
    R"(%E"type":"deal.won","data":{"deal":"d-1","amount":"1.23456"}})",
    R"(%E"type":"deal.won","data":{"deal":"d-1","amount":"99999999999999999999"}})",
    R"(%E"type":"deal.won","data":{"deal":"d-1","currency":"eur"}})",
});

constexpr std::string_view kEnvelope = R"({"specversion":"1.0","id":"b","source":"/acd/x","time":")";

// Beyond the whole messages: a good event cut off, and a good event that stands twice in one message.
constexpr std::size_t kCut = kBroken.size(), kTwice = kBroken.size() + 1;

std::string filled(std::string_view pattern, core::EventTime time) {
  std::string text;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%') {
      text += pattern[i];
      continue;
    }
    const char word = pattern[++i];
    if (word == 'L') text.append(129, 'x');
    if (word == 'E') text.append(kEnvelope);
    if (word == 'T' || word == 'E') append_time(text, time);
    if (word == 'E') text.append("\",");
  }
  return text;
}

}  // namespace

std::size_t BadMessages::kinds() { return kTwice + 1; }

std::string BadMessages::next(core::EventTime time, std::string_view good) {
  const std::size_t kind = turn_++ % kinds();
  if (kind == kCut) return std::string(good.substr(0, good.size() * 2 / 3));
  if (kind == kTwice) return std::string(good).append(good);
  return filled(kBroken[kind], time);
}

}  // namespace simulation
