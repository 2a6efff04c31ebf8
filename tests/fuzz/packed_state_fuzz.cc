// Any bytes as a piece of a shard's stored state: refused as damaged, or a shard that can be asked and stored again.
//
// The intervals are frozen: an agent's state that lasts a thousand years fills all of them, from a few bytes, as it
// would from two events. Facts are seen in the slices instead.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "processors/digest.h"
#include "processors/shard.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const core::FigureConfig kConfig;
  const auto copy = std::make_unique<char[]>(size);
  std::copy(bytes, bytes + size, copy.get());
  processors::Shard shard(kConfig);
  shard.keep_slices();
  shard.book().freeze_intervals(true);
  try {
    shard.restore({copy.get(), size});
    shard.restored();
  } catch (const core::CorruptState&) {
    return 0;
  }
  shard.settle_maxima();
  processors::Shard* const shards[] = {&shard};
  if (processors::state_digest(shards).size() != 64) std::abort();
  for (const auto& page : shard.pack_snapshot().pages) {
    if (page.empty()) std::abort();
  }
  return 0;
}
