// What the pipeline asks of a store: keep packed state and the place in the log together, atomically, and give it back.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/alert.h"
#include "core/alert_query.h"
#include "core/archive.h"
#include "core/dead_letter_query.h"
#include "core/event_counts.h"
#include "core/ownership.h"
#include "core/result.h"
#include "core/revision.h"
#include "core/snapshot.h"
#include "core/source.h"
#include "core/time.h"

namespace core {

/// Where one partition stands: its place in the log and its event clock, so that a restart continues both.
struct PartitionProgress {
  Resume resume;
  std::optional<EventTime> clock;  ///< Its event clock at the commit; absent if it never had an event.
};

/// Everything that a commit says beside the records.
struct Progress {
  std::map<std::string, PartitionProgress> partitions;  ///< by PartitionState::key
  std::map<std::string, EventCounts> counts;            ///< by source name
  std::optional<EventTime> as_of, watermark;            ///< The event clocks at the commit.
  std::optional<EventTime> retained_since;  ///< The horizon: single contacts of before are not kept. Live only.
  WallTime committed_at{};
  Millis allowed_lateness{30'000};  ///< The largest of the sources: how long intervals stay provisional.
  bool sealed = false;  ///< A replay came to the end of its input: every interval is final.

  /// Intervals that end before it are final, if nothing in them is open; absent while nothing is known of it.
  std::optional<EventTime> settled_before() const {
    return watermark ? std::optional(*watermark - allowed_lateness) : std::nullopt;
  }
};

/// A message that was rejected, with all that is needed to read it again.
struct DeadLetter {
  std::string source, position, reason, detail, content;
  WallTime seen{};
  std::string headers{};    ///< Of a Kafka message, in the form of core/header_text.h.
  std::int64_t offset = 0;  ///< RawMessage::offset: some formats make their events' ids of it.
  bool whole = true;        ///< false: `content` is but the beginning of what was there, or nothing.
  std::int64_t id = 0;      ///< The store's; 0 while it is not kept yet.
};

/// What dead letters may take. Beyond it the oldest are dropped, and counted.
struct DeadLetterLimits {
  std::uint64_t bytes = std::numeric_limits<std::uint64_t>::max();
  Millis age = Millis::max();
};

enum class StatePart : std::uint8_t { kPage, kJournal };

/// A packed piece of state. What the bytes mean is the processors' business; the store keeps them in order.
struct StateBlob {
  std::uint32_t shard = 0;
  std::string bytes;
};

struct Commit {
  std::vector<StateBlob> journal;  ///< Appended: the records that changed since the last commit.
  std::vector<Snapshot> snapshots;
  std::vector<ArchivePage> archive;  ///< Contacts that leave memory once this commit is kept.
  std::vector<Superseded> superseded;
  std::vector<Revision> revisions;  ///< Kept with committed_at of `progress`, numbered by the store.
  std::vector<Outlived> outlived;  ///< With a snapshot of the same shard, which the others follow from.
  Progress progress;
  std::vector<DeadLetter> dead_letters;
  std::vector<std::int64_t> understood;  ///< Ids of dead letters that a retry has understood: removed.
  DeadLetterLimits dead_letter_limits;
  AlertChanges alerts;
};

/// Fixed when a store is made, or changed only by a rebuild.
struct StoreIdentity {
  std::uint32_t shards = 8;
  std::string figure_config;  ///< FigureConfig::canonical_text()
  std::string packed_config;  ///< pack(FigureConfig): what `figures` and others read a store by.
};

/// One store. Confined to one thread at a time; a reader of the same store opens its own.
///
/// Writing needs the ownership, which destroying the store gives up. Once another process has taken it over, every write
/// is a Failure without retry that names the new owner, and changes nothing.
class Store {
 public:
  virtual ~Store() = default;

  virtual const StoreIdentity& identity() const = 0;
  virtual const Progress& progress() const = 0;

  /// Makes the claim's process the owner; identity() and progress() are then what the former owner left. A Failure says
  /// who owns the store.
  virtual Result<void> claim(Claim claim) = 0;

  /// Writes a heartbeat. Every commit is one, too; load() writes them itself while it is owned.
  virtual Result<void> beat() = 0;

  /// All state, the shards' side by side: of each first the snapshot's pages, then the journal, the entry of the last
  /// commit first.
  using Visit = std::function<void(StatePart part, std::uint32_t shard, std::string_view bytes)>;
  virtual Result<void> load(const Visit& visit) = 0;

  /// What has been committed to the archive; nullptr where the store has none or cannot be read while it is written.
  virtual Archive* archive() = 0;

  /// One transaction: all of it is kept, or nothing. After a Failure with a retry the outcome may be unknown: the same
  /// commit is to be tried again before any other, and is kept once, whether or not it had been kept already.
  virtual Result<void> commit(const Commit& commit) = 0;

  /// Replaces the figure configuration (after `--rebuild`); takes effect with the next commit.
  virtual void set_identity(StoreIdentity identity) = 0;

  /// The diary of corrections; nullptr where the store has none.
  virtual RevisionReader* revisions() = 0;

  /// Those that the query asks for, newest last.
  virtual Result<std::vector<DeadLetter>> dead_letters(const DeadLetterQuery& query) = 0;
  /// What whoever writes the store goes on from.
  virtual Result<AlertState> alert_state() = 0;
  /// Those that the query asks for, newest first.
  virtual Result<std::vector<Alert>> alerts(const AlertQuery& query) = 0;
  /// How many dead letters the limits have dropped since the store was made.
  virtual Result<std::uint64_t> dead_letters_dropped() = 0;
};

}  // namespace core
