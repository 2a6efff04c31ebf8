#include <librdkafka/rdkafka.h>

#include <array>
#include <initializer_list>
#include <utility>

#include "simulation/message_sink.h"

namespace simulation {

namespace {

constexpr int kPollMs = 50;
constexpr int kPatienceMs = 60'000;     ///< For the last messages to arrive.
constexpr unsigned kPollEvery = 1'024;  ///< Messages between two looks at delivery reports.
using ErrorText = std::array<char, 512>;

struct DestroyProducer {
  void operator()(rd_kafka_t* producer) const { rd_kafka_destroy(producer); }
};
struct DestroyTopic {
  void operator()(rd_kafka_topic_t* topic) const { rd_kafka_topic_destroy(topic); }
};
struct DestroyConf {
  void operator()(rd_kafka_conf_t* conf) const { rd_kafka_conf_destroy(conf); }
};
using Producer = std::unique_ptr<rd_kafka_t, DestroyProducer>;
using Topic = std::unique_ptr<rd_kafka_topic_t, DestroyTopic>;
using Conf = std::unique_ptr<rd_kafka_conf_t, DestroyConf>;

/// Delivery reports come while polling, on the thread that writes.
struct Reports {
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
};

void on_report(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) static_cast<Reports*>(opaque)->error = message->err;
}

void drop_log(const rd_kafka_t*, int, const char*, const char*) {}  // failures are told by reports

class KafkaSink final : public MessageSink {
 public:
  KafkaSink(std::unique_ptr<Reports> reports, Producer producer, Topic topic)
      : reports_(std::move(reports)), producer_(std::move(producer)), topic_(std::move(topic)) {}
  ~KafkaSink() override {
    rd_kafka_purge(producer_.get(), RD_KAFKA_PURGE_F_QUEUE);
    rd_kafka_flush(producer_.get(), kPollMs);
  }

  core::Result<void> write(std::string_view key, std::string_view message) override {
    if (++written_ % kPollEvery == 0) rd_kafka_poll(producer_.get(), 0);
    void* payload = const_cast<char*>(message.data());  // copied by librdkafka
    while (rd_kafka_produce(topic_.get(), RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY, payload, message.size(),
                            key.data(), key.size(), nullptr) != 0) {
      const rd_kafka_resp_err_t error = rd_kafka_last_error();
      if (error != RD_KAFKA_RESP_ERR__QUEUE_FULL) return failure(error);
      rd_kafka_poll(producer_.get(), kPollMs);
      if (auto delivered = check(); !delivered) return delivered;
    }
    return check();
  }

  /// The producer sends by itself within its linger time.
  core::Result<void> flush() override {
    rd_kafka_poll(producer_.get(), 0);
    return check();
  }

  core::Result<void> finish() override {
    const rd_kafka_resp_err_t error = rd_kafka_flush(producer_.get(), kPatienceMs);
    if (auto delivered = check(); !delivered) return delivered;
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return failure(error);
    return {};
  }

 private:
  static core::Result<void> failure(rd_kafka_resp_err_t error) {
    return core::fail(std::string("cannot send to Kafka: ") + rd_kafka_err2str(error));
  }
  core::Result<void> check() const {
    if (reports_->error != RD_KAFKA_RESP_ERR_NO_ERROR) return failure(reports_->error);
    return {};
  }

  std::unique_ptr<Reports> reports_;  ///< Outlives the producer, which points at it.
  Producer producer_;
  Topic topic_;
  unsigned written_ = 0;
};

using Property = std::pair<const char*, const char*>;

}  // namespace

core::Result<std::unique_ptr<MessageSink>> open_kafka_sink(const std::string& brokers, const std::string& topic) {
  ErrorText text{};
  Conf conf(rd_kafka_conf_new());
  // Idempotent, so that a retry makes no second copy. One request at a time: where a topic just made refuses the first
  // batch and takes the next, librdkafka 2.0.2 takes the first for a duplicate and drops it without a word.
  for (const auto& [name, value] : std::initializer_list<Property>{{"bootstrap.servers", brokers.c_str()},
                                                                   {"enable.idempotence", "true"},
                                                                   {"max.in.flight.requests.per.connection", "1"},
                                                                   {"linger.ms", "5"},
                                                                   {"partitioner", "murmur2_random"},
                                                                   {"socket.nagle.disable", "true"},
                                                                   {"queue.buffering.max.messages", "500000"},
                                                                   {"message.timeout.ms", "60000"}}) {
    if (rd_kafka_conf_set(conf.get(), name, value, text.data(), text.size()) != RD_KAFKA_CONF_OK)
      return core::fail(std::string("Kafka: ") + text.data());
  }
  auto reports = std::make_unique<Reports>();
  rd_kafka_conf_set_opaque(conf.get(), reports.get());
  rd_kafka_conf_set_dr_msg_cb(conf.get(), on_report);
  rd_kafka_conf_set_log_cb(conf.get(), drop_log);
  Producer producer(rd_kafka_new(RD_KAFKA_PRODUCER, conf.get(), text.data(), text.size()));
  if (!producer) return core::fail(std::string("Kafka: ") + text.data());
  (void)conf.release();  // the producer owns it now
  Topic handle(rd_kafka_topic_new(producer.get(), topic.c_str(), nullptr));
  if (!handle) return core::fail(std::string("Kafka: ") + rd_kafka_err2str(rd_kafka_last_error()));
  return std::make_unique<KafkaSink>(std::move(reports), std::move(producer), std::move(handle));
}

}  // namespace simulation
