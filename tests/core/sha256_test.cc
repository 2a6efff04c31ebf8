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

// RFC 4231, test cases 2 and 6.
TEST(HmacSha256, GivesThePublishedValues) {
  EXPECT_EQ(hmac_sha256("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hmac_sha256(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

}  // namespace
}  // namespace core
