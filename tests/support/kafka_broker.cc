#include "tests/support/kafka_broker.h"

#include <fmt/format.h>
#include <signal.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <stdexcept>

namespace test_support {
namespace {

namespace fs = std::filesystem;

constexpr auto kStartWithin = std::chrono::seconds(60);
constexpr int kAdminMs = 30000;

fs::path libs() {
  const char* given = std::getenv("FLOORWATCH_KAFKA_LIBS");
  if (given != nullptr) return given;
  return fs::path(FLOORWATCH_SOURCE_DIR) / "build" / "kafka";
}

std::vector<std::string> java(const std::string& main_class, std::vector<std::string> arguments) {
  std::vector<std::string> command{"java",
                                   "-Xmx512m",
                                   "-Xms128m",
                                   "-XX:TieredStopAtLevel=1",
                                   "-XX:+UseSerialGC",
                                   "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                                   "-cp",
                                   (libs() / "*").string(),
                                   main_class};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return command;
}

/// Calls one function of the admin interface and waits for its result.
void admin_call(rd_kafka_t* client, const std::string& what, const std::function<void(rd_kafka_queue_t*)>& call) {
  rd_kafka_queue_t* queue = rd_kafka_queue_new(client);
  call(queue);
  rd_kafka_event_t* event = rd_kafka_queue_poll(queue, kAdminMs);
  std::string why = event == nullptr ? "no answer" : "";
  if (event != nullptr && rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR)
    why = rd_kafka_event_error_string(event);
  std::size_t count = 0;
  const rd_kafka_topic_result_t** results = nullptr;
  if (const auto* created = rd_kafka_event_CreateTopics_result(event)) {
    results = rd_kafka_CreateTopics_result_topics(created, &count);
  } else if (const auto* enlarged = rd_kafka_event_CreatePartitions_result(event)) {
    results = rd_kafka_CreatePartitions_result_topics(enlarged, &count);
  } else if (const auto* deleted = rd_kafka_event_DeleteTopics_result(event)) {
    results = rd_kafka_DeleteTopics_result_topics(deleted, &count);
  }
  for (std::size_t i = 0; i < count; ++i)
    if (rd_kafka_topic_result_error(results[i]) != RD_KAFKA_RESP_ERR_NO_ERROR)
      why = rd_kafka_topic_result_error_string(results[i]);
  if (event != nullptr) rd_kafka_event_destroy(event);
  rd_kafka_queue_destroy(queue);
  if (!why.empty()) throw std::runtime_error(what + ": " + why);
}

}  // namespace

bool KafkaBroker::available() {
  if (Process({"java", "-version"}).wait() != 0) return false;
  const auto script = fs::path(FLOORWATCH_SOURCE_DIR) / "tests" / "support" / "kafka" / "fetch.sh";
  return Process({script.string(), libs().string()}).wait() == 0;
}

KafkaBroker::KafkaBroker() : KafkaBroker(1, free_port()) {}
KafkaBroker::KafkaBroker(const KafkaBroker& first) : KafkaBroker(2, first.controller_port_) {}

KafkaBroker::KafkaBroker(int node, int controller_port)
    : node_(node), port_(free_port()), controller_port_(controller_port), sasl_port_(free_port()) {
  write_properties();
  const auto formatted = Process(java("kafka.tools.StorageTool",
                                      {"format", "-t", "Zmxvb3J3YXRjaC10ZXN0cw", "-c", dir_ / "server.properties"}),
                                 dir_ / "format.log")
                             .wait();
  if (formatted != 0) throw std::runtime_error("cannot format the broker's storage: " + dir_.read("format.log"));
  start();
}

KafkaBroker::~KafkaBroker() { admin_.reset(); }

std::string KafkaBroker::brokers() const { return fmt::format("127.0.0.1:{}", port_); }
std::string KafkaBroker::sasl_brokers() const { return fmt::format("127.0.0.1:{}", sasl_port_); }

void KafkaBroker::write_properties() const {
  const bool controls = node_ == 1;
  dir_.write("server.properties",
             fmt::format("process.roles=broker{4}\n"
                         "node.id={5}\n"
                         "controller.quorum.voters=1@127.0.0.1:{1}\n"
                         "controller.listener.names=CONTROLLER\n"
                         "listeners=PLAINTEXT://127.0.0.1:{0},SASL://127.0.0.1:{2}{6}\n"
                         "advertised.listeners=PLAINTEXT://127.0.0.1:{0},SASL://127.0.0.1:{2}\n"
                         "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SASL:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT\n"
                         "inter.broker.listener.name=PLAINTEXT\n"
                         "sasl.enabled.mechanisms=PLAIN\n"
                         "listener.name.sasl.plain.sasl.jaas.config=org.apache.kafka.common.security.plain."
                         "PlainLoginModule required user_alice=\"right-password\";\n"
                         "log.dirs={3}\n"
                         "log.message.timestamp.type=LogAppendTime\n"
                         "log.retention.ms=-1\n"
                         "auto.create.topics.enable=false\n"
                         "broker.session.timeout.ms=2000\n"
                         "broker.heartbeat.interval.ms=500\n"
                         "offsets.topic.num.partitions=1\n"
                         "offsets.topic.replication.factor=1\n"
                         "transaction.state.log.num.partitions=1\n"
                         "transaction.state.log.replication.factor=1\n"
                         "transaction.state.log.min.isr=1\n"
                         "group.initial.rebalance.delay.ms=0\n",
                         port_, controller_port_, sasl_port_, dir_ / "data", controls ? ",controller" : "", node_,
                         controls ? fmt::format(",CONTROLLER://127.0.0.1:{}", controller_port_) : ""));
}

void KafkaBroker::start() {
  process_ = std::make_unique<Process>(java("kafka.Kafka", {dir_ / "server.properties"}), dir_ / "broker.log");
  wait_until_it_answers();
}

void KafkaBroker::wait_until_it_answers() {
  KafkaProducer client(brokers(), {{"reconnect.backoff.max.ms", "200"}});
  const auto deadline = std::chrono::steady_clock::now() + kStartWithin;
  while (std::chrono::steady_clock::now() < deadline) {
    const rd_kafka_metadata_t* metadata = nullptr;
    const bool answered = rd_kafka_metadata(client.handle(), 1, nullptr, &metadata, 500) == RD_KAFKA_RESP_ERR_NO_ERROR;
    const bool ready = answered && metadata->broker_cnt >= node_;
    if (answered) rd_kafka_metadata_destroy(metadata);
    if (ready) return;
    if (!process_->running()) break;
  }
  throw std::runtime_error("the broker does not answer: " + dir_.read("broker.log"));
}

void KafkaBroker::stop() { process_->end(SIGTERM); }
void KafkaBroker::kill() { process_->end(SIGKILL); }
void KafkaBroker::pause() { process_->signal(SIGSTOP); }
void KafkaBroker::resume() { process_->signal(SIGCONT); }

KafkaProducer& KafkaBroker::admin() {
  if (!admin_) admin_ = std::make_unique<KafkaProducer>(brokers());
  return *admin_;
}

void KafkaBroker::create_topic(const std::string& name, int partitions,
                               const std::map<std::string, std::string>& config) {
  char why[512] = "";
  rd_kafka_NewTopic_t* topic = rd_kafka_NewTopic_new(name.c_str(), partitions, 1, why, sizeof(why));
  if (topic == nullptr) throw std::runtime_error(why);
  for (const auto& [key, value] : config) rd_kafka_NewTopic_set_config(topic, key.c_str(), value.c_str());
  admin_call(admin().handle(), "create topic " + name,
             [&](rd_kafka_queue_t* queue) { rd_kafka_CreateTopics(admin().handle(), &topic, 1, nullptr, queue); });
  rd_kafka_NewTopic_destroy(topic);
}

void KafkaBroker::create_topic_led_by_the_other(const std::string& name) {
  char why[512] = "";
  std::int32_t nodes[] = {3 - node_, node_};  // The first one leads.
  rd_kafka_NewTopic_t* topic = rd_kafka_NewTopic_new(name.c_str(), 1, -1, why, sizeof(why));
  if (topic == nullptr) throw std::runtime_error(why);
  rd_kafka_NewTopic_set_replica_assignment(topic, 0, nodes, 2, why, sizeof(why));
  admin_call(admin().handle(), "create topic " + name,
             [&](rd_kafka_queue_t* queue) { rd_kafka_CreateTopics(admin().handle(), &topic, 1, nullptr, queue); });
  rd_kafka_NewTopic_destroy(topic);
}

void KafkaBroker::delete_topic(const std::string& name) {
  rd_kafka_DeleteTopic_t* topic = rd_kafka_DeleteTopic_new(name.c_str());
  admin_call(admin().handle(), "delete topic " + name,
             [&](rd_kafka_queue_t* queue) { rd_kafka_DeleteTopics(admin().handle(), &topic, 1, nullptr, queue); });
  rd_kafka_DeleteTopic_destroy(topic);
}

void KafkaBroker::set_partitions(const std::string& name, int total) {
  char why[512] = "";
  rd_kafka_NewPartitions_t* wanted =
      rd_kafka_NewPartitions_new(name.c_str(), static_cast<std::size_t>(total), why, sizeof(why));
  if (wanted == nullptr) throw std::runtime_error(why);
  admin_call(admin().handle(), "add partitions to " + name,
             [&](rd_kafka_queue_t* queue) { rd_kafka_CreatePartitions(admin().handle(), &wanted, 1, nullptr, queue); });
  rd_kafka_NewPartitions_destroy(wanted);
}

void KafkaBroker::delete_records(const std::string& topic, std::int32_t partition, std::int64_t before) {
  rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(list, topic.c_str(), partition)->offset = before;
  rd_kafka_DeleteRecords_t* wanted = rd_kafka_DeleteRecords_new(list);
  admin_call(admin().handle(), "delete records of " + topic,
             [&](rd_kafka_queue_t* queue) { rd_kafka_DeleteRecords(admin().handle(), &wanted, 1, nullptr, queue); });
  rd_kafka_DeleteRecords_destroy(wanted);
  rd_kafka_topic_partition_list_destroy(list);
}

std::int64_t KafkaBroker::group_offset(const std::string& group, const std::string& topic, std::int32_t partition) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  char why[512] = "";
  rd_kafka_conf_set(conf, "bootstrap.servers", brokers().c_str(), why, sizeof(why));
  rd_kafka_conf_set(conf, "group.id", group.c_str(), why, sizeof(why));
  rd_kafka_t* consumer = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof(why));
  rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(list, topic.c_str(), partition);
  const auto error = rd_kafka_committed(consumer, list, kAdminMs);
  const std::int64_t offset = list->elems[0].offset;
  rd_kafka_topic_partition_list_destroy(list);
  rd_kafka_destroy(consumer);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) throw std::runtime_error(rd_kafka_err2str(error));
  return offset;
}

}  // namespace test_support
