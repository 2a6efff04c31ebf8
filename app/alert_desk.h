// The alerts that are open, who is to be told of them, and what of it the next commit keeps.
//
// An alert is told of once when it enters and once when it leaves, each to every channel. A mute holds that back: what
// is still firing when the mute ends is told of then, and the end of what nobody was told of is not.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/alert.h"
#include "core/result.h"

namespace app {

/// Confined to the pipeline's thread.
class AlertDesk {
 public:
  /// `channels`: those that are configured; messages for others are dropped.
  explicit AlertDesk(std::vector<std::string> channels) : channels_(std::move(channels)) {}

  /// What a store had. Gives back the messages that are to be sent still.
  std::vector<core::AlertMessage> restore(core::AlertState state);

  void enter(core::Alert alert, core::WallTime now);
  void leave(const core::AlertKey& key, core::EventTime at, core::WallTime now, std::string outcome);
  /// Drops mutes that are over, and tells of what fires and was muted.
  void end_mutes(core::WallTime now);
  /// For the next commit: where `pending` has changed.
  void set_pending(std::vector<core::PendingAlert> pending) { changes_.pending = std::move(pending); }
  void sent(core::AlertMessage message) { changes_.sent.push_back(std::move(message)); }

  /// The error says what is wrong, for who asked.
  tl::expected<core::Alert, std::string> acknowledge(const std::string& id, core::Alert::Acknowledgement by);
  /// The mute as it is kept, with its id.
  core::Mute mute(core::Mute mute);
  tl::expected<core::Mute, std::string> unmute(const std::string& id, core::WallTime now);

  const std::map<core::AlertKey, core::Alert>& open() const { return open_; }
  const std::vector<core::Mute>& mutes() const { return mutes_; }
  std::vector<core::AlertKey> keys() const;

  /// Something is to be told, which waits for the commit.
  bool urgent() const { return !changes_.to_send.empty(); }
  bool changed() const { return !changes_.empty(); }
  core::AlertChanges take() {
    noted_.clear();
    return std::exchange(changes_, {});
  }

 private:
  bool muted(const core::AlertKey& key, core::WallTime now) const;
  void tell(const core::Alert& alert, core::AlertStage stage);
  void tell_unmuted(core::WallTime now);
  /// Into the next commit, in place of what it had of this alert.
  void note(const core::Alert& alert);

  std::vector<std::string> channels_;
  std::map<core::AlertKey, core::Alert> open_;
  std::vector<core::Mute> mutes_;
  core::AlertChanges changes_;
  std::map<std::string, std::size_t> noted_;  ///< ids of the alerts in changes_, and their places
};

}  // namespace app
