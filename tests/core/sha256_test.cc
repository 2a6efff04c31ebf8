#include "core/sha256.h"

#include <gtest/gtest.h>

namespace core {
namespace {

TEST(Sha256, KnownHashes) {
  EXPECT_EQ(Sha256{}.hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Sha256{}.update("abc").hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256, PiecesFollowEachOtherAndHexDoesNotEndIt) {
  Sha256 hash;
  hash.update("a");
  EXPECT_EQ(hash.hex(), Sha256{}.update("a").hex());
  EXPECT_EQ(hash.update("bc").hex(), Sha256{}.update("abc").hex());
}

}  // namespace
}  // namespace core
