// A real call centre's January, 31,599 calls: the figures that others computed of it, by every road into the program.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <memory>
#include <optional>
#include <random>

#include <simdjson.h>

#include "sinks/store/sqlite_store.h"
#include "tests/support/bank_january.h"
#include "tests/support/command.h"
#include "tests/support/csv_rows.h"
#include "tests/support/engine.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/shared_data.h"
#include "tests/support/temp_dir.h"

namespace {

using test_support::BankEvent;
using test_support::CsvRow;
using test_support::KafkaBroker;
using test_support::Process;
using test_support::Ran;

constexpr int kPartitions = 8;
constexpr const char* kTypes[] = {"AA", "IN", "NE", "NW", "PE", "PS", "TT"};

std::string configuration(const std::string& brokers, const std::string& topic, const std::string& store) {
  return "sources:\n  - {name: bank, kafka: {brokers: \"" + brokers + "\", topics: [" + topic +
         "]}, format: canonical, sends_wrap: false}\n"
         "store: {url: \"sqlite:" + store + "\", commit_interval: 200ms}\n"
         "http: {listen: \"127.0.0.1:0\"}\n"
         "clients:\n  bank:\n    queues: [AA, IN, NE, NW, PE, PS, TT]\n"
         "    sla:\n      - name: voice\n"
         "        versions: [{formula: answered_and_abandoned, threshold: 20s, short_abandon: 4.999s}]\n";
}

/// The month in a store that was made from a file, and what was computed of it elsewhere: once for all tests.
struct January {
  test_support::TempDir folder;
  std::vector<BankEvent> events;
  std::string config;
  simdjson::dom::parser parser;
  simdjson::dom::element computed;
  Ran replayed;

  std::string store(const std::string& name) const { return "sqlite:" + (folder / name); }
  Ran floorwatch(std::vector<std::string> words) const {
    words.insert(words.begin(), FLOORWATCH_BINARY);
    return test_support::run_command(words);
  }
  /// Without the horizon, which a replay of the file has not.
  std::string digest(const std::string& name) const {
    const Ran ran = floorwatch({"digest", "--store", store(name)});
    EXPECT_EQ(ran.status, 0) << ran.err;
    EXPECT_TRUE(ran.out.starts_with("state_digest=")) << ran.out;
    return ran.out.substr(0, ran.out.find("retained_since="));
  }
  std::string figures(const std::string& name, const std::vector<std::string>& more) const {
    std::vector<std::string> words = {"figures", "--store", store(name), "--format", "csv"};
    words.insert(words.end(), more.begin(), more.end());
    const Ran ran = floorwatch(words);
    EXPECT_EQ(ran.status, 0) << ran.err;
    return ran.out;
  }
  Ran replay(const std::string& name, const std::string& input) const {
    return floorwatch({"replay", "--config", config, "--store", store(name), "--input", input, "--quiet"});
  }
  std::string write(const std::string& name, const std::vector<std::string>& lines) const {
    std::ofstream file(folder / name, std::ios::binary);
    for (const auto& line : lines) file << line << '\n';
    return folder / name;
  }
  std::vector<std::string> lines() const {
    std::vector<std::string> all;
    for (const auto& event : events) all.push_back(event.line);
    return all;
  }
};

class BankJanuary : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const std::string rows = test_support::shared_data(FLOORWATCH_SOURCE_DIR, "anonymous-bank/january.txt.zst");
    const std::string computed =
        test_support::shared_data(FLOORWATCH_SOURCE_DIR, "anonymous-bank/computed_january.json");
    if (rows.empty() || computed.empty()) return;
    january_ = std::make_unique<January>();
    january_->events = test_support::bank_january(rows);
    january_->computed = january_->parser.load(computed);
    january_->config = january_->folder.write("bank.yaml", configuration("localhost:9", "none", "unused.db"));
    january_->replayed = january_->replay("file.db", january_->write("january.ndjson", january_->lines()));
  }
  static void TearDownTestSuite() { january_.reset(); }
  void SetUp() override {
    if (!january_) GTEST_SKIP() << "the bank's January is not there (FLOORWATCH_DATA)";
    ASSERT_EQ(january_->replayed.status, 0) << january_->replayed.err;
  }

  static January& january() { return *january_; }
  static std::string counts_line(std::size_t events, std::size_t duplicates) {
    return "received=" + std::to_string(events + duplicates) + " applied=" + std::to_string(events) +
           " duplicate=" + std::to_string(duplicates) + " rejected=0 skipped=0\n";
  }

 private:
  static std::unique_ptr<January> january_;
};

std::unique_ptr<January> BankJanuary::january_;

std::int64_t whole(simdjson::dom::element of, const char* name) { return of[name].get_int64(); }

std::int64_t number(const CsvRow& row, const std::string& column) { return std::stoll(row.at(column)); }

/// The printed mean is the exact one, rounded to the millisecond.
void expect_mean(const std::string& printed, simdjson::dom::element of) {
  const std::int64_t n = whole(of, "n");
  if (n == 0) {
    EXPECT_EQ(printed, "");
    return;
  }
  EXPECT_NEAR(std::stod(printed), static_cast<double>(whole(of, "sum")) / static_cast<double>(n), 0.000'500'1);
}

/// A ratio of 6 decimals, or none.
void expect_ratio(const std::string& printed, simdjson::dom::element expected, const std::string& what) {
  if (expected.is_null()) {
    EXPECT_EQ(printed, "") << what;
    return;
  }
  ASSERT_NE(printed, "") << what;
  EXPECT_NEAR(std::stod(printed), double(expected), 0.000'000'6) << what;
}

/// What the histogram stands for: off by at most 1/64.
void expect_quantile(const std::string& printed, double expected, double slack) {
  EXPECT_NEAR(std::stod(printed), expected, expected / 64 + slack + 0.001);
}

/// Comparable: counts, the means, quantiles and maximum of the wait of answered calls, mean and quantiles of the
/// handle time, the rate of abandonment with and without short ones.
/// Not comparable, because it is another figure: standard deviations; waits of queued calls only (a wait of 0 is a
/// wait here); service of calls that nobody answered, or of more than 0 s only; shares of short services; rows by
/// priority (no event has one). `offered` there is without the phantom calls, here with them as flowed out.
void expect_row(const CsvRow& row, simdjson::dom::element of) {
  EXPECT_EQ(number(row, "offered"), whole(of, "rows"));
  EXPECT_EQ(number(row, "answered"), whole(of, "answered"));
  EXPECT_EQ(number(row, "abandoned"), whole(of, "abandoned"));
  EXPECT_EQ(number(row, "flowed_out"), whole(of, "phantom"));
  EXPECT_EQ(number(row, "handled"), whole(of, "answered"));
  EXPECT_EQ(number(row, "answered_within"), whole(of["sl_20"], "answered_within"));
  EXPECT_EQ(number(row, "abandoned_short") + number(row, "abandoned_within"), whole(of["sl_20"], "abandoned_within"));
  EXPECT_EQ(row.at("waiting") + row.at("unfinished"), "00");
  expect_mean(row.at("mean_wait_s"), of["wait_all_answered"]);
  expect_mean(row.at("mean_handle_s"), of["service_answered_all"]);
  EXPECT_EQ(row.at("mean_talk_s"), row.at("mean_handle_s"));
  const double stayed = static_cast<double>(number(row, "offered") - number(row, "flowed_out"));
  const auto brief = static_cast<double>(number(row, "abandoned_short"));
  const auto abandoned = static_cast<double>(number(row, "abandoned"));
  EXPECT_NEAR(abandoned / stayed, double(of["abandon_rate"]), 0.000'000'6);
  if (!of["abandon_rate_after_5s_short_excluded"].is_null()) {
    // "Short" is there below 5 s: with closed thresholds up to 4.999 s.
    EXPECT_NEAR((abandoned - brief) / (stayed - brief), double(of["abandon_rate_after_5s_short_excluded"]),
                0.000'000'6);
  }
  if (whole(of, "answered") == 0) return;
  // Their median of an even number is the mean of the middle two, ours the lower of these: a few seconds apart.
  expect_quantile(row.at("p50_wait_s"), double(of["wait_all_answered"]["median"]), 1);
  expect_quantile(row.at("p90_wait_s"), double(of["wait_all_answered"]["p90"]), 0);
  expect_quantile(row.at("p90_handle_s"), double(of["service_answered_all"]["p90"]), 0);
  EXPECT_EQ(std::stod(row.at("max_wait_s")), double(of["wait_all_answered"]["max"]));
}

TEST_F(BankJanuary, TheMonthIsAsTheContractSays) {
  EXPECT_EQ(january().replayed.out, counts_line(january().events.size(), 0));
  const auto rows = test_support::csv_rows(january().figures("file.db", {"--by", "client"}));
  const CsvRow month = test_support::only_row(rows, {{"client", "bank"}});
  EXPECT_EQ(month.at("offered"), "31599");
  EXPECT_EQ(month.at("answered"), "27060");
  EXPECT_EQ(month.at("abandoned"), "4299");
  EXPECT_EQ(month.at("flowed_out"), "240");
  EXPECT_EQ(month.at("mean_wait_s"), "35.028");
  EXPECT_EQ(month.at("mean_handle_s"), "183.452");
  EXPECT_EQ(month.at("service_level"), "0.523040");
  EXPECT_EQ(month.at("max_wait_s"), "1500.000");
}

TEST_F(BankJanuary, TheMonthAndEveryTypeOfServiceAreAsOthersComputedThem) {
  const auto month = test_support::csv_rows(january().figures("file.db", {"--by", "client"}));
  expect_row(test_support::only_row(month, {{"client", "bank"}}), january().computed["all"]);
  const auto queues = test_support::csv_rows(january().figures("file.db", {"--by", "queue"}));
  ASSERT_EQ(queues.size(), std::size(kTypes));
  for (const char* type : kTypes) {
    SCOPED_TRACE(type);
    expect_row(test_support::only_row(queues, {{"queue", type}}), january().computed["by_type"][type]);
  }
}

TEST_F(BankJanuary, AbandonedCallsWaitedAsOthersComputedIt) {
  const Ran listed = january().floorwatch(
      {"contacts", "--store", january().store("file.db"), "--outcome", "abandoned", "--format", "csv"});
  ASSERT_EQ(listed.status, 0) << listed.err;
  std::map<std::string, std::pair<std::int64_t, double>> waits;  // by queue: number and sum
  for (const CsvRow& row : test_support::csv_rows(listed.out)) {
    auto& [n, sum] = waits[row.at("queue")];
    ++n, sum += std::stod(row.at("wait_s"));
  }
  for (const char* type : kTypes) {
    const simdjson::dom::element expected = january().computed["by_type"][type]["wait_abandoned"];
    EXPECT_EQ(waits[type].first, whole(expected, "n")) << type;
    EXPECT_EQ(waits[type].second, static_cast<double>(whole(expected, "sum"))) << type;
  }
}

TEST_F(BankJanuary, AgentsHandledWhatOthersComputed) {
  const auto rows = test_support::csv_rows(january().figures("file.db", {"--by", "agent"}));
  std::int64_t handled = 0;
  std::size_t agents = 0;
  for (const auto [name, of] : simdjson::dom::object(january().computed["by_server"])) {
    const CsvRow row = test_support::only_row(rows, {{"agent", std::string(name)}});
    EXPECT_EQ(number(row, "handled"), whole(of, "answered")) << name;
    EXPECT_EQ(std::stod(row.at("talk_s")), static_cast<double>(whole(of, "service_sum"))) << name;
    EXPECT_NEAR(std::stod(row.at("mean_handle_s")), double(of["service_mean"]), 0.000'6) << name;
    EXPECT_EQ(row.at("contacts_per_hour"), "") << "no states, so no staffed hours";
    ++agents, handled += number(row, "handled");
  }
  EXPECT_EQ(rows.size(), agents + 1);
  EXPECT_EQ(number(test_support::only_row(rows, {{"agent", "NO_SERVER"}}), "handled"),
            whole(january().computed["quirks"], "AGENT_with_NO_SERVER"));
  EXPECT_NEAR(static_cast<double>(handled) / static_cast<double>(agents),
              double(january().computed["contacts_per_agent_mean"]), 0.000'06);
}

/// The month in memory, judged by one formula.
std::vector<CsvRow> judged(const std::vector<std::string>& lines, core::Formula formula, int threshold_s) {
  core::FigureConfig config;
  config.sources_without_wrap = {"log"};
  auto& profile = config.clients["bank"].sla.emplace_back();
  profile.name = "voice";
  profile.versions.push_back({.formula = formula, .threshold = core::Millis{threshold_s * 1'000}});
  for (const char* type : kTypes) config.queue_client[type] = "bank";
  test_support::Engine engine(config);
  engine.feed(lines);
  auto rows = test_support::csv_rows(engine.csv({{"by", "queue"}}));
  rows.push_back(test_support::only_row(test_support::csv_rows(engine.csv({{"by", "client"}})), {}));
  rows.back()["queue"] = "all";
  return rows;
}

TEST_F(BankJanuary, ServiceLevelsOfEveryThresholdAreAsOthersComputedThem) {
  const auto lines = january().lines();
  // Their words, and the formulas that have that definition. "Short" abandons are there those within the threshold.
  const std::pair<const char*, core::Formula> formulas[] = {
      {"of_answered", core::Formula::kAnswered},
      {"of_offered", core::Formula::kAnsweredAndAbandoned},
      {"of_offered_less_short_abandons", core::Formula::kLateAbandonsOnly},
      {"answered_or_abandoned_within_of_offered", core::Formula::kAnsweredOrAbandonedWithin}};
  for (const int threshold : {10, 20, 30, 60, 90, 120}) {
    for (const auto& [word, formula] : formulas) {
      for (const CsvRow& row : judged(lines, formula, threshold)) {
        const std::string& queue = row.at("queue");
        const simdjson::dom::element of =
            queue == "all" ? january().computed["all"] : january().computed["by_type"][queue];
        const std::string name = "sl_" + std::to_string(threshold);
        expect_ratio(row.at("service_level"), of[name][word], queue + " " + name + " " + word);
        EXPECT_EQ(number(row, "answered_within"), whole(of[name], "answered_within")) << queue << name;
        EXPECT_EQ(number(row, "abandoned_short") + number(row, "abandoned_within"), whole(of[name], "abandoned_within"))
            << queue << name;
      }
    }
  }
}

TEST_F(BankJanuary, AShuffledFileWithDuplicatesGivesTheSameDigest) {
  auto lines = january().lines();
  const std::size_t events = lines.size();
  std::mt19937_64 random(1999);
  for (std::size_t i = 0; i < events / 100; ++i) lines.push_back(lines[random() % events]);
  std::shuffle(lines.begin(), lines.end(), random);
  const Ran ran = january().replay("shuffled.db", january().write("shuffled.ndjson", lines));
  ASSERT_EQ(ran.status, 0) << ran.err;
  EXPECT_EQ(ran.out, counts_line(events, events / 100));
  EXPECT_EQ(january().digest("shuffled.db"), january().digest("file.db"));
  for (const char* basis : {"arrival", "event"}) {
    const std::vector<std::string> query = {"--by", "queue", "--every", "15m", "--basis", basis};
    EXPECT_EQ(january().figures("shuffled.db", query), january().figures("file.db", query));
  }
}

/// The month through a real broker, in a topic of 8 partitions, keyed by contact.
class BankJanuaryByKafka : public BankJanuary {
 protected:
  static void SetUpTestSuite() {
    BankJanuary::SetUpTestSuite();
    if (KafkaBroker::available()) broker_ = std::make_unique<KafkaBroker>();
  }
  static void TearDownTestSuite() {
    broker_.reset();
    BankJanuary::TearDownTestSuite();
  }
  void SetUp() override {
    BankJanuary::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    if (!broker_) GTEST_SKIP() << "no Java, or the broker's jars cannot be fetched";
    topic_ = testing::UnitTest::GetInstance()->current_test_info()->name();
    broker_->create_topic(topic_, kPartitions);
    producer_ = std::make_unique<test_support::KafkaProducer>(broker_->brokers());
    config_ = january().folder.write(topic_ + ".yaml",
                                     configuration(broker_->brokers(), topic_, january().folder / (topic_ + ".db")));
  }

  void send(std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) {
      const BankEvent& event = january().events[i];
      producer_->send({.topic = topic_, .value = event.line, .partition = {}, .key = event.key, .headers = {}});
    }
    producer_->flush();
  }

  std::string log() const { return january().folder.read(topic_ + ".log"); }
  Process run() const {
    return Process({FLOORWATCH_BINARY, "run", "--config", config_}, january().folder / (topic_ + ".log"));
  }
  /// How many events the last commit holds.
  std::uint64_t committed() const {
    const auto store = sinks::open_sqlite_store(january().folder / (topic_ + ".db"), sinks::OpenMode::kRead, {});
    if (!store) return 0;  // not made yet
    const auto& counts = (*store)->progress().counts;
    return counts.contains("bank") ? counts.at("bank").received : 0;
  }
  /// False if the service ends, or does not come so far within two minutes.
  bool commits(Process& service, std::uint64_t wanted) const {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(2);
    while (committed() < wanted) {
      if (service.ends_within(core::Millis{20}) || std::chrono::steady_clock::now() > deadline) return false;
    }
    return true;
  }

  static std::unique_ptr<KafkaBroker> broker_;
  std::string topic_, config_;
  std::unique_ptr<test_support::KafkaProducer> producer_;
};

std::unique_ptr<KafkaBroker> BankJanuaryByKafka::broker_;

TEST_F(BankJanuaryByKafka, GivesTheDigestOfTheFile) {
  const std::size_t events = january().events.size();
  send(0, events);
  Process service = run();
  ASSERT_TRUE(commits(service, events)) << log();
  // The broker is new, and may not have told yet who coordinates the group: offsets for lag tools wait for that, but
  // stopping must not.
  service.signal(SIGTERM);
  ASSERT_TRUE(service.ends_within(core::Millis{10'000}));
  EXPECT_EQ(service.wait(), 0) << log();
  EXPECT_EQ(committed(), events);
  EXPECT_EQ(january().digest(topic_ + ".db"), january().digest("file.db"));
}

TEST_F(BankJanuaryByKafka, KilledInTheMiddleItGoesOnToTheDigestOfTheFile) {
  const std::size_t events = january().events.size();
  send(0, events / 2);
  std::uint64_t at_kill = 0;
  {
    Process service = run();
    ASSERT_TRUE(commits(service, events / 4)) << log();
    // Killed right behind a quarter more: there is always something fetched or applied that no commit holds.
    send(events / 2, events * 3 / 4);
    EXPECT_EQ(service.end(SIGKILL), 128 + SIGKILL);
    at_kill = committed();
    send(events * 3 / 4, events);
  }
  EXPECT_GE(at_kill, events / 4);
  EXPECT_LE(at_kill, events * 3 / 4);
  Process service = run();
  ASSERT_TRUE(commits(service, events)) << log();
  EXPECT_EQ(service.end(SIGTERM), 0) << log();
  EXPECT_EQ(committed(), events) << "events were lost or counted twice over the crash";
  EXPECT_EQ(january().digest(topic_ + ".db"), january().digest("file.db"));
}

}  // namespace
