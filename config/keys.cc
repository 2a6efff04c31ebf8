#include "config/keys.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "config/client_keys.h"
#include "config/key_makers.h"
#include "config/values.h"
#include "core/event.h"
#include "core/time.h"

namespace config {
namespace {

constexpr std::array<std::string_view, 2> kStarts = {"earliest", "latest"};
constexpr std::array<std::string_view, 5> kLogLevels = {"trace", "debug", "info", "warning", "error"};
constexpr std::array<std::string_view, 2> kLogFormats = {"text", "json"};

constexpr std::array kFirstKeys = {
    list("sources", "Where events come from. `run` needs at least one.", "a list of sources"),
    Key{.path = "sources[].name",
        .kind = Kind::kText,
        .meaning = "Names the source in the store, in dead letters and in labels; unique, and never to be changed.",
        .low = 1,
        .high = 64,
        .required = true,
        .allowed = "1 to 64 letters, digits, \"-\", \"_\" or \".\""},
    section("sources[].kafka", "Topics of Kafka. A source has either `kafka` or `file`."),
    required_text("sources[].kafka.brokers", kTextBytes, "host:port, several with commas between."),
    texts("sources[].kafka.topics", "", 1, "The topics to read, all partitions of each.", true),
    text("sources[].kafka.group", "floorwatch", kNameBytes, "Consumer group to which offsets are told, for lag tools."),
    Key{.path = "sources[].kafka.properties",
        .kind = Kind::kProperties,
        .meaning = "Further properties of librdkafka, such as security.protocol or sasl.password.",
        .allowed = "a mapping from property names to a value or a secret, {env: NAME} or {file: PATH}"},
    section("sources[].file", "A log file, one event a line."),
    required_text("sources[].file.path", kTextBytes, "The file; .gz and .zst are unpacked."),
    flag("sources[].file.follow", "true", "Wait for more at the end of the file, as it grows."),
    Key{.path = "sources[].format",
        .kind = Kind::kText,
        .fallback = kFormats[0],
        .meaning = "What the messages or lines are written in.",
        .low = 1,
        .high = kNameBytes,
        .allowed = "canonical, asterisk-queue-log"},
    word("sources[].start", "earliest", kStarts, "Where a new store begins to read."),
    duration("sources[].allowed_lateness", "30s", 0, 7 * kDay,
             "How long after an interval's end its events may still come before it is final."),
    duration("sources[].clock_skew", "5m", 0, kDay,
             "Events further than this ahead of the clock are dead letters (live only)."),
    other(Kind::kZone, "sources[].timezone", "UTC", "Of times that a format writes without an offset."),
    flag("sources[].sends_wrap", "true",
         "Whether the source sends the end of wrap-up; if not, a segment is complete when the contact ends. "
         "The default is false for asterisk-queue-log."),
    later("sources[].derive_states", "Agents' states taken from segments."),

    section("store", "Where state and figures are kept."),
    Key{.path = "store.url",
        .kind = Kind::kText,
        .fallback = "sqlite:floorwatch.db",
        .meaning = "The store.",
        .low = 1,
        .high = kTextBytes,
        .allowed = "sqlite:PATH"},
    duration("store.commit_interval", "500ms", 10 * kMillisecond, kMinute, "Time between two commits."),
    duration("store.keep_contacts", "92d", kDay, 10 * kYear,
             "How long single contacts are kept after their last event; what they added to figures stays (live only)."),
    ranged(Kind::kWhole, "store.shards", "8", 1, 64,
           "Parts of the state, each owned by one thread. Only used when a store is made."),

    section("dead_letters", "How much of what was rejected is kept; beyond it the oldest are dropped, and counted."),
    ranged(Kind::kSize, "dead_letters.max_size", "64MiB", kMiB, kTiB, "What they may take in the store."),
    duration("dead_letters.max_age", "92d", kHour, 10 * kYear, "How long each is kept."),

    section("memory", "Limits of memory."),
    ranged(Kind::kSize, "memory.records", "200MiB", kMiB, kTiB,
           "What contacts may take in memory; beyond it those at rest are kept in the store alone, and come back for a "
           "late event."),

    section("give_up_after", "Age beyond which what never ended is no longer waiting, talking or staffed."),
    duration("give_up_after.voice", "4h", kSecond, kYear, "Visits of every channel but chat and email."),
    duration("give_up_after.chat", "24h", kSecond, kYear, "Visits of channel chat."),
    duration("give_up_after.email", "14d", kSecond, kYear, "Visits of channel email."),
    duration("give_up_after.segment", "8h", kSecond, kYear, "An agent's part of a contact."),
    duration("give_up_after.agent_state", "16h", kSecond, kYear, "A state of an agent."),

    section("http", "The program's own pages: /metrics, /healthz, /readyz, /api/v1, the wallboard."),
    other(Kind::kAddress, "http.listen", "127.0.0.1:9464", "Where to listen; port 0 takes any free one."),
    later("http.tls", "Certificates for HTTPS."),
    later("http.tokens", "Tokens, each bound to clients."),

    section("metrics", "What /metrics shows."),
    flag("metrics.agents", "false", "Series per agent as well."),
    ranged(Kind::kWhole, "metrics.max_series", "200000", 1, 10'000'000,
           "Limit on series; what goes beyond it is counted."),

};

constexpr std::array kLastKeys = {
    section("logging", "The program's own log, on standard error."),
    word("logging.level", "info", kLogLevels, "The least serious messages that are shown."),
    word("logging.format", "text", kLogFormats, "How they are written."),
    ranged(Kind::kWhole, "threads", "0", 0, 256, "Worker threads; 0 takes as many as there are cores."),
};

template <std::size_t... Sizes>
constexpr auto joined(const std::array<Key, Sizes>&... parts) {
  std::array<Key, (Sizes + ...)> all{};
  std::size_t next = 0;
  const auto append = [&](const auto& part) {
    for (const Key& key : part) all[next++] = key;
  };
  (append(parts), ...);
  return all;
}
constexpr auto kKeys = joined(kFirstKeys, kClientKeys, kLastKeys);

std::string_view parent(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  return dot == std::string_view::npos ? std::string_view{} : path.substr(0, dot);
}

std::string span_words(std::int64_t milliseconds) { return core::format_duration(core::Millis{milliseconds}); }

}  // namespace

std::span<const Key> keys() { return kKeys; }

const Key* find_key(std::string_view path) {
  const auto found = std::ranges::find(kKeys, path, &Key::path);
  return found == kKeys.end() ? nullptr : &*found;
}

std::string_view leaf(const Key& key) { return key.path.substr(key.path.rfind('.') + 1); }

std::vector<const Key*> keys_below(std::string_view path) {
  std::vector<const Key*> below;
  for (const Key& key : kKeys) {
    if (parent(key.path) == path) below.push_back(&key);
  }
  return below;
}

std::string allowed_values(const Key& key) {
  if (!key.allowed.empty()) return std::string(key.allowed);
  switch (key.kind) {
    case Kind::kSection:
      return "a mapping of keys";
    case Kind::kSections:
      return "a list";
    case Kind::kNamedSections:
      return "a mapping from names";
    case Kind::kText:
      return fmt::format("text of 1 to {} bytes without control characters", key.high);
    case Kind::kTexts:
      return fmt::format("a list of names of 1 to {} bytes without control characters{}", key.high,
                         key.low > 0 ? ", at least one" : "");
    case Kind::kWord:
      return fmt::format("one of {}", fmt::join(key.words, ", "));
    case Kind::kWords:
      return fmt::format("a list of at least one of {}", fmt::join(key.words, ", "));
    case Kind::kWhole:
      return fmt::format("a whole number from {} to {}", key.low, key.high);
    case Kind::kFlag:
      return "true or false";
    case Kind::kDuration:
      return fmt::format("a duration from {} to {}, such as 20s", span_words(key.low), span_words(key.high));
    case Kind::kSize:
      return fmt::format("a size from {} to {}, such as 64MiB", format_size(key.low), format_size(key.high));
    case Kind::kDate:
      return "a date such as 2026-01-01";
    case Kind::kZone:
      return "an IANA time zone such as Europe/Kyiv";
    case Kind::kAddress:
      return "host:port, such as 127.0.0.1:9464 or [::1]:9464";
    case Kind::kSecret:
      return "text, {env: NAME} or {file: PATH}";
    case Kind::kProperties:
      return "a mapping from names to values";
    case Kind::kHours:
      return "a mapping from days or ranges of days to lists of hours, such as mon-fri: [\"08:00-20:00\"]";
    case Kind::kLater:
      return "nothing yet";
  }
  return {};
}

}  // namespace config
