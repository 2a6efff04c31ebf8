#include "processors/contract_table.h"

#include "processors/row_frame.h"

namespace processors {
namespace {

using core::Value;

Value yes_or_no(std::optional<bool> met) {
  if (!met) return {};
  return std::string(*met ? "yes" : "no");
}

std::int64_t revisions_of(const ContractFigure& figure, const ReadPoint& point) {
  if (point.revisions == nullptr) return 0;
  const auto found = point.revisions->find(RowKey{figure.client, figure.profile, {}, figure.period.start});
  return found == point.revisions->end() ? 0 : found->second;
}

Value count_or_none(std::optional<std::int64_t> count) { return count ? Value{*count} : Value{}; }

}  // namespace

const std::vector<std::string> kContractSumColumns = {
    "offered",        "answered_within",   "answered_late",   "abandoned_short", "abandoned_within",
    "abandoned_late", "flowed_out_within", "flowed_out_late", "numerator",       "denominator",
    "figure"};

const std::vector<std::string> kContractColumns = [] {
  std::vector<std::string> columns = {"metric"};
  columns.insert(columns.end(), kContractSumColumns.begin(), kContractSumColumns.end());
  for (const char* column :
       {"target", "met", "misses", "misses_left", "expected", "projection", "credit_rate", "credit", "currency"}) {
    columns.emplace_back(column);
  }
  return columns;
}();

void contract_sum_values(const ContractCell& sums, const Fraction& figure, const Yardstick& by,
                         std::vector<Value>& out) {
  for (std::size_t count = 0; count < ContractCell::kCounts; ++count) {
    out.emplace_back(std::int64_t{sums.counts[count]});
  }
  out.emplace_back(figure.numerator), out.emplace_back(figure.denominator);
  out.push_back(figure_value(figure, by));
}

void contract_values(const ContractFigure& figure, std::vector<Value>& out) {
  const Yardstick& by = figure.by;
  const Fraction& f = figure.figure;
  const std::int64_t expected = figure.rest ? figure.rest->denominator : 0;
  const bool has_credit = by.credits != nullptr && f.any();
  const std::int64_t credit = credit_of(f, by);
  out.emplace_back(std::string(core::kMetricWords[core::index(figure.metric)]));
  contract_sum_values(figure.sums, f, by, out);
  const std::vector<Value> judged = {level_value(by.target, by),
                                     yes_or_no(meets(f, by)),
                                     by.share && by.counted && by.target ? Value{misses(f, by)} : Value{},
                                     count_or_none(misses_left(f, expected, by)),
                                     figure.rest && by.counted ? Value{expected} : Value{},
                                     figure.rest ? figure_value(figure.projected(), by) : Value{},
                                     has_credit ? Value{core::Fixed{credit, 6}} : Value{},
                                     has_credit ? money_value(credit_amount(*by.credits, credit)) : Value{},
                                     has_credit ? Value{by.credits->currency} : Value{}};
  out.insert(out.end(), judged.begin(), judged.end());
}

core::FigureTable contract_table(std::span<Shard* const> shards, const core::FigureConfig& config,
                                 const core::FigureQuery& query, const ReadPoint& point) {
  ContractReader reader(shards, config, point);
  core::FigureTable table;
  table.columns = core::key_columns(query.by);
  for (const char* column : {"start", "end", "status", "revision"}) table.columns.emplace_back(column);
  table.columns.insert(table.columns.end(), kContractColumns.begin(), kContractColumns.end());
  const TimeWords words(query);
  const auto write = [&](const ContractFigure& figure) {
    if (figure.sums.zero() && !query.all) return;
    const std::int64_t revisions = revisions_of(figure, point);
    std::vector<Value> cells = {figure.client,
                                figure.profile,
                                words(figure.period.start),
                                words(figure.period.end),
                                std::string(status_word(figure.status, revisions)),
                                revisions};
    contract_values(figure, cells);
    table.rows.push_back(std::move(cells));
  };
  if (query.every == core::Every::kTotal) {
    for (const ContractFigure& figure : reader.periods(query.client, query.from, query.to)) write(figure);
    return table;
  }
  const core::Period all{query.from.value_or(core::kFirstEventTime), query.to.value_or(core::kEndOfEventTime)};
  for (const auto& [client, settings] : config.clients) {
    if (query.client && *query.client != client) continue;
    for (const core::SlaProfile& profile : settings.sla) {
      for (const ContractFigure& figure : reader.intervals({client, profile.name}, all, query.every)) write(figure);
    }
  }
  return table;
}

}  // namespace processors
