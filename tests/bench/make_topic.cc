// Makes a topic for a benchmark: lz4 on the broker's disk and on the wire, whatever the producer sends.
//
//   make_topic BROKERS TOPIC PARTITIONS
#include <librdkafka/rdkafka.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>

namespace {

struct Destroy {
  void operator()(rd_kafka_t* client) const { rd_kafka_destroy(client); }
  void operator()(rd_kafka_NewTopic_t* topic) const { rd_kafka_NewTopic_destroy(topic); }
  void operator()(rd_kafka_queue_t* queue) const { rd_kafka_queue_destroy(queue); }
  void operator()(rd_kafka_event_t* event) const { rd_kafka_event_destroy(event); }
};
template <typename T>
using Handle = std::unique_ptr<T, Destroy>;

constexpr int kTimeoutMs = 20'000;

void make_topic(const char* brokers, const char* name, int partitions) {
  char error[256];
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  if (rd_kafka_conf_set(conf, "bootstrap.servers", brokers, error, sizeof error) != RD_KAFKA_CONF_OK) {
    throw std::runtime_error(error);
  }
  const Handle<rd_kafka_t> client(rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof error));
  if (!client) throw std::runtime_error(error);
  const Handle<rd_kafka_NewTopic_t> topic(rd_kafka_NewTopic_new(name, partitions, 1, error, sizeof error));
  if (!topic) throw std::runtime_error(error);
  rd_kafka_NewTopic_set_config(topic.get(), "compression.type", "lz4");
  const Handle<rd_kafka_queue_t> answers(rd_kafka_queue_new(client.get()));
  rd_kafka_NewTopic_t* wanted[] = {topic.get()};
  rd_kafka_CreateTopics(client.get(), wanted, 1, nullptr, answers.get());
  const Handle<rd_kafka_event_t> answer(rd_kafka_queue_poll(answers.get(), kTimeoutMs));
  if (!answer) throw std::runtime_error("the broker does not answer");
  if (rd_kafka_event_error(answer.get()) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    throw std::runtime_error(rd_kafka_event_error_string(answer.get()));
  }
  std::size_t count = 0;
  const auto* results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(answer.get()), &count);
  if (count != 1 || rd_kafka_topic_result_error(results[0]) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    throw std::runtime_error(count == 1 ? rd_kafka_topic_result_error_string(results[0]) : "no result");
  }
}

}  // namespace

int main(int argc, char** argv) {
  const int partitions = argc == 4 ? std::atoi(argv[3]) : 0;
  if (partitions <= 0) {
    std::fputs("usage: make_topic BROKERS TOPIC PARTITIONS\n", stderr);
    return 2;
  }
  try {
    make_topic(argv[1], argv[2], partitions);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "make_topic: %s\n", error.what());
    return 3;
  }
}
