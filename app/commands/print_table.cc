#include "app/commands/print_table.h"

#include <cstdio>

#include "app/commands/command.h"
#include "app/open_store.h"

namespace app {

int print_table(const core::FigureTable& table, const std::string& format) {
  const std::string text = format == "csv"    ? core::to_csv(table)
                           : format == "json" ? core::to_json(table)
                                              : core::to_text(table);
  std::fwrite(text.data(), 1, text.size(), stdout);
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return kDone;
  return report({kEnvironmentFailed, "standard output cannot be written"});
}

}  // namespace app
