// An archive in a test's memory: what the store would keep of the commits that it was given.
#pragma once

#include <algorithm>
#include <atomic>
#include <limits>
#include <map>
#include <stdexcept>
#include <utility>
#include <vector>

#include "core/store.h"

namespace test_support {

/// Thread-safe for those who read; what a test does with it is confined to one thread.
class MemoryArchive : public core::Archive {
 public:
  void commit(std::vector<core::ArchivePage> pages, const std::vector<core::Superseded>& superseded) {
    kept_ += pages.size();
    std::move(pages.begin(), pages.end(), std::back_inserter(pages_));
    superseded_.insert(superseded_.end(), superseded.begin(), superseded.end());
  }
  /// A snapshot was kept: what is superseded goes, as soon as a store may let it go.
  void sweep() {
    for (core::ArchivePage& page : pages_) {
      const auto old = superseded_of(page);
      std::erase_if(page.hashes,
                    [&](std::uint64_t hash) { return std::find(old.begin(), old.end(), hash) != old.end(); });
    }
    std::erase_if(pages_, [](const core::ArchivePage& page) { return page.hashes.empty(); });
  }
  /// How many pages were ever kept, and how many find() has read.
  std::size_t pages_kept() const { return kept_; }
  std::size_t pages_found() const { return found_; }
  std::size_t pages_now() const { return pages_.size(); }
  void drop(const core::Outlived& outlived) {
    std::erase_if(pages_,
                  [&](const auto& page) { return page.shard == outlived.shard && page.last < outlived.before; });
  }
  /// A snapshot was kept.
  void take(const core::Snapshot& snapshot) {
    for (const core::Slot interval : snapshot.back) intervals_.erase({snapshot.shard, interval});
    for (const core::IntervalPage& page : snapshot.leaving) {
      intervals_[{snapshot.shard, page.interval}] = page.bytes;
      ++intervals_kept_;
    }
  }
  /// The page of an interval, to be damaged.
  std::string& page_of(std::uint32_t shard, core::Slot interval) { return intervals_.at({shard, interval}); }
  std::size_t intervals_kept() const { return intervals_kept_; }
  std::size_t intervals_read() const { return intervals_read_; }

  /// So many pages can be read, and then none: ArchiveFailure.
  void break_after(std::size_t pages) { readable_ = pages; }
  void mend() { readable_ = std::numeric_limits<std::size_t>::max(); }

  void find(std::uint32_t shard, std::span<const std::uint64_t> hashes, std::optional<std::uint64_t> as_of,
            const Visit& visit) override {
    const Visiting visiting;
    each_page(shard, [&](const core::ArchivePage& page) {
      if (as_of && page.number > *as_of) return;
      const auto old = as_of ? std::vector<std::uint64_t>{} : superseded_of(page);
      const auto in = [](const auto& all, std::uint64_t hash) {
        return std::find(all.begin(), all.end(), hash) != all.end();
      };
      const auto wanted = [&](std::uint64_t hash) { return in(page.hashes, hash) && !in(old, hash); };
      if (std::none_of(hashes.begin(), hashes.end(), wanted)) return;
      ++found_;
      visit(page.number, page.bytes, old);
    });
  }
  void pages(std::uint32_t shard, std::uint64_t since, core::EventTime from, core::EventTime to,
             const Visit& visit) override {
    const Visiting visiting;
    each_page(shard, [&](const core::ArchivePage& page) {
      if (page.number >= since && page.last >= from && page.first <= to)
        visit(page.number, page.bytes, superseded_of(page));
    });
  }
  void hashes(std::uint32_t shard, const std::function<void(std::uint64_t)>& visit) override {
    each_page(shard,
              [&](const core::ArchivePage& page) { std::for_each(page.hashes.begin(), page.hashes.end(), visit); });
  }

  void intervals(std::uint32_t shard, core::Slot first, core::Slot last,
                 const std::function<void(core::Slot, std::string_view)>& visit) override {
    const Visiting visiting;
    const auto end = intervals_.upper_bound({shard, last});
    for (auto page = intervals_.lower_bound({shard, first}); page != end; ++page) {
      read();
      ++intervals_read_;
      visit(page->first.second, page->second);
    }
  }
  void interval_slots(std::uint32_t shard, const std::function<void(core::Slot)>& visit) override {
    for (const auto& [key, bytes] : intervals_) {
      if (key.first == shard) visit(key.second);
    }
  }

 private:
  /// A store's archive has a lock: who visits it must not ask it anything.
  class Visiting {
   public:
    Visiting() {
      if (std::exchange(here(), true)) throw std::logic_error("an archive is asked by its own visitor");
    }
    ~Visiting() { here() = false; }
    Visiting(const Visiting&) = delete;
    Visiting& operator=(const Visiting&) = delete;

   private:
    static bool& here() {
      static thread_local bool visiting = false;
      return visiting;
    }
  };
  void read() {
    if (readable_ == 0) throw core::ArchiveFailure("broken by a test");
    --readable_;
  }
  template <typename Visit>
  void each_page(std::uint32_t shard, Visit&& visit) {
    for (auto page = pages_.rbegin(); page != pages_.rend(); ++page) {
      if (page->shard != shard) continue;
      read();
      visit(*page);
    }
  }
  std::vector<std::uint64_t> superseded_of(const core::ArchivePage& page) const {
    std::vector<std::uint64_t> hashes;
    for (const auto& old : superseded_) {
      if (old.shard == page.shard && old.page == page.number) hashes.push_back(old.hash);
    }
    return hashes;
  }

  std::vector<core::ArchivePage> pages_;
  std::vector<core::Superseded> superseded_;
  std::map<std::pair<std::uint32_t, core::Slot>, std::string> intervals_;
  std::size_t kept_ = 0, intervals_kept_ = 0;
  std::atomic<std::size_t> found_ = 0, intervals_read_ = 0, readable_ = std::numeric_limits<std::size_t>::max();
};

}  // namespace test_support
