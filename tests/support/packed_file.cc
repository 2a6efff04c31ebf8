#include "tests/support/packed_file.h"

#include <zlib.h>
#include <zstd.h>

#include <array>
#include <memory>
#include <stdexcept>

#include "tests/support/shared_data.h"

namespace test_support {

std::string read_zstd(const std::string& path) {
  const std::string packed = read_file(path);
  const auto size = ZSTD_getFrameContentSize(packed.data(), packed.size());
  // Streams do not state their size.
  std::string text(size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR ? 64 << 20 : size, '\0');
  const std::size_t length = ZSTD_decompress(text.data(), text.size(), packed.data(), packed.size());
  if (ZSTD_isError(length) != 0) throw std::runtime_error(path + ": " + ZSTD_getErrorName(length));
  text.resize(length);
  return text;
}

std::string read_gzip(const std::string& path) {
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
  if (file == nullptr) throw std::runtime_error(path + ": cannot be read");
  std::string text;
  std::array<char, 1 << 16> piece{};
  int length = 0;
  while ((length = gzread(file.get(), piece.data(), piece.size())) > 0) {
    text.append(piece.data(), static_cast<std::size_t>(length));
  }
  if (length < 0) throw std::runtime_error(path + ": is damaged");
  return text;
}

}  // namespace test_support
