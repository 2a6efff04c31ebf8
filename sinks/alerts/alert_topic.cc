#include <librdkafka/rdkafka.h>

#include <array>
#include <atomic>
#include <chrono>

#include "sinks/alerts/alert_text.h"
#include "sinks/alerts/receivers.h"

namespace sinks {
namespace {

constexpr core::Millis kRetry{1000};
constexpr int kPatienceMs = 5000, kStepMs = 100;

struct DestroyProducer {
  void operator()(rd_kafka_t* producer) const { rd_kafka_destroy(producer); }
};
struct DestroyConf {
  void operator()(rd_kafka_conf_t* conf) const { rd_kafka_conf_destroy(conf); }
};
using Producer = std::unique_ptr<rd_kafka_t, DestroyProducer>;
using Conf = std::unique_ptr<rd_kafka_conf_t, DestroyConf>;

/// Of the message that is under way, by its number: a report of one before, which was given up, is not taken for its.
/// Reports come while polling, on the thread that sends.
struct Report {
  std::uintptr_t wanted = 0;
  bool come = false;
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
};
void on_report(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
  auto& report = *static_cast<Report*>(opaque);
  if (reinterpret_cast<std::uintptr_t>(message->_private) != report.wanted) return;
  report.come = true, report.error = message->err;
}
void drop_log(const rd_kafka_t*, int, const char*, const char*) {}  // Failures are told by reports.

using Properties = std::map<std::string, std::string>;

/// `report` outlives it.
core::Result<Producer> make_producer(const Properties& properties, Report& report) {
  std::array<char, 512> error{};
  Conf conf(rd_kafka_conf_new());
  for (const auto& [name, value] : properties) {
    if (rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(), error.data(), error.size()) != RD_KAFKA_CONF_OK) {
      return core::fail(error.data());
    }
  }
  rd_kafka_conf_set_opaque(conf.get(), &report);
  rd_kafka_conf_set_dr_msg_cb(conf.get(), on_report);
  rd_kafka_conf_set_log_cb(conf.get(), drop_log);
  Producer producer(rd_kafka_new(RD_KAFKA_PRODUCER, conf.get(), error.data(), error.size()));
  if (!producer) return core::fail(error.data());
  (void)conf.release();  // The producer owns it now.
  return producer;
}

class AlertTopic final : public AlertChannel {
 public:
  AlertTopic(std::string name, std::string topic, std::string link, Properties properties)
      : name_(std::move(name)), topic_(std::move(topic)), link_(std::move(link)), properties_(std::move(properties)) {}
  ~AlertTopic() override { give_up(); }

  /// Made anew after an error that librdkafka does not come back from.
  core::Result<void> open() {
    auto producer = make_producer(properties_, report_);
    if (!producer) return tl::unexpected(producer.error());
    producer_ = std::move(*producer);
    return {};
  }

  const std::string& name() const override { return name_; }
  core::Result<void> send(std::span<const core::AlertDelivery> deliveries) override {
    if (!producer_) {
      if (auto opened = open(); !opened) return core::fail(opened.error().message, kRetry);
    }
    const core::AlertDelivery& delivery = deliveries.front();
    const std::string text = alert_cloud_event(delivery, link_), &key = delivery.alert.id;
    report_ = {report_.wanted + 1, false, RD_KAFKA_RESP_ERR_NO_ERROR};
    const auto queued = rd_kafka_producev(
        producer_.get(), RD_KAFKA_V_TOPIC(topic_.c_str()), RD_KAFKA_V_KEY(key.data(), key.size()),
        RD_KAFKA_V_VALUE(const_cast<char*>(text.data()), text.size()), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
        RD_KAFKA_V_OPAQUE(reinterpret_cast<void*>(report_.wanted)), RD_KAFKA_V_END);
    if (queued != RD_KAFKA_RESP_ERR_NO_ERROR) return failed(queued);
    for (int waited = 0; !report_.come && waited < 2 * kPatienceMs && !cancelled_; waited += kStepMs) {
      rd_kafka_poll(producer_.get(), kStepMs);
    }
    if (!report_.come) return core::fail(cancelled_ ? "stopped" : "no answer", kRetry);
    if (report_.error != RD_KAFKA_RESP_ERR_NO_ERROR) return failed(report_.error);
    return {};
  }
  void cancel() override { cancelled_ = true; }

 private:
  core::Result<void> failed(rd_kafka_resp_err_t error) {
    std::array<char, 512> words{};
    if (rd_kafka_fatal_error(producer_.get(), words.data(), words.size()) != RD_KAFKA_RESP_ERR_NO_ERROR) give_up();
    return core::fail(rd_kafka_err2str(error), kRetry);
  }
  void give_up() {
    if (!producer_) return;
    rd_kafka_purge(producer_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_flush(producer_.get(), kStepMs);
    producer_.reset();
  }

  const std::string name_, topic_, link_;
  const Properties properties_;
  Report report_;  ///< Outlives the producer, which points at it.
  Producer producer_;
  std::atomic<bool> cancelled_{false};
};

}  // namespace

core::Result<std::unique_ptr<AlertChannel>> make_alert_topic(const std::string& brokers, const std::string& topic,
                                                             const std::map<std::string, std::string>& properties,
                                                             const std::string& link) {
  Properties all = {
      {"enable.idempotence", "true"}, {"partitioner", "murmur2_random"}, {"socket.nagle.disable", "true"}};
  for (const auto& [name, value] : properties) all[name] = value;
  all["bootstrap.servers"] = brokers;
  all["message.timeout.ms"] = std::to_string(kPatienceMs);  // A message is given up before it is sent again.
  auto made = std::make_unique<AlertTopic>("kafka " + brokers + ' ' + topic, topic, link, std::move(all));
  if (auto opened = made->open(); !opened) return core::fail(opened.error().message);
  return std::unique_ptr<AlertChannel>(std::move(made));
}

}  // namespace sinks
