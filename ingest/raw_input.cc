#include "ingest/raw_input.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

namespace ingest {

core::Result<std::unique_ptr<RawInput>> RawInput::open(const std::string& path) {
  if (path == "-") return std::unique_ptr<RawInput>(new RawInput("standard input", STDIN_FILENO, false));
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return core::fail(fmt::format("cannot open {}: {}", path, std::strerror(errno)));
  std::unique_ptr<RawInput> input(new RawInput(path, descriptor, true));
  struct stat found{};
  if (::fstat(descriptor, &found) == 0 && S_ISDIR(found.st_mode))
    return core::fail(fmt::format("cannot read {}: it is a directory", path));
  return input;
}

RawInput::RawInput(std::string path, int descriptor, bool owned)
    : path_(std::move(path)), descriptor_(descriptor), owned_(owned) {
  struct stat found{};
  if (::fstat(descriptor, &found) != 0) return;
  // Standard input may be a file that somebody else has begun to read: it is taken as it comes, never by place.
  regular_ = owned && S_ISREG(found.st_mode);
  id_ = {found.st_dev, found.st_ino};
}

RawInput::~RawInput() {
  if (owned_) ::close(descriptor_);
}

core::Result<Read> RawInput::read(std::span<char> into) {
  if (!regular_) {
    pollfd ready{descriptor_, POLLIN, 0};
    if (::poll(&ready, 1, 0) == 0) return Read{Read::Outcome::kNotYet};
  }
  ssize_t bytes = 0;
  do {
    bytes = ::read(descriptor_, into.data(), into.size());
  } while (bytes < 0 && errno == EINTR);
  if (bytes < 0) {
    if (errno == EAGAIN) return Read{Read::Outcome::kNotYet};
    return core::fail(fmt::format("cannot read {} at byte {}: {}", path_, position_, std::strerror(errno)));
  }
  position_ += bytes;
  if (bytes == 0) return Read{Read::Outcome::kEnd};
  return Read{Read::Outcome::kData, static_cast<std::size_t>(bytes)};
}

std::size_t RawInput::read_at(std::int64_t offset, std::span<char> into) const {
  std::size_t got = 0;
  while (got < into.size()) {
    const ssize_t bytes =
        ::pread(descriptor_, into.data() + got, into.size() - got, offset + static_cast<std::int64_t>(got));
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes <= 0) break;
    got += static_cast<std::size_t>(bytes);
  }
  return got;
}

void RawInput::seek(std::int64_t offset) { position_ = ::lseek(descriptor_, offset, SEEK_SET); }

std::int64_t RawInput::size() const {
  struct stat found{};
  return regular_ && ::fstat(descriptor_, &found) == 0 ? found.st_size : 0;
}

std::optional<FileState> look_at(const std::string& path) {
  struct stat found{};
  if (::stat(path.c_str(), &found) != 0) return std::nullopt;
  return FileState{{found.st_dev, found.st_ino}, found.st_size};
}

}  // namespace ingest
