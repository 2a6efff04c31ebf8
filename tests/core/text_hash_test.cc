#include "core/text_hash.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace core {
namespace {

/// As the store's archive has it: word by word, the last one filled up with zeros.
std::uint64_t by_words(std::string_view text) {
  const auto mix = [](std::uint64_t a, std::uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  };
  std::uint64_t hash = mix(text.size() ^ 0xa0761d6478bd642fULL, 0xe7037ed1a0b428dbULL);
  for (std::size_t at = 0; at < text.size(); at += 8) {
    std::uint64_t word = 0;
    const std::size_t bytes = std::min<std::size_t>(8, text.size() - at);
    for (std::size_t i = 0; i < bytes; ++i) word |= std::uint64_t{static_cast<unsigned char>(text[at + i])} << (8 * i);
    hash = mix(hash ^ word, bytes == 8 ? 0xa0761d6478bd642fULL : 0xe7037ed1a0b428dbULL);
  }
  return mix(hash, 0xa0761d6478bd642fULL);
}

TEST(TextHash, OfEveryLengthIsWhatTheStoreHas) {
  std::string text;
  for (int size = 0; size < 70; ++size) {
    EXPECT_EQ(text_hash(text), by_words(text)) << "of " << size << " bytes";
    text.push_back(static_cast<char>(37 * size + 200));
  }
}

TEST(TextHash, StaysWhatItWas) {
  EXPECT_EQ(text_hash(""), 0x34d2fe82daccaea6ULL);
  EXPECT_EQ(text_hash("a-00473"), 0x4eba5e640fa7f9bfULL);
  EXPECT_EQ(text_hash("contact-12345678"), 0x85a958888f195e11ULL);
}

}  // namespace
}  // namespace core
