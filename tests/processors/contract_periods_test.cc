#include "processors/contract_periods.h"

#include <gtest/gtest.h>

namespace processors {
namespace {

core::EventTime at(const char* time) { return *core::parse_rfc3339(time); }

core::SlaVersion version(const char* from, core::Every period) {
  core::SlaVersion made;
  made.valid_from = at(from);
  made.terms.period = period;
  return made;
}

std::string words(const std::optional<core::Period>& period) {
  return period ? core::format_rfc3339(period->start) + " " + core::format_rfc3339(period->end) : "none";
}

TEST(ContractPeriods, AreThoseOfTheClientsCalendar) {
  const date::time_zone& zone = *core::find_zone("America/New_York");
  core::SlaProfile profile;
  const auto period = [&](core::Every every, const char* time) {
    profile.versions = {version("1970-01-01T00:00:00Z", every)};
    return words(contract_period(profile, zone, at(time)));
  };
  EXPECT_EQ(period(core::Every::kMonth, "2026-03-15T12:00:00Z"), "2026-03-01T05:00:00Z 2026-04-01T04:00:00Z");
  EXPECT_EQ(period(core::Every::kQuarter, "2026-02-15T12:00:00Z"), "2026-01-01T05:00:00Z 2026-04-01T04:00:00Z");
  EXPECT_EQ(period(core::Every::kYear, "2026-12-31T12:00:00Z"), "2026-01-01T05:00:00Z 2027-01-01T05:00:00Z");
  EXPECT_EQ(period(core::Every::kDay, "2026-03-08T12:00:00Z"), "2026-03-08T05:00:00Z 2026-03-09T04:00:00Z");
  EXPECT_EQ(period(core::Every::kWeek, "2026-03-08T12:00:00Z"), "2026-03-02T05:00:00Z 2026-03-09T04:00:00Z");
}

TEST(ContractPeriods, AChangeOfKindCutsThemAndAChangeOfTermsDoesNot) {
  const date::time_zone& zone = *core::find_zone("UTC");
  core::SlaProfile profile;
  profile.versions = {version("2026-01-10T00:00:00Z", core::Every::kMonth),
                      version("2026-02-10T00:00:00Z", core::Every::kMonth),
                      version("2026-03-16T00:00:00Z", core::Every::kQuarter)};
  const auto period = [&](const char* time) { return words(contract_period(profile, zone, at(time))); };
  EXPECT_EQ(period("2026-01-09T23:59:59Z"), "none");
  EXPECT_EQ(period("2026-01-20T00:00:00Z"), "2026-01-10T00:00:00Z 2026-02-01T00:00:00Z") << "the first is shorter";
  EXPECT_EQ(period("2026-02-20T00:00:00Z"), "2026-02-01T00:00:00Z 2026-03-01T00:00:00Z");
  EXPECT_EQ(period("2026-03-10T00:00:00Z"), "2026-03-01T00:00:00Z 2026-03-16T00:00:00Z");
  EXPECT_EQ(period("2026-03-16T00:00:00Z"), "2026-03-16T00:00:00Z 2026-04-01T00:00:00Z");
}

TEST(ContractPeriods, TheTermsAreThoseOfTheLastVersionInForce) {
  core::SlaProfile profile;
  profile.versions = {version("2026-01-01T00:00:00Z", core::Every::kMonth),
                      version("2026-02-10T00:00:00Z", core::Every::kMonth)};
  const core::Period february{at("2026-02-01T00:00:00Z"), at("2026-03-01T00:00:00Z")};
  EXPECT_EQ(&judging_version(profile, february, at("2026-02-09T00:00:00Z")), &profile.versions[0]);
  EXPECT_EQ(&judging_version(profile, february, at("2026-02-10T00:00:00Z")), &profile.versions[1]);
  EXPECT_EQ(&judging_version(profile, february, at("2026-05-01T00:00:00Z")), &profile.versions[1]);
  const core::Period january{at("2026-01-01T00:00:00Z"), at("2026-02-01T00:00:00Z")};
  EXPECT_EQ(&judging_version(profile, january, at("2026-05-01T00:00:00Z")), &profile.versions[0]);
}

}  // namespace
}  // namespace processors
