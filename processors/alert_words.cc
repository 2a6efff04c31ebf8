#include "processors/alert_words.h"

#include <fmt/format.h>

#include "core/figure_table.h"

namespace processors {
namespace {

using core::AlertFigure;
using core::AlertUnit;

/// "2m 14s"; tenths below a minute.
std::string span_words(std::int64_t ms) {
  const std::int64_t seconds = ms / 1000;
  if (seconds < 60) return fmt::format("{}.{}s", seconds, ms % 1000 / 100);
  if (seconds < 3600) return fmt::format("{}m {}s", seconds / 60, seconds % 60);
  return fmt::format("{}h {}m", seconds / 3600, seconds % 3600 / 60);
}

/// For programs: shares with 6 decimals, spans in seconds with 3, numbers as they are.
std::string plain(const Fraction& value, AlertUnit unit) {
  if (unit == AlertUnit::kNumber && value.denominator == 1) return std::to_string(value.numerator);
  if (unit == AlertUnit::kSpan) return core::to_string(core::ratio(value.numerator, value.denominator * 1000, 3));
  return core::to_string(core::ratio(value.numerator, value.denominator, 6));
}

std::string level_words(core::Level level, AlertUnit unit) {
  return alert_value(unit == AlertUnit::kSpan ? Fraction{level, 1} : Fraction{level, core::kWhole}, unit);
}

std::string figure_words(AlertFigure figure) {
  if (figure == AlertFigure::kPeriod) return "the running period";
  if (figure == AlertFigure::kProjection) return "the running period's projection";
  std::string words(core::kAlertFigureWords[core::index(figure)]);
  for (char& c : words) c = c == '_' ? ' ' : c;
  return words;
}

std::string window_words(const core::AlertRule& rule) {
  if (!core::has_window(rule.figure)) return "";
  return rule.window == core::Window::kDay ? " today"
                                           : fmt::format(" in {}", core::kWindowWords[core::index(rule.window)]);
}

/// What helps first, by what is watched.
std::string advice(const core::AlertRule& rule, std::string_view queue) {
  switch (rule.figure) {
    case AlertFigure::kLeadResponse:
    case AlertFigure::kLeadDue:
    case AlertFigure::kLeadsOverdue:
      return "Have somebody call the oldest leads now; floorwatch top and figures --by lead show how many are open.";
    case AlertFigure::kPeriod:
    case AlertFigure::kProjection:
    case AlertFigure::kMissesLeft:
      return fmt::format("Tell who owns {}; floorwatch report shows its days, what is left and the credit.",
                         rule.profile);
    case AlertFigure::kOccupancy:
    case AlertFigure::kContactsPerHour:
      return "Look at how the agents are spread over queues and breaks before moving anybody.";
    case AlertFigure::kMeanFirstResponse:
    case AlertFigure::kUnanswered:
    case AlertFigure::kOldestUnanswered:
      return fmt::format("Have agents with a free slot take the chats of {} that wait longest.", queue);
    case AlertFigure::kMeanHandle:
      return "Listen to some of the contacts: floorwatch contacts lists them.";
    default:
      return fmt::format("Move agents to {}, or call them back from breaks; then open overflow.", queue);
  }
}

}  // namespace

std::string alert_value(const Fraction& value, AlertUnit unit) {
  switch (unit) {
    case AlertUnit::kShare:
      return core::to_string(core::ratio(value.numerator * 100, value.denominator, 2)) + " %";
    case AlertUnit::kSpan:
      return span_words(value.numerator / value.denominator);
    case AlertUnit::kNumber:
      break;
  }
  if (value.numerator % value.denominator == 0) return std::to_string(value.numerator / value.denominator);
  return core::to_string(core::ratio(value.numerator, value.denominator, 2));
}

void describe(core::Alert& alert, const AlertSight& sight, const AlertSurroundings& around,
              const ContractFigure* contract) {
  const core::AlertRule& rule = *sight.rule;
  const auto add = [&](const char* name, std::string value) { alert.facts.push_back({name, std::move(value)}); };
  const std::string whose = sight.queue.empty() ? rule.client : fmt::format("{} of {}", sight.queue, rule.client);
  alert.summary =
      fmt::format("{}: {}{} is {}{}, {} {}", whose, figure_words(rule.figure), window_words(rule),
                  alert_value(sight.value, rule.unit), sight.volume > 0 ? fmt::format(" of {}", sight.volume) : "",
                  rule.below ? "below" : "above", level_words(rule.enter, rule.unit));
  add("value", plain(sight.value, rule.unit));
  if (sight.volume > 0) add("volume", std::to_string(sight.volume));

  std::string around_words;
  const auto say = [&](std::string words) { around_words += (around_words.empty() ? "" : ", ") + std::move(words); };
  add("waiting", std::to_string(around.waiting));
  say(fmt::format("{} wait", around.waiting));
  if (around.oldest_wait) {
    add("oldest_wait_s", core::to_string(core::Fixed{around.oldest_wait->count(), 3}));
    say("the oldest for " + span_words(around.oldest_wait->count()));
  }
  if (around.available) {
    add("agents_available", std::to_string(*around.available));
    say(fmt::format("{} agents available", *around.available));
  }
  if (contract != nullptr) {
    if (contract->by.target) {
      const AlertUnit unit = contract->by.share ? AlertUnit::kShare : AlertUnit::kSpan;
      const Fraction target =
          contract->by.share ? Fraction{*contract->by.target, core::kWhole} : Fraction{*contract->by.target, 1};
      add("target", plain(target, unit));
      say(fmt::format("target {}", alert_value(target, unit)));
    }
    const auto left = misses_left(contract->figure, contract->rest ? contract->rest->denominator : 0, contract->by);
    if (left) {
      add("misses_left", std::to_string(*left));
      say(fmt::format("{} more may miss until the period ends", *left));
    }
  }
  alert.action = fmt::format("{}. {}", around_words, advice(rule, sight.queue));
}

std::string alert_outcome(const core::AlertRule* rule, const std::optional<AlertSight>& sight) {
  if (rule == nullptr) return "its rule is gone";
  if (!sight && rule->figure == AlertFigure::kOldestWait) return "nobody waits";
  if (!sight && rule->figure == AlertFigure::kLeadDue) return "no lead waits that can still be in time";
  if (!sight) return "there is no figure any more";
  return fmt::format("{}{}", alert_value(sight->value, sight->rule->unit), window_words(*sight->rule));
}

}  // namespace processors
