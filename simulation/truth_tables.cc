// The written form of the truth: rows, columns and digits as the contract prints figures.
#include <fmt/format.h>

#include <string_view>

#include "simulation/truth.h"

namespace simulation {

namespace {

constexpr std::string_view kInterval = "start,end,status,revision,";
constexpr std::string_view kVisitColumns =
    "offered,answered,abandoned,abandoned_short,flowed_out,answered_within,service_level,abandonment_rate,mean_wait_s,"
    "p50_wait_s,p90_wait_s,max_wait_s,handled,mean_handle_s,p90_handle_s,mean_talk_s,mean_hold_s,mean_wrap_s,"
    "answered_late,abandoned_within,abandoned_late,flowed_out_within,flowed_out_late,waiting,unfinished,missed_offers,"
    "p80_wait_s,p95_wait_s,p99_wait_s\n";
constexpr std::string_view kAgentColumns =
    "handled,contacts_per_hour,mean_handle_s,offers,missed_offers,talk_s,hold_s,wrap_s,available_s,away_s,occupancy,"
    "ringing_s,on_contact_s,wrap_state_s,staffed_s\n";
constexpr std::string_view kLeadColumns =
    "created,attempted,contacted,median_response_s,p90_response_s,within_target,median_contact_s,attempts_per_lead,"
    "open,oldest_open_s\n";
constexpr std::string_view kDealColumns =
    "opened,won,lost,currency,average_deal_size,mean_cycle_days,median_cycle_days,win_rate,win_rate_by_value,open,"
    "pipeline_velocity_per_day,profitability,won_of_opened\n";
constexpr std::string_view kChatColumns =
    "started,responded,missed,unanswered,oldest_unanswered_s,mean_first_response_s,p50_first_response_s,"
    "p90_first_response_s,max_first_response_s,responses,mean_response_s,p50_response_s,p90_response_s,max_response_s,"
    "unfinished\n";
constexpr std::string_view kChatAgentColumns = "responded,mean_first_response_s,responses,mean_response_s\n";
constexpr std::int64_t kDayMs = 86'400'000;
__extension__ using Wide = __int128;

std::string whole_seconds(std::int64_t quarter) {
  const std::chrono::sys_seconds time{std::chrono::seconds{quarter * 900}};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const auto seconds = (time - day).count();
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), seconds / 3'600,
                     seconds / 60 % 60, seconds % 60);
}

/// Cells of one row, each with its comma before it.
class Row {
 public:
  Row(std::string& out, const std::string& key, std::optional<std::int64_t> quarter) : out_(out) {
    out_.append(key).append(",");
    if (quarter) out_.append(whole_seconds(*quarter)).append(",").append(whole_seconds(*quarter + 1));
    out_.append(quarter ? ",final,0" : ",,final,0");
  }
  ~Row() { out_ += '\n'; }
  Row(const Row&) = delete;
  Row& operator=(const Row&) = delete;

  Row& count(std::int64_t n) {
    fmt::format_to(std::back_inserter(out_), ",{}", n);
    return *this;
  }
  Row& seconds(std::optional<std::int64_t> ms) {
    out_ += ',';
    if (ms) fmt::format_to(std::back_inserter(out_), "{}.{:03}", *ms / 1'000, *ms % 1'000);
    return *this;
  }
  Row& mean_seconds(std::int64_t sum_ms, std::int64_t n) {
    return seconds(n > 0 ? std::optional((2 * sum_ms + n) / (2 * n)) : std::nullopt);
  }
  /// Six decimals, half up; nothing where the denominator is 0.
  Row& quotient(std::int64_t numerator, std::int64_t denominator) {
    out_ += ',';
    if (denominator == 0) return *this;
    const std::int64_t rest = (2 * 1'000'000 * (numerator % denominator) + denominator) / (2 * denominator);
    const std::int64_t whole = numerator / denominator + rest / 1'000'000;
    fmt::format_to(std::back_inserter(out_), "{}.{:06}", whole, rest % 1'000'000);
    return *this;
  }
  Row& text(std::string_view word) {
    out_.append(",").append(word);
    return *this;
  }
  /// Two to four decimals, half up, of nothing negative; nothing where the denominator is 0.
  Row& money(Wide cents, Wide denominator) {
    out_ += ',';
    if (denominator == 0) return *this;
    auto value = static_cast<std::int64_t>((2 * 100 * cents + denominator) / (2 * denominator));
    std::string digits = fmt::format("{}.{:04}", value / 10'000, value % 10'000);
    for (int most = 2; most > 0 && digits.back() == '0'; --most) digits.pop_back();
    out_ += digits;
    return *this;
  }

 private:
  std::string& out_;
};

void write_row(Row&& row, const QueueCell& cell) {
  const std::int64_t ended = cell.answered() + cell.abandoned() + cell.flowed_out();
  const Spans& handle = cell.handling.handle;
  row.count(cell.offered).count(cell.answered()).count(cell.abandoned()).count(cell.abandoned_short);
  row.count(cell.flowed_out()).count(cell.answered_within);
  row.quotient(cell.answered_within, ended).quotient(cell.abandoned(), cell.offered);
  row.mean_seconds(cell.wait.sum_ms(), cell.wait.count());
  row.seconds(cell.wait.quantile_ms(50)).seconds(cell.wait.quantile_ms(90)).seconds(cell.wait.max_ms());
  row.count(cell.handled).mean_seconds(handle.sum_ms(), handle.count()).seconds(handle.quantile_ms(90));
  row.mean_seconds(cell.handling.talk_ms, handle.count());
  row.mean_seconds(cell.handling.hold_ms, handle.count());
  row.mean_seconds(cell.handling.wrap_ms, handle.count());
  row.count(cell.answered_late).count(cell.abandoned_within).count(cell.abandoned_late);
  row.count(cell.flowed_out_within).count(cell.flowed_out_late);
  row.count(0).count(0);  // nobody waits and nothing is unfinished when the centre has run dry
  row.count(cell.missed_offers);
  row.seconds(cell.wait.quantile_ms(80)).seconds(cell.wait.quantile_ms(95)).seconds(cell.wait.quantile_ms(99));
}

void write_row(Row&& row, const AgentCell& cell) {
  const auto state = [&](core::AgentState which) { return cell.state_ms[core::index(which)]; };
  const std::int64_t available = state(core::AgentState::kAvailable), ringing = state(core::AgentState::kRinging);
  const std::int64_t on_contact = state(core::AgentState::kOnContact), wrap = state(core::AgentState::kWrap);
  const std::int64_t staffed = available + ringing + on_contact + wrap;
  row.count(cell.handled).quotient(cell.handled * 3'600'000, staffed);
  row.mean_seconds(cell.talk_ms + cell.hold_ms + cell.wrap_ms, cell.completed);
  row.count(cell.offers).count(cell.missed_offers);
  row.seconds(cell.talk_ms).seconds(cell.hold_ms).seconds(cell.wrap_ms);
  row.seconds(available).seconds(state(core::AgentState::kAway));
  row.quotient(on_contact + wrap, available + on_contact + wrap);
  row.seconds(ringing).seconds(on_contact).seconds(wrap).seconds(staffed);
}

/// `open`: at the interval's end.
void write_row(Row&& row, const std::string& currency, const DealCell& cell, std::int64_t open) {
  const std::int64_t closed = cell.won + cell.lost, cycle_ms = cell.cycle.sum_ms();
  const auto median = cell.cycle.quantile_ms(50);
  row.count(cell.opened).count(cell.won).count(cell.lost).text(currency).money(cell.won_cents, cell.won);
  row.quotient(cycle_ms, cell.won * kDayMs).quotient(median.value_or(0), median ? kDayMs : 0);
  row.quotient(cell.won, closed).quotient(cell.won_cents, cell.won_cents + cell.lost_cents).count(open);
  row.money(Wide{open} * cell.won * cell.won_cents * kDayMs, Wide{closed} * cycle_ms);
  row.quotient(cell.won_cents - cell.cost_cents, cell.won_cents).quotient(cell.won_of_opened, cell.opened);
}

}  // namespace

/// Gathers the cells of a truth into rows in the order of their keys, and writes them.
class TruthTables {
 public:
  TruthTables(const Truth& truth, core::EventTime as_of) : truth_(truth), as_of_(as_of) {}

  std::string text() {
    for (const core::Basis basis : {core::Basis::kArrival, core::Basis::kEvent})
      for (const bool total : {false, true}) {
        basis_ = basis;
        total_ = total;
        section("queue", "client,queue,channel,", kVisitColumns, queues());
        section("client", "client,", kVisitColumns, clients());
        section("agent", "client,agent,", kAgentColumns, agents());
        section("lead", "client,campaign,", kLeadColumns, leads());
        section("chat", "client,queue,channel,", kChatColumns, chats());
        section("chat-agent", "client,agent,", kChatAgentColumns, chat_agents());
      }
    for (const bool total : {false, true}) deals(total);
    return std::move(out_);
  }

 private:
  template <typename Cell>
  using Table = std::map<std::string, Quarters<Cell>>;  ///< by key columns; names have no byte below the comma

  Table<QueueCell> queues() const {
    Table<QueueCell> table;
    for (std::size_t q = 0; q < truth_.queues_.size(); ++q) {
      const QueuePlan& queue = truth_.plan_.queues[q];
      table[fmt::format("{},{},{}", truth_.plan_[queue.client].name, queue.name, queue.channel)] =
          truth_.queues_[q][core::index(basis_)];
    }
    return table;
  }

  Table<QueueCell> clients() const {
    Table<QueueCell> table;
    for (std::size_t q = 0; q < truth_.queues_.size(); ++q) {
      auto& rows = table[truth_.plan_[truth_.plan_.queues[q].client].name];
      for (const auto& [quarter, cell] : truth_.queues_[q][core::index(basis_)]) rows[quarter].add(cell);
    }
    return table;
  }

  Table<AgentCell> agents() const {
    Table<AgentCell> table;
    for (std::size_t a = 0; a < truth_.agents_.size(); ++a)
      for (const auto& [client, rows] : truth_.agents_[a][core::index(basis_)])
        table[truth_.plan_[client].name + "," + truth_.plan_.agents[a].name] = rows;
    return table;
  }

  Table<LeadCell> leads() const {
    Table<LeadCell> table;
    for (const auto& [key, rows] : truth_.leads_[core::index(basis_)]) {
      const ClientPlan& client = truth_.plan_[key.first];
      table[client.name + "," + client.campaigns[key.second]] = rows;
    }
    return table;
  }

  Table<ChatCell> chats() const {
    Table<ChatCell> table;
    for (const auto& [number, rows] : truth_.chats_[core::index(basis_)]) {
      const QueuePlan& queue = truth_.plan_[number];
      table[fmt::format("{},{},{}", truth_.plan_[queue.client].name, queue.name, queue.channel)] = rows;
    }
    return table;
  }

  Table<ChatAgentCell> chat_agents() const {
    Table<ChatAgentCell> table;
    for (const auto& [key, rows] : truth_.chat_agents_[core::index(basis_)])
      table[truth_.plan_[key.first].name + "," + truth_.plan_[key.second].name] = rows;
    return table;
  }

  void deals(bool total) {
    fmt::format_to(std::back_inserter(out_), "# by=deal every={}\n", total ? "total" : "15m");
    out_.append("client,").append(kInterval).append(kDealColumns);
    std::map<std::pair<std::string, std::string>, const Quarters<DealCell>*> table;
    for (const auto& [key, rows] : truth_.deals_) table[{truth_.plan_[key.first].name, key.second}] = &rows;
    for (const auto& [key, rows] : table) {
      DealCell sum;
      for (const auto& [quarter, cell] : *rows) {
        sum.add(cell);
        if (!total) write_row(Row(out_, key.first, quarter), key.second, cell, sum.opened - sum.won - sum.lost);
      }
      if (total) write_row(Row(out_, key.first, std::nullopt), key.second, sum, sum.opened - sum.won - sum.lost);
    }
  }

  template <typename Cell>
  void section(std::string_view by, std::string_view keys, std::string_view columns, const Table<Cell>& table) {
    fmt::format_to(std::back_inserter(out_), "# by={} every={} basis={}\n", by, total_ ? "total" : "15m",
                   core::kBasisWords[core::index(basis_)]);
    out_.append(keys).append(kInterval).append(columns);
    for (const auto& [key, rows] : table) {
      if (!total_) {
        for (const auto& [quarter, cell] : rows) write(Row(out_, key, quarter), cell);
      } else if (!rows.empty()) {
        Cell sum;
        for (const auto& [quarter, cell] : rows) sum.add(cell);
        write(Row(out_, key, std::nullopt), sum);
      }
    }
  }

  void write(Row&& row, const QueueCell& cell) { write_row(std::move(row), cell); }
  void write(Row&& row, const AgentCell& cell) { write_row(std::move(row), cell); }
  void write(Row&& row, const LeadCell& cell) {
    row.count(cell.created).count(cell.attempted).count(cell.contacted);
    row.seconds(cell.response.quantile_ms(50)).seconds(cell.response.quantile_ms(90));
    row.quotient(cell.within_target, basis_ == core::Basis::kArrival ? cell.created : cell.attempted);
    row.seconds(cell.contact.quantile_ms(50)).quotient(cell.attempts, cell.leads_with_attempts).count(cell.open);
    row.seconds(cell.open > 0 ? std::optional((as_of_ - cell.oldest_open).count()) : std::nullopt);
  }

  static void write_spans(Row& row, const Spans& spans) {
    row.mean_seconds(spans.sum_ms(), spans.count());
    row.seconds(spans.quantile_ms(50)).seconds(spans.quantile_ms(90)).seconds(spans.max_ms());
  }
  void write(Row&& row, const ChatCell& cell) {
    row.count(cell.started).count(cell.first_response.count()).count(cell.missed);
    row.count(0).seconds(std::nullopt);  // Every chat has closed when the centre has run dry.
    write_spans(row, cell.first_response);
    row.count(cell.response.count());
    write_spans(row, cell.response);
    row.count(0);
  }
  void write(Row&& row, const ChatAgentCell& cell) {
    row.count(cell.first_response.count()).mean_seconds(cell.first_response.sum_ms(), cell.first_response.count());
    row.count(cell.response.count()).mean_seconds(cell.response.sum_ms(), cell.response.count());
  }

  const Truth& truth_;
  const core::EventTime as_of_;
  core::Basis basis_{};
  bool total_ = false;
  std::string out_;
};

std::string Truth::text(core::EventTime as_of) const { return TruthTables(*this, as_of).text(); }

}  // namespace simulation
