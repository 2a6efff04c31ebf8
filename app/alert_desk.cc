#include "app/alert_desk.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace app {

using core::Alert;
using core::AlertKey;
using core::AlertStage;
using core::WallTime;

std::vector<core::AlertMessage> AlertDesk::restore(core::AlertState state) {
  for (Alert& alert : state.alerts) {
    if (alert.resolved) continue;
    const AlertKey key = alert.key;
    open_[key] = std::move(alert);
  }
  mutes_ = std::move(state.mutes);
  std::vector<core::AlertMessage> to_send;
  for (core::AlertMessage& message : state.to_send) {
    const bool known = std::ranges::find(channels_, message.channel) != channels_.end();
    if (!known) changes_.sent.push_back(message);  // Nobody will send it: the store forgets it.
    if (known) to_send.push_back(std::move(message));
  }
  return to_send;
}

void AlertDesk::enter(Alert alert, WallTime now) {
  alert.entered_at = now;
  alert.announced = !muted(alert.key, now);
  if (alert.announced) tell(alert, AlertStage::kFiring);
  note(alert);
  open_[alert.key] = std::move(alert);
}

void AlertDesk::leave(const AlertKey& key, core::EventTime at, WallTime now, std::string outcome) {
  const auto found = open_.find(key);
  if (found == open_.end()) return;
  Alert alert = std::move(found->second);
  open_.erase(found);
  alert.resolved = std::max(at, alert.started);
  alert.left_at = now;
  alert.outcome = std::move(outcome);
  if (alert.announced) tell(alert, AlertStage::kResolved);
  note(alert);
}

void AlertDesk::end_mutes(WallTime now) {
  if (std::erase_if(mutes_, [&](const core::Mute& mute) { return mute.until <= now; }) == 0) return;
  changes_.mutes = mutes_;
  tell_unmuted(now);
}

void AlertDesk::tell_unmuted(WallTime now) {
  for (auto& [key, alert] : open_) {
    if (alert.announced || muted(key, now)) continue;
    alert.announced = true;
    tell(alert, AlertStage::kFiring);
    note(alert);
  }
}

tl::expected<Alert, std::string> AlertDesk::acknowledge(const std::string& id, Alert::Acknowledgement by) {
  const auto found = std::ranges::find_if(open_, [&](const auto& one) { return one.second.id == id; });
  if (found == open_.end()) return tl::unexpected(fmt::format("no alert that fires has the id {}", id));
  Alert& alert = found->second;
  if (alert.acknowledged) {
    return tl::unexpected(
        fmt::format("{} has acknowledged it already: {}", alert.acknowledged->by, alert.acknowledged->reason));
  }
  alert.acknowledged = std::move(by);
  note(alert);
  return alert;
}

core::Mute AlertDesk::mute(core::Mute mute) {
  mute.id = core::alert_id(mute.key, core::EventTime{mute.made.time_since_epoch()}).substr(0, 16);
  std::erase_if(mutes_, [&](const core::Mute& other) { return other.key == mute.key; });
  mutes_.push_back(mute);
  changes_.mutes = mutes_;
  return mute;
}

tl::expected<core::Mute, std::string> AlertDesk::unmute(const std::string& id, WallTime now) {
  const auto found = std::ranges::find(mutes_, id, &core::Mute::id);
  if (found == mutes_.end()) return tl::unexpected(fmt::format("no mute has the id {}", id));
  core::Mute mute = *found;
  mutes_.erase(found);
  changes_.mutes = mutes_;
  tell_unmuted(now);
  return mute;
}

std::vector<AlertKey> AlertDesk::keys() const {
  std::vector<AlertKey> keys;
  for (const auto& [key, alert] : open_) keys.push_back(key);
  return keys;
}

bool AlertDesk::muted(const AlertKey& key, WallTime now) const {
  return std::ranges::any_of(mutes_, [&](const core::Mute& mute) { return mute.until > now && mute.covers(key); });
}

void AlertDesk::tell(const Alert& alert, AlertStage stage) {
  for (const std::string& channel : channels_) changes_.to_send.push_back({alert.id, stage, channel});
}

void AlertDesk::note(const Alert& alert) {
  const auto [known, fresh] = noted_.try_emplace(alert.id, changes_.alerts.size());
  if (fresh) {
    changes_.alerts.push_back(alert);
  } else {
    changes_.alerts[known->second] = alert;
  }
}

}  // namespace app
