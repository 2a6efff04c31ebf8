#include "processors/placement.h"

#include <algorithm>

namespace processors {

using core::EventTime;
using core::Period;

Placement::Placement(const core::FigureConfig& config, const core::FigureQuery& query, const ReadPoint& point)
    : config_(config), query_(query), point_(point) {}

const date::time_zone& Placement::zone(std::string_view client) const {
  const date::time_zone* zone = core::find_zone(query_.timezone ? *query_.timezone : config_.client(client).timezone);
  return zone != nullptr ? *zone : *core::find_zone("UTC");
}

core::PeriodFinder& Placement::finder(std::string_view client) {
  const auto it = finders_.find(client);
  if (it != finders_.end()) return it->second;
  return finders_.emplace(client, core::PeriodFinder(query_.every, zone(client))).first->second;
}

Period Placement::span(std::string_view client) {
  if (!windowed()) return {query_.from.value_or(EventTime::min()), query_.to.value_or(EventTime::max())};
  // A window ends with the running slice.
  const EventTime end = core::slot_start(core::slot_of(point_.as_of, core::kSlice) + 1, core::kSlice);
  switch (*query_.window) {
    case core::Window::k5m:
      return {end - core::Millis{5 * 60'000}, end};
    case core::Window::k15m:
      return {end - core::Millis{15 * 60'000}, end};
    case core::Window::k30m:
      return {end - core::Millis{30 * 60'000}, end};
    case core::Window::k1h:
      return {end - core::Millis{60 * 60'000}, end};
    case core::Window::kDay:
      break;
  }
  return {core::day_start(zone(client), point_.as_of), end};
}

Period Placement::reach() const {
  const EventTime end = point_.as_of + core::kSlice;
  if (rolling()) return {end - kSliceHorizon - core::kSlice, end};
  if (windowed()) {
    EventTime start = core::day_start(zone(""), point_.as_of);
    for (const auto& [client, of] : config_.clients)
      start = std::min(start, core::day_start(zone(client), point_.as_of));
    return {start, end};
  }
  const EventTime to = query_.to.value_or(EventTime::max());
  return {query_.from.value_or(EventTime::min()), to < core::kEndOfEventTime ? to + core::longest(query_.every) : to};
}

std::optional<Period> Placement::place(std::string_view client, EventTime time) {
  if (windowed()) {
    const Period window = span(client);
    if (time < window.start || time >= window.end) return std::nullopt;
    return window;
  }
  if (query_.every == core::Every::kTotal) {
    if (time < query_.from.value_or(EventTime::min()) || time >= query_.to.value_or(EventTime::max())) {
      return std::nullopt;
    }
    return Period{query_.from.value_or(EventTime::min()), query_.to.value_or(EventTime::max())};
  }
  const Period period = finder(client).of(time);
  if (period.start < query_.from.value_or(EventTime::min()) || period.start >= query_.to.value_or(EventTime::max())) {
    return std::nullopt;
  }
  return period;
}

Status Placement::status(EventTime slot_end, const Period& row) const {
  if (point_.sealed) return Status::kFinal;
  const bool endless = query_.every == core::Every::kTotal && !windowed();
  if (windowed() || point_.as_of < slot_end || (!endless && point_.as_of < row.end)) return Status::kLive;
  if (!point_.watermark || *point_.watermark < slot_end + point_.allowed_lateness) return Status::kProvisional;
  return Status::kFinal;
}

bool Placement::cuts_intervals() const {
  const auto cut = [](const std::optional<EventTime>& bound) {
    return bound && core::interval_start(*bound) != *bound;
  };
  return !windowed() && query_.every == core::Every::kTotal && (cut(query_.from) || cut(query_.to));
}

}  // namespace processors
