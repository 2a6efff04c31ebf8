// An archive in a test's memory: what the store would keep of the commits that it was given.
#pragma once

#include <algorithm>
#include <limits>
#include <vector>

#include "core/archive.h"

namespace test_support {

/// Confined to one thread.
class MemoryArchive : public core::Archive {
 public:
  void commit(std::vector<core::ArchivePage> pages, const std::vector<core::Superseded>& superseded) {
    std::move(pages.begin(), pages.end(), std::back_inserter(pages_));
    superseded_.insert(superseded_.end(), superseded.begin(), superseded.end());
  }
  void drop(const core::Outlived& outlived) {
    std::erase_if(pages_,
                  [&](const auto& page) { return page.shard == outlived.shard && page.last < outlived.before; });
  }
  std::size_t pages_kept() const { return pages_.size(); }
  /// So many pages can be read, and then none: ArchiveFailure.
  void break_after(std::size_t pages) { readable_ = pages; }
  void mend() { readable_ = std::numeric_limits<std::size_t>::max(); }

  void find(std::uint32_t shard, std::span<const std::uint64_t> hashes, std::optional<std::uint64_t> as_of,
            const Visit& visit) override {
    each_page(shard, [&](const core::ArchivePage& page) {
      if (as_of && page.number > *as_of) return;
      const auto wanted = [&](std::uint64_t hash) {
        return std::find(page.hashes.begin(), page.hashes.end(), hash) != page.hashes.end();
      };
      if (std::any_of(hashes.begin(), hashes.end(), wanted)) {
        visit(page.number, page.bytes, as_of ? std::vector<std::uint64_t>{} : superseded_of(page));
      }
    });
  }
  void pages(std::uint32_t shard, std::uint64_t since, core::EventTime from, core::EventTime to,
             const Visit& visit) override {
    each_page(shard, [&](const core::ArchivePage& page) {
      if (page.number >= since && page.last >= from && page.first <= to)
        visit(page.number, page.bytes, superseded_of(page));
    });
  }
  void hashes(std::uint32_t shard, const std::function<void(std::uint64_t)>& visit) override {
    each_page(shard,
              [&](const core::ArchivePage& page) { std::for_each(page.hashes.begin(), page.hashes.end(), visit); });
  }

 private:
  template <typename Visit>
  void each_page(std::uint32_t shard, Visit&& visit) {
    for (auto page = pages_.rbegin(); page != pages_.rend(); ++page) {
      if (page->shard != shard) continue;
      if (readable_ == 0) throw core::ArchiveFailure("broken by a test");
      --readable_;
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
  std::size_t readable_ = std::numeric_limits<std::size_t>::max();
};

}  // namespace test_support
