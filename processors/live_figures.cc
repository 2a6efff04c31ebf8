#include "processors/live_figures.h"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>

#include "processors/figure_rows.h"

namespace processors {

using core::EventTime;
using core::NameId;
using core::Period;
using core::Window;

void QueueSums::add(const QueueSums& o) {
  offered += o.offered, answered += o.answered, abandoned += o.abandoned, handled += o.handled;
  completed += o.completed, level_numerator += o.level_numerator, level_denominator += o.level_denominator;
  wait_ms += o.wait_ms, handle_ms += o.handle_ms;
}

void AgentSums::add(const AgentSums& other) {
  handled += other.handled;
  for (std::size_t i = 0; i < ms.size(); ++i) ms[i] += other.ms[i];
}
std::int64_t AgentSums::busy_ms() const {
  return ms[core::index(core::AgentState::kOnContact)] + ms[core::index(core::AgentState::kWrap)];
}
std::int64_t AgentSums::working_ms() const { return busy_ms() + ms[core::index(core::AgentState::kAvailable)]; }
std::int64_t AgentSums::staffed_ms() const { return working_ms() + ms[core::index(core::AgentState::kRinging)]; }

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

  /// Calls take(key, sums of every window) for each key.
  template <typename Take>
  void hand_over(Take&& take) {
    for (auto& [key, row] : rows_) {
      for (std::size_t w = 1; w < kDay; ++w) row[w].add(row[w - 1]);
      take(key, row);
    }
  }

 private:
  const Windows* windows_;
  const core::Names* names_;
  boost::unordered_flat_map<NameId, Period> days_;
  boost::unordered_flat_map<CellKey, PerWindow<Sums>, boost::hash<CellKey>> rows_;
};

template <typename Sums>
void add_each(PerWindow<Sums>& to, const PerWindow<Sums>& from) {
  for (std::size_t w = 0; w < kWindows; ++w) to[w].add(from[w]);
}

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

/// One shard's part of the figures. Confined to one thread.
class ShardReader {
 public:
  ShardReader(Shard& shard, const Windows& windows, const ReadPoint& point, LiveFigures& into)
      : shard_(shard), windows_(windows), point_(point), into_(into) {}

  void read(bool each_agent) {
    shard_.keep_slices();
    queues();
    agents(each_agent);
    states();
    campaigns();
  }

 private:
  std::string text(NameId id) const { return std::string(shard_.names().text(id)); }

  void queues() {
    ShardSums<QueueSums> sums(windows_, shard_.names());
    sums.cells(shard_.book().queues, add_cell);
    // Every queue that ever had a visit shows its zero, so that an empty queue is not an absent one.
    if (const auto* page = shard_.book().queues.totals.page(0)) {
      page->each([&](const CellKey& key, const QueueCell&) { sums.row(key); });
    }
    struct Waiting {
      std::int64_t n = 0;
      EventTime oldest = EventTime::max();
    };
    boost::unordered_flat_map<CellKey, Waiting, boost::hash<CellKey>> waiting;
    shard_.contacts().each_open([&](const ContactRecord& record) {
      for (const VisitView& v : view_of(record, shard_.rules(), shard_.names()).visits) {
        const core::Millis age = point_.as_of - v.begin;
        if (v.outcome != VisitView::Outcome::kOpen || age > shard_.rules().give_up_visit(v.key.c)) continue;
        Waiting& w = waiting[v.key];
        ++w.n, w.oldest = std::min(w.oldest, v.begin);
        const core::Millis threshold = shard_.rules().sla(v.key, v.entry, v.begin).threshold;
        if (age <= threshold) continue;
        // Open for longer than T: answered late, of which every formula has a share of the denominator only.
        sums.at(v.key, v.begin + threshold + core::Millis{1}, [](QueueSums& s) { ++s.level_denominator; });
      }
    });
    sums.hand_over([&](const CellKey& key, const PerWindow<QueueSums>& row) {
      LiveQueue& queue = into_.queues[{text(key.a), text(key.b), text(key.c)}];
      add_each(queue.windows, row);
      if (const auto it = waiting.find(key); it != waiting.end()) {
        queue.waiting += it->second.n, queue.oldest = std::min(queue.oldest, it->second.oldest);
      }
      PerWindow<AgentSums>& client = into_.clients[text(key.a)];
      for (std::size_t w = 0; w < kWindows; ++w) client[w].handled += row[w].handled;
    });
  }

  void agents(bool each_agent) {
    ShardSums<AgentSums> sums(windows_, shard_.names());
    if (each_agent) {
      sums.cells(shard_.book().agents,
                 [](AgentSums& s, const AgentCell& cell) { s.handled += cell[AgentCount::kHandled]; });
      sums.hand_over([&](const CellKey& key, const PerWindow<AgentSums>& row) {
        add_each(into_.agents[{text(key.a), text(key.b)}], row);
      });
    }
    const NameId fallback = shard_.names().intern("default");
    for (std::size_t i = 0; i < shard_.agents().size(); ++i) {
      const AgentRecord& agent = shard_.agents()[i].record;
      const NameId home_id = agent.home_client() == NameId::kNone ? fallback : agent.home_client();
      const PerWindow<AgentSums> times = times_of(agent, sums.day_of(home_id));
      add_each(into_.clients[text(home_id)], times);
      if (each_agent) add_each(into_.agents[{text(home_id), std::string(agent.id())}], times);
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
    std::map<std::tuple<NameId, NameId, core::AgentState>, std::int64_t> counts;  // (home, queues, state)
    for (std::size_t i = 0; i < shard_.agents().size(); ++i) {
      const AgentRecord& agent = shard_.agents()[i].record;
      const auto now = agent.current(point_.as_of, shard_.rules().give_up().agent_state);
      if (now) ++counts[{agent.home_client(), now->queues, now->state}];
    }
    for (const auto& [key, n] : counts) {
      const auto& [home_id, queues, state] = key;
      const std::string client = home_id == NameId::kNone ? "default" : text(home_id);
      into_.agents_by_state[{client, "", state}] += n;
      std::string_view rest = shard_.names().text(queues);
      while (!rest.empty()) {
        const auto end = std::min(rest.find(kQueueSeparator), rest.size());
        into_.agents_by_state[{client, std::string(rest.substr(0, end)), state}] += n;
        rest.remove_prefix(std::min(end + 1, rest.size()));
      }
    }
  }

  void campaigns() {
    auto& family = shard_.book().leads;
    const auto read = [&](ShardSums<ResponseSums>& sums) {
      bool lost = false;
      sums.cells(family, [&](ResponseSums& s, const LeadCell& cell) {
        const Maximum& longest = cell.maximum(LeadHist::kResponse);
        lost = lost || longest.lost();
        s.responses.add_all(cell[LeadHist::kResponse]), s.longest.merge(longest);
      });
      return !lost;
    };
    ShardSums<ResponseSums> sums(windows_, shard_.names());
    // A maximum that was taken back is found again from all records: rare, and only worth it where it is shown.
    if (!read(sums)) {
      shard_.settle_maxima();
      sums = ShardSums<ResponseSums>(windows_, shard_.names());
      read(sums);
    }
    sums.hand_over([&](const CellKey& key, const PerWindow<ResponseSums>& row) {
      add_each(into_.campaigns[{text(key.a), text(key.b)}], row);
    });
  }

  Shard& shard_;
  const Windows& windows_;
  const ReadPoint& point_;
  LiveFigures& into_;
};

}  // namespace

EventTime live_since(const core::FigureConfig& config, EventTime as_of) {
  ReadPoint point;
  point.as_of = as_of;
  core::FigureQuery query;
  query.window = Window::kDay;
  return std::min(Placement(config, query, point).reach().start, as_of - kSliceHorizon - core::kSlice);
}

LiveFigures live_figures(std::span<Shard* const> shards, const core::FigureConfig& config, const ReadPoint& point,
                         bool each_agent) {
  const Windows windows(config, point);
  LiveFigures figures;
  for (Shard* shard : shards) ShardReader(*shard, windows, point, figures).read(each_agent);
  return figures;
}

}  // namespace processors
