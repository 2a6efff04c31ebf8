// Looks around at the brokers while another thread reads: are they there, are there new partitions, and, while there
// is much to read, keeps librdkafka's threads awake.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "ingest/kafka_config.h"
#include "ingest/kafka_handles.h"
#include "ingest/sources.h"

namespace ingest {

/// A partition when it was first seen.
struct FoundPartition {
  std::string topic;
  std::int32_t partition = 0;
  std::int64_t low = 0, high = 0;  ///< The first offset that is there, and one past the last.
};

/// Asks the brokers the questions that may take long, in a thread of its own.
///
/// Why it also asks while there is lag: librdkafka 2.0.2 takes a partition off its fetch list when the local queue is
/// full, and its broker thread then sleeps up to a second whatever becomes of the queue (its issue 3662). Any request
/// wakes that thread; one for the watermarks of one partition per leader every few milliseconds costs little and
/// brings a small queue to the speed of a large one.
/// Thread-safe, but for start() and stop().
class KafkaScout {
 public:
  struct Report {
    bool connected = false;
    bool complete = false;  ///< All partitions of all topics were found, and taken from here.
    bool final = false;     ///< Trying again cannot help a bounded reader: a topic does not exist.
    std::string message;    ///< Why not connected or not complete; empty before the first answer.
  };

  /// `on_news` is called on the scout's thread whenever found partitions or another report can be taken.
  KafkaScout(KafkaConsumer consumer, const KafkaOptions& options, std::shared_ptr<KafkaTrouble> trouble,
             std::function<void()> on_news);
  ~KafkaScout() { stop(); }

  void start();
  void stop();  ///< Waits for the question under way, at most about a second.

  std::vector<FoundPartition> take_found();
  Report report() const;
  /// Whether the partition was there at the last look, with a leader that answered.
  bool answers(const std::string& topic, std::int32_t partition) const;
  void set_lagging(bool lagging);

 private:
  using Partition = std::pair<std::string, std::int32_t>;

  void run();
  void look();
  std::string look_at(const std::string& topic, std::vector<Partition>& fresh, Report& report);
  std::string take_metadata(const rd_kafka_metadata_topic_t& topic, std::vector<Partition>& fresh);
  std::string resolve(const std::vector<Partition>& fresh);
  std::string query(const std::vector<Partition>& partitions, std::int64_t time,
                    std::map<Partition, std::int64_t>& out);
  std::string look_at_leaders();
  void ask();
  void publish(Report report, std::vector<FoundPartition> found);

  const KafkaConsumer consumer_;
  const KafkaOptions options_;
  const std::shared_ptr<KafkaTrouble> trouble_;
  const std::function<void()> on_news_;
  std::thread thread_;

  // Confined to the scout's thread.
  std::map<std::string, KafkaTopic> topics_;
  std::set<Partition> known_;
  std::vector<FoundPartition> resolved_;
  std::map<std::int32_t, std::vector<Partition>> led_by_;
  std::size_t turn_ = 0;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false, lagging_ = false;
  Report report_;
  std::vector<FoundPartition> found_;
  std::set<Partition> silent_;  ///< Known ones that the last look did not reach.
};

}  // namespace ingest
