// An open file, pipe or standard input as a stream of bytes that never blocks.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "core/result.h"

namespace ingest {

/// What a read gave. `bytes` is 0 unless the outcome is kData.
struct Read {
  enum class Outcome {
    kData,    ///< Bytes came.
    kNotYet,  ///< A pipe has nothing at the moment.
    kEnd,     ///< The end, for now: a regular file may grow.
  };
  Outcome outcome = Outcome::kEnd;
  std::size_t bytes = 0;
};

/// Which file a name stands for at the moment: the same for all names of one file.
struct FileId {
  dev_t device = 0;
  ino_t inode = 0;
  bool operator==(const FileId&) const = default;
};

/// An open input. Confined to one thread.
class RawInput {
 public:
  /// Opens `path`; "-" is standard input. A missing file or a directory is a Failure without retry. A named pipe is
  /// waited for until somebody opens it for writing.
  static core::Result<std::unique_ptr<RawInput>> open(const std::string& path);

  ~RawInput();
  RawInput(const RawInput&) = delete;
  RawInput& operator=(const RawInput&) = delete;

  core::Result<Read> read(std::span<char> into);

  /// Reads at a place of a regular file without moving on. Fewer bytes than asked for: the file ends there.
  std::size_t read_at(std::int64_t offset, std::span<char> into) const;

  void seek(std::int64_t offset);

  bool regular() const { return regular_; }
  FileId id() const { return id_; }
  int descriptor() const { return descriptor_; }
  std::int64_t position() const { return position_; }  ///< Bytes read so far.
  std::int64_t size() const;                           ///< Of a regular file now; else 0.

 private:
  RawInput(std::string path, int descriptor, bool owned);

  std::string path_;
  int descriptor_;
  bool owned_;
  bool regular_ = false;
  FileId id_;
  std::int64_t position_ = 0;
};

/// The file that `path` names now; nullopt while there is none.
struct FileState {
  FileId id;
  std::int64_t size = 0;
};
std::optional<FileState> look_at(const std::string& path);

}  // namespace ingest
