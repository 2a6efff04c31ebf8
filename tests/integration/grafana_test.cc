// Every query of every board in deploy/grafana, asked of Debian's Prometheus, which scrapes a running floorwatch with
// contracts: none is refused, none is empty, and what Grafana does with the answers fits their labels.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <regex>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/event_line.h"
#include "tests/support/http_client.h"
#include "tests/support/prometheus.h"
#include "tests/support/served_floor.h"
#include "tests/support/service.h"
#include "tests/support/shared_data.h"

namespace {

namespace json = boost::json;
using test_support::PrometheusSample;
using Clock = std::chrono::steady_clock;

const std::string kDeploy = FLOORWATCH_SOURCE_DIR "/deploy/";

std::string text_of(const json::object& object, const char* key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

void replace_all(std::string& text, const std::string& what, const std::string& by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

struct Board {
  std::string title;
  json::object root;
};

std::vector<Board> boards() {
  std::vector<Board> all;
  for (const auto& file : std::filesystem::directory_iterator(kDeploy + "grafana/dashboards")) {
    json::object root = json::parse(test_support::read_file(file.path())).as_object();
    std::string title = text_of(root, "title");
    all.push_back({std::move(title), std::move(root)});
  }
  return all;
}

const json::array& variables(const Board& board) { return board.root.at("templating").at("list").as_array(); }
const json::array& panels(const Board& board) { return board.root.at("panels").as_array(); }

/// A floor in the middle of its day, of which more comes while Prometheus looks: two days of a simulated centre, so
/// that contracts have a former day to project from, and what the centre does not send.
class Watched {
 public:
  Watched() {
    run({"generate", "--visits", "6000", "--hours", "48", "--seed", "5", "--bad", "0.001", "--output",
         folder() / "whole.ndjson", "--quiet"});
    std::ifstream whole(folder() / "whole.ndjson");
    for (std::string line; std::getline(whole, line);) lines_.push_back(line);
    written_ = lines_.size() * 7 / 10;
    write_log(0, written_);
    const std::string deployed = test_support::read_file(kDeploy + "floorwatch.yaml");
    // Nobody listens there: alerts wait.
    service_.follow_log("metrics: {agents: true}\nalerting: {webhook: [\"http://127.0.0.1:1/\"]}\n" +
                        deployed.substr(deployed.find("\nclients:\n") + 1));
    served_ = std::make_unique<test_support::ServedFloor>(service_.run());
    prometheus_ =
        std::make_unique<test_support::Prometheus>(served_->port(), run({"rules", "--config", service_.config()}));
    prometheus_->wait_for("floorwatch_contacts_answered_total");
    go_on();
    prometheus_->wait_for("sum(increase(floorwatch_contacts_answered_total[1m])) > 0");
  }

  test_support::Prometheus& prometheus() { return *prometheus_; }
  std::uint16_t port() const { return served_->port(); }

 private:
  const test_support::TempDir& folder() const { return service_.folder(); }

  std::string run(const std::vector<std::string>& words) const {
    const auto ran = service_.command(words);
    if (ran.status != 0) throw std::runtime_error(ran.err);
    return ran.out;
  }

  void write_log(std::size_t from, std::size_t to) const {
    std::string text;
    for (std::size_t i = from; i < to; ++i) text += lines_[i] + "\n";
    folder().append("log.ndjson", text);
  }

  /// Some hours more, with what the centre has only by chance: a contact that waits, and agents whose queues are told.
  void go_on() {
    const std::size_t from = written_;
    written_ = lines_.size() * 8 / 10;
    write_log(from, written_);
    const std::string time = time_of_last(written_);
    std::string more;
    int agent = 0;
    for (const std::string queue : {"acme-sales", "globex-care"}) {
      const std::string client = R"("client":")" + queue.substr(0, queue.find('-')) + "\"", visit = "w-" + queue;
      more += test_support::event_line(
                  "contact.queued", visit, time,
                  client + R"(,"visit":")" + visit + R"(","contact":"c","channel":"voice","queue":")" + queue + "\"") +
              "\n";
      for (const std::string state : {"available", "ringing", "on_contact", "wrap", "away"}) {
        const std::string name = "x" + std::to_string(++agent);
        more += test_support::event_line(
                    "agent.state", name, time,
                    client + R"(,"agent":")" + name + R"(","state":")" + state + R"(","queues":[")" + queue + "\"]") +
                "\n";
      }
    }
    folder().append("log.ndjson", more);
  }

  /// Some lines are broken on purpose.
  std::string time_of_last(std::size_t end) const {
    for (std::size_t i = end; i-- > 0;) {
      boost::system::error_code error;
      const json::value event = json::parse(lines_[i], error);
      if (!error && event.is_object() && event.as_object().contains("time")) return text_of(event.as_object(), "time");
    }
    return {};
  }

  test_support::Service service_{FLOORWATCH_BINARY};
  std::vector<std::string> lines_;
  std::size_t written_ = 0;
  std::unique_ptr<test_support::ServedFloor> served_;
  std::unique_ptr<test_support::Prometheus> prometheus_;
};

class Grafana : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!test_support::prometheus_installed()) return;
    watched_ = std::make_unique<Watched>();
    // Shared by all queries: on a slow machine each may come late, but not each as late as the slowest.
    patience_ = Clock::now() + std::chrono::seconds(30);
  }
  static void TearDownTestSuite() { watched_.reset(); }
  void SetUp() override {
    if (!watched_) GTEST_SKIP() << "prometheus and promtool are not installed";
  }

  /// Asks until there is a number in the answer; fails in the words of `where` where there is none or an error.
  static std::vector<PrometheusSample> answer(const std::string& query, const std::string& where) {
    std::vector<PrometheusSample> samples;
    const auto a_number = [&] {
      samples = watched_->prometheus().query(query);
      return std::any_of(samples.begin(), samples.end(), [](const auto& sample) { return !std::isnan(sample.value); });
    };
    const auto left = std::chrono::ceil<std::chrono::seconds>(patience_ - Clock::now());
    try {
      if (test_support::comes_true(a_number, std::max(left, std::chrono::seconds(0)))) return samples;
      ADD_FAILURE() << where << ": no number comes from\n" << query;
    } catch (const std::runtime_error& error) {
      ADD_FAILURE() << where << ": " << error.what() << "\n" << query;
    }
    return {};
  }

  /// What Grafana puts in the place of each variable where All is chosen, or what is chosen at first.
  static std::map<std::string, std::string> chosen(const Board& board) {
    std::map<std::string, std::string> values = {{"__rate_interval", "1m"}, {"__range", "1m"}, {"__interval", "15s"}};
    for (const json::value& each : variables(board)) {
      const json::object& variable = each.as_object();
      const std::string name = text_of(variable, "name");
      if (text_of(variable, "type") == "query") {
        values[name] = all_of(board, variable, values);
      } else {
        values[name] = text_of(variable.at("current").as_object(), "value");
      }
    }
    return values;
  }

  static std::string with(const std::map<std::string, std::string>& values, std::string text) {
    for (const auto& [name, value] : values) {
      replace_all(text, "${" + name + "}", value);
      text = std::regex_replace(text, std::regex("\\$" + name + "\\b"), value);
    }
    return text;
  }

  static std::unique_ptr<Watched> watched_;
  static Clock::time_point patience_;

 private:
  /// `label_values(SELECTOR, LABEL)` as a query of its own: Prometheus gives the same labels for it.
  static std::string all_of(const Board& board, const json::object& variable,
                            const std::map<std::string, std::string>& before) {
    const std::string where = board.title + ", variable " + text_of(variable, "name"),
                      definition = text_of(variable, "definition");
    EXPECT_EQ(text_of(variable.at("query").as_object(), "query"), definition) << where;
    std::smatch parts;
    if (!std::regex_match(definition, parts, std::regex(R"(label_values\((.+), (\w+)\))"))) {
      ADD_FAILURE() << where << ": " << definition;
      return {};
    }
    std::string either;
    for (const auto& sample : answer("group by (" + parts[2].str() + ") (" + with(before, parts[1]) + ")", where)) {
      const auto value = sample.labels.find(parts[2]);
      if (value != sample.labels.end()) either += (either.empty() ? "" : "|") + value->second;
    }
    EXPECT_FALSE(either.empty()) << where << " has no value";
    const std::string all = text_of(variable, "allValue");
    return all.empty() ? "(" + either + ")" : all;
  }
};
std::unique_ptr<Watched> Grafana::watched_;
Clock::time_point Grafana::patience_;

std::set<std::string> label_names(const std::vector<PrometheusSample>& samples) {
  std::set<std::string> names;
  for (const auto& sample : samples) {
    for (const auto& [name, value] : sample.labels) names.insert(name);
  }
  return names;
}

TEST_F(Grafana, EveryQueryOfEveryPanelHasAnAnswerWithTheLabelsOfItsLegend) {
  std::size_t queries = 0;
  for (const Board& board : boards()) {
    const auto values = chosen(board);
    for (const json::value& each : panels(board)) {
      const json::object& panel = each.as_object();
      for (const json::value& target : panel.at("targets").as_array()) {
        const std::string where = board.title + ", panel " + text_of(panel, "title");
        const std::string query = with(values, text_of(target.as_object(), "expr"));
        ++queries;
        EXPECT_EQ(query.find('$'), std::string::npos) << where << " names an unknown variable: " << query;
        const auto samples = answer(query, where);
        const auto labels = label_names(samples);
        if (samples.empty() || (labels.empty() && query.ends_with("or vector(0)"))) continue;
        const std::string legend = text_of(target.as_object(), "legendFormat");
        const std::regex label(R"(\{\{(\w+)\}\})");
        for (std::sregex_iterator at(legend.begin(), legend.end(), label), end; at != end; ++at) {
          EXPECT_TRUE(labels.contains((*at)[1])) << where << ": the legend " << legend << " finds no such label in\n"
                                                 << query;
        }
      }
    }
  }
  EXPECT_GT(queries, 100U);
}

TEST_F(Grafana, ColumnsOfATableHaveTheSameLabelsSoThatTheyBecomeOneRow) {
  for (const Board& board : boards()) {
    const auto values = chosen(board);
    for (const json::value& each : panels(board)) {
      const json::object& panel = each.as_object();
      if (text_of(panel, "type") != "table") continue;
      const std::string where = board.title + ", panel " + text_of(panel, "title");
      std::set<std::set<std::string>> kinds;
      for (const json::value& target : panel.at("targets").as_array()) {
        kinds.insert(label_names(answer(with(values, text_of(target.as_object(), "expr")), where)));
      }
      EXPECT_EQ(kinds.size(), 1U) << where;
    }
  }
}

/// Every link to floorwatch in a value, wherever it stands.
void collect_links(const json::value& value, std::set<std::string>& links) {
  if (const auto* array = value.if_array()) {
    for (const json::value& each : *array) collect_links(each, links);
  } else if (const auto* object = value.if_object()) {
    for (const auto& [key, each] : *object) collect_links(each, links);
    if (const std::string url = text_of(*object, "url"); url.starts_with("${floorwatch_url}")) links.insert(url);
  }
}

TEST_F(Grafana, LinksToTheApiAreAnswered) {
  const std::map<std::string, std::string> row = {{"floorwatch_url", ""},
                                                  {"__data.fields.client", "acme"},
                                                  {"__data.fields.queue", "acme-sales"},
                                                  {"__field.labels.client", "acme"},
                                                  {"__field.labels.queue", "acme-sales"},
                                                  {"__from:date:iso", "2026-03-02T00:00:00.000Z"},
                                                  {"__to:date:iso", "2026-03-03T12:30:00.250Z"}};
  std::set<std::string> links;
  for (const Board& board : boards()) collect_links(board.root, links);
  EXPECT_GE(links.size(), 5U);
  for (const std::string& link : links) {
    const auto answer = test_support::http_get(watched_->port(), with(row, link));
    EXPECT_EQ(answer.status, 200U) << link << "\n" << answer.body;
    EXPECT_GT(answer.body.size(), 100U) << link << "\n" << answer.body;
  }
}

}  // namespace
