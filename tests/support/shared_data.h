// Where the real call-centre data lies that some tests read. It is not part of the project: tests skip without it.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace test_support {

/// A file below $FLOORWATCH_DATA, or below ../shared/data beside the sources; empty where it is not there.
inline std::string shared_data(const std::string& source_dir, const std::string& name) {
  const char* stated = std::getenv("FLOORWATCH_DATA");
  const std::filesystem::path folder =
      stated != nullptr ? std::filesystem::path(stated) : std::filesystem::path(source_dir) / ".." / "shared" / "data";
  const auto path = folder / name;
  return std::filesystem::exists(path) ? path.string() : std::string();
}

inline std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace test_support
