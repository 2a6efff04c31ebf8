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

const Profile& profile_of(const Visit& visit, const Options& options) {
  static const Profile defaults;
  const Client& client = options.client(visit.place.client);
  if (!client.profile) return defaults;
  const Profile& profile = *client.profile;
  const bool fits = applies(profile.channels, visit.place.channel) && applies(profile.queues, visit.place.queue) &&
                    applies(profile.entries, visit.entry);
  const bool in_force =
      profile.valid_from.empty() || visit.begin >= first_instant(profile.valid_from, client.timezone);
  return fits && in_force ? profile : defaults;
}

bool is_abandoned(const Visit& visit, const Profile& profile) {
  return !visit.answered && profile.abandoned_reasons.contains(visit.reason);
}

Class class_of(const Visit& visit, const Profile& profile) {
  const bool within = visit.wait() <= profile.threshold;
  if (visit.answered) return within ? 'a' : 'A';
  if (!is_abandoned(visit, profile)) return within ? 'f' : 'F';
  return visit.wait() <= profile.short_abandon ? 's' : within ? 'b' : 'B';
}

bool in_numerator(Class visit_class, const std::string& formula) {
  return fraction(formula).numerator.find(visit_class) != std::string::npos;
}

bool in_denominator(Class visit_class, const std::string& formula) {
  return fraction(formula).denominator.find(visit_class) != std::string::npos;
}

}  // namespace oracle
