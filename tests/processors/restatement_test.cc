#include "processors/restatement.h"

#include <gtest/gtest.h>

namespace processors {
namespace {

/// q, a, l, d of the kinds that these keys touch.
std::string touched(const std::vector<std::string>& keys) {
  const RowKinds kinds = touched_by(keys);
  return std::string(kinds.queues ? "q" : "") + (kinds.agents ? "a" : "") + (kinds.leads ? "l" : "") +
         (kinds.deals ? "d" : "");
}

TEST(Restatement, ReadsOnlyWhatAChangeCanTouch) {
  EXPECT_EQ(touched({}), "");
  EXPECT_EQ(touched({"clients.\"acme\".sla.threshold"}), "q");
  EXPECT_EQ(touched({"clients.\"acme\".sla[1].versions[1].formula", "calendars.\"hours\".week.mon"}), "q");
  EXPECT_EQ(touched({"calendars.\"hours\".week.mon", "clients.\"acme\".timezone"}), "");
  EXPECT_EQ(touched({"clients.\"acme\".leads.target"}), "l");
  EXPECT_EQ(touched({"clients.\"acme\".deals.required_costs"}), "d");
  EXPECT_EQ(touched({"clients.\"acme\".sla.threshold", "clients.\"acme\".leads.target"}), "ql");
  EXPECT_EQ(touched({"queues.\"sales\".client"}), "qald");
  EXPECT_EQ(touched({"sources.\"pbx\".sends_wrap"}), "qald");
  EXPECT_EQ(touched({"give_up_after.segment"}), "qald");
  EXPECT_EQ(touched({"timezone_data"}), "qald");
}

}  // namespace
}  // namespace processors
