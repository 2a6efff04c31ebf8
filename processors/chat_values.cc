// What a row of chats shows.
#include "processors/cell_values.h"
#include "processors/figure_values.h"

namespace processors {

using core::Value;

const std::vector<std::string> kChatColumns = {"started",
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

void chat_values(const ChatRow& row, core::EventTime as_of, std::vector<Value>& out) {
  const ChatCell& c = row.cell;
  const auto spans = [&](ChatHist which, ChatSum sum, std::int64_t n) {
    const core::Histogram& h = c[which];
    const Maximum& m = c.maximum(which);
    out.push_back(mean_seconds(c[sum], n));
    out.push_back(quantile(h, m, 500)), out.push_back(quantile(h, m, 900)), out.push_back(maximum_of(h, m));
  };
  for (const ChatCount count :
       {ChatCount::kStarted, ChatCount::kResponded, ChatCount::kMissed, ChatCount::kUnanswered}) {
    out.emplace_back(c[count]);
  }
  out.push_back(row.oldest_unanswered ? seconds((as_of - *row.oldest_unanswered).count()) : Value{});
  spans(ChatHist::kFirstResponse, ChatSum::kFirstResponse, c[ChatCount::kResponded]);
  out.emplace_back(c[ChatCount::kResponses]);
  spans(ChatHist::kResponse, ChatSum::kResponse, c[ChatCount::kResponses]);
  out.emplace_back(c[ChatCount::kUnfinished]);
}

const std::vector<std::string> kChatAgentColumns = {"responded", "mean_first_response_s", "responses",
                                                    "mean_response_s"};

void chat_agent_values(const ChatAgentRow& row, std::vector<Value>& out) {
  const ChatAgentCell& c = row.cell;
  const std::int64_t responded = c[ChatAgentCount::kResponded], responses = c[ChatAgentCount::kResponses];
  out.emplace_back(responded), out.push_back(mean_seconds(c[ChatSum::kFirstResponse], responded));
  out.emplace_back(responses), out.push_back(mean_seconds(c[ChatSum::kResponse], responses));
}

}  // namespace processors
