#include "sinks/alerts/alert_text.h"

#include <algorithm>

#include "core/json_text.h"

namespace sinks {
namespace {

using core::Alert;
using core::AlertStage;

core::EventTime as_event(core::WallTime time) { return core::EventTime{time.time_since_epoch()}; }

/// A JSON object, member by member.
class Object {
 public:
  explicit Object(std::string& out) : out_(out) { out_ += '{'; }
  void text(std::string_view name, std::string_view value) {
    raw(name, "");
    core::append_json_string(out_, value);
  }
  void time(std::string_view name, core::EventTime value) { text(name, core::format_rfc3339(value)); }
  /// `json`: as it stands.
  void raw(std::string_view name, std::string_view json) {
    if (!first_) out_ += ',';
    first_ = false;
    core::append_json_string(out_, name);
    out_ += ':';
    out_ += json;
  }
  void end() { out_ += '}'; }

 private:
  std::string& out_;
  bool first_ = true;
};

std::string_view status_of(AlertStage stage) { return core::kAlertStageWords[core::index(stage)]; }

/// Labels name the alert for as long as it fires, so nothing that changes is among them.
void write_labels(std::string& out, const Alert& alert) {
  Object labels(out);
  labels.text("alertname", alert.key.name);
  if (!alert.key.client.empty()) labels.text("client", alert.key.client);
  if (!alert.key.profile.empty()) labels.text("profile", alert.key.profile);
  if (!alert.key.queue.empty()) labels.text("queue", alert.key.queue);
  labels.text("severity", alert.severity);
  labels.text("sender", "floorwatch");
  labels.end();
}

void write_annotations(std::string& out, const Alert& alert) {
  Object annotations(out);
  annotations.text("summary", alert.summary);
  annotations.text("action", alert.action);
  if (!alert.outcome.empty()) annotations.text("outcome", alert.outcome);
  annotations.text("id", alert.id);
  annotations.text("figure", alert.figure);
  if (!alert.window.empty()) annotations.text("window", alert.window);
  annotations.text("started", core::format_rfc3339(alert.started));
  for (const core::AlertFact& fact : alert.facts) annotations.text(fact.name, fact.value);
  annotations.end();
}

}  // namespace

std::string delivery_id(const core::AlertMessage& message) {
  return message.id + '-' + std::string(status_of(message.stage));
}

std::string alert_json(const core::AlertDelivery& delivery, const std::string& link) {
  const Alert& alert = delivery.alert;
  const bool resolved = delivery.message.stage == AlertStage::kResolved;
  std::string out;
  Object json(out);
  json.text("id", alert.id);
  json.text("status", status_of(delivery.message.stage));
  json.text("client", alert.key.client), json.text("profile", alert.key.profile);
  json.text("alert", alert.key.name), json.text("queue", alert.key.queue);
  json.text("severity", alert.severity), json.text("figure", alert.figure), json.text("window", alert.window);
  json.time("began", alert.began), json.time("started", alert.started);
  resolved&& alert.resolved ? json.time("resolved", *alert.resolved) : json.raw("resolved", "null");
  json.text("summary", alert.summary), json.text("action", alert.action);
  json.text("outcome", resolved ? alert.outcome : "");
  std::string facts;
  Object of_entering(facts);
  for (const core::AlertFact& fact : alert.facts) of_entering.raw(fact.name, fact.value);
  of_entering.end();
  json.raw("facts", facts);
  json.text("link", link);
  json.end();
  return out;
}

std::string alert_cloud_event(const core::AlertDelivery& delivery, const std::string& link) {
  const Alert& alert = delivery.alert;
  const bool resolved = delivery.message.stage == AlertStage::kResolved;
  std::string out;
  Object json(out);
  json.text("specversion", "1.0");
  json.text("id", delivery_id(delivery.message));
  json.text("source", link);
  json.text("type", resolved ? "alert.resolved" : "alert.firing");
  json.time("time", resolved ? alert.resolved.value_or(alert.started) : alert.started);
  json.text("subject", alert.id);
  json.text("datacontenttype", "application/json");
  json.raw("data", alert_json(delivery, link));
  json.end();
  return out;
}

std::string alertmanager_json(std::span<const AlertmanagerAlert> alerts, core::WallTime until,
                              const std::string& link) {
  std::string out = "[";
  for (const auto& [alert, stage] : alerts) {
    if (out.size() > 1) out += ',';
    Object json(out);
    json.raw("labels", "");
    write_labels(out, *alert);
    json.raw("annotations", "");
    write_annotations(out, *alert);
    // Event time may run ahead of the wall clock, by which Alertmanager forgets.
    const core::EventTime starts = std::min(alert->started, as_event(alert->entered_at));
    json.time("startsAt", starts);
    // It refuses an end before the begin, as of a wall clock that was set back.
    const core::WallTime ends = stage == AlertStage::kResolved ? alert->left_at.value_or(alert->entered_at) : until;
    json.time("endsAt", std::max(starts, as_event(ends)));
    json.text("generatorURL", link);
    json.end();
  }
  return out + ']';
}

}  // namespace sinks
