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

void write(PackedWriter& out, const SlaProfile& profile) {
  out.text(profile.name);
  write_texts(out, profile.channels);
  write_texts(out, profile.queues);
  write_flags(out, profile.entries);
  out.signed_number(to_ms(profile.valid_from));
  out.byte(static_cast<std::uint8_t>(profile.version.formula));
  write(out, profile.version.threshold);
  write(out, profile.version.short_abandon);
  write_flags(out, profile.version.abandoned);
  out.byte(static_cast<std::uint8_t>(profile.version.basis));
}

SlaProfile read_profile(PackedReader& in) {
  SlaProfile profile;
  profile.name = in.text();
  read_texts(in, [&](std::string text) { profile.channels.insert(std::move(text)); });
  read_texts(in, [&](std::string text) { profile.queues.insert(std::move(text)); });
  read_flags(in, profile.entries);
  profile.valid_from = event_time(in.signed_number());
  const std::uint8_t formula = in.byte();
  if (formula >= kFormulaWords.size()) throw CorruptState("an unknown formula");
  profile.version.formula = static_cast<Formula>(formula);
  profile.version.threshold = read_span(in);
  profile.version.short_abandon = read_span(in);
  read_flags(in, profile.version.abandoned);
  profile.version.basis = in.byte() == 0 ? Basis::kArrival : Basis::kEvent;
  return profile;
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
    out.byte(client.sla ? 1 : 0);
    if (client.sla) write(out, *client.sla);
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
    if (in.byte() != 0) client.sla = read_profile(in);
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
