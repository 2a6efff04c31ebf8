// Figures of chats, by client, queue and channel, and by client and agent.
#include <algorithm>
#include <numeric>

#include "tests/oracle/grid.h"
#include "tests/oracle/oracle.h"

namespace oracle {
namespace {

const std::vector<std::string> kChatFigures = {"started",
                                               "responded",
                                               "missed",
                                               "unanswered",
                                               "oldest_unanswered_s",
                                               "mean_first_response_s",
                                               "p50_first_response_s",
                                               "p90_first_response_s",
                                               "max_first_response_s",
                                               "responses",
                                               "mean_response_s",
                                               "p50_response_s",
                                               "p90_response_s",
                                               "max_response_s",
                                               "unfinished"};
const std::vector<std::string> kAgentFigures = {"responded", "mean_first_response_s", "responses", "mean_response_s"};

std::string mean(const std::vector<Ms>& spans) {
  return mean_seconds(std::accumulate(spans.begin(), spans.end(), Ms{0}), static_cast<Ms>(spans.size()));
}

struct ChatRow {
  Ms started = 0, missed = 0, unanswered = 0, oldest = 0, unfinished = 0;
  std::vector<Ms> first, all;
  std::vector<std::string> cells() const {
    return {std::to_string(started),
            std::to_string(first.size()),
            std::to_string(missed),
            std::to_string(unanswered),
            unanswered > 0 ? seconds(oldest) : std::string(),
            mean(first),
            quantile_seconds(first, 50),
            quantile_seconds(first, 90),
            maximum_seconds(first),
            std::to_string(all.size()),
            mean(all),
            quantile_seconds(all, 50),
            quantile_seconds(all, 90),
            maximum_seconds(all),
            std::to_string(unfinished)};
  }
};

struct AgentRow {
  std::vector<Ms> first, all;
  std::vector<std::string> cells() const {
    return {std::to_string(first.size()), mean(first), std::to_string(all.size()), mean(all)};
  }
};

template <typename Row>
void add_response(const Turn& turn, const Keys& key, bool by_event, Grid<Row>& grid) {
  grid.add(key, by_event ? *turn.answered : turn.chat_start, [&](Row& row) {
    row.all.push_back(turn.response());
    if (turn.first) row.first.push_back(turn.response());
  });
}

void add(const Turn& turn, const Floor& floor, bool by_event, Grid<ChatRow>& grid) {
  const Keys key = {turn.place.client, turn.place.queue, turn.place.channel};
  if (turn.first) grid.add(key, turn.begin, [](ChatRow& row) { ++row.started; });
  if (turn.first && turn.closed) {
    grid.add(key, by_event ? *turn.closed : turn.chat_start, [](ChatRow& row) { ++row.missed; });
  }
  if (turn.answered) add_response(turn, key, by_event, grid);
  if (!turn.waits()) return;
  const Ms age = floor.as_of() - turn.begin;
  grid.add(key, by_event ? turn.begin : turn.chat_start, [&](ChatRow& row) {
    if (age > floor.options().give_up_after.visit(turn.place.channel)) {
      ++row.unfinished;
    } else {
      ++row.unanswered, row.oldest = std::max(row.oldest, age);
    }
  });
}

}  // namespace

std::string chat_csv(const Floor& floor, const Query& query) {
  const Periods periods(query, floor.options(), floor.as_of());
  Grid<ChatRow> grid(query, periods);
  for (const Turn& turn : floor.turns()) {
    if (is_asked(turn.place, query)) add(turn, floor, query.basis == "event", grid);
  }
  return grid.csv({"client", "queue", "channel"}, kChatFigures);
}

std::string chat_agent_csv(const Floor& floor, const Query& query) {
  const Periods periods(query, floor.options(), floor.as_of());
  Grid<AgentRow> grid(query, periods);
  for (const Turn& turn : floor.turns()) {
    if (!turn.answered || turn.agent.empty() || (query.client && *query.client != turn.place.client)) continue;
    add_response(turn, {turn.place.client, turn.agent}, query.basis == "event", grid);
  }
  return grid.csv({"client", "agent"}, kAgentFigures);
}

}  // namespace oracle
