// Figures by queue, and by client with the same columns.
#include "tests/oracle/grid.h"
#include "tests/oracle/oracle.h"
#include "tests/oracle/service_level.h"

namespace oracle {
namespace {

const std::vector<std::string> kFigures = {
    "offered",         "answered",       "abandoned",        "abandoned_short",     "flowed_out",
    "answered_within", "service_level",  "abandonment_rate", "mean_wait_s",         "p50_wait_s",
    "p90_wait_s",      "max_wait_s",     "handled",          "mean_handle_s",       "p90_handle_s",
    "mean_talk_s",     "mean_hold_s",    "mean_wrap_s",      "answered_late",       "abandoned_within",
    "abandoned_late",  "flowed_out_within", "flowed_out_late", "waiting",           "unfinished",
    "missed_offers",   "p80_wait_s",     "p95_wait_s",       "p99_wait_s"};

struct QueueRow {
  Ms offered = 0, waiting = 0, unfinished = 0, missed_offers = 0, handled = 0;
  std::map<Class, Ms> ended;        ///< Visits that ended, by class.
  Ms sl_numerator = 0, sl_denominator = 0;
  std::vector<Ms> waits, handles;   ///< Of answered visits; of completed segments.
  Ms wait = 0, talk = 0, hold = 0, wrap = 0;

  Ms of(Class visit_class) const {
    const auto found = ended.find(visit_class);
    return found == ended.end() ? 0 : found->second;
  }

  std::vector<std::string> cells() const {
    const auto count = [](Ms n) { return std::to_string(n); };
    const Ms answered = of('a') + of('A'), abandoned = of('s') + of('b') + of('B');
    const Ms completed = static_cast<Ms>(handles.size());
    return {count(offered),
            count(answered),
            count(abandoned),
            count(of('s')),
            count(of('f') + of('F')),
            count(of('a')),
            quotient(sl_numerator, sl_denominator, 6),
            quotient(abandoned, offered, 6),
            mean_seconds(wait, answered),
            quantile_seconds(waits, 50),
            quantile_seconds(waits, 90),
            maximum_seconds(waits),
            count(handled),
            mean_seconds(talk + hold + wrap, completed),
            quantile_seconds(handles, 90),
            mean_seconds(talk, completed),
            mean_seconds(hold, completed),
            mean_seconds(wrap, completed),
            count(of('A')),
            count(of('b')),
            count(of('B')),
            count(of('f')),
            count(of('F')),
            count(waiting),
            count(unfinished),
            count(missed_offers),
            quantile_seconds(waits, 80),
            quantile_seconds(waits, 95),
            quantile_seconds(waits, 99)};
  }
};

class QueueTable {
 public:
  QueueTable(const Floor& floor, const Query& query)
      : floor_(floor),
        query_(query),
        by_event_(query.basis == "event"),
        periods_(query, floor.options(), floor.as_of()),
        grid_(query_, periods_) {}

  std::string csv() {
    for (const Visit& visit : floor_.contacts().visits) {
      if (is_asked(visit.place, query_)) add(visit);
    }
    for (const Segment& segment : floor_.contacts().segments) {
      if (is_asked(segment.place, query_)) add(segment);
    }
    for (const Offer& offer : floor_.contacts().offers) {
      if (!is_asked(offer.place, query_) || !offer.missed()) continue;
      const Ms time = by_event_ ? *offer.end : offer.arrival.value_or(*offer.end);
      grid_.add(keys(offer.place), time, [](QueueRow& row) { ++row.missed_offers; });
    }
    return grid_.csv(query_.by == "queue" ? Keys{"client", "queue", "channel"} : Keys{"client"}, kFigures);
  }

 private:
  Keys keys(const Place& place) const {
    return query_.by == "queue" ? Keys{place.client, place.queue, place.channel} : Keys{place.client};
  }

  void add(const Visit& visit) {
    const Keys key = keys(visit.place);
    grid_.add(key, visit.begin, [](QueueRow& row) { ++row.offered; });
    const Version& version = version_of(visit, floor_.options());
    if (!visit.end) {
      add_open(visit, version);
      return;
    }
    grid_.add(key, by_event_ ? *visit.end : visit.begin, [&](QueueRow& row) {
      const Class visit_class = class_of(visit, version);
      ++row.ended[visit_class];
      row.sl_numerator += in_numerator(visit_class, version.formula);
      row.sl_denominator += in_denominator(visit_class, version.formula);
      if (!visit.answered) return;
      row.waits.push_back(visit.wait());
      row.wait += visit.wait();
    });
  }

  /// A visit that waits longer than T is answered late already; one that waits beyond the limit was given up.
  void add_open(const Visit& visit, const Version& version) {
    const Ms limit = floor_.options().give_up_after.visit(visit.place.channel);
    const Ms age = floor_.as_of() - visit.begin;
    const Keys key = keys(visit.place);
    if (age > limit) {
      grid_.add(key, visit.begin, [](QueueRow& row) { ++row.unfinished; });
      return;
    }
    grid_.add(key, visit.begin, [](QueueRow& row) { ++row.waiting; });
    if (age <= version.threshold) return;
    grid_.add(key, by_event_ ? visit.begin + version.threshold + 1 : visit.begin, [&](QueueRow& row) {
      row.sl_numerator += in_numerator('A', version.formula);
      row.sl_denominator += in_denominator('A', version.formula);
    });
  }

  void add(const Segment& segment) {
    const Keys key = keys(segment.place);
    const Ms begun = by_event_ ? segment.start : segment.arrival;
    grid_.add(key, begun, [](QueueRow& row) { ++row.handled; });
    if (segment.completed) {
      grid_.add(key, by_event_ ? *segment.completed : segment.arrival, [&](QueueRow& row) {
        row.handles.push_back(segment.handle());
        row.talk += segment.talk;
        row.hold += segment.hold;
        row.wrap += segment.wrap;
      });
    } else if (floor_.as_of() - segment.start > floor_.options().give_up_after.segment) {
      grid_.add(key, begun, [](QueueRow& row) { ++row.unfinished; });
    }
  }

  const Floor& floor_;
  const Query query_;
  const bool by_event_;
  const Periods periods_;
  Grid<QueueRow> grid_;
};

}  // namespace

std::string queue_csv(const Floor& floor, const Query& query) { return QueueTable(floor, query).csv(); }

}  // namespace oracle
