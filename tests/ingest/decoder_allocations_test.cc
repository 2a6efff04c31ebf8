// In steady state decoding allocates nothing.
#include <gtest/gtest.h>

#include "ingest/canonical_decoder.h"
#include "tests/ingest/decoding.h"
#include "tests/support/counted_allocations.h"

namespace ingest {
namespace {

using test_support::allocations;

TEST(DecoderAllocations, DecodingTheSameRoundAgainAllocatesNothing) {
  if (test_support::kSanitized) GTEST_SKIP() << "a sanitizer allocates by itself";
  const std::vector<std::string> documents = {
      event_json("contact.answered", R"({"client":"acme","queue":"q","visit":"v","agent":"a"})", "v"),
      event_json("agent.state", R"({"agent":"a","state":"away","queues":["q","r"],"capacity":2})", "a"),
      event_json("deal.won", R"({"deal":"d","amount":"1.5","currency":"EUR","costs":{"b":1,"a":"2"}})"),
      event_json("contact.wrapped", R"({"contact":"c\u00e9","agent":"Ж","disposition":"say \"yes\""})"),
      event_json("not.known", R"({"x":[{"y":1}]})")};
  const auto decoder = make_canonical_decoder();
  core::DecodedBatch out;
  const auto round = [&] {
    out.clear();
    for (const std::string& document : documents) {
      core::RawMessage message;
      message.value = document;
      decoder->decode(message, 0, out);
    }
  };
  round();
  ASSERT_EQ(out.events.size(), 4U);
  ASSERT_EQ(out.skipped, 1U);
  allocations = 0;
  round();
  EXPECT_EQ(allocations, 0U);
  EXPECT_EQ(out.events.size(), 4U);
}

}  // namespace
}  // namespace ingest
