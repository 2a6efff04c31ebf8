#include "core/url.h"

#include <gtest/gtest.h>

namespace core {
namespace {

TEST(Url, IsTakenApart) {
  EXPECT_EQ(parse_url("http://localhost"), (Url{false, "localhost", "80", "/"}));
  EXPECT_EQ(parse_url("https://pager.example/hook?x=1"), (Url{true, "pager.example", "443", "/hook?x=1"}));
  EXPECT_EQ(parse_url("http://[::1]:9093/"), (Url{false, "::1", "9093", "/"}));
  EXPECT_EQ(parse_url("http://a.b:8080?q"), (Url{false, "a.b", "8080", "/?q"}));
}

TEST(Url, AnythingElseIsNone) {
  for (const char* text :
       {"", "localhost", "ftp://a", "http://", "http://:80", "http://a:b", "http://a:99999",
        "http://a:", "http://user:secret@a", "http://a b", "http://a/#x", "http://[::1", "http://a/\n"}) {
    EXPECT_EQ(parse_url(text), std::nullopt) << text;
  }
}

TEST(Url, TheHostHeaderHasThePortThatDoesNotGoWithoutSaying) {
  EXPECT_EQ(host_header(*parse_url("http://a:80/x")), "a");
  EXPECT_EQ(host_header(*parse_url("https://a:80/x")), "a:80");
  EXPECT_EQ(host_header(*parse_url("http://[::1]:81")), "[::1]:81");
}

}  // namespace
}  // namespace core
