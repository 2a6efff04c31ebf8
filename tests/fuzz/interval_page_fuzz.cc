// Any bytes as the page of an interval that left memory: refused as damaged, or an interval that can be asked, changed
// and stored again.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "processors/digest.h"
#include "processors/shard.h"

namespace {

constexpr core::Slot kInterval = 1'969'600;

/// Has nothing but one page.
class OnePage : public core::Archive {
 public:
  explicit OnePage(std::string_view bytes) : bytes_(bytes) {}
  void find(std::uint32_t, std::span<const std::uint64_t>, std::optional<std::uint64_t>, const Visit&) override {}
  void pages(std::uint32_t, std::uint64_t, core::EventTime, core::EventTime, const Visit&) override {}
  void hashes(std::uint32_t, const std::function<void(std::uint64_t)>&) override {}
  void intervals(std::uint32_t, core::Slot first, core::Slot last,
                 const std::function<void(core::Slot, std::string_view)>& visit) override {
    if (first <= kInterval && kInterval <= last) visit(kInterval, bytes_);
  }
  void interval_slots(std::uint32_t, const std::function<void(core::Slot)>& visit) override { visit(kInterval); }

 private:
  std::string_view bytes_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const core::FigureConfig kConfig;
  const auto copy = std::make_unique<char[]>(size);
  std::copy(bytes, bytes + size, copy.get());
  OnePage archive({copy.get(), size});
  processors::Shard shard(kConfig, {.interval_stay = 0});
  shard.set_archive(&archive);
  try {
    shard.each_page<processors::QueueCell>(core::Basis::kEvent, core::EventTime::min(), core::EventTime::max(),
                                           [](core::Slot, const auto&) {});
    shard.bring_back(core::EventTime::min(), core::EventTime::max());
  } catch (const core::ArchiveFailure&) {
    return 0;
  }
  processors::Shard* const shards[] = {&shard};
  if (processors::state_digest(shards).size() != 64) std::abort();
  shard.pack_snapshot(kInterval + 1);
  shard.let_go();
  return 0;
}
