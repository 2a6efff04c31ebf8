#include "processors/rules.h"

namespace processors {

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

const core::SlaVersion& Rules::sla(const CellKey& queue_key, core::Entry entry, core::EventTime begin) {
  static constexpr core::SlaVersion kDefault{};
  const auto& profiles = client(queue_key.a).sla;
  if (profiles.empty()) return kDefault;
  const auto [applying, fresh] = applying_.try_emplace(queue_key);
  if (fresh) {
    for (const core::SlaProfile& profile : profiles) {
      if (profile.applies_to(names_->text(queue_key.b), names_->text(queue_key.c)))
        applying->second.push_back(&profile);
    }
  }
  for (const core::SlaProfile* profile : applying->second) {
    if (!profile->entries[core::index(entry)]) continue;
    if (const core::SlaVersion* version = profile->in_force(begin)) return *version;
  }
  return kDefault;
}

bool Rules::sends_wrap(core::NameId source) {
  signed char& known = slot(sends_wrap_, source);
  if (known == 0) known = config_->sources_without_wrap.contains(names_->text(source)) ? -1 : 1;
  return known > 0;
}

}  // namespace processors
