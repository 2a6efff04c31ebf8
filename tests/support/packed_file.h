// Whole compressed files of tests.
#pragma once

#include <string>

namespace test_support {

/// What a .zst file holds, of at most 64 MB; std::runtime_error where it is none.
std::string read_zstd(const std::string& path);
/// What a .gz file holds; std::runtime_error where it cannot be read.
std::string read_gzip(const std::string& path);

}  // namespace test_support
