#include "core/timezone_data.h"

#include <date/tz.h>

#include <fstream>
#include <string_view>

namespace core {
namespace {

std::string read_version() {
  if (const std::string& version = date::get_tzdb().version; !version.empty() && version != "unknown") return version;

  constexpr std::string_view kPrefix = "# version ";
  std::ifstream zones("/usr/share/zoneinfo/tzdata.zi");
  std::string line;
  if (std::getline(zones, line) && line.starts_with(kPrefix)) return line.substr(kPrefix.size());
  return "unknown";
}

}  // namespace

const std::string& timezone_data_version() {
  static const std::string version = read_version();
  return version;
}

}  // namespace core
