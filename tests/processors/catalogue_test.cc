// The catalogue has every column of every table, and its inputs are what tables show. docs/metrics.md is what it says:
//   FLOORWATCH_WRITE_DOCS=1 build/processors_catalogue_test   writes it anew.
#include "processors/catalogue/catalogue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

#include "processors/contract_table.h"
#include "processors/figure_inputs.h"
#include "processors/figure_values.h"

namespace processors {
namespace {

const CatalogueTable& table_by(core::FigureKey by) {
  return *std::ranges::find(catalogue(), std::optional(by), &CatalogueTable::by);
}
std::vector<std::string> names_of(core::FigureKey by) {
  std::vector<std::string> names;
  for (const CataloguedFigure& figure : table_by(by).figures) names.emplace_back(figure.name);
  return names;
}
template <typename Row>
std::set<std::string> inputs_of(const std::vector<std::string>& columns) {
  std::set<std::string> names(columns.begin(), columns.end());
  each_row_input(Row{}, [&](const std::string& name, const core::Value&) { names.insert(name); });
  return names;
}
void expect_inputs(core::FigureKey by, const std::set<std::string>& known) {
  for (const CataloguedFigure& figure : table_by(by).figures) {
    for (const std::string_view input : figure.inputs) {
      EXPECT_TRUE(known.contains(std::string(input))) << figure.name << " has the input " << input;
    }
  }
}

TEST(Catalogue, HasARowForEveryColumnInItsOrder) {
  EXPECT_EQ(names_of(core::FigureKey::kQueue), kQueueColumns);
  EXPECT_EQ(names_of(core::FigureKey::kAgent), kAgentColumns);
  EXPECT_EQ(names_of(core::FigureKey::kLead), kLeadColumns);
  EXPECT_EQ(names_of(core::FigureKey::kDeal), kDealColumns);
  EXPECT_EQ(names_of(core::FigureKey::kChat), kChatColumns);
  EXPECT_EQ(names_of(core::FigureKey::kChatAgent), kChatAgentColumns);
  EXPECT_EQ(names_of(core::FigureKey::kProfile), kContractColumns);
}

TEST(Catalogue, InputsAreColumnsOrSumsOfCells) {
  expect_inputs(core::FigureKey::kQueue, inputs_of<QueueRow>(kQueueColumns));
  expect_inputs(core::FigureKey::kAgent, inputs_of<AgentRow>(kAgentColumns));
  expect_inputs(core::FigureKey::kLead, inputs_of<LeadRow>(kLeadColumns));
  expect_inputs(core::FigureKey::kDeal, inputs_of<DealRow>(kDealColumns));
  expect_inputs(core::FigureKey::kChat, inputs_of<ChatRow>(kChatColumns));
  expect_inputs(core::FigureKey::kChatAgent, inputs_of<ChatAgentRow>(kChatAgentColumns));
  expect_inputs(core::FigureKey::kProfile, {kContractColumns.begin(), kContractColumns.end()});
}

TEST(Catalogue, RowsBehindAFigureAreWordsOfTheirList) {
  for (const CatalogueTable& table : catalogue()) {
    for (const CataloguedFigure& figure : table.figures) {
      if (!figure.rows.kind || figure.rows.word.empty()) continue;
      const auto query =
          core::parse_row_query(*figure.rows.kind, {{std::string(figure.rows.word), std::string(figure.rows.value)}});
      EXPECT_TRUE(query) << figure.name << ": " << query.error();
    }
  }
}

TEST(Catalogue, EveryFigureSaysItsFormulaInSymbolsAndInWords) {
  for (const CatalogueTable& table : catalogue()) {
    EXPECT_FALSE(table.basis.empty()) << table.title;
    for (const CataloguedFigure& figure : table.figures) {
      EXPECT_FALSE(figure.symbols.empty() || figure.words.empty() || figure.unit.empty()) << figure.name;
    }
  }
}

TEST(Catalogue, IsFoundByColumnAndBySeries) {
  ASSERT_EQ(find_figures("handled", {}).size(), 2U) << "of queues and of agents";
  EXPECT_EQ(find_figures("handled", core::FigureKey::kAgent).size(), 1U);
  EXPECT_EQ(find_figures("floorwatch_wait_seconds", {}).empty(), false);
  EXPECT_TRUE(find_figures("servicelevel", {}).empty());
  EXPECT_EQ(near_figures("servicelevel").front(), "service_level");
  EXPECT_TRUE(near_figures("qqqqqqqqqq").empty());
}

TEST(Catalogue, PageIsTheOneThatItGives) {
  const std::string path = FLOORWATCH_SOURCE_DIR "/docs/metrics.md";
  if (std::getenv("FLOORWATCH_WRITE_DOCS") != nullptr) std::ofstream(path, std::ios::binary) << metrics_page();
  std::ifstream file(path, std::ios::binary);
  const std::string page(std::istreambuf_iterator<char>(file), {});
  EXPECT_EQ(page, metrics_page()) << "Run this test with FLOORWATCH_WRITE_DOCS=1 to write docs/metrics.md anew.";
}

}  // namespace
}  // namespace processors
