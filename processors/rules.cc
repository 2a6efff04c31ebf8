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
  const auto& profile = client(queue_key.a).sla;
  if (!profile || begin < profile->valid_from || !profile->entries[core::index(entry)]) return kDefault;
  auto [it, fresh] = profile_applies_.try_emplace(queue_key, false);
  if (fresh) {
    const auto fits = [&](const std::set<std::string>& allowed, core::NameId name) {
      return allowed.empty() || allowed.contains(std::string(names_->text(name)));
    };
    it->second = fits(profile->queues, queue_key.b) && fits(profile->channels, queue_key.c);
  }
  return it->second ? profile->version : kDefault;
}

bool Rules::sends_wrap(core::NameId source) {
  signed char& known = slot(sends_wrap_, source);
  if (known == 0) known = config_->sources_without_wrap.contains(names_->text(source)) ? -1 : 1;
  return known > 0;
}

}  // namespace processors
