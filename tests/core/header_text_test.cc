#include "core/header_text.h"

#include <gtest/gtest.h>

namespace core {
namespace {

TEST(HeaderText, IsOneReadableLine) {
  const Header headers[] = {{"ce_type", "contact.queued"}, {"content-type", "application/json"}};
  EXPECT_EQ(write_headers(headers), "ce_type=contact.queued&content-type=application/json");
  EXPECT_EQ(write_headers({}), "");
}

TEST(HeaderText, BringsBackEveryByteInOrder) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  const Header headers[] = {{"b", all}, {"a%=&b", "x"}, {"b", ""}, {all, "100%25"}, {"none", {}}};
  const std::string text = write_headers(headers);
  for (const char c : text) EXPECT_TRUE(c > ' ' && c < 0x7f);
  Arena arena;
  const auto back = read_headers(text, arena);
  ASSERT_EQ(back.size(), std::size(headers));
  for (std::size_t i = 0; i < back.size(); ++i) {
    EXPECT_EQ(back[i].name, headers[i].name) << i;
    EXPECT_EQ(back[i].value, headers[i].value) << i;
    EXPECT_EQ(back[i].value.data() == nullptr, headers[i].value.data() == nullptr) << "no value is not an empty one";
  }
}

TEST(HeaderText, ReadsWhatSomebodyElseWrote) {
  Arena arena;
  EXPECT_TRUE(read_headers("", arena).empty());
  const auto odd = read_headers("a=%&b=%4&c=%zz&=", arena);
  ASSERT_EQ(odd.size(), 4U);
  EXPECT_EQ(odd[0].value, "%");
  EXPECT_EQ(odd[1].value, "%4");
  EXPECT_EQ(odd[2].value, "%zz");
  EXPECT_EQ(odd[3].name, "");
}

}  // namespace
}  // namespace core
