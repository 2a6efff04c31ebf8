// floorwatch-oracle LOG.ndjson [--config C] --by queue --every 15m …: prints what `floorwatch figures --format csv`
// must print after a replay of the log. Bad lines are left out, with their number on standard error.
#include <exception>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "tests/oracle/calendar.h"
#include "tests/oracle/configuration.h"
#include "tests/oracle/oracle.h"

namespace {

std::vector<std::string> read_lines(std::istream& in) {
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (lines.empty() && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
    lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<std::string> lines_of(const std::vector<std::string>& paths) {
  std::vector<std::string> lines;
  for (const std::string& path : paths) {
    std::ifstream file(path);
    if (!file) throw std::runtime_error("cannot read " + path);
    for (std::string& line : read_lines(file)) lines.push_back(std::move(line));
  }
  return lines;
}

oracle::Options options_from(const std::string& path) {
  if (path.empty()) return {};
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::stringstream text;
  text << file.rdbuf();
  return oracle::read_options(text.str());
}

/// The oracle judges valid logs; of others it leaves out what its reader refuses.
void drop_bad_lines(std::vector<std::string>& lines) {
  std::size_t bad = 0;
  std::erase_if(lines, [&](const std::string& line) {
    try {
      oracle::read_events({line});
      return false;
    } catch (const std::exception&) {
      return ++bad > 0;
    }
  });
  if (bad > 0) std::cerr << bad << " lines that are no events left out\n";
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Figures of a log of canonical events, by the textbook"};
  std::vector<std::string> logs;
  std::string config, from, to;
  bool no_wrap = false;
  oracle::Query query;
  app.add_option("log", logs, "Logs of canonical events (NDJSON)")->required();
  app.add_option("--config", config, "The floorwatch configuration");
  app.add_flag("--no-wrap", no_wrap, "The source never sends contact.wrapped");
  app.add_option("--by", query.by, "queue, agent, client, lead, deal, profile, chat, chat-agent");
  app.add_option("--every", query.every, "15m, 30m, 1h, day, week, month, total");
  app.add_option("--basis", query.basis, "arrival, event");
  app.add_option("--window", query.window, "5m, 15m, 30m, 1h, day");
  app.add_option("--tz", query.timezone, "IANA time zone");
  app.add_option("--from", from, "RFC 3339");
  app.add_option("--to", to, "RFC 3339");
  app.add_option("--client", query.client);
  app.add_option("--queue", query.queue);
  app.add_option("--channel", query.channel);
  CLI11_PARSE(app, argc, argv);
  try {
    if (!from.empty()) query.from = oracle::parse_time(from);
    if (!to.empty()) query.to = oracle::parse_time(to);
    oracle::Options options = options_from(config);
    if (no_wrap) options.sends_wrap = false;
    std::vector<std::string> lines = lines_of(logs);
    drop_bad_lines(lines);
    std::cout << oracle::figures_csv(lines, options, query);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 2;
  }
}
