#include "tests/support/kafka_producer.h"

#include <stdexcept>

namespace test_support {
namespace {

constexpr int kPatienceMs = 30000;

void check(rd_kafka_resp_err_t error, const std::string& what) {
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) throw std::runtime_error(what + ": " + rd_kafka_err2str(error));
}

void check(rd_kafka_error_t* error, const std::string& what) {
  if (error == nullptr) return;
  const std::string why = rd_kafka_error_string(error);
  rd_kafka_error_destroy(error);
  throw std::runtime_error(what + ": " + why);
}

}  // namespace

KafkaProducer::KafkaProducer(const std::string& brokers, const std::map<std::string, std::string>& properties) {
  auto all = properties;
  all.emplace("bootstrap.servers", brokers);
  all.emplace("partitioner", "murmur2_random");
  all.emplace("linger.ms", "5");
  all.emplace("queue.buffering.max.messages", "2000000");
  // In order and once; one request at a time, since librdkafka 2.0.2 loses a first batch that a topic just made refuses
  // while it takes the next.
  all.emplace("enable.idempotence", "true");
  all.emplace("max.in.flight.requests.per.connection", "1");
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  char why[512] = "";
  for (const auto& [name, value] : all)
    if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), why, sizeof(why)) != RD_KAFKA_CONF_OK)
      throw std::runtime_error(why);
  rd_kafka_conf_set_log_cb(conf, nullptr);
  producer_ = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof(why));
  if (producer_ == nullptr) throw std::runtime_error(why);
  if (all.contains("transactional.id")) check(rd_kafka_init_transactions(producer_, kPatienceMs), "transactions");
}

KafkaProducer::~KafkaProducer() { rd_kafka_destroy(producer_); }

void KafkaProducer::send(const KafkaMessage& message) {
  rd_kafka_headers_t* headers = rd_kafka_headers_new(message.headers.size());
  for (const auto& [name, value] : message.headers)
    rd_kafka_header_add(headers, name.data(), static_cast<ssize_t>(name.size()), value.data(),
                        static_cast<ssize_t>(value.size()));
  auto* value = const_cast<char*>(message.value.data());  // copied by the flag below
  const auto error =
      rd_kafka_producev(producer_, RD_KAFKA_V_TOPIC(message.topic.c_str()), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                        RD_KAFKA_V_PARTITION(message.partition.value_or(RD_KAFKA_PARTITION_UA)),
                        RD_KAFKA_V_KEY(message.key.empty() ? nullptr : message.key.data(), message.key.size()),
                        RD_KAFKA_V_VALUE(value, message.value.size()), RD_KAFKA_V_HEADERS(headers),
                        RD_KAFKA_V_TIMESTAMP(message.time_ms), RD_KAFKA_V_END);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) rd_kafka_headers_destroy(headers);
  check(error, "produce to " + message.topic);
  rd_kafka_poll(producer_, 0);
}

void KafkaProducer::flush() { check(rd_kafka_flush(producer_, kPatienceMs), "flush"); }
void KafkaProducer::begin() { check(rd_kafka_begin_transaction(producer_), "begin"); }
void KafkaProducer::commit() { check(rd_kafka_commit_transaction(producer_, kPatienceMs), "commit"); }
void KafkaProducer::abort() {
  flush();
  check(rd_kafka_abort_transaction(producer_, kPatienceMs), "abort");
}

}  // namespace test_support
