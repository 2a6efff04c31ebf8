#include "app/verify/differences.h"

#include <fmt/format.h>

namespace app {

std::string Differences::text() const {
  std::string text;
  for (const auto& [kind, of] : kinds_) {
    for (const std::string& line : of.lines) text += fmt::format("{} {}\n", kind, line);
    if (of.count > of.lines.size()) text += fmt::format("{} … and {} more\n", kind, of.count - of.lines.size());
  }
  return text;
}

}  // namespace app
