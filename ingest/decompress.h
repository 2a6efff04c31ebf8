// Reads an input whose compression is told by its first bytes: plain, gzip (any number of members) or zstd (frames).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/result.h"
#include "ingest/raw_input.h"

namespace ingest {

/// The decompressed content of an input. Confined to one thread.
class Decompressor {
 public:
  Decompressor(std::string name, std::unique_ptr<RawInput> input);
  ~Decompressor();

  /// Bytes of the content. Content that is not what it claims to be is a Failure without retry, after all that came
  /// before the break.
  core::Result<Read> read(std::span<char> into);

  /// At an end: false where the input breaks off inside a compressed stream.
  bool complete() const;

  /// Known once a byte was read.
  bool plain() const { return format_ == Format::kPlain; }

  const RawInput& input() const { return *input_; }

  /// Plain regular files only: goes on at that byte of the content.
  void seek(std::int64_t offset);

  /// Regular files only: begins again at the first byte.
  void rewind();

 private:
  enum class Format { kUnknown, kPlain, kGzip, kZstd };
  struct Gzip;
  struct Zstd;

  core::Result<Read> recognise();
  core::Result<Read> read_plain(std::span<char> into);
  std::size_t inflate_some(std::span<char> into);
  std::size_t unpack_zstd(std::span<char> into);
  core::Result<Read> refill();
  void stop_at_break(std::string_view what);

  std::string name_;
  std::unique_ptr<RawInput> input_;
  Format format_ = Format::kUnknown;
  std::unique_ptr<Gzip> gzip_;
  std::unique_ptr<Zstd> zstd_;
  std::unique_ptr<char[]> packed_;
  std::size_t packed_begin_ = 0, packed_end_ = 0;
  bool inside_ = false;                 ///< Within a gzip member or zstd frame.
  std::optional<core::Failure> break_;  ///< Told once all that came before it was read.
};

}  // namespace ingest
