#include "core/printable_text.h"

#include <gtest/gtest.h>

namespace core {
namespace {

TEST(PrintableText, IsAsItWasWhereItIsPrintable) {
  EXPECT_EQ(printable(""), "");
  EXPECT_EQ(printable(R"({"note":"a\nb","name":"Ünal 😀"})"), R"({"note":"a\nb","name":"Ünal 😀"})");
}

TEST(PrintableText, EscapesTheWholeWhereOneByteIsNot) {
  EXPECT_EQ(printable("a\nb\tc\rd"), "a\\nb\\tc\\rd");
  EXPECT_EQ(printable("a\\b\x01"), "a\\\\b\\x01");
  EXPECT_EQ(printable(std::string_view("\0é\xff\x7f", 5)), "\\x00é\\xff\\x7f");
  EXPECT_EQ(printable("\xc2\x85|\xc2\xa0"), "\\xc2\\x85|\xc2\xa0") << "controls of Latin-1, too";
  EXPECT_EQ(printable("cut \xe2\x82"), "cut \\xe2\\x82");
}

}  // namespace
}  // namespace core
