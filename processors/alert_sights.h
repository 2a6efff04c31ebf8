// What alert rules watch, at one moment: read off the live figures and the contracts' running periods, so that an alert
// and a gauge of the same name are one number.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/alert.h"
#include "processors/contracts.h"
#include "processors/live_figures.h"

namespace processors {

/// One rule's figure for one queue, or for its client or contract (the queue is empty then). The queue's name is that
/// of the figures that were looked at.
struct AlertSight {
  const core::AlertRule* rule = nullptr;
  std::string_view queue{};
  Fraction value{};         ///< Shares and numbers as they are, spans in milliseconds.
  std::int64_t volume = 0;  ///< What a quotient is of.
  bool enough = true;       ///< The volume is not below what the rule or the contract asks for.
};

/// What stands around an alert, for who has to act: of its queue, or of all queues of the client.
struct AlertSurroundings {
  std::int64_t waiting = 0;
  std::optional<core::Millis> oldest_wait{};
  std::optional<std::int64_t> available{};  ///< Agents; absent where nothing says who serves the queue.
};

/// What rules need to have read.
LiveScope live_scope(std::span<const core::AlertRule> rules);
bool need_contracts(std::span<const core::AlertRule> rules);

/// Looks for rules at one moment's figures, which outlive it with everything else that it is given. Confined to one
/// thread.
class AlertLook {
 public:
  AlertLook(const core::FigureConfig& config, const LiveFigures& figures, core::EventTime as_of);

  /// Every figure of the rules that has a value. Rules outlive what is given. `contracts`: the running periods; empty
  /// where no rule needs them.
  std::vector<AlertSight> sights(std::span<const core::AlertRule> rules, std::span<const ContractFigure> contracts);
  AlertSurroundings surroundings(const core::AlertKey& key) const;

 private:
  struct Row {
    std::string_view queue, channel;
    const LiveQueue* live;
  };
  /// A queue with all its channels to which a profile applies.
  struct QueueNow {
    std::string_view name;
    std::int64_t waiting = 0;
    core::EventTime oldest = core::EventTime::max();
    std::int64_t unanswered = 0;
    core::EventTime oldest_unanswered = core::EventTime::max();
    PerWindow<QueueSums> windows;
  };

  void look(const core::AlertRule& rule);
  void of_queue(const core::AlertRule& rule, const QueueNow& now);
  void of_client(const core::AlertRule& rule);
  void of_contract(const core::AlertRule& rule);
  const std::vector<QueueNow>& queues_of(const std::string& client, const core::SlaProfile& profile);
  /// `guarded`: a quotient, of which a few things say little.
  void see(const core::AlertRule& rule, std::string_view queue, Fraction value, bool guarded = false,
           std::int64_t volume = 0);

  const core::FigureConfig& config_;
  const LiveFigures& figures_;
  core::EventTime as_of_;
  std::span<const ContractFigure> contracts_;          ///< While sights() runs.
  std::map<std::string_view, std::vector<Row>> rows_;  ///< by client, in order of the queue
  std::map<const core::SlaProfile*, std::vector<QueueNow>> queues_;
  std::int64_t least_ = 0;  ///< Of the rule that is looked at: the least volume.
  std::vector<AlertSight> sights_;
};

}  // namespace processors
