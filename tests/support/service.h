// `floorwatch run` with a configuration, a log and a store in a folder of their own.
#pragma once

#include <optional>
#include <fstream>
#include <string>
#include <vector>

#include "core/store.h"
#include "sinks/store/sqlite_store.h"
#include "tests/support/command.h"
#include "tests/support/csv_rows.h"
#include "tests/support/http_client.h"
#include "tests/support/served_floor.h"
#include "tests/support/temp_dir.h"

namespace test_support {

/// Confined to one thread. `binary`: the program. Wrong use throws std::runtime_error.
class Service {
 public:
  explicit Service(std::string binary) : binary_(std::move(binary)) {}

  const TempDir& folder() const { return folder_; }
  std::string store() const { return "sqlite:" + (folder_ / "floor.db"); }
  std::string config() const { return folder_ / "config.yaml"; }
  std::string log() const { return folder_ / "log.ndjson"; }
  std::vector<std::string> log_lines() const {
    std::vector<std::string> lines;
    std::ifstream file(log(), std::ios::binary);
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
  }

  /// `sources`: the list's text; the rest of the configuration is quick commits, this store and a free port.
  void configure(const std::string& sources, const std::string& more = {}) const {
    folder_.write("config.yaml", "sources:\n" + sources + "store: {url: \"" + store() +
                                     "\", commit_interval: 50ms}\nhttp: {listen: \"127.0.0.1:0\"}\n" + more);
  }
  /// One source "log": the file log(), followed.
  void follow_log(const std::string& more = {}) const {
    configure("  - name: log\n    file: {path: \"" + log() + "\", follow: true}\n", more);
  }

  ServedFloor run(std::vector<std::string> options = {}) const {
    options.insert(options.begin(), {binary_, "run", "--config", config()});
    return ServedFloor(options, folder_ / "said");
  }
  Ran command(std::vector<std::string> words) const {
    words.insert(words.begin(), binary_);
    return run_command(words);
  }

  std::string digest() const { return digest(store()); }
  /// Without the horizon: a replay has none, and comes to the same state.
  std::string digest(const std::string& store) const {
    const std::string out = command({"digest", "--store", store}).out;
    return out.substr(0, out.find("retained_since="));
  }
  /// The digest of a new store into which the log is replayed with this configuration, undisturbed.
  std::string digest_of_replay(const std::string& name) const {
    const std::string fresh = "sqlite:" + (folder_ / name);
    const Ran ran = command({"replay", "--config", config(), "--store", fresh, "--input", log()});
    if (ran.status != 0) throw std::runtime_error(ran.err);
    return digest(fresh);
  }

  /// The figures of queues, but for what a live store says of its publishing: status and revision.
  std::string figures(const std::string& store, const std::string& every) const {
    const Ran ran = command({"figures", "--store", store, "--every", every, "--format", "csv"});
    if (ran.status != 0) throw std::runtime_error(ran.err);
    std::string text;
    for (auto row : csv_rows(ran.out)) {
      row.erase("status"), row.erase("revision");
      for (const auto& [column, cell] : row) text += cell + ",";
      text += "\n";
    }
    return text;
  }

  /// What the store holds, read beside the running service; nothing while it cannot be read.
  std::optional<core::Progress> progress() const {
    const auto opened = sinks::open_sqlite_store(folder_ / "floor.db", sinks::OpenMode::kRead, {});
    if (!opened) return std::nullopt;
    return (*opened)->progress();
  }
  core::EventCounts counts(const std::string& source) const {
    const auto kept = progress();
    if (!kept || !kept->counts.contains(source)) return {};
    return kept->counts.at(source);
  }
  std::vector<core::DeadLetter> dead_letters() const {
    const auto opened = sinks::open_sqlite_store(folder_ / "floor.db", sinks::OpenMode::kRead, {});
    if (!opened) throw std::runtime_error(opened.error().message);
    return (*opened)->dead_letters({}).value();
  }

 private:
  std::string binary_;
  TempDir folder_;
};

/// A value on /metrics, by the series as it is written there; -1 if it is not there.
inline double metric(std::uint16_t port, const std::string& series) {
  const std::string page = "\n" + http_get(port, "/metrics").body;
  const auto at = page.find("\n" + series + " ");
  return at == std::string::npos ? -1 : std::stod(page.substr(at + series.size() + 2));
}

inline bool is_ready(std::uint16_t port) { return http_get(port, "/readyz").status == 200; }

}  // namespace test_support
