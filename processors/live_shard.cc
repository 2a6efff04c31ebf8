// The first step: what is read while the shard stands still. live_figures.cc has the second.
#include "processors/live_shard.h"

#include <algorithm>

#include "processors/figure_rows.h"
#include "processors/lead_view.h"
#include "processors/still_open.h"

namespace processors {

using core::EventTime;
using core::NameId;
using core::Period;
using core::Window;

namespace {

constexpr std::size_t kDay = core::index(Window::kDay);

/// Where the windows begin and end at a moment. The rolling ones are the same for all clients, the day is not.
/// Confined to one thread.
class Windows {
 public:
  Windows(const core::FigureConfig& config, const ReadPoint& point) : config_(config), point_(point) {
    for (std::size_t w = 0; w < kWindows; ++w) rolling_[w] = span(static_cast<Window>(w), "");
  }
  const Period& rolling(std::size_t window) const { return rolling_[window]; }
  Period day(std::string_view client) const { return span(Window::kDay, client); }
  EventTime end() const { return rolling_[0].end; }

  /// The shortest rolling window that holds `time`; all longer ones hold it too. kDay: none does.
  std::size_t shortest(EventTime time) const {
    std::size_t w = kDay;
    while (w > 0 && time >= rolling_[w - 1].start && time < rolling_[w - 1].end) --w;
    return w;
  }

 private:
  Period span(Window window, std::string_view client) const {
    core::FigureQuery query;
    query.window = window;
    return Placement(config_, query, point_).span(client);
  }

  const core::FigureConfig& config_;
  const ReadPoint& point_;
  PerWindow<Period> rolling_;
};

/// Sums of one shard's keys by window: first only in the shortest that holds a fact, then carried on to the longer.
template <typename Sums>
class ShardSums {
 public:
  ShardSums(const Windows& windows, const core::Names& names) : windows_(&windows), names_(&names) {}

  void reserve(std::size_t rows) { rows_.reserve(rows); }
  PerWindow<Sums>& row(const CellKey& key) { return rows_[key]; }
  /// A moment: into the rolling windows and the day.
  template <typename Add>
  void at(const CellKey& key, EventTime time, Add&& add) {
    if (const std::size_t w = windows_->shortest(time); w < kDay) add(row(key)[w]);
    if (const Period& day = day_of(key.a); time >= day.start && time < day.end) add(row(key)[kDay]);
  }
  /// All cells that a window can reach: slices for the rolling ones, intervals for the day.
  template <typename CellType, typename Add>
  void cells(CellBook::Family<CellType>& family, Add&& add) {
    family.slices.pages([&](core::Slot slot, auto& page) {
      const std::size_t w = windows_->shortest(core::slot_start(slot, core::kSlice));
      if (w == kDay) return;
      page.each([&](const CellKey& key, CellType& cell) { add(row(key)[w], cell); });
    });
    family.intervals[core::index(core::Basis::kEvent)].pages([&](core::Slot slot, auto& page) {
      const EventTime start = core::slot_start(slot, core::kInterval);
      if (start < windows_->end() - core::kLongestDay || start >= windows_->end()) return;
      page.each([&](const CellKey& key, CellType& cell) {
        if (start >= day_of(key.a).start) add(row(key)[kDay], cell);
      });
    });
  }
  const Period& day_of(NameId client) {
    const auto it = days_.find(client);
    if (it != days_.end()) return it->second;
    return days_.emplace(client, windows_->day(names_->text(client))).first->second;
  }

  /// At last: every key with its sums of every window.
  LiveShard::Rows<Sums> take_rows() {
    for (auto& [key, row] : rows_) {
      for (std::size_t w = 1; w < kDay; ++w) row[w].add(row[w - 1]);
    }
    return std::move(rows_);
  }

 private:
  const Windows* windows_;
  const core::Names* names_;
  boost::unordered_flat_map<NameId, Period> days_;
  LiveShard::Rows<Sums> rows_;
};

void add_cell(QueueSums& sums, const QueueCell& cell) {
  using C = QueueCount;
  for (std::size_t e = 0; e < core::kEntries; ++e) {
    sums.offered += cell.counts[static_cast<std::size_t>(C::kOffered) + e];
  }
  sums.answered += cell[C::kAnsweredWithin] + cell[C::kAnsweredLate];
  sums.abandoned += cell[C::kAbandonedShort] + cell[C::kAbandonedWithin] + cell[C::kAbandonedLate];
  sums.handled += cell[C::kHandled], sums.completed += cell[C::kCompleted];
  sums.level_numerator += cell[C::kServiceNumerator], sums.level_denominator += cell[C::kServiceDenominator];
  sums.wait_ms += cell[QueueSum::kWaitAnswered];
  sums.handle_ms += cell[QueueSum::kTalk] + cell[QueueSum::kHold] + cell[QueueSum::kWrap];
}

}  // namespace

/// Takes a shard's part. Confined to one thread.
class ShardReader {
 public:
  ShardReader(Shard& shard, const core::FigureConfig& config, const ReadPoint& point, LiveShard& into)
      : shard_(shard), names_(shard.names()), point_(point), windows_(config, point), into_(into) {}

  void read(const LiveScope& scope) {
    shard_.keep_slices();
    queues();
    if (scope.times) agents(scope.each_agent);
    states();
    if (scope.campaigns) campaigns(scope.responses);
    if (scope.untouched_leads) untouched_leads();
  }

 private:
  template <typename Rows>
  void note(const Rows& rows) {
    for (const auto& [key, row] : rows) into_.names_.note(names_, key);
  }

  void queues() {
    ShardSums<QueueSums> sums(windows_, names_);
    // Every queue that ever had a visit shows its zero, so that an empty queue is not an absent one.
    if (const auto* page = shard_.book().queues.totals.page(0)) {
      sums.reserve(page->size());
      page->each([&](const CellKey& key, const QueueCell&) { sums.row(key); });
    }
    sums.cells(shard_.book().queues, add_cell);
    sums.cells(shard_.book().chats, [](QueueSums& s, const ChatCell& cell) {
      s.responded += cell[ChatCount::kResponded], s.first_response_ms += cell[ChatSum::kFirstResponse];
    });
    waiting(sums);
    into_.queues_ = sums.take_rows();
    note(into_.queues_);
  }

  void waiting(ShardSums<QueueSums>& sums) {
    shard_.contacts().each_open([&](const ContactRecord& record) {
      const ContactView view = view_of(record, shard_.rules(), names_);
      for (const TurnView& t : view.turns) {
        if (!still_unanswered(t, shard_.rules(), point_.as_of)) continue;
        sums.row(t.key);
        LiveShard::Waiting& w = into_.unanswered_[t.key];
        ++w.n, w.oldest = std::min(w.oldest, t.begin);
      }
      for (const VisitView& v : view.visits) {
        if (!still_waits(v, shard_.rules(), point_.as_of)) continue;
        const core::Millis age = point_.as_of - v.begin;
        LiveShard::Waiting& w = into_.waiting_[v.key];
        ++w.n, w.oldest = std::min(w.oldest, v.begin);
        const core::Millis threshold = shard_.rules().sla(v.key, v.entry, v.begin).threshold;
        if (age <= threshold) continue;
        // Open for longer than T: answered late, of which every formula has a share of the denominator only.
        sums.at(v.key, v.begin + threshold + core::Millis{1}, [](QueueSums& s) { ++s.level_denominator; });
      }
    });
  }

  void agents(bool each_agent) {
    if (each_agent) {
      ShardSums<AgentSums> sums(windows_, names_);
      sums.cells(shard_.book().agents,
                 [](AgentSums& s, const AgentCell& cell) { s.handled += cell[AgentCount::kHandled]; });
      into_.agent_contacts_ = sums.take_rows();
      note(into_.agent_contacts_);
    }
    const NameId fallback = shard_.names().intern("default");
    boost::unordered_flat_map<NameId, Period> days;  // by client
    for (std::size_t i = 0; i < shard_.agents().size(); ++i) {
      const AgentRecord& agent = shard_.agents()[i].record;
      const NameId home = agent.home_client() == NameId::kNone ? fallback : agent.home_client();
      into_.names_.note(names_, home);
      const auto [day, fresh] = days.try_emplace(home);
      if (fresh) day->second = windows_.day(names_.text(home));
      const PerWindow<AgentSums> times = times_of(agent, day->second);
      add_each(into_.homes_[home], times);
      if (each_agent) into_.agents_.push_back({home, std::string(agent.id()), times});
    }
  }

  PerWindow<AgentSums> times_of(const AgentRecord& agent, const Period& day) const {
    PerWindow<Period> spans;
    for (std::size_t w = 0; w < kDay; ++w) spans[w] = windows_.rolling(w);
    spans[kDay] = day;
    PerWindow<AgentSums> times;
    const EventTime first = std::min(day.start, spans[core::index(Window::k1h)].start);
    agent.spans(first, windows_.end(), point_.as_of, shard_.rules().give_up().agent_state,
                [&](const StatePoint& p, EventTime from, EventTime to) {
                  if (p.state == core::AgentState::kOffline) return;
                  for (std::size_t w = 0; w < kWindows; ++w) {
                    const auto part = std::min(to, spans[w].end) - std::max(from, spans[w].start);
                    times[w].ms[core::index(p.state)] += std::max(part, core::Millis{0}).count();
                  }
                });
    return times;
  }

  void states() {
    for (std::size_t i = 0; i < shard_.agents().size(); ++i) {
      const AgentRecord& agent = shard_.agents()[i].record;
      const auto now = agent.current(point_.as_of, shard_.rules().give_up().agent_state);
      if (now) ++into_.states_[{agent.home_client(), agent.queues(), now->state}];
    }
    for (const auto& [key, n] : into_.states_) {
      into_.names_.note(names_, std::get<0>(key)), into_.names_.note(names_, std::get<1>(key));
    }
  }

  void campaigns(bool responses) {
    auto& family = shard_.book().leads;
    const auto read = [&](ShardSums<ResponseSums>& sums) {
      bool lost = false;
      sums.cells(family, [&](ResponseSums& s, const LeadCell& cell) {
        s.attempted += cell[LeadCount::kAttempted], s.within_target += cell[LeadCount::kWithinTarget];
        if (!responses) return;
        const Maximum& longest = cell.maximum(LeadHist::kResponse);
        lost = lost || longest.lost();
        s.responses.add_all(cell[LeadHist::kResponse]), s.longest.merge(longest);
      });
      return !lost;
    };
    ShardSums<ResponseSums> sums(windows_, names_);
    // A maximum that was taken back is found again from all records: rare, and only worth it where it is shown.
    if (!read(sums)) {
      shard_.settle_maxima();
      sums = ShardSums<ResponseSums>(windows_, names_);
      read(sums);
    }
    into_.campaigns_ = sums.take_rows();
    note(into_.campaigns_);
  }

  void untouched_leads() {
    shard_.leads().each_open([&](const AttributeRecord& record) {
      const auto lead = view_of(record, shard_.rules(), shard_.names());
      if (!lead || !lead->open || lead->first_attempt) return;
      UntouchedLeads& leads = into_.untouched_[lead->key.a];
      if (point_.as_of - lead->created > shard_.rules().client(lead->key.a).lead_target) {
        ++leads.overdue;
      } else {
        leads.oldest_due = std::min(leads.oldest_due, lead->created);
      }
    });
    for (const auto& [client, leads] : into_.untouched_) into_.names_.note(names_, client);
  }

  Shard& shard_;
  const core::Names& names_;
  const ReadPoint& point_;
  const Windows windows_;
  LiveShard& into_;
};

LiveShard::LiveShard(Shard& shard, const core::FigureConfig& config, const ReadPoint& point, const LiveScope& scope) {
  ShardReader(shard, config, point, *this).read(scope);
}

}  // namespace processors
