// What sources hand to the pipeline: raw messages with their positions, and evidence about the partitions.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/event.h"
#include "core/time.h"

namespace core {

/// A header of a Kafka message.
struct Header {
  std::string_view name, value;
};

/// One message or line as it was read. The bytes belong to the batch.
struct RawMessage {
  std::string_view value;
  std::span<const Header> headers;  ///< Kafka only; CloudEvents in binary mode have their attributes here.
  std::uint32_t partition = 0;      ///< Index into RawBatch::partitions.
  std::int64_t offset = 0;          ///< Kafka offset; for files the byte at which the line begins.
  std::int64_t line = 0;            ///< Files: 1 for the first line; 0 for Kafka.
  WallTime appended{};              ///< Broker's append time where the topic keeps it, else when it was fetched.
};

/// Where a stream of messages stands. `key` names the stream in the store and in dead letters and never changes:
/// "kafka:SOURCE/TOPIC/PARTITION" or "file:SOURCE/HEAD-HASH".
struct PartitionState {
  std::string key;
  std::string label;                 ///< For people: "contact-events/3", "/var/log/asterisk/queue_log".
  std::int64_t next_offset = 0;      ///< The first offset (byte) that is not in any batch yet.
  std::int64_t next_line = 0;        ///< Files: the number of the line that begins at next_offset, less 1.
  std::int64_t lag = 0;              ///< Messages behind the end, as far as known; files: bytes.
  std::optional<WallTime> end_read;  ///< When the end was last seen to be reached (broker's or file's evidence);
                                     ///< absent while there is more to read.
  std::int64_t first_offset = 0;     ///< What lay before it was gone from the log when the source found it.
  std::uint32_t number = 0;          ///< Kafka: the partition's, among `of_topic`.
  std::uint32_t of_topic = 0;        ///< Kafka: how many partitions of the topic were found; 0: not known, or no topic.
};

/// A bad place that is no message: a line too long, a file that breaks off.
struct InputFault {
  std::string position;   ///< For people: "/var/log/queue_log:17 (byte 1602)", or the file alone.
  std::string detail;     ///< What is wrong, with its size.
  std::string beginning;  ///< The first bytes of what was there, at most kMostKept; empty where nothing was.
  std::int64_t offset = 0;
  static constexpr std::size_t kMostKept = 64 << 10;
};

/// "/var/log/queue_log:17 (byte 1602)": a place in a file, for people.
std::string line_position(std::string_view file, std::int64_t line, std::int64_t byte);

/// A chunk of input. Order within one partition is the order of its log. Owns all bytes that its messages point at.
struct RawBatch {
  std::string source;                      ///< The source's name in the configuration.
  std::vector<RawMessage> messages;
  std::vector<PartitionState> partitions;  ///< State after this batch, of every partition that the source has.
  std::vector<std::shared_ptr<const void>> owners;
  std::vector<InputFault> faults;
};

/// Why a message became a dead letter. The words are labels of floorwatch_events_rejected_total: a closed list.
enum class RejectReason : std::uint8_t {
  kNotJson,        ///< not JSON, not UTF-8, a lone surrogate, NaN
  kEnvelope,       ///< specversion, source, id, type or time missing or wrong
  kMissingField,
  kWrongType,
  kUnknownWord,    ///< not in a closed list
  kBadValue,       ///< an id too long, an impossible date or amount, a control character
  kMalformedLine,  ///< a line that its source's format does not allow
  kFutureTime,
  kTooLate,
};
inline constexpr std::array<std::string_view, 9> kRejectReasonWords = {
    "not_json", "envelope", "missing_field", "wrong_type", "unknown_word",
    "bad_value", "malformed_line", "future_time", "too_late"};

/// A message that was not understood: kept whole with its position and reason.
struct Rejection {
  std::uint32_t message = 0;  ///< Index of the raw message in its batch.
  RejectReason reason{};
  std::string detail;         ///< For people: which field, what was found, what is allowed.
};

/// Bump allocator for text that had to be rewritten (unescaped JSON, composed ids). Pointers stay valid until clear().
/// Confined to one thread.
class Arena {
 public:
  std::string_view copy(std::string_view text);
  std::string_view concat(std::string_view a, std::string_view b, std::string_view c = {});
  std::span<Cost> costs(std::size_t n);
  std::span<std::string_view> texts(std::size_t n);
  void* allocate(std::size_t bytes, std::size_t align);
  void clear();  ///< Keeps the blocks for reuse.

 private:
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size;
  };
  std::vector<Block> blocks_;
  std::size_t current_ = 0, used_ = 0;
};

/// What a decoder makes of a stretch of messages. Confined to one thread until the round's end.
struct DecodedBatch {
  std::vector<Event> events;          ///< In the order of the messages; a message may give several.
  std::vector<Rejection> rejections;
  std::uint64_t skipped = 0;          ///< Messages with a good envelope and a type that is not known, or that the
                                      ///< format says mean nothing here.
  Arena arena;
  void clear() { events.clear(), rejections.clear(), skipped = 0, arena.clear(); }
};

/// Turns raw messages of one format into canonical events. A message gives events, one rejection, or one skip; an
/// empty line gives nothing. Stateless between messages, so that batches can be cut anywhere. Confined to one thread.
class Decoder {
 public:
  virtual ~Decoder() = default;
  /// `index` is the message's index in its batch, for Event::message and Rejection::message.
  virtual void decode(const RawMessage& message, std::uint32_t index, DecodedBatch& out) = 0;
};

}  // namespace core
