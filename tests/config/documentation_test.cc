// docs/configuration.md is what the table says. To write it anew after a change of the table:
//   FLOORWATCH_WRITE_DOCS=1 build/config_documentation_test
#include "config/documentation.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "config/keys.h"
#include "config/load.h"

namespace config {
namespace {

TEST(Documentation, PageIsTheOneThatTheTableGives) {
  const std::string path = FLOORWATCH_SOURCE_DIR "/docs/configuration.md";
  if (std::getenv("FLOORWATCH_WRITE_DOCS") != nullptr) std::ofstream(path, std::ios::binary) << documentation();
  std::ifstream file(path, std::ios::binary);
  const std::string page(std::istreambuf_iterator<char>(file), {});
  EXPECT_EQ(page, documentation()) << "Run this test with FLOORWATCH_WRITE_DOCS=1 to write docs/configuration.md anew.";
}

TEST(Documentation, NamesEveryKey) {
  const std::string page = documentation();
  for (const Key& key : keys()) {
    const bool head = key.path.find_first_of(".[") == std::string_view::npos && key.kind != Kind::kWhole;
    const std::string name =
        head && key.kind != Kind::kLater ? "## " + std::string(key.path) + "\n" : "`" + std::string(key.path) + "`";
    EXPECT_NE(page.find(name), std::string::npos) << name;
  }
}

TEST(Documentation, ItsExampleIsGood) {
  const std::string page = documentation();
  const std::size_t begin = page.find("```yaml\n") + 8;
  const auto config = load(page.substr(begin, page.find("```", begin) - begin), "example");
  ASSERT_TRUE(config.has_value()) << to_string(config.error().front());
  EXPECT_EQ(config->sources.size(), 1u);
}

}  // namespace
}  // namespace config
