// The diary of corrections: an interval that was final and whose figures an event has changed since.
//
// It says what was published when. It is not state: a replay of the same log has no revisions, and figures do not
// depend on it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/figure_query.h"
#include "core/result.h"
#include "core/time.h"

namespace core {

/// One row of figures in one 15-minute interval. `by` is queue (client, queue, channel), agent (client, agent) or lead
/// (client, campaign); names that a kind does not have are empty.
struct RevisedRow {
  FigureKey by{};
  Basis basis{};
  std::string a{}, b{}, c{};
  EventTime start{};
  auto operator<=>(const RevisedRow&) const = default;
};

/// The event that changed a row first; others may have followed before the commit.
struct RevisionCause {
  std::string source;      ///< as configured
  std::string origin, id;  ///< `source` and `id` of the event
  std::string type;        ///< "contact.left_queue"
  std::string entity;      ///< the contact, agent or lead
  EventTime time{};        ///< of the event
};

struct Revision {
  /// A column of `figures` and its text before and after; empty: no value.
  struct Figure {
    std::string name, before, after;
    friend bool operator==(const Figure&, const Figure&) = default;
  };

  RevisedRow row;
  std::int64_t number = 0;  ///< The store's, from 1 for the row's first; 0 while it is not kept yet.
  WallTime committed_at{};  ///< Of the commit that has the change.
  RevisionCause cause;
  std::uint32_t events = 1;  ///< How many events changed the row in that commit, at least: those of its busiest cell.
  std::vector<Figure> figures;  ///< Those that differ, in order of the columns; never empty.
};

/// The revisions that a store keeps, read beside whoever writes it: each call is of one moment, that of the last
/// commit. A query asks for rows by `by`, `basis`, `client`, `queue`, `channel`, and that begin in [from, to).
/// Thread-safe.
class RevisionReader {
 public:
  virtual ~RevisionReader() = default;

  /// How many each row has that has any, in order of the rows. Where the query's `every` is kTotal they come added up,
  /// for each client, queue, ... one row, whose `start` is that of one of them.
  virtual Result<void> counts(const FigureQuery& query,
                              const std::function<void(const RevisedRow& row, std::int64_t n)>& visit) = 0;
  /// They themselves, in order of row and number, until `visit` says false.
  virtual Result<void> revisions(const FigureQuery& query, const std::function<bool(const Revision&)>& visit) = 0;
};

}  // namespace core
