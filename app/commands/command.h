// How a command joins the program: one file per command, one function that registers its subcommand.
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <string>

namespace app {

/// Exit statuses of every command.
inline constexpr int kDone = 0, kAnswerIsNo = 1, kWrongArguments = 2, kEnvironmentFailed = 3;

/// Of the words that options write into, those that were given: what goes into a query.
inline std::map<std::string, std::string> given(std::map<std::string, std::string> words) {
  std::erase_if(words, [](const auto& word) { return word.second.empty(); });
  return words;
}

// Each command's header declares `void add_NAME(CLI::App& app, int& exit_code);`: it registers the subcommand with its
// description, options, a footer with an example, and a callback that runs it and sets `exit_code`.

}  // namespace app
