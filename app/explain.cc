#include "app/explain.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/periods.h"
#include "processors/row_lists.h"

namespace app {
namespace {

using core::FigureKey;
using processors::CataloguedFigure;
using processors::CatalogueTable;

/// By client is a table of its own over the same figures.
FigureKey key_of(const CatalogueTable& table, const core::ExplainQuery& query) {
  return query.by == FigureKey::kClient ? FigureKey::kClient : *table.by;
}

bool has_column(const std::vector<std::string>& columns, std::string_view name) {
  return std::ranges::find(columns, name) != columns.end();
}

bool has_keys(const CatalogueTable& table, const core::ExplainQuery& query) {
  if (!table.by) return query.keys.empty();
  auto names = core::row_names(key_of(table, query));
  if (query.by == FigureKey::kClient) names.insert(names.end(), {"queue", "channel"});
  return std::ranges::all_of(query.keys, [&](const auto& key) { return has_column(names, key.first); });
}

core::FigureQuery figure_query(FigureKey by, const core::ExplainQuery& query) {
  core::FigureQuery figures;
  figures.by = by;
  const auto key = [&](const char* name, std::optional<std::string>& into) {
    if (const auto found = query.keys.find(name); found != query.keys.end()) into = found->second;
  };
  key("client", figures.client);
  if (by == FigureKey::kQueue || by == FigureKey::kClient) key("queue", figures.queue), key("channel", figures.channel);
  if (!query.at || by == FigureKey::kProfile) return figures;
  figures.every = query.every;
  figures.from = *query.at - core::longest(query.every), figures.to = *query.at + core::Millis{1};
  return figures;
}

/// Reads the cells of one table by their columns' names; of two of one name the first.
class Reader {
 public:
  explicit Reader(const core::FigureTable& table) : table_(table) {}
  const core::Value& operator()(std::size_t row, std::string_view name) const {
    return table_.rows[row][static_cast<std::size_t>(std::ranges::find(table_.columns, name) - table_.columns.begin())];
  }
  bool is(std::size_t row, std::string_view name, const std::string& text) const {
    return !has_column(table_.columns, name) || core::to_string((*this)(row, name)) == text;
  }
  bool holds(std::size_t row, core::EventTime at) const {
    const auto time = [&](std::string_view name) { return core::parse_rfc3339(core::to_string((*this)(row, name))); };
    const auto start = time("start"), end = time("end");
    return start && end && *start <= at && at < *end;
  }

 private:
  const core::FigureTable& table_;
};

/// Which of the columns an explanation shows: whose row, which interval, what goes in, what comes out.
std::vector<std::string> shown_columns(FigureKey by, const CataloguedFigure& figure) {
  std::vector<std::string> columns = core::row_names(by);
  columns.insert(columns.end(), {"start", "end", "status"});
  for (const std::string_view name : figure.inputs) columns.emplace_back(name);
  if (!has_column(columns, figure.name)) columns.emplace_back(figure.name);
  return columns;
}

core::FigureTable numbers_of(const core::FigureTable& table, FigureKey by, const CataloguedFigure& figure,
                             const core::ExplainQuery& query) {
  core::FigureTable numbers{shown_columns(by, figure), {}};
  const Reader read(table);
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    if (query.at && !read.holds(row, *query.at)) continue;
    if (!std::ranges::all_of(query.keys, [&](const auto& key) { return read.is(row, key.first, key.second); }))
      continue;
    numbers.cut = numbers.rows.size() == query.limit;
    if (numbers.cut) break;
    auto& cells = numbers.rows.emplace_back();
    for (const std::string& name : numbers.columns) cells.push_back(read(row, name));
  }
  return numbers;
}

/// The list's query, in the words of its command: in order of the words.
std::map<std::string, std::string> row_words(const CataloguedFigure& figure, const core::ExplainQuery& query,
                                             const core::FigureTable& numbers) {
  std::map<std::string, std::string> words;
  const auto texts = core::row_texts(*figure.rows.kind);
  for (const auto& [name, text] : query.keys) {
    if (std::ranges::find(texts, name) != texts.end()) words[name] = text;
  }
  if (!figure.rows.word.empty()) words[std::string(figure.rows.word)] = figure.rows.value;
  // What is open is of all the time before.
  if (!query.at || (figure.rows.kind == core::RowKind::kDeals && figure.rows.value == "open")) return words;
  const Reader read(numbers);
  for (std::size_t row = 0; row < numbers.rows.size(); ++row) {
    const std::string start = core::to_string(read(row, "start")), end = core::to_string(read(row, "end"));
    const auto from = words.try_emplace("from", start).first, to = words.try_emplace("to", end).first;
    from->second = std::min(from->second, start), to->second = std::max(to->second, end);
  }
  return words;
}

/// As a shell takes it for one word.
std::string shell_word(std::string_view text) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:/@+,";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string_view::npos) return std::string(text);
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

std::string command_of(core::RowKind kind, const std::map<std::string, std::string>& words) {
  std::string command = fmt::format("floorwatch {}", core::kRowKindWords[core::index(kind)]);
  for (const auto& [name, word] : words) command += fmt::format(" --{} {}", name, shell_word(word));
  return command;
}

std::string json_list(const std::vector<std::string_view>& names) {
  return names.empty() ? "[]" : fmt::format("[\"{}\"]", fmt::join(names, "\",\""));
}

}  // namespace

tl::expected<std::vector<Explanation>, std::string> explain(const core::ExplainQuery& query) {
  const auto found = processors::find_figures(query.figure, query.by);
  if (found.empty()) {
    const auto near = processors::near_figures(query.figure);
    return tl::unexpected(fmt::format("figure: \"{}\" is not known{}; allowed: those of docs/metrics.md{}{}",
                                      query.figure, query.by ? " in this table" : "", near.empty() ? "" : ", such as ",
                                      fmt::join(near, ", ")));
  }
  std::vector<Explanation> explanations;
  for (const auto& each : found) {
    if (has_keys(*each.table, query)) explanations.push_back({each, {}, {}, {}});
  }
  if (!explanations.empty()) return explanations;
  std::vector<std::string> names;
  for (const auto& [name, text] : query.keys) names.push_back(name);
  return tl::unexpected(fmt::format("{}: no row of {} has {}", fmt::join(names, ", "), query.figure,
                                    names.size() == 1 ? "it" : "all of them"));
}

bool add_numbers(std::vector<Explanation>& explanations, const core::ExplainQuery& query,
                 std::span<processors::Shard* const> shards, const core::FigureConfig& config,
                 const processors::ReadPoint& point) {
  bool any = false;
  for (Explanation& explanation : explanations) {
    const auto& [table, figure] = explanation.found;
    if (!table->by) continue;
    const FigureKey by = key_of(*table, query);
    explanation.numbers =
        numbers_of(processors::figures_with_inputs(shards, config, figure_query(by, query), point), by, *figure, query);
    any = any || !explanation.numbers->rows.empty();
    if (!figure->rows.kind || explanation.numbers->rows.empty()) continue;
    const auto words = row_words(*figure, query, *explanation.numbers);
    explanation.command = command_of(*figure->rows.kind, words);
    auto rows = core::parse_row_query(*figure->rows.kind, words);
    rows->limit = query.limit;  // The words are this file's own, so they are right.
    explanation.rows = processors::row_list(shards, *rows, point);
  }
  return any;
}

std::string explanation_text(const std::vector<Explanation>& explanations) {
  std::string out;
  const auto line = [&](std::string_view name, std::string_view text) {
    if (!text.empty()) out += fmt::format("  {:<9} {}\n", name, text);
  };
  for (const Explanation& each : explanations) {
    const auto& [table, figure] = each.found;
    out += fmt::format("{}{}\n", out.empty() ? "" : "\n", figure->name);
    line("is", figure->words);
    line("formula", fmt::format("{} = {}", figure->name, figure->symbols));
    line("inputs", fmt::format("{}", fmt::join(figure->inputs, ", ")));
    line("unit", figure->unit);
    line("basis", table->basis);
    line("note", figure->edges);
    line("table", table->by ? fmt::format("floorwatch figures --by {}", core::kFigureKeyWords[core::index(*table->by)])
                            : "none");
    line("/metrics", fmt::format("{}", fmt::join(figure->series, ", ")));
    if (each.numbers) out += fmt::format("\nnumbers put in\n{}", core::to_text(*each.numbers));
    if (each.numbers && each.numbers->cut) out += "… and more: name a client or another key\n";
    if (each.rows) out += fmt::format("\nrows that count: {}\n{}", each.command, core::to_text(*each.rows));
    if (each.rows && each.rows->cut) out += "… and more: the command above lists them all\n";
  }
  return out;
}

std::string explanation_json(const std::vector<Explanation>& explanations) {
  core::FigureTable head{{"figure", "table", "formula", "words", "unit", "basis", "edge_cases"}, {}};
  std::string out = "[";
  for (const Explanation& each : explanations) {
    const auto& [table, figure] = each.found;
    const auto text = [](std::string_view words) { return core::Value(std::string(words)); };
    head.rows = {{text(figure->name), table->by ? text(core::kFigureKeyWords[core::index(*table->by)]) : core::Value{},
                  text(figure->symbols), text(figure->words), text(figure->unit), text(table->basis),
                  text(figure->edges)}};
    std::string object = core::to_json(head);
    object = object.substr(object.find('{'), object.rfind('}') - object.find('{'));
    out += fmt::format("{}{},\"inputs\":{},\"series\":{}", out.size() == 1 ? "\n" : ",\n", object,
                       json_list(figure->inputs), json_list(figure->series));
    if (each.numbers) out += fmt::format(",\"numbers\":{}", core::to_json(*each.numbers));
    if (each.rows) {
      const std::string command = core::to_json({{"command"}, {{text(each.command)}}});
      const std::size_t colon = command.find(':');
      out += fmt::format(",\"rows_command\":{},\"rows\":{}", command.substr(colon + 1, command.rfind('}') - colon - 1),
                         core::to_json(*each.rows));
    }
    out += '}';
  }
  return out + "\n]\n";
}

}  // namespace app
