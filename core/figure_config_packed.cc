#include "core/figure_config.h"
#include "core/packed.h"

namespace core {
namespace {

void write(PackedWriter& out, Millis span) { out.signed_number(span.count()); }
Millis read_span(PackedReader& in) { return Millis{in.signed_number()}; }

template <typename Texts>
void write_texts(PackedWriter& out, const Texts& texts) {
  out.number(texts.size());
  for (const auto& text : texts) out.text(text);
}
template <typename Insert>
void read_texts(PackedReader& in, Insert&& insert) {
  for (std::size_t n = in.count(); n > 0; --n) insert(std::string(in.text()));
}

template <std::size_t N>
void write_flags(PackedWriter& out, const std::array<bool, N>& flags) {
  for (const bool flag : flags) out.byte(flag ? 1 : 0);
}
template <std::size_t N>
void read_flags(PackedReader& in, std::array<bool, N>& flags) {
  for (bool& flag : flags) flag = in.byte() != 0;
}

/// What follows a client's time zone. Stores of before several profiles have one at most, with one version.
enum class Profiles : std::uint8_t { kNone, kOne, kList };

void write(PackedWriter& out, const SlaVersion& version) {
  out.signed_number(to_ms(version.valid_from));
  out.byte(static_cast<std::uint8_t>(version.formula));
  write(out, version.threshold);
  write(out, version.short_abandon);
  write_flags(out, version.abandoned);
  out.byte(static_cast<std::uint8_t>(version.basis));
}

SlaVersion read_version(PackedReader& in) {
  SlaVersion version;
  version.valid_from = event_time(in.signed_number());
  const std::uint8_t formula = in.byte();
  if (formula >= kFormulaWords.size()) throw CorruptState("an unknown formula");
  version.formula = static_cast<Formula>(formula);
  version.threshold = read_span(in);
  version.short_abandon = read_span(in);
  read_flags(in, version.abandoned);
  version.basis = in.byte() == 0 ? Basis::kArrival : Basis::kEvent;
  return version;
}

void write(PackedWriter& out, const std::vector<SlaProfile>& profiles) {
  if (profiles.empty()) return out.byte(static_cast<std::uint8_t>(Profiles::kNone));
  out.byte(static_cast<std::uint8_t>(Profiles::kList));
  out.number(profiles.size());
  for (const SlaProfile& profile : profiles) {
    out.text(profile.name);
    write_texts(out, profile.channels);
    write_texts(out, profile.queues);
    write_flags(out, profile.entries);
    out.number(profile.versions.size());
    for (const SlaVersion& version : profile.versions) write(out, version);
  }
}

SlaProfile read_profile(PackedReader& in, Profiles kind) {
  SlaProfile profile;
  profile.name = in.text();
  read_texts(in, [&](std::string text) { profile.channels.insert(std::move(text)); });
  read_texts(in, [&](std::string text) { profile.queues.insert(std::move(text)); });
  read_flags(in, profile.entries);
  for (std::size_t n = kind == Profiles::kList ? in.count() : 1; n > 0; --n) {
    profile.versions.push_back(read_version(in));
  }
  return profile;
}

std::vector<SlaProfile> read_profiles(PackedReader& in) {
  const std::uint8_t byte = in.byte();
  if (byte > static_cast<std::uint8_t>(Profiles::kList))
    throw CorruptState("an unknown form of service level profiles");
  const auto kind = static_cast<Profiles>(byte);
  std::vector<SlaProfile> profiles;
  if (kind == Profiles::kNone) return profiles;
  for (std::size_t n = kind == Profiles::kList ? in.count() : 1; n > 0; --n) {
    profiles.push_back(read_profile(in, kind));
  }
  return profiles;
}

}  // namespace

std::string pack(const FigureConfig& config) {
  std::string bytes;
  PackedWriter out(bytes);
  out.number(config.queue_client.size());
  for (const auto& [queue, client] : config.queue_client) out.text(queue), out.text(client);
  out.number(config.clients.size());
  for (const auto& [name, client] : config.clients) {
    out.text(name);
    out.text(client.timezone);
    write(out, client.sla);
    write(out, client.lead_target), write(out, client.redial_gap);
    write_texts(out, client.required_costs);
  }
  write_texts(out, config.sources_without_wrap);
  const GiveUp& give_up = config.give_up_after;
  for (const Millis span : {give_up.voice, give_up.chat, give_up.email, give_up.segment, give_up.agent_state}) {
    write(out, span);
  }
  return bytes;
}

FigureConfig unpack_figure_config(std::string_view bytes) {
  PackedReader in(bytes);
  FigureConfig config;
  for (std::size_t n = in.count(); n > 0; --n) {
    std::string queue(in.text());
    config.queue_client.emplace(std::move(queue), in.text());
  }
  for (std::size_t n = in.count(); n > 0; --n) {
    ClientConfig& client = config.clients[std::string(in.text())];
    client.timezone = in.text();
    client.sla = read_profiles(in);
    client.lead_target = read_span(in), client.redial_gap = read_span(in);
    read_texts(in, [&](std::string text) { client.required_costs.push_back(std::move(text)); });
  }
  read_texts(in, [&](std::string text) { config.sources_without_wrap.insert(std::move(text)); });
  GiveUp& give_up = config.give_up_after;
  for (Millis* span : {&give_up.voice, &give_up.chat, &give_up.email, &give_up.segment, &give_up.agent_state}) {
    *span = read_span(in);
  }
  return config;
}

}  // namespace core
