// Writes canonical events as JSON text and hands them to delivery.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/event.h"
#include "core/time.h"
#include "simulation/delivery.h"

namespace simulation {

/// "c-000001234567". Fits into a std::string without allocation.
std::string numbered(char prefix, std::uint64_t number);

/// RFC 3339 in UTC with milliseconds, always.
void append_time(std::string& text, core::EventTime time);

/// One event at a time: begin, fields of `data`, send.
///
///     feed.begin(EventType::kContactHeld, source, time, contact).text("contact", contact).text("agent", agent).send();
///
/// Ids grow with the order of the calls, so that of two states of an agent at one time the later sent one holds.
/// Values must need no escaping. Confined to one thread.
class EventFeed {
 public:
  explicit EventFeed(Delivery& delivery) : delivery_(delivery) {}

  /// `key` is what a producer would key the Kafka message by: the event's contact, agent, lead or deal.
  EventFeed& begin(core::EventType type, std::string_view source, core::EventTime time, std::string_view subject,
                   std::string_view key);
  EventFeed& text(std::string_view name, std::string_view value);
  EventFeed& time(std::string_view name, core::EventTime value);
  /// `json` is written as it is: numbers, booleans, arrays, objects.
  EventFeed& raw(std::string_view name, std::string_view json);
  void send();

  std::uint64_t sent() const { return sent_; }

 private:
  void name(std::string_view name);

  Delivery& delivery_;
  std::string text_, key_;
  core::EventTime time_{};
  std::uint64_t sent_ = 0;
  bool first_field_ = true;
};

}  // namespace simulation
