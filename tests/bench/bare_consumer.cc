// The floor under every Kafka figure: a consumer on librdkafka that only counts. Batches, one thread, all partitions
// from the first to the last message that is there at the start.
//
//   bare_consumer BROKERS TOPIC      prints messages and bytes
#include <librdkafka/rdkafka.h>

#include <cstdint>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

struct Destroy {
  void operator()(rd_kafka_t* client) const { rd_kafka_destroy(client); }
  void operator()(rd_kafka_queue_t* queue) const { rd_kafka_queue_destroy(queue); }
  void operator()(rd_kafka_topic_partition_list_t* list) const { rd_kafka_topic_partition_list_destroy(list); }
  void operator()(const rd_kafka_metadata_t* metadata) const { rd_kafka_metadata_destroy(metadata); }
};
template <typename T>
using Handle = std::unique_ptr<T, Destroy>;

constexpr int kTimeoutMs = 10'000;
constexpr std::size_t kBatch = 16'384;

Handle<rd_kafka_t> make_consumer(const char* brokers) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  char error[256];
  // The queue is large: a full one makes librdkafka 2.0 pause its fetches for up to a second.
  for (const auto& [name, value] : std::vector<std::pair<const char*, const char*>>{
           {"bootstrap.servers", brokers},
           {"group.id", "bare-consumer"},
           {"enable.auto.commit", "false"},
           {"enable.auto.offset.store", "false"},
           {"enable.partition.eof", "true"},
           {"auto.offset.reset", "error"},
           {"fetch.wait.max.ms", "20"},
           {"queued.min.messages", "10000000"},
           {"queued.max.messages.kbytes", "2097151"}}) {
    if (rd_kafka_conf_set(conf, name, value, error, sizeof error) != RD_KAFKA_CONF_OK) throw std::runtime_error(error);
  }
  Handle<rd_kafka_t> client(rd_kafka_new(RD_KAFKA_CONSUMER, conf, error, sizeof error));
  if (!client) throw std::runtime_error(error);
  rd_kafka_poll_set_consumer(client.get());
  return client;
}

/// Assigns every partition from its beginning; how many there are.
std::size_t assign_all(rd_kafka_t* client, const char* topic) {
  const rd_kafka_metadata_t* found = nullptr;
  rd_kafka_topic_t* handle = rd_kafka_topic_new(client, topic, nullptr);
  const auto asked = rd_kafka_metadata(client, 0, handle, &found, kTimeoutMs);
  rd_kafka_topic_destroy(handle);
  if (asked != RD_KAFKA_RESP_ERR_NO_ERROR) throw std::runtime_error(rd_kafka_err2str(asked));
  const Handle<const rd_kafka_metadata_t> metadata(found);
  const int count = metadata->topics[0].partition_cnt;
  const Handle<rd_kafka_topic_partition_list_t> list(rd_kafka_topic_partition_list_new(count));
  for (int p = 0; p < count; ++p) {
    rd_kafka_topic_partition_list_add(list.get(), topic, p)->offset = RD_KAFKA_OFFSET_BEGINNING;
  }
  if (const auto done = rd_kafka_assign(client, list.get()); done != RD_KAFKA_RESP_ERR_NO_ERROR) {
    throw std::runtime_error(rd_kafka_err2str(done));
  }
  return static_cast<std::size_t>(count);
}

void consume(const char* brokers, const char* topic) {
  const auto client = make_consumer(brokers);
  std::size_t open = assign_all(client.get(), topic);
  const Handle<rd_kafka_queue_t> queue(rd_kafka_queue_get_consumer(client.get()));
  std::vector<rd_kafka_message_t*> batch(kBatch);
  std::uint64_t messages = 0, bytes = 0;
  while (open > 0) {
    const auto got = rd_kafka_consume_batch_queue(queue.get(), 100, batch.data(), batch.size());
    for (ssize_t i = 0; i < got; ++i) {
      const rd_kafka_message_t& message = *batch[static_cast<std::size_t>(i)];
      if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        ++messages, bytes += message.len;
      } else if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        --open;
      } else {
        throw std::runtime_error(rd_kafka_message_errstr(&message));
      }
      rd_kafka_message_destroy(batch[static_cast<std::size_t>(i)]);
    }
  }
  std::printf("messages=%llu bytes=%llu\n", static_cast<unsigned long long>(messages),
              static_cast<unsigned long long>(bytes));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: bare_consumer BROKERS TOPIC\n", stderr);
    return 2;
  }
  try {
    consume(argv[1], argv[2]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bare_consumer: %s\n", error.what());
    return 3;
  }
}
