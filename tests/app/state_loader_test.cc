// A start restores a state in rounds while it is read: in pieces of any size, with damage anywhere, broken off.
#include "app/state_loader.h"

#include <gtest/gtest.h>

#include "tests/support/engine.h"
#include "tests/support/load.h"

namespace {

using Pieces = std::vector<core::StateBlob>;

/// What a floor with 8 shards has committed, its last entry first, and its digest.
struct Stored {
  explicit Stored(std::size_t visits) {
    test_support::Engine engine(config);
    const auto lines = test_support::Load(visits, std::chrono::hours{3}).lines();
    const std::size_t third = lines.size() / 3;
    for (const auto& [first, last] :
         {std::pair(std::size_t{0}, third), {third, 2 * third}, {2 * third, lines.size()}}) {
      engine.feed(
          {lines.begin() + static_cast<std::ptrdiff_t>(first), lines.begin() + static_cast<std::ptrdiff_t>(last)});
      core::Commit commit;
      engine.floor().pack_changes(commit);
      pieces.insert(pieces.begin(), commit.journal.begin(), commit.journal.end());
    }
    digest = engine.digest();
  }

  core::FigureConfig config;
  Pieces pieces;
  std::string digest;
};

void take_all(app::StateLoader& loader, const Pieces& pieces) {
  for (const auto& [shard, bytes] : pieces) loader.take(shard, bytes);
}

TEST(StateLoader, RoundsOfAnySizeGiveTheSameState) {
  const Stored stored(600);
  for (const std::size_t threads : {1, 2, 3}) {
    for (const std::size_t round : {std::size_t{1}, std::size_t{20'000}, app::StateLoader::kRoundBytes}) {
      app::Floor floor(stored.config, 8, threads);
      app::StateLoader loader(floor.workers(), floor.shards(), round);
      take_all(loader, stored.pieces);
      loader.finish();
      EXPECT_EQ(loader.damage(), "");
      EXPECT_EQ(floor.digest(), stored.digest) << threads << " threads, rounds of " << round;
    }
  }
}

TEST(StateLoader, DamageOfTheFirstRoundIsToldThoughOthersFollow) {
  const Stored stored(60);
  Pieces pieces = stored.pieces;
  pieces[2].bytes[0] = 99;
  app::Floor floor(stored.config, 8, 2);
  app::StateLoader loader(floor.workers(), floor.shards(), 1);
  take_all(loader, pieces);
  loader.finish();
  EXPECT_NE(loader.damage().find("shard 2 is damaged: a piece of an unknown kind"), std::string::npos)
      << loader.damage();
}

TEST(StateLoader, APieceOfAShardThatThereIsNotIsDamage) {
  const Stored stored(60);
  app::Floor floor(stored.config, 8, 2);
  app::StateLoader loader(floor.workers(), floor.shards());
  loader.take(8, stored.pieces[0].bytes);
  loader.finish();
  EXPECT_NE(loader.damage().find("a shard that the store does not have"), std::string::npos) << loader.damage();
}

TEST(StateLoader, BrokenOffItWaitsForItsRound) {
  const Stored stored(600);
  app::Floor floor(stored.config, 8, 2);
  {
    take_all(*std::make_unique<app::StateLoader>(floor.workers(), floor.shards(), 1), stored.pieces);
  }
  // The workers are free again, and the shards are nobody's.
  floor.workers().each(8, [&](std::size_t shard) { floor.shards()[shard]->names(); });
}

}  // namespace
