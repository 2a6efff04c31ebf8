// The oracle: every figure of floorwatch by the textbook, from a whole log in memory.
//
// It judges the engine, so it is slow, short and written from the contract alone: it shares no code with the program.
// Tests build one `Floor` per log and ask it for many tables:
//
//   oracle::Floor floor(lines, options);
//   EXPECT_EQ(engine_csv, floor.csv({.by = "agent", .every = "30m", .basis = "event"}));
//
// The CSV is what `floorwatch figures --format csv` must print after a replay of the log.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/oracle/agents.h"
#include "tests/oracle/chats.h"
#include "tests/oracle/contacts.h"
#include "tests/oracle/deals.h"
#include "tests/oracle/leads.h"
#include "tests/oracle/options.h"

namespace oracle {

/// Immutable after construction.
class Floor {
 public:
  /// `lines` are valid canonical events in any order, with any number of second deliveries; unknown types are ignored.
  /// Throws std::exception for a line that is no event.
  Floor(const std::vector<std::string>& lines, const Options& options);

  /// Throws std::exception for a word that the query does not allow.
  std::string csv(const Query& query) const;

  const Options& options() const { return options_; }
  Ms as_of() const { return as_of_; }  ///< The largest event time.
  const Contacts& contacts() const { return contacts_; }
  const std::vector<StateSpan>& agent_time() const { return agent_time_; }
  const std::vector<Lead>& leads() const { return leads_; }
  const std::vector<Deal>& deals() const { return deals_; }
  const std::vector<Turn>& turns() const { return turns_; }

 private:
  Floor(const std::vector<Event>& events, const Options& options);

  Options options_;
  Ms as_of_ = 0;
  Contacts contacts_;
  std::vector<StateSpan> agent_time_;
  std::vector<Lead> leads_;
  std::vector<Deal> deals_;
  std::vector<Turn> turns_;
};

/// One table of one log.
std::string figures_csv(const std::vector<std::string>& lines, const Options& options, const Query& query);

/// The tables by kind of row. `query.by` is queue or client for the first.
std::string queue_csv(const Floor& floor, const Query& query);
std::string agent_csv(const Floor& floor, const Query& query);
std::string lead_csv(const Floor& floor, const Query& query);
std::string deal_csv(const Floor& floor, const Query& query);
std::string chat_csv(const Floor& floor, const Query& query);
std::string chat_agent_csv(const Floor& floor, const Query& query);
std::string profile_csv(const Floor& floor, const Query& query);

/// Whether the query's filters let a fact of this place through.
bool is_asked(const Place& place, const Query& query);

}  // namespace oracle
