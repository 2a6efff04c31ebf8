// From the command line's words to a simulated centre and its pace.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "app/commands/generate.h"
#include "simulation/plan.h"

namespace app {

namespace {

constexpr core::Millis kHour{3'600'000};
/// Agents at work at once when a rate is asked for; more load makes conversations shorter instead.
constexpr std::uint64_t kMostBusyAgents = 3'000;

template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// Collects what is wrong while it reads.
class Reader {
 public:
  Reader(const GenerateOptions& words, core::WallTime now) : words_(words), now_(now) {}

  GenerateOrder read() {
    GenerateOrder order;
    read_pace(order.pace);
    read_size(order);
    read_disturbance(order.centre.disturbance);
    check_targets(order.centre);
    order.pace.start = order.centre.start;
    if (order.pace.speed && order.pace.per_second) scale_to_rate(order);
    return order;
  }

  std::vector<std::string> errors;

 private:
  void wrong(std::string_view option, std::string_view value, std::string_view allowed) {
    errors.push_back(fmt::format("--{} {}: allowed is {}", option, value, allowed));
  }

  void read_pace(simulation::PaceOptions& pace) {
    if (words_.speed != "max") {
      pace.speed = parse_number<std::uint32_t>(words_.speed);
      if (!pace.speed || *pace.speed == 0) wrong("speed", words_.speed, "max or a whole number from 1");
    }
    if (words_.rate.empty()) return;
    std::string_view number = words_.rate;
    if (number.ends_with("/s")) number.remove_suffix(2);
    pace.per_second = parse_number<std::uint64_t>(number);
    if (!pace.per_second || *pace.per_second == 0) wrong("rate", words_.rate, "events per second, like 500/s");
  }

  void read_size(GenerateOrder& order) {
    simulation::Options& centre = order.centre;
    const bool follows_clock = order.pace.speed.has_value();
    centre.seed = words_.seed;
    centre.visits = words_.visits.value_or(follows_clock ? 0 : centre.visits);
    centre.clients = words_.clients;
    centre.queues = words_.queues;
    centre.agents = words_.agents;
    if (centre.queues < centre.clients)
      wrong("queues", fmt::format("{}", centre.queues), "at least one for each client");
    if (words_.hours > 0 && words_.hours <= 24 * 366) {
      centre.length = core::Millis{std::llround(words_.hours * static_cast<double>(kHour.count()))};
    } else {
      wrong("hours", fmt::format("{}", words_.hours), "more than 0, at most 8784");
    }
    if (words_.start == "now" || (words_.start.empty() && follows_clock)) {
      centre.start = core::event_time(core::to_ms(now_));
    } else if (!words_.start.empty()) {
      const auto start = core::parse_rfc3339(words_.start);
      if (!start || *start < core::event_time(0)) wrong("start", words_.start, "now, or an RFC 3339 time since 1970");
      centre.start = start.value_or(centre.start);
    }
  }

  std::uint32_t per_million(std::string_view option, std::string_view share) {
    const auto value = parse_number<double>(share);
    if (value && *value >= 0 && *value <= 1) return static_cast<std::uint32_t>(std::lround(*value * 1e6));
    wrong(option, share, "a share from 0 to 1");
    return 0;
  }

  core::Millis span(std::string_view option, std::string_view text) {
    const auto value = core::parse_duration(text);
    if (value && *value >= core::Millis{0} && *value <= 24 * kHour) return *value;
    wrong(option, text, "a span up to 24h, like 30s");
    return core::Millis{0};
  }

  void read_disturbance(simulation::Disturbance& disturbance) {
    disturbance.disorder = span("disorder", words_.disorder);
    disturbance.duplicates_ppm = per_million("duplicates", words_.duplicates);
    disturbance.bad_ppm = per_million("bad", words_.bad);
    if (words_.late.empty()) return;
    const std::size_t colon = words_.late.find(':');
    if (colon == std::string::npos) return wrong("late", words_.late, "SHARE:SPAN, like 0.01:4h");
    disturbance.late_ppm = per_million("late", words_.late.substr(0, colon));
    disturbance.late_by = span("late", words_.late.substr(colon + 1));
  }

  void check_targets(const simulation::Options& centre) {
    if (!words_.kafka.empty() && !words_.output.empty())
      errors.emplace_back("--kafka and --output: allowed is one of them");
    if (words_.kafka.empty() != words_.topic.empty())
      errors.emplace_back("--kafka and --topic: allowed are both or none");
    if (!words_.truth.empty() && centre.visits == 0)
      errors.emplace_back("--truth: allowed only with a number of --visits, since the centre must run dry");
  }

  /// A centre as busy as gives about `per_second` events a second, at any hour.
  void scale_to_rate(GenerateOrder& order) const {
    const std::uint64_t per_hour =
        *order.pace.per_second * 3'600 * 10 / simulation::kEventsPerTenVisits / *order.pace.speed;
    order.centre.daily_curve = false;
    order.centre.visits_per_hour = std::max<std::uint64_t>(per_hour, 1);
    const std::uint64_t busy = per_hour * simulation::kMeanHandleSeconds / 3'600;
    const std::uint64_t most = order.centre.agents > 0 ? std::max(order.centre.agents / 4, 1U) : kMostBusyAgents;
    order.centre.hurry = static_cast<std::uint32_t>(std::max<std::uint64_t>(busy / most, 1));
  }

  const GenerateOptions& words_;
  const core::WallTime now_;
};

}  // namespace

tl::expected<GenerateOrder, std::vector<std::string>> understand(const GenerateOptions& options, core::WallTime now) {
  Reader reader(options, now);
  GenerateOrder order = reader.read();
  if (!reader.errors.empty()) return tl::unexpected(std::move(reader.errors));
  return order;
}

}  // namespace app
