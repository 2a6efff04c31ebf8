// In steady state decoding allocates nothing.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "ingest/canonical_decoder.h"
#include "tests/ingest/decoding.h"

namespace {

std::size_t allocations = 0;

}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  if (void* const bytes = std::malloc(size)) return bytes;
  throw std::bad_alloc();
}
void operator delete(void* bytes) noexcept { std::free(bytes); }
void operator delete(void* bytes, std::size_t) noexcept { std::free(bytes); }

namespace ingest {
namespace {

TEST(DecoderAllocations, DecodingTheSameRoundAgainAllocatesNothing) {
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
