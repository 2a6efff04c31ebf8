// `floorwatch dead-letters` as a person or a script meets it.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/command.h"
#include "tests/support/csv_rows.h"
#include "tests/support/event_line.h"
#include "tests/support/temp_dir.h"

namespace {

using test_support::csv_rows;
using test_support::Ran;

class DeadLetters : public testing::Test {
 protected:
  static Ran floorwatch(std::vector<std::string> words) {
    words.insert(words.begin(), FLOORWATCH_BINARY);
    return test_support::run_command(words);
  }
  Ran list(std::vector<std::string> words) const {
    words.insert(words.begin(), {"dead-letters", "--store", store});
    return floorwatch(words);
  }
  /// A configuration with one source "log" that reads the file `log` as `format`.
  std::string configuration(const std::string& format, const std::string& more = {}) const {
    return folder.write(format + ".yaml", "sources:\n  - {name: log, file: {path: \"" + folder / "log" +
                                              "\", follow: false}, format: " + format + ", sends_wrap: false}\n" +
                                              more);
  }
  std::string replay(const std::string& config) const {
    const Ran ran = floorwatch({"replay", "--config", config, "--store", store});
    EXPECT_EQ(ran.status, 0) << ran.err;
    return ran.out;
  }
  std::string digest(const std::string& url) const { return floorwatch({"digest", "--store", url}).out; }

  test_support::TempDir folder;
  std::string store = "sqlite:" + folder / "floor.db";
};

const std::string kCall =
    "1700000000|c1|support|NONE|ENTERQUEUE||5551234|1\n"
    "1700000012|c1|support|SIP/ann|CONNECT|12|b1|3\n"
    "1700000072|c1|support|SIP/ann|COMPLETECALLER|12|60|1\n";

TEST_F(DeadLetters, AreListedNewestLastInThreeForms) {
  folder.write("log", "first\n{\"a\":\"b\\n\"}\nlast \x01\xff\\ one\n" + std::string(500, 'x') + "\n");
  replay(configuration("canonical"));
  simdjson::dom::parser parser;
  const Ran json = list({"--format", "json"});
  const simdjson::dom::array letters = parser.parse(json.out);
  ASSERT_EQ(letters.size(), 4U);
  const auto text = [&](std::size_t letter, const char* column) {
    return std::string(std::string_view(letters.at(letter)[column]));
  };
  EXPECT_EQ(text(0, "content"), "first");
  EXPECT_EQ(text(0, "source"), "log");
  EXPECT_EQ(text(0, "reason"), "not_json");
  EXPECT_EQ(text(0, "position"), folder / "log" + ":1 (byte 0)");
  EXPECT_TRUE(text(0, "seen").ends_with("Z"));
  EXPECT_FALSE(text(0, "detail").empty());
  EXPECT_EQ(text(1, "content"), "{\"a\":\"b\\n\"}") << "as it was";
  EXPECT_EQ(text(2, "content"), "last \\x01\\xff\\\\ one") << "what is not printable is escaped";
  EXPECT_EQ(text(3, "content").size(), 500U);
  const std::string csv = list({"--format", "csv"}).out;
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 5);

  const std::string table = list({}).out;
  EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), 5);
  EXPECT_NE(table.find("… (500 bytes)"), std::string::npos) << table;
}

TEST_F(DeadLetters, AreFiltered) {
  folder.write("log", "one\n{\"a\":1}\ntwo\n");
  replay(configuration("canonical"));
  EXPECT_EQ(csv_rows(list({"--format", "csv", "--reason", "not_json"}).out).size(), 2U);
  EXPECT_EQ(csv_rows(list({"--format", "csv", "--source", "log", "--limit", "1"}).out).at(0).at("content"), "two");
  const Ran none = list({"--format", "csv", "--source", "other"});
  EXPECT_EQ(none.status, 0);
  EXPECT_EQ(none.out, "seen,source,position,reason,detail,headers,content\n") << "nothing is an answer, too";
}

TEST_F(DeadLetters, WrongArgumentsEndWithTwoAndMakeNoStore) {
  const std::string config = configuration("canonical");
  folder.write("log", "");
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{}, "no such file"},
      {{"--retry", "--config", config}, "no such file"},
      {{"--retry"}, "--config"},
      {{"--config", config}, "--retry"},
      {{"--retry", "--config", folder / "none.yaml"}, "cannot be read"},
      {{"--reason", "bad"}, "not_json, envelope"},
      {{"--limit", "0"}, "a whole number from 1"},
      {{"--format", "xml"}, "csv"},
  };
  for (const auto& [words, says] : cases) {
    const Ran ran = list(words);
    EXPECT_EQ(ran.status, 2) << says;
    EXPECT_NE((ran.err + ran.out).find(says), std::string::npos) << says << ": " << ran.err << ran.out;
  }
  EXPECT_FALSE(std::filesystem::exists(folder / "floor.db"));
}

TEST_F(DeadLetters, AStoreThatCannotBeReadEndsWithThree) {
  folder.write("floor.db", "this is a letter and no store");
  EXPECT_EQ(list({}).status, 3);
  EXPECT_EQ(list({"--retry", "--config", configuration("canonical")}).status, 3);
}

TEST_F(DeadLetters, RetriedWithTheRightFormatTheStoreIsAsIfItHadAlwaysBeenRight) {
  folder.write("log", kCall + "no line of it\n");
  const std::string wrong = configuration("canonical"), right = configuration("asterisk-queue-log");
  EXPECT_EQ(replay(wrong), "received=4 applied=0 duplicate=0 rejected=4 skipped=0\n");
  EXPECT_EQ(list({"--retry", "--config", wrong}).out, "retried=4 applied=0 duplicate=0 skipped=0 rejected=4\n");
  const Ran ran = list({"--retry", "--config", right});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_EQ(ran.out, "retried=4 applied=3 duplicate=0 skipped=0 rejected=1\n");
  EXPECT_EQ(list({"--retry", "--config", right}).out, "retried=1 applied=0 duplicate=0 skipped=0 rejected=1\n");
  const std::string fresh = "sqlite:" + folder / "fresh.db";
  EXPECT_EQ(floorwatch({"replay", "--config", right, "--store", fresh}).status, 0);
  EXPECT_EQ(digest(store), digest(fresh));
  for (const std::string by : {"queue", "agent"}) {
    EXPECT_EQ(floorwatch({"figures", "--store", store, "--by", by}).out,
              floorwatch({"figures", "--store", fresh, "--by", by}).out);
  }
}

TEST_F(DeadLetters, ARetryTakesOnlyWhatIsAskedFor) {
  folder.write("log", kCall);
  replay(configuration("canonical"));
  const std::string right = configuration("asterisk-queue-log");
  EXPECT_EQ(list({"--retry", "--config", right, "--limit", "1"}).out,
            "retried=1 applied=1 duplicate=0 skipped=0 rejected=0\n");
  EXPECT_EQ(list({"--retry", "--config", right, "--reason", "envelope"}).out,
            "retried=0 applied=0 duplicate=0 skipped=0 rejected=0\n");
  EXPECT_EQ(list({"--retry", "--config", right, "--source", "log"}).out,
            "retried=2 applied=2 duplicate=0 skipped=0 rejected=0\n");
}

TEST_F(DeadLetters, ThoseOfAnUnknownSourceAreToldAndLeft) {
  folder.write("log", kCall);
  replay(
      folder.write("old.yaml", "sources:\n  - {name: pbx, file: {path: \"" + folder / "log" + "\", follow: false}}\n"));
  const std::string renamed =
      folder.write("new.yaml", "sources:\n  - {name: new, file: {path: \"" + folder / "log" + "\", follow: false}}\n");
  const Ran left = list({"--retry", "--config", renamed});
  EXPECT_EQ(left.status, 0) << left.err;
  EXPECT_EQ(left.out, "retried=0 applied=0 duplicate=0 skipped=0 rejected=0\n");
  EXPECT_NE(left.err.find("3 dead letters of source pbx are left"), std::string::npos) << left.err;
  EXPECT_EQ(csv_rows(list({"--format", "csv"}).out).size(), 3U);
}

TEST_F(DeadLetters, AnotherFigureConfigurationIsRefused) {
  folder.write("log", kCall);
  replay(configuration("canonical"));
  const Ran ran =
      list({"--retry", "--config", configuration("asterisk-queue-log", "clients: {acme: {queues: [support]}}\n")});
  EXPECT_EQ(ran.status, 2) << ran.out;
  EXPECT_NE(ran.err.find("these keys differ"), std::string::npos) << ran.err;
}

}  // namespace
