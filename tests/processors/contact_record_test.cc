// The record of a contact at the limits of its form.
#include "processors/contact_record.h"

#include <gtest/gtest.h>

#include "tests/support/decoded.h"
#include "tests/support/event_line.h"

namespace processors {
namespace {

TEST(ContactRecord, AVisitBeyondTheSixtyFiveThousandthIsItsOwn) {
  constexpr std::uint64_t kVisits = 65'536;  // as many as 16 bits can tell apart
  core::Names names;
  std::string bytes;
  {
    // Packed as the store has it: merging so many one by one would take minutes.
    StateWriter out(bytes, names);
    out.text("c"), out.name(core::NameId::kNone), out.time({});
    out.number(kVisits);
    for (std::uint64_t i = 0; i < kVisits; ++i) {
      out.text("v" + std::to_string(i));
      for (int attribute = 0; attribute < 3; ++attribute) out.name(core::NameId::kNone);
    }
    out.number(0);
    for (int attribute = 0; attribute < 3; ++attribute) out.name(core::NameId::kNone);
    for (int text = 0; text < 3; ++text) out.text("");
  }
  StateReader in(bytes, names);
  ContactRecord record = ContactRecord::unpack(in);
  const test_support::Decoded decoded(
      {test_support::event_line("contact.queued", "new", "2026-03-02T10:00:00Z",
                                R"("visit":"new","contact":"c","queue":"q","channel":"voice")")});
  record.merge(decoded.events()[0], core::NameId::kNone, names);
  ASSERT_EQ(record.visits().size(), kVisits + 1);
  ASSERT_EQ(record.marks().size(), 1U);
  ASSERT_LT(record.marks()[0].visit, record.visits().size());
  EXPECT_EQ(record.text(record.visits()[record.marks()[0].visit].id), "new");

  std::string again;
  StateWriter out(again, names);
  record.pack(out);
  StateReader back(again, names);
  EXPECT_EQ(ContactRecord::unpack(back).marks()[0].visit, kVisits);
}

}  // namespace
}  // namespace processors
