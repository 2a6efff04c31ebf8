#include "processors/catalogue/catalogue.h"

namespace processors {
namespace {

constexpr std::string_view kNoChat = "No such chat: no value.";
constexpr std::string_view kQuantile = "Nearest rank, within 1.6 %. No such message: no value.";
constexpr std::string_view kIntroduction =
    "Chats, and e-mail and SMS that come as chat.message. A chat starts with the customer's first message and closes "
    "when a visit leaves its queue or talking ends and neither a visit waits nor an agent talks; the next message of "
    "the customer starts it anew. Bots and system messages are no answer.";
constexpr std::string_view kBasis =
    "arrival: everything at the chat's start; event: starts at the customer's message, responses at the agent's, "
    "missed ones at the close.";

}  // namespace

CatalogueTable chat_table() {
  return {core::FigureKey::kChat,
          "Chats, by client, queue and channel",
          kIntroduction,
          kBasis,
          {{.name = "started",
            .symbols = "Σ chats started",
            .words = "Chats begun by a customer's message, those started anew included.",
            .edges = "The queue is that of the visit in which the customer wrote, of one who wrote to a bot before, "
                     "that of the visit that followed.",
            .series = {"floorwatch_chats_started_total"}},
           {.name = "responded",
            .symbols = "Σ chats with a first response",
            .words = "Chats in which an agent has answered the customer's first message.",
            .series = {"floorwatch_chats_responded_total"}},
           {.name = "missed",
            .symbols = "Σ chats closed without a response",
            .words = "Chats that closed before any agent had written.",
            .series = {"floorwatch_chats_missed_total"}},
           {.name = "unanswered",
            .symbols = "Σ open chats whose customer waits for an agent to write",
            .words = "Customers who wait for an answer now, to their first message or a later one.",
            .edges = "Beyond give_up_after of the channel it is unfinished.",
            .series = {"floorwatch_chats_unanswered"}},
           {.name = "oldest_unanswered_s",
            .symbols = "as-of − min first unanswered message",
            .words = "The age of the message that waits longest for an answer.",
            .inputs = {"unanswered"},
            .unit = "seconds",
            .edges = "Nobody waits: no value.",
            .series = {"floorwatch_oldest_unanswered_timestamp_seconds"}},
           {.name = "mean_first_response_s",
            .symbols = "Σ (agent's first message − chat's start) / responded",
            .words = "Mean time from a chat's start to the first message of a human agent.",
            .inputs = {"chats_first_response_ms", "responded"},
            .unit = "seconds",
            .edges = kNoChat,
            .series = {"floorwatch_mean_first_response_seconds", "floorwatch_chat_first_response_seconds"}},
           {.name = "p50_first_response_s",
            .symbols = "quantile 0.50 of first responses",
            .words = "Half of the chats had their first response within this time.",
            .inputs = {"chats_first_response"},
            .unit = "seconds",
            .edges = kQuantile},
           {.name = "p90_first_response_s",
            .symbols = "quantile 0.90 of first responses",
            .words = "Nine in ten chats had their first response within this time.",
            .inputs = {"chats_first_response"},
            .unit = "seconds",
            .edges = kQuantile},
           {.name = "max_first_response_s",
            .symbols = "max first response",
            .words = "The longest first response, exactly.",
            .inputs = {"chats_longest_first_response_ms"},
            .unit = "seconds",
            .edges = kNoChat},
           {.name = "responses",
            .symbols = "Σ first unanswered messages that an agent answered",
            .words = "Turns: the first message of a customer that waits, and the agent's next one."},
           {.name = "mean_response_s",
            .symbols = "Σ (agent's next message − first unanswered message) / responses",
            .words = "Mean response time, first responses included.",
            .inputs = {"chats_response_ms", "responses"},
            .unit = "seconds",
            .edges = kNoChat},
           {.name = "p50_response_s",
            .symbols = "quantile 0.50 of responses",
            .words = "Half of the responses came within this time.",
            .inputs = {"chats_response"},
            .unit = "seconds",
            .edges = kQuantile},
           {.name = "p90_response_s",
            .symbols = "quantile 0.90 of responses",
            .words = "Nine in ten responses came within this time.",
            .inputs = {"chats_response"},
            .unit = "seconds",
            .edges = kQuantile},
           {.name = "max_response_s",
            .symbols = "max response",
            .words = "The longest response, exactly.",
            .inputs = {"chats_longest_response_ms"},
            .unit = "seconds",
            .edges = kNoChat},
           {.name = "unfinished",
            .symbols = "Σ unanswered beyond give_up_after",
            .words = "Customers who have waited for an answer for so long that nobody expects one."}}};
}

CatalogueTable chat_agent_table() {
  return {core::FigureKey::kChatAgent,
          "Chats, by client and agent",
          "What each agent answered. An answer without the agent's name counts in the queue's figures alone.",
          kBasis,
          {{.name = "responded",
            .symbols = "Σ chats whose first response was the agent's",
            .words = "Chats that this agent answered first."},
           {.name = "mean_first_response_s",
            .symbols = "Σ (agent's first message − chat's start) / responded",
            .words = "Mean time until the customer had this agent's first response.",
            .inputs = {"chats_first_response_ms", "responded"},
            .unit = "seconds",
            .edges = kNoChat},
           {.name = "responses",
            .symbols = "Σ first unanswered messages that the agent answered",
            .words = "Turns that this agent answered."},
           {.name = "mean_response_s",
            .symbols = "Σ (agent's next message − first unanswered message) / responses",
            .words = "Mean response time of this agent.",
            .inputs = {"chats_response_ms", "responses"},
            .unit = "seconds",
            .edges = kNoChat}}};
}

}  // namespace processors
