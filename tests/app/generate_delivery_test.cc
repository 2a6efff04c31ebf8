// The road of simulated messages: disorder, pace, files, Kafka.
#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/commands/generate.h"
#include "simulation/delivery.h"
#include "simulation/message_sink.h"
#include "simulation/pace.h"
#include "tests/support/temp_dir.h"

namespace {

using core::Millis;
using simulation::Delivery;
using simulation::Disturbance;

struct Delivered {
  core::EventTime due;
  std::string text;
};

/// `count` messages, one a second, whose texts are their times; all are released at the end.
std::vector<Delivered> deliver(const Disturbance& disturbance, int count) {
  Delivery delivery(1, disturbance);
  std::vector<Delivered> out;
  const auto outlet = [&](core::EventTime due, std::string_view, std::string_view text) -> core::Result<bool> {
    out.push_back({due, std::string(text)});
    return true;
  };
  for (int i = 0; i < count; ++i) {
    const core::EventTime now = core::event_time(std::int64_t{i} * 1'000);
    EXPECT_TRUE(delivery.release(now, outlet));
    delivery.add(now, "k", std::to_string(core::to_ms(now)));
  }
  EXPECT_TRUE(delivery.release(core::EventTime::max(), outlet));
  return out;
}

core::EventTime time_of(const Delivered& message) { return core::event_time(std::stoll(message.text)); }

/// A wall clock that only waiting moves on.
struct HandClock {
  core::WallTime now = core::wall_time(1'000'000);
  int waits = 0;
  int stop_after = 1'000'000;
  simulation::Pace pace(simulation::PaceOptions options) {
    return {options, [this] { return now; },
            [this](Millis patience) {
              now += patience;
              waits += patience.count() > 0 ? 1 : 0;
              return waits >= stop_after;
            }};
  }
};

void write_lines(const std::string& path, bool append, const std::vector<std::string>& lines) {
  auto sink = simulation::open_file_sink(path, append);
  ASSERT_TRUE(sink) << sink.error().message;
  for (const std::string& line : lines) ASSERT_TRUE((*sink)->write("k", line));
  ASSERT_TRUE((*sink)->finish());
}

std::string gunzip(const std::string& path) {
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
  std::string text(1 << 20, '\0');
  text.resize(static_cast<std::size_t>(gzread(file.get(), text.data(), static_cast<unsigned>(text.size()))));
  return text;
}

struct DestroyKafka {
  void operator()(rd_kafka_t* handle) const { rd_kafka_destroy(handle); }
  void operator()(rd_kafka_mock_cluster_t* cluster) const { rd_kafka_mock_cluster_destroy(cluster); }
  void operator()(rd_kafka_topic_partition_list_t* list) const { rd_kafka_topic_partition_list_destroy(list); }
  void operator()(rd_kafka_message_t* message) const { rd_kafka_message_destroy(message); }
};
using Handle = std::unique_ptr<rd_kafka_t, DestroyKafka>;

Handle client(rd_kafka_type_t type, const std::string& brokers) {
  char error[512];
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  if (!brokers.empty()) rd_kafka_conf_set(conf, "bootstrap.servers", brokers.c_str(), error, sizeof error);
  if (type == RD_KAFKA_CONSUMER) rd_kafka_conf_set(conf, "group.id", "test", error, sizeof error);
  return Handle(rd_kafka_new(type, conf, error, sizeof error));
}

/// Key and value of the first `count` messages of a topic with these partitions.
std::multimap<std::string, std::string> consume(const std::string& brokers, const char* topic, int partitions,
                                                std::size_t count) {
  const Handle consumer = client(RD_KAFKA_CONSUMER, brokers);
  rd_kafka_poll_set_consumer(consumer.get());
  const std::unique_ptr<rd_kafka_topic_partition_list_t, DestroyKafka> all(
      rd_kafka_topic_partition_list_new(partitions));
  for (int p = 0; p < partitions; ++p)
    rd_kafka_topic_partition_list_add(all.get(), topic, p)->offset = RD_KAFKA_OFFSET_BEGINNING;
  rd_kafka_assign(consumer.get(), all.get());
  std::multimap<std::string, std::string> result;
  for (int empty_polls = 0; result.size() < count && empty_polls < 200;) {
    const std::unique_ptr<rd_kafka_message_t, DestroyKafka> message(rd_kafka_consumer_poll(consumer.get(), 100));
    empty_polls += message ? 0 : 1;
    if (message && message->err == RD_KAFKA_RESP_ERR_NO_ERROR)
      result.emplace(std::string(static_cast<char*>(message->key), message->key_len),
                     std::string(static_cast<char*>(message->payload), message->len));
  }
  rd_kafka_consumer_close(consumer.get());
  return result;
}

}  // namespace

TEST(GenerateDelivery, WithoutDisturbanceTheOrderIsThatOfTime) {
  const auto out = deliver({}, 100);
  ASSERT_EQ(out.size(), 100U);
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(time_of(out[static_cast<std::size_t>(i)]), core::event_time(std::int64_t{i} * 1'000));
}

TEST(GenerateDelivery, DisorderStaysWithinItsSpan) {
  const auto out = deliver({Millis{30'000}, 0, 0, Millis{0}, 0}, 5'000);
  core::EventTime largest{};
  Millis most_behind{0};
  for (const Delivered& message : out) {
    largest = std::max(largest, time_of(message));
    most_behind = std::max(most_behind, largest - time_of(message));
    EXPECT_LE(message.due - time_of(message), Millis{30'000});
  }
  EXPECT_LE(most_behind, Millis{30'000});
  EXPECT_GT(most_behind, Millis{20'000});
}

TEST(GenerateDelivery, LateMessagesComeWithinTheirSpan) {
  const auto out = deliver({Millis{0}, 0, 100'000, Millis{600'000}, 0}, 5'000);
  int late = 0;
  for (const Delivered& message : out) {
    EXPECT_LE(message.due - time_of(message), Millis{600'000});
    late += message.due > time_of(message) ? 1 : 0;
  }
  EXPECT_NEAR(late, 500, 100);
}

TEST(GenerateDelivery, DuplicatesAreTheSameBytes) {
  const auto out = deliver({Millis{0}, 200'000, 0, Millis{0}, 0}, 2'000);
  std::map<std::string, int> copies;
  for (const Delivered& message : out) ++copies[message.text];
  EXPECT_EQ(copies.size(), 2'000U);
  EXPECT_NEAR(static_cast<double>(out.size()), 2'400, 80);
  for (const auto& [text, n] : copies) EXPECT_LE(n, 2);
}

TEST(GeneratePace, SpeedMapsEventTimeToTheWallClock) {
  HandClock clock;
  auto pace = clock.pace({.speed = 60, .per_second = {}, .start = core::event_time(0)});
  EXPECT_TRUE(pace.until_due(core::event_time(0), [] {}));
  EXPECT_EQ(clock.now, core::wall_time(1'000'000));
  EXPECT_TRUE(pace.until_due(core::event_time(600'000), [] {}));
  EXPECT_EQ(clock.now, core::wall_time(1'010'000));
}

TEST(GeneratePace, RateCountsMessages) {
  HandClock clock;
  auto pace = clock.pace({.speed = {}, .per_second = 500, .start = {}});
  for (int i = 0; i < 1'001; ++i) EXPECT_TRUE(pace.until_due(core::event_time(0), [] {}));
  EXPECT_EQ(clock.now, core::wall_time(1'002'000));
}

TEST(GeneratePace, FlushesBeforeItWaitsAndNotOtherwise) {
  HandClock clock;
  auto pace = clock.pace({.speed = 1, .per_second = {}, .start = core::event_time(0)});
  int flushes = 0;
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(pace.until_due(core::event_time(500), [&] { ++flushes; }));
  EXPECT_EQ(flushes, 1);
}

TEST(GeneratePace, AWishToStopEndsTheWaiting) {
  HandClock clock;
  clock.stop_after = 1;
  auto pace = clock.pace({.speed = 1, .per_second = {}, .start = core::event_time(0)});
  EXPECT_FALSE(pace.until_due(core::event_time(3'600'000), [] {}));
  EXPECT_LE(clock.now, core::wall_time(1'001'000));
}

TEST(GenerateFileSink, CompressesByName) {
  const test_support::TempDir dir;
  const std::vector<std::string> lines = {"one", "two", std::string(300'000, 'x')};
  const std::string expected = "one\ntwo\n" + lines[2] + "\n";
  write_lines(dir / "a.ndjson", false, lines);
  write_lines(dir / "a.gz", false, lines);
  write_lines(dir / "a.zst", false, lines);
  EXPECT_EQ(dir.read("a.ndjson"), expected);
  EXPECT_EQ(gunzip(dir / "a.gz"), expected);
  const std::string packed = dir.read("a.zst");
  std::string text(expected.size(), '\0');
  EXPECT_LT(packed.size(), expected.size() / 10);
  std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> context(ZSTD_createDCtx(), ZSTD_freeDCtx);
  ZSTD_inBuffer in{packed.data(), packed.size(), 0};
  ZSTD_outBuffer out{text.data(), text.size(), 0};
  while (in.pos < in.size) ASSERT_FALSE(ZSTD_isError(ZSTD_decompressStream(context.get(), &out, &in)));
  EXPECT_EQ(text, expected);
}

TEST(GenerateFileSink, AppendsOnlyWhereAsked) {
  const test_support::TempDir dir;
  write_lines(dir / "log", false, {"one"});
  write_lines(dir / "log", true, {"two"});
  EXPECT_EQ(dir.read("log"), "one\ntwo\n");
  write_lines(dir / "log", false, {"three"});
  EXPECT_EQ(dir.read("log"), "three\n");
}

TEST(GenerateFileSink, ReadersSeeLinesAfterAFlush) {
  const test_support::TempDir dir;
  auto sink = simulation::open_file_sink(dir / "log", true);
  ASSERT_TRUE(sink);
  ASSERT_TRUE((*sink)->write("k", "one"));
  ASSERT_TRUE((*sink)->flush());
  EXPECT_EQ(dir.read("log"), "one\n");
}

TEST(GenerateFileSink, AFileThatCannotBeOpenedIsAFailure) {
  const test_support::TempDir dir;
  const auto sink = simulation::open_file_sink(dir / "no-folder/log", false);
  ASSERT_FALSE(sink);
  EXPECT_NE(sink.error().message.find("no-folder"), std::string::npos);
}

TEST(GenerateKafkaSink, SendsKeysAndAnyBytes) {
  const Handle host = client(RD_KAFKA_PRODUCER, "");
  const std::unique_ptr<rd_kafka_mock_cluster_t, DestroyKafka> cluster(rd_kafka_mock_cluster_new(host.get(), 1));
  constexpr int kPartitions = 4;
  ASSERT_EQ(rd_kafka_mock_topic_create(cluster.get(), "events", kPartitions, 1), RD_KAFKA_RESP_ERR_NO_ERROR);
  const std::string brokers = rd_kafka_mock_cluster_bootstraps(cluster.get());
  auto sink = simulation::open_kafka_sink(brokers, "events");
  ASSERT_TRUE(sink) << sink.error().message;
  std::multimap<std::string, std::string> sent;
  for (int i = 0; i < 300; ++i)
    sent.emplace("c-" + std::to_string(i), std::string("bytes \xff\0\n ", 10) + std::to_string(i));
  for (const auto& [key, value] : sent) ASSERT_TRUE((*sink)->write(key, value));
  ASSERT_TRUE((*sink)->finish());
  EXPECT_EQ(consume(brokers, "events", kPartitions, sent.size()), sent);
}

TEST(GenerateKafkaSink, AFirstBatchThatIsRefusedIsNotOvertaken) {
  const Handle owner = client(RD_KAFKA_PRODUCER, "");
  const std::unique_ptr<rd_kafka_mock_cluster_t, DestroyKafka> cluster(rd_kafka_mock_cluster_new(owner.get(), 1));
  rd_kafka_mock_topic_create(cluster.get(), "events", 1, 1);
  constexpr int kProduce = 0, kAnsweredAfterMs = 300;
  rd_kafka_mock_broker_push_request_error_rtts(cluster.get(), 1, kProduce, 1, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
                                               kAnsweredAfterMs);
  const std::string brokers = rd_kafka_mock_cluster_bootstraps(cluster.get());
  auto sink = simulation::open_kafka_sink(brokers, "events");
  ASSERT_TRUE(sink);
  // Each so large that it goes in a request of its own.
  std::vector<std::string> sent;
  for (char c : {'a', 'b', 'c'}) sent.emplace_back(600'000, c);
  for (const std::string& message : sent) ASSERT_TRUE((*sink)->write("k", message));
  ASSERT_TRUE((*sink)->finish());
  std::string order;
  for (const auto& [key, value] : consume(brokers, "events", 1, sent.size())) order += value[0];
  EXPECT_EQ(order, "abc");
}

TEST(GenerateCommand, StopsInOrderOnSigterm) {
  const test_support::TempDir dir;
  app::GenerateOptions options;
  options.speed = "1";
  options.rate = "500/s";
  options.output = dir / "pipe";
  options.quiet = true;
  ASSERT_EQ(mkfifo(options.output.c_str(), 0600), 0);
  const pid_t child = fork();
  if (child == 0) _exit(app::run_generate(options));
  std::ifstream pipe(options.output);  // opens, and gives the first line, as soon as the child writes
  std::string first;
  ASSERT_TRUE(std::getline(pipe, first));
  kill(child, SIGTERM);
  std::string rest(std::istreambuf_iterator<char>(pipe), {});
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_TRUE(first.ends_with("}}"));
  EXPECT_TRUE(rest.empty() || rest.ends_with("}}\n"));
}
