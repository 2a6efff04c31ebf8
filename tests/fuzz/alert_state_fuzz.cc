// Any bytes as the rows of alerts in a store, which people may write with SQL and no checksum covers: refused as
// damaged, or alerts that can be told to every receiver, listed and watched on.
#include <algorithm>
#include <boost/json.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "processors/alert_states.h"
#include "sinks/alerts/alert_text.h"
#include "sinks/store/alert_table.h"
#include "sinks/store/sqlite_schema.h"

namespace {

/// Values out of the input, one after another; none are left at its end.
class Input {
 public:
  Input(const std::uint8_t* bytes, std::size_t size) : rest_(reinterpret_cast<const char*>(bytes), size) {}

  bool at_end() const { return rest_.empty(); }
  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const auto value = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }
  std::string_view text() {
    const std::size_t size = std::min<std::size_t>(byte() % 32, rest_.size());
    const std::string_view text = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return text;
  }
  std::int64_t integer() {
    std::uint64_t value = 0;
    for (int i = 0; i < 8; ++i) value = value << 8U | byte();
    return static_cast<std::int64_t>(value);
  }

 private:
  std::string_view rest_;
};

sqlite3* database() {
  static const sinks::DatabaseHandle db = [] {
    sqlite3* raw = nullptr;
    if (sqlite3_open(":memory:", &raw) != SQLITE_OK) std::abort();
    if (!sinks::bring_up_to_date(raw, ":memory:", [] { return core::Result<void>{}; })) std::abort();
    return sinks::DatabaseHandle(raw);
  }();
  return db.get();
}

/// A value of any of SQLite's types: a column takes them all.
void bind_any(sinks::Statement& row, int place, Input& input) {
  switch (input.byte() % 4) {
    case 0:
      row.bind_null(place);
      return;
    case 1:
      row.bind(place, input.integer());
      return;
    case 2:
      row.bind_blob(place, input.text());
      return;
    default:
      row.bind(place, input.text());
  }
}

/// Where a column may not be NULL or a row must be another one, it is left out.
void insert(const char* sql, int columns, Input& input) {
  sinks::Statement row;
  if (!sinks::Statement::prepare(database(), sql, row)) std::abort();
  for (int place = 1; place <= columns; ++place) bind_any(row, place, input);
  (void)row.run();
}

void fill(Input& input) {
  for (const char* sql :
       {"DELETE FROM alerts", "DELETE FROM alerts_pending", "DELETE FROM alert_mutes", "DELETE FROM alert_messages"}) {
    if (!sinks::execute(database(), sql)) std::abort();
  }
  while (!input.at_end()) {
    switch (input.byte() % 4) {
      case 0:
        insert("INSERT INTO alerts VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", 21, input);
        break;
      case 1:
        insert("INSERT INTO alerts_pending VALUES(?,?,?,?,?)", 5, input);
        break;
      case 2:
        insert("INSERT INTO alert_mutes VALUES(?,?,?,?,?,?,?,?,?)", 9, input);
        break;
      default:
        insert("INSERT INTO alert_messages(alert, stage, channel) VALUES(?,?,?)", 3, input);
    }
  }
}

void check_json(const std::string& text) {
  boost::system::error_code error;
  boost::json::parse(text, error);
  if (error) std::abort();
}

void tell(const core::Alert& alert) {
  for (const auto stage : {core::AlertStage::kFiring, core::AlertStage::kResolved}) {
    const core::AlertDelivery delivery{{alert.id, stage, "webhook"}, alert};
    check_json(sinks::alert_json(delivery, "link"));
    check_json(sinks::alert_cloud_event(delivery, "link"));
    const sinks::AlertmanagerAlert told{&alert, stage};
    check_json(sinks::alertmanager_json({&told, 1}, core::wall_time(1'772'000'000'000), "link"));
  }
}

/// The state machines go on from it: one figure is seen, all others have gone.
void watch(const core::AlertState& state) {
  std::vector<core::AlertKey> firing;
  for (const core::Alert& alert : state.alerts) firing.push_back(alert.key);
  processors::AlertStates states;
  states.restore(state.pending, firing);
  core::AlertRule rule;
  rule.enter = 100;
  processors::AlertSight sight{&rule};
  if (!state.pending.empty()) {
    const core::AlertKey& key = state.pending.front().key;
    rule.client = key.client, rule.profile = key.profile, rule.name = key.name, sight.queue = key.queue;
  }
  sight.value = {0, 1};
  states.look(core::kEndOfEventTime, {&sight, 1});  // Later than anything that is pending.
  if (!states.pending().empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  Input input(bytes, size);
  fill(input);
  const sinks::AlertTable table(database(), false);
  const auto state = table.state();
  const auto listed = table.read({});
  if (listed) std::ranges::for_each(*listed, tell);
  if (!state) return 0;
  std::ranges::for_each(state->alerts, tell);
  watch(*state);
  for (const core::Mute& mute : state->mutes) {
    if (core::format_rfc3339(core::EventTime{mute.until.time_since_epoch()}).empty()) std::abort();
  }
  return 0;
}
