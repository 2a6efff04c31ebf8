#include "processors/rules.h"

namespace processors {

Rules::Rules(const core::FigureConfig& config, core::Names& names) : config_(&config), names_(&names) {
  for (const auto& [client, settings] : config.clients) {
    for (const core::SlaProfile& profile : settings.sla) {
      if (profile.metric != core::Metric::kOccupancy) continue;
      occupancy_.push_back({{names.intern(client), names.intern(profile.name)}, &profile});
    }
  }
}

core::NameId Rules::client_of_queue(core::NameId queue) {
  core::NameId& known = slot(queue_clients_, queue);
  if (known == core::NameId::kNone) known = names_->intern(config_->client_of_queue(names_->text(queue)));
  return known;
}

const core::ClientConfig& Rules::client(core::NameId client) {
  const core::ClientConfig*& known = slot(clients_, client);
  if (known == nullptr) known = &config_->client(names_->text(client));
  return *known;
}

const std::vector<Rules::Applying>& Rules::applying(const CellKey& queue_key) {
  const auto [applying, fresh] = applying_.try_emplace(queue_key);
  if (fresh) {
    for (const core::SlaProfile& profile : client(queue_key.a).sla) {
      if (!profile.applies_to(names_->text(queue_key.b), names_->text(queue_key.c))) continue;
      applying->second.push_back({&profile, names_->intern(profile.name)});
    }
  }
  return applying->second;
}

const core::SlaVersion& Rules::sla(const CellKey& queue_key, core::Entry entry, core::EventTime begin) {
  static const core::SlaVersion kDefault{};
  if (client(queue_key.a).sla.empty()) return kDefault;
  for (const Applying& one : applying(queue_key)) {
    if (!one.profile->judges_level(entry)) continue;
    if (const core::SlaVersion* version = one.profile->in_force(begin)) return *version;
  }
  return kDefault;
}

bool Rules::judges(const core::SlaProfile& profile, const core::SlaVersion& version, core::EventTime begin) {
  if (is_excluded(profile.exclusions, begin)) return false;
  const std::string& calendar = version.terms.calendar;
  return calendar.empty() || hours(calendar).open_at(begin);
}

CalendarHours& Rules::hours(const std::string& calendar) {
  auto hours = hours_.find(calendar);
  if (hours == hours_.end()) hours = hours_.emplace(calendar, config_->calendars.at(calendar)).first;
  return hours->second;
}

core::Millis Rules::judged_time(const core::SlaProfile& profile, const core::Period& span) {
  const core::SlaVersion* version = profile.in_force(span.start);
  if (version == nullptr) return core::Millis{0};
  const std::string& calendar = version->terms.calendar;
  if (calendar.empty()) return not_excluded(profile.exclusions, span);
  core::Millis judged{0};
  hours(calendar).each_open(span, [&](const core::Period& open) { judged += not_excluded(profile.exclusions, open); });
  return judged;
}

core::Slot Rules::day_of(core::NameId client_name, core::Slot interval) {
  Day& day = slot(days_, client_name);
  if (interval >= day.first && interval < day.last) return day.number;
  if (day.zone == nullptr) day.zone = core::find_zone(client(client_name).timezone);
  day.number = core::local_day(*day.zone, core::slot_start(interval, core::kInterval));
  // Of a zone whose days do not begin at a quarter of an hour only this interval is known.
  const core::EventTime begin = core::day_begin(*day.zone, day.number),
                        end = core::day_begin(*day.zone, day.number + 1);
  const bool whole = core::interval_start(begin) == begin && core::interval_start(end) == end;
  day.first = whole ? core::slot_of(begin, core::kInterval) : interval;
  day.last = whole ? core::slot_of(end, core::kInterval) : interval + 1;
  return day.number;
}

bool Rules::sends_wrap(core::NameId source) {
  signed char& known = slot(sends_wrap_, source);
  if (known == 0) known = config_->sources_without_wrap.contains(names_->text(source)) ? -1 : 1;
  return known > 0;
}

}  // namespace processors
