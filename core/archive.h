// The archive: contacts and intervals that left memory, in pages of the store, and how they are found again.
//
// Of each contact at most one archived version is current. One that came back to memory and changed there supersedes
// its page's version, which is listed as such with the commit of the change.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "core/periods.h"
#include "core/time.h"

namespace core {

/// Some contacts of one shard, packed (the processors' business).
struct ArchivePage {
  std::uint32_t shard = 0;
  std::uint64_t number = 0;  ///< Rises within the shard; a greater one is younger.
  std::string bytes;
  std::vector<std::uint64_t> hashes;  ///< text_hash() of the contacts' ids
  EventTime first{}, last{};          ///< All their events lie in [first, last].
};

/// The version of this contact in this page is not current any more.
struct Superseded {
  std::uint32_t shard = 0;
  std::uint64_t page = 0, hash = 0;
  friend bool operator==(const Superseded&, const Superseded&) = default;
};

/// Pages of a shard that are kept no longer: those without an event at or after `before`.
struct Outlived {
  std::uint32_t shard = 0;
  EventTime before{};
};

/// Thrown where the archive cannot be read: the environment failed.
struct ArchiveFailure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// What has been committed to the archive, to be read. Every call throws ArchiveFailure. Thread-safe; `visit` must not
/// ask the archive anything.
class Archive {
 public:
  /// `superseded`: the hashes of this page's versions that are not current.
  using Visit =
      std::function<void(std::uint64_t page, std::string_view bytes, std::span<const std::uint64_t> superseded)>;

  virtual ~Archive() = default;

  /// The pages that hold current versions of contacts with these hashes, youngest first. With `as_of` those that held
  /// one, or one of before, when that was the youngest page, and nothing of them counts as superseded; `as_of` is not
  /// before the shard's last snapshot, with which older versions may have gone.
  virtual void find(std::uint32_t shard, std::span<const std::uint64_t> hashes, std::optional<std::uint64_t> as_of,
                    const Visit& visit) = 0;
  /// The pages from number `since` on with an event in [from, to], youngest first.
  virtual void pages(std::uint32_t shard, std::uint64_t since, EventTime from, EventTime to, const Visit& visit) = 0;
  /// The hashes of every contact that is archived, some maybe twice, and maybe some that are not any more.
  virtual void hashes(std::uint32_t shard, const std::function<void(std::uint64_t)>& visit) = 0;

  /// The pages of the intervals from `first` to `last`, in order: as of the shard's last snapshot.
  virtual void intervals(std::uint32_t shard, Slot first, Slot last,
                         const std::function<void(Slot interval, std::string_view bytes)>& visit) = 0;
  /// Which intervals have one.
  virtual void interval_slots(std::uint32_t shard, const std::function<void(Slot interval)>& visit) = 0;
};

}  // namespace core
