#include "tests/oracle/service_level.h"

#include <map>

#include "tests/oracle/calendar.h"

namespace oracle {
namespace {

struct Fraction {
  std::string numerator, denominator;
};

const Fraction& fraction(const std::string& formula) {
  static const std::map<std::string, Fraction> formulas = {
      {"answered", {"a", "aA"}},
      {"offered", {"a", "aAsbBfF"}},
      {"offered_less_short", {"a", "aAbBfF"}},
      {"answered_and_abandoned", {"a", "aAsbB"}},
      {"answered_and_abandoned_less_short", {"a", "aAbB"}},
      {"late_abandons_only", {"a", "aAB"}},
      {"sl_events_ignore_abandons", {"a", "aABF"}},
      {"sl_events_abandons_negative", {"a", "aAsbBF"}},
      {"sl_events_abandons_positive", {"asb", "aAsbBF"}},
      {"left_queue_within", {"asbf", "aAsbBfF"}},
      {"answered_or_abandoned_within", {"asb", "aAsbB"}},
  };
  return formulas.at(formula);
}

bool applies(const std::set<std::string>& words, const std::string& word) {
  return words.empty() || words.contains(word);
}

}  // namespace

const Version& version_of(const Visit& visit, const Options& options) {
  static const Version defaults;
  const Client& client = options.client(visit.place.client);
  for (const Profile& profile : client.profiles) {
    if (profile.metric != "service_level" || !applies_to(profile, visit.place, visit.entry)) continue;
    const Version* holds = in_force(profile, client, visit.begin);
    if (holds != nullptr) return *holds;
  }
  return defaults;
}

bool applies_to(const Profile& profile, const Place& place, const std::string& entry) {
  return applies(profile.channels, place.channel) && applies(profile.queues, place.queue) &&
         applies(profile.entries, entry);
}

const Version* in_force(const Profile& profile, const Client& client, Ms begin) {
  const Version* holds = nullptr;
  for (const Version& version : profile.versions) {
    if (version.valid_from.empty() || begin >= first_instant(version.valid_from, client.timezone)) holds = &version;
  }
  return holds;
}

bool is_abandoned(const Visit& visit, const Version& version) {
  return !visit.answered && version.abandoned_reasons.contains(visit.reason);
}

Class class_of(const Visit& visit, const Version& version) {
  const bool within = visit.wait() <= version.threshold;
  if (visit.answered) return within ? 'a' : 'A';
  if (!is_abandoned(visit, version)) return within ? 'f' : 'F';
  return visit.wait() <= version.short_abandon ? 's' : within ? 'b' : 'B';
}

bool in_numerator(Class visit_class, const std::string& formula) {
  return fraction(formula).numerator.find(visit_class) != std::string::npos;
}

bool in_denominator(Class visit_class, const std::string& formula) {
  return fraction(formula).denominator.find(visit_class) != std::string::npos;
}

}  // namespace oracle
