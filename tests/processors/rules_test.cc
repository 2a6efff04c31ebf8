#include "processors/rules.h"

#include <gtest/gtest.h>

namespace processors {
namespace {

using core::Entry;
using core::Formula;
using core::SlaProfile;
using core::SlaVersion;

SlaProfile profile(Formula formula, std::int64_t from_ms) {
  SlaProfile made;
  made.versions.push_back({.formula = formula, .valid_from = core::event_time(from_ms)});
  return made;
}

struct Judge {
  explicit Judge(std::vector<SlaProfile> profiles) { config.clients["acme"].sla = std::move(profiles); }

  Formula formula(const char* queue, Entry entry, std::int64_t begin_ms, const char* client = "acme") {
    const CellKey key{names.intern(client), names.intern(queue), names.intern("voice")};
    return rules.sla(key, entry, core::event_time(begin_ms)).formula;
  }

  core::FigureConfig config;
  core::Names names;
  Rules rules{config, names};
};

TEST(Rules, TheFirstProfileThatAppliesAndIsInForceJudges) {
  SlaProfile sales = profile(Formula::kAnswered, 100), callbacks = profile(Formula::kLateAbandonsOnly, 0),
             rest = profile(Formula::kLeftQueueWithin, 50);
  sales.queues = {"sales"};
  callbacks.entries = {false, false, true, false};
  sales.versions.push_back({.formula = Formula::kOfferedLessShort, .valid_from = core::event_time(200)});
  Judge judge({sales, callbacks, rest});
  EXPECT_EQ(judge.formula("sales", Entry::kInbound, 300), Formula::kOfferedLessShort);
  EXPECT_EQ(judge.formula("sales", Entry::kInbound, 199), Formula::kAnswered);
  EXPECT_EQ(judge.formula("sales", Entry::kInbound, 99), Formula::kLeftQueueWithin) << "the first is not in force yet";
  EXPECT_EQ(judge.formula("sales", Entry::kCallback, 99), Formula::kLateAbandonsOnly);
  EXPECT_EQ(judge.formula("sales", Entry::kCallback, 100), Formula::kAnswered);
  EXPECT_EQ(judge.formula("care", Entry::kCallback, 100), Formula::kLateAbandonsOnly);
  EXPECT_EQ(judge.formula("care", Entry::kInbound, 100), Formula::kLeftQueueWithin);
  EXPECT_EQ(judge.formula("care", Entry::kInbound, 49), SlaVersion{}.formula) << "none is in force";
  EXPECT_EQ(judge.formula("sales", Entry::kInbound, 300, "beta"), SlaVersion{}.formula);
}

}  // namespace
}  // namespace processors
