#include "app/metric_families.h"

#include <initializer_list>

#include "app/durations.h"
#include "core/histogram.h"

namespace app {
namespace {

using core::MetricType;

std::vector<std::int64_t> bounds_near(std::initializer_list<std::int64_t> seconds) {
  std::vector<std::int64_t> bounds;
  for (const std::int64_t s : seconds) {
    const core::Bin bin = core::bin_of(s * 1000);
    bounds.push_back(core::bin_lowest(bin) + core::bin_width(bin) - 1);
  }
  return bounds;
}

std::vector<double> in_seconds(const std::vector<std::int64_t>& bounds) {
  std::vector<double> seconds;
  seconds.reserve(bounds.size());
  for (const auto ms : bounds) seconds.push_back(static_cast<double>(ms) / 1000);
  return seconds;
}

}  // namespace

const std::vector<std::int64_t> BucketBounds::kWait =
    bounds_near({1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1800, 3600});
const std::vector<std::int64_t> BucketBounds::kHandle =
    bounds_near({10, 30, 60, 120, 180, 300, 450, 600, 900, 1800, 3600, 7200});
const std::vector<std::int64_t> BucketBounds::kResponse =
    bounds_near({30, 60, 120, 300, 600, 1800, 3600, 14400, 86400, 604800});

const std::vector<std::int64_t> BucketBounds::kChatResponse =
    bounds_near({5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1800, 3600, 14400, 86400});

MetricFamilies::MetricFamilies(core::SeriesBook& book) {
  const auto counter = [&](const char* name, const char* help) {
    return book.family({name, help, MetricType::kCounter, {}});
  };
  const auto gauge = [&](const char* name, const char* help) { return book.family({name, help, MetricType::kGauge, {}}); };
  const auto histogram = [&](const char* name, const char* help, std::vector<double> bounds) {
    return book.family({name, help, MetricType::kHistogram, std::move(bounds)});
  };
  offered = counter("floorwatch_contacts_offered_total", "Queue visits begun.");
  answered = counter("floorwatch_contacts_answered_total", "Queue visits answered.");
  abandoned = counter("floorwatch_contacts_abandoned_total", "Queue visits abandoned; short: within the profile's short_abandon.");
  flowed_out = counter("floorwatch_contacts_flowed_out_total", "Queue visits that left for another reason.");
  handled = counter("floorwatch_contacts_handled_total", "Segments begun.");
  missed = counter("floorwatch_offers_missed_total", "Offers that ended by timeout or rejected.");
  leads_created = counter("floorwatch_leads_created_total", "Leads created.");
  leads_attempted = counter("floorwatch_leads_attempted_total", "Leads with a first attempt by a person.");
  leads_contacted = counter("floorwatch_leads_contacted_total", "Leads with a first contact.");
  deals_won = counter("floorwatch_deals_won_total", "Deals won.");
  deals_lost = counter("floorwatch_deals_lost_total", "Deals lost.");
  chats_started = counter("floorwatch_chats_started_total", "Chats that a customer has started.");
  chats_responded = counter("floorwatch_chats_responded_total", "Chats with a first response by an agent.");
  chats_missed = counter("floorwatch_chats_missed_total", "Chats that closed without an agent's message.");
  wait = histogram("floorwatch_wait_seconds", "Waits of answered visits.", in_seconds(BucketBounds::kWait));
  handle = histogram("floorwatch_handle_seconds", "Handle times of completed segments.", in_seconds(BucketBounds::kHandle));
  response = histogram("floorwatch_lead_response_seconds", "From a lead's creation to its first attempt.",
                       in_seconds(BucketBounds::kResponse));
  first_response =
      histogram("floorwatch_chat_first_response_seconds", "From a chat's start to the first message of an agent.",
                in_seconds(BucketBounds::kChatResponse));
  waiting = gauge("floorwatch_contacts_waiting", "Visits that wait now.");
  oldest = gauge("floorwatch_oldest_waiting_timestamp_seconds", "When the longest waiting visit began.");
  unanswered = gauge("floorwatch_chats_unanswered", "Chats in which the customer waits for an agent to write.");
  oldest_unanswered = gauge("floorwatch_oldest_unanswered_timestamp_seconds",
                            "When the customer wrote who waits longest for an agent to write.");
  mean_first_response =
      gauge("floorwatch_mean_first_response_seconds", "Mean first response of chats that got theirs in the window.");
  agents = gauge("floorwatch_agents", "Agents by state now; queue is empty for all agents of the client.");
  service_level = gauge("floorwatch_service_level_ratio", "Service level of the window by the profile's formula.");
  abandonment = gauge("floorwatch_abandonment_ratio", "Abandoned by offered visits of the window.");
  mean_wait = gauge("floorwatch_mean_wait_seconds", "Mean wait of answered visits of the window.");
  mean_handle = gauge("floorwatch_mean_handle_seconds", "Mean handle time of segments completed in the window.");
  occupancy = gauge("floorwatch_occupancy_ratio", "On contact or in wrap-up by available, on contact or in wrap-up.");
  per_hour = gauge("floorwatch_contacts_per_agent_hour", "Segments begun by staffed hours of the window.");
  lead_median = gauge("floorwatch_lead_response_median_seconds", "Median lead response of the window.");
  agents_needed = gauge("floorwatch_agents_needed",
                        "Agents with whom the last half-hour's calls would meet the target of the profile (Erlang C).");
  level_expected = gauge("floorwatch_service_level_expected_ratio",
                         "The service level of such calls with the agents who are there (Erlang C).");
  sla_target = gauge("floorwatch_sla_target_ratio", "What the contract asks for, of profiles that judge a share.");
  sla_period = gauge("floorwatch_sla_period_ratio", "The contract's figure of the running period so far, of a share.");
  sla_projection = gauge("floorwatch_sla_projection_ratio",
                         "Where the running period ends if the rest is like the last comparable days, of a share.");
  sla_misses_left = gauge("floorwatch_sla_misses_left",
                          "How many more may miss until the running period's end; below 0: too many have already.");
  sla_target_seconds =
      gauge("floorwatch_sla_target_seconds", "What the contract asks for, of profiles that judge a span.");
  sla_period_seconds =
      gauge("floorwatch_sla_period_seconds", "The contract's figure of the running period so far, of a span.");
  alerts_firing = gauge("floorwatch_alerts_firing", "1 for each alert that is firing.");
  alerts_waiting = gauge("floorwatch_alert_messages_waiting", "Messages that a receiver of alerts has not taken yet.");
  alerts_sent = counter("floorwatch_alert_messages_sent_total", "Messages that a receiver of alerts has taken.");
  alerts_refused = counter("floorwatch_alert_messages_refused_total",
                           "Messages that a receiver of alerts has refused for good: they are given up.");
  received = counter("floorwatch_events_received_total", "Events read: applied, duplicate, rejected and skipped together.");
  applied = counter("floorwatch_events_applied_total", "Events that changed a record.");
  duplicate = counter("floorwatch_events_duplicate_total", "Events that changed nothing.");
  conflict = counter("floorwatch_events_conflict_total", "Events that contradict a milestone.");
  rejected = counter("floorwatch_events_rejected_total", "Dead letters by reason.");
  late = counter("floorwatch_events_late_total", "Events behind the watermark by more than the allowed lateness.");
  skipped = counter("floorwatch_events_skipped_total", "Events of a type that is not known.");
  letters_dropped = counter("floorwatch_dead_letters_dropped_total",
                            "Dead letters that are no longer kept: dead_letters of the configuration.");
  as_of = gauge("floorwatch_as_of_timestamp_seconds", "The event time for which figures are shown.");
  watermark = gauge("floorwatch_watermark_timestamp_seconds", "Up to here every partition of the source has come.");
  lag = gauge("floorwatch_consumer_lag_events", "Kafka: messages not read yet; files: bytes.");
  last_commit = gauge("floorwatch_last_commit_timestamp_seconds", "When the store was last written.");
  commit = histogram("floorwatch_commit_seconds", "How long commits took.",
                     {Durations::kBounds.begin(), Durations::kBounds.end()});
  flow_pause = histogram("floorwatch_flow_pause_seconds",
                         "How long events stood still between two batches: for readers, clocks and commits.",
                         {Durations::kBounds.begin(), Durations::kBounds.end()});
  build = gauge("floorwatch_build_info", "1, with the program's version.");
}

}  // namespace app
