#include "app/alerts.h"

#include <algorithm>
#include <charconv>

#include "app/alerting.h"
#include "app/commands/command.h"
#include "core/printable_text.h"

namespace app {
namespace {

std::string wall_text(core::WallTime time) { return core::format_rfc3339(core::EventTime{time.time_since_epoch()}); }

/// Facts are numbers: "52", "-3", "0.712000".
core::Value number_of(const std::string& text) {
  const std::size_t point = std::min(text.find('.'), text.size());
  std::string digits = text;
  if (point < text.size()) digits.erase(point, 1);
  std::int64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (point == text.size()) return value;
  return core::Fixed{value, static_cast<std::uint8_t>(text.size() - point - 1)};
}

core::Value fact_of(const core::Alert& alert, std::string_view name) {
  const auto fact = std::ranges::find(alert.facts, name, &core::AlertFact::name);
  return fact == alert.facts.end() ? core::Value{} : number_of(fact->value);
}

/// Runs at the desk between two batches.
class Desk {
 public:
  Desk(Alerting& alerting, core::WallTime now) : alerting_(alerting), desk_(alerting.desk()), now_(now) {}
  using Answer = tl::expected<core::FigureTable, std::string>;

  Answer operator()(const core::AcknowledgeAlert& o) {
    const auto alert = desk_.acknowledge(o.id, {o.by, o.reason, now_});
    if (!alert) return tl::unexpected(alert.error());
    return alert_table({*alert});
  }
  Answer operator()(const core::MuteAlerts& o) {
    if (!alerting_.knows(o.key)) return tl::unexpected(std::string("no alert has this client, profile and name"));
    return mute_table({desk_.mute({"", o.key, now_, now_ + o.span, o.by, o.reason})});
  }
  Answer operator()(const core::EndMute& o) {
    const auto mute = desk_.unmute(o.id, now_);
    if (!mute) return tl::unexpected(mute.error());
    return mute_table({*mute});
  }
  Answer operator()(const core::ListMutes&) { return mute_table(desk_.mutes()); }

 private:
  Alerting& alerting_;
  AlertDesk& desk_;
  core::WallTime now_;
};

}  // namespace

tl::expected<std::vector<core::Alert>, Ending> read_alerts(const std::string& store_url,
                                                           const core::AlertQuery& query) {
  const auto store = open_store_for_reading(store_url);
  if (!store) return tl::unexpected(store.error());
  auto alerts = (*store)->alerts(query);
  if (!alerts) return tl::unexpected(Ending{kEnvironmentFailed, alerts.error().message});
  return std::move(*alerts);
}

core::FigureTable alert_table(const std::vector<core::Alert>& alerts) {
  core::FigureTable table{{"client",
                           "profile",
                           "alert",
                           "queue",
                           "state",
                           "severity",
                           "started",
                           "resolved",
                           "figure",
                           "window",
                           "value",
                           "volume",
                           "target",
                           "oldest_wait_s",
                           "agents_available",
                           "misses_left",
                           "summary",
                           "action",
                           "outcome",
                           "began",
                           "sent",
                           "acknowledged_by",
                           "acknowledged_because",
                           "id"},
                          {}};
  for (const core::Alert& a : alerts) {
    const auto text = [](const std::string& t) { return t.empty() ? core::Value{} : core::printable(t); };
    table.rows.push_back({a.key.client,
                          a.key.profile,
                          a.key.name,
                          a.key.queue,
                          a.resolved ? "resolved" : "firing",
                          a.severity,
                          core::format_rfc3339(a.started),
                          a.resolved ? core::Value(core::format_rfc3339(*a.resolved)) : core::Value{},
                          a.figure,
                          text(a.window),
                          fact_of(a, "value"),
                          fact_of(a, "volume"),
                          fact_of(a, "target"),
                          fact_of(a, "oldest_wait_s"),
                          fact_of(a, "agents_available"),
                          fact_of(a, "misses_left"),
                          core::printable(a.summary),
                          core::printable(a.action),
                          text(a.outcome),
                          core::format_rfc3339(a.began),
                          a.announced ? "yes" : "muted",
                          text(a.acknowledged ? a.acknowledged->by : ""),
                          text(a.acknowledged ? a.acknowledged->reason : ""),
                          a.id});
  }
  return table;
}

core::FigureTable mute_table(const std::vector<core::Mute>& mutes) {
  core::FigureTable table{{"id", "client", "profile", "alert", "queue", "made", "until", "by", "reason"}, {}};
  for (const core::Mute& m : mutes) {
    table.rows.push_back({m.id, m.key.client, m.key.profile, m.key.name, m.key.queue, wall_text(m.made),
                          wall_text(m.until), m.by, m.reason});
  }
  return table;
}

tl::expected<core::FigureTable, std::string> operate(Pipeline& pipeline, const core::AlertOperation& operation) {
  tl::expected<core::FigureTable, std::string> answer = tl::unexpected(std::string("nobody watches for alerts here"));
  pipeline.read([&](Floor&) {
    if (pipeline.health().finished && !std::holds_alternative<core::ListMutes>(operation)) {
      answer = tl::unexpected(std::string("the input has ended: nothing is kept any more"));
    } else if (pipeline.alerting() != nullptr) {
      answer = std::visit(Desk(*pipeline.alerting(), system_wall_clock()), operation);
    }
  });
  return answer;
}

}  // namespace app
