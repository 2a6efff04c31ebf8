#include "tests/support/prometheus.h"

#include <signal.h>
#include <simdjson.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>

#include "tests/support/http_client.h"
#include "tests/support/process.h"

namespace test_support {
namespace {

using Clock = std::chrono::steady_clock;

std::string url_encoded(const std::string& text) {
  std::string out;
  for (const char c : text) {
    std::array<char, 4> escape;
    std::snprintf(escape.data(), escape.size(), "%%%02X", static_cast<unsigned char>(c));
    out += escape.data();
  }
  return out;
}

std::vector<PrometheusSample> parse(const std::string& body) {
  simdjson::dom::parser parser;
  const simdjson::dom::element answer = parser.parse(body);
  if (std::string_view(answer["status"]) != "success") throw std::runtime_error("prometheus refused: " + body);
  std::vector<PrometheusSample> samples;
  for (const simdjson::dom::element series : answer["data"]["result"]) {
    PrometheusSample sample;
    for (const auto [name, value] : simdjson::dom::object(series["metric"])) {
      sample.labels.emplace(name, std::string_view(value));
    }
    sample.value = std::strtod(std::string(std::string_view(series["value"].at(1))).c_str(), nullptr);
    samples.push_back(std::move(sample));
  }
  return samples;
}

}  // namespace

bool prometheus_installed() {
  return access("/usr/bin/prometheus", X_OK) == 0 && access("/usr/bin/promtool", X_OK) == 0;
}

std::string promtool_complaints(const std::string& page) {
  const TempDir folder;
  const std::string command = "/usr/bin/promtool check metrics < " + folder.write("page", page) + " 2>&1";
  const std::unique_ptr<FILE, int (*)(FILE*)> output(popen(command.c_str(), "r"), pclose);
  if (!output) throw std::runtime_error("cannot run promtool");
  std::string all;
  std::array<char, 4096> buffer;
  while (const std::size_t size = fread(buffer.data(), 1, buffer.size(), output.get())) all.append(buffer.data(), size);
  return all;
}

Prometheus::Prometheus(std::uint16_t target_port, std::string rules) : port_(static_cast<std::uint16_t>(free_port())) {
  std::string config =
      "scrape_configs:\n  - job_name: floorwatch\n    scrape_interval: 1s\n    scrape_timeout: 1s\n"
      "    static_configs: [{targets: [\"127.0.0.1:" +
      std::to_string(target_port) + "\"]}]\n";
  if (!rules.empty()) config = "rule_files: [\"" + folder_.write("rules.yml", rules) + "\"]\n" + config;
  folder_.write("prometheus.yml", config);
  process_ = std::make_unique<Process>(
      std::vector<std::string>{"/usr/bin/prometheus", "--config.file=" + (folder_ / "prometheus.yml"),
                               "--storage.tsdb.path=" + (folder_ / "data"),
                               "--web.listen-address=127.0.0.1:" + std::to_string(port_), "--log.level=warn",
                               "--query.lookback-delta=1m"},
      folder_ / "log");
  const auto deadline = Clock::now() + std::chrono::seconds(30);
  while (Clock::now() < deadline && !process_->ends_within(core::Millis{50})) {
    try {
      if (http_get(port_, "/-/ready").status == 200) return;
    } catch (const std::runtime_error&) {
      // It does not listen yet.
    }
  }
  throw std::runtime_error("prometheus does not come up: " + log());
}

Prometheus::~Prometheus() {
  if (!process_ || !process_->running()) return;
  process_->signal(SIGTERM);
  process_->ends_within(core::Millis{10'000});
}

std::vector<PrometheusSample> Prometheus::query(const std::string& expression) {
  return parse(http_get(port_, "/api/v1/query?query=" + url_encoded(expression)).body);
}

std::vector<PrometheusSample> Prometheus::wait_for(const std::string& expression, int seconds) {
  const auto deadline = Clock::now() + std::chrono::seconds(seconds);
  auto samples = query(expression);
  while (samples.empty() && Clock::now() < deadline) {
    if (process_->ends_within(core::Millis{100})) throw std::runtime_error("prometheus has ended: " + log());
    samples = query(expression);
  }
  return samples;
}

}  // namespace test_support
