#include "processors/lead_view.h"

#include <algorithm>

namespace processors {
namespace {

/// Attempts at or before `until`; one at most `gap` after the one just before it does not count again.
std::int32_t count_attempts(std::span<const core::EventTime> attempts, core::EventTime until, core::Millis gap) {
  std::int32_t counted = 0;
  for (std::size_t i = 0; i < attempts.size() && attempts[i] <= until; ++i) {
    if (i == 0 || attempts[i] - attempts[i - 1] > gap) ++counted;
  }
  return counted;
}

}  // namespace

std::optional<LeadView> view_of(const AttributeRecord& record, Rules& rules, core::Names& names) {
  const auto created = record.at(Milestone::kCreated);
  if (!created) return std::nullopt;
  LeadView v;
  const auto client = record.field(Field::kClient);
  v.key.a = names.intern(client.empty() ? "default" : client);
  v.key.b = names.intern(record.field(Field::kCampaign));
  v.created = *created;
  v.first_contact = record.at(Milestone::kContacted);
  const auto closed = record.at(Milestone::kClosed);
  v.open = !v.first_contact && !closed;
  const core::ClientConfig& config = rules.client(v.key.a);
  if (!record.attempts().empty()) {
    v.first_attempt = record.attempts().front();
    v.within_target = v.response() <= config.lead_target;
    const auto never = core::EventTime::max();
    v.attempts = count_attempts(record.attempts(), std::min(v.first_contact.value_or(never), closed.value_or(never)),
                                config.redial_gap);
  }
  return v;
}

}  // namespace processors
