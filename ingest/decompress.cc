#include "ingest/decompress.h"

#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cstring>
#include <string_view>

namespace ingest {
namespace {

constexpr std::size_t kPackedBytes = 256 * 1024;
constexpr std::string_view kGzipMagic = "\x1f\x8b";
constexpr std::string_view kZstdMagic = "\x28\xb5\x2f\xfd";
// Windows beyond this (zstd --ultra --long) would let a small file claim gigabytes of memory.
constexpr int kZstdWindowLog = 27;

}  // namespace

struct Decompressor::Gzip {
  z_stream stream{};
  // 15 window bits, + 16: gzip framing only.
  Gzip() { inflateInit2(&stream, 15 + 16); }
  ~Gzip() { inflateEnd(&stream); }
  Gzip(const Gzip&) = delete;
  Gzip& operator=(const Gzip&) = delete;
};

struct Decompressor::Zstd {
  std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> stream{ZSTD_createDStream(), &ZSTD_freeDStream};
  Zstd() { ZSTD_DCtx_setParameter(stream.get(), ZSTD_d_windowLogMax, kZstdWindowLog); }
};

Decompressor::Decompressor(std::string name, std::unique_ptr<RawInput> input)
    : name_(std::move(name)), input_(std::move(input)), packed_(new char[kPackedBytes]) {}

Decompressor::~Decompressor() = default;

void Decompressor::stop_at_break(std::string_view what) {
  break_ = core::Failure{fmt::format("{}: broken {} data before byte {} of the file: {}", name_,
                                     format_ == Format::kGzip ? "gzip" : "zstd", input_->position(), what),
                         std::nullopt};
}

core::Result<Read> Decompressor::refill() {
  if (packed_begin_ == packed_end_) packed_begin_ = packed_end_ = 0;
  if (packed_end_ == kPackedBytes) return Read{Read::Outcome::kData};
  const auto got = input_->read({packed_.get() + packed_end_, kPackedBytes - packed_end_});
  if (got) packed_end_ += got->bytes;
  return got;
}

core::Result<Read> Decompressor::recognise() {
  while (true) {
    const std::string_view head(packed_.get(), packed_end_);
    const auto may_become = [&](std::string_view magic) { return magic.starts_with(head.substr(0, magic.size())); };
    if (head.starts_with(kGzipMagic)) {
      format_ = Format::kGzip, gzip_ = std::make_unique<Gzip>();
    } else if (head.starts_with(kZstdMagic)) {
      format_ = Format::kZstd, zstd_ = std::make_unique<Zstd>();
    } else if (!may_become(kGzipMagic) && !may_become(kZstdMagic)) {
      format_ = Format::kPlain;
    }
    if (format_ != Format::kUnknown) return Read{Read::Outcome::kData};
    const auto got = refill();
    if (!got || got->outcome != Read::Outcome::kData) return got;
  }
}

core::Result<Read> Decompressor::read_plain(std::span<char> into) {
  if (packed_begin_ == packed_end_) return input_->read(into);
  const std::size_t bytes = std::min(into.size(), packed_end_ - packed_begin_);
  std::memcpy(into.data(), packed_.get() + packed_begin_, bytes);
  packed_begin_ += bytes;
  return Read{Read::Outcome::kData, bytes};
}

std::size_t Decompressor::inflate_some(std::span<char> into) {
  auto& stream = gzip_->stream;
  stream.next_in = reinterpret_cast<Bytef*>(packed_.get() + packed_begin_);
  stream.avail_in = static_cast<uInt>(packed_end_ - packed_begin_);
  stream.next_out = reinterpret_cast<Bytef*>(into.data());
  stream.avail_out = static_cast<uInt>(into.size());
  if (!inside_ && stream.avail_in > 0) inflateReset(&stream), inside_ = true;
  const int status = inflate(&stream, Z_NO_FLUSH);
  packed_begin_ = packed_end_ - stream.avail_in;
  if (status == Z_STREAM_END) {
    inside_ = false;
  } else if (status != Z_OK && status != Z_BUF_ERROR) {
    stop_at_break(stream.msg != nullptr ? stream.msg : "damaged");
  }
  return into.size() - stream.avail_out;
}

std::size_t Decompressor::unpack_zstd(std::span<char> into) {
  ZSTD_inBuffer in{packed_.get() + packed_begin_, packed_end_ - packed_begin_, 0};
  ZSTD_outBuffer out{into.data(), into.size(), 0};
  const std::size_t status = ZSTD_decompressStream(zstd_->stream.get(), &out, &in);
  packed_begin_ += in.pos;
  if (ZSTD_isError(status) != 0) {
    stop_at_break(ZSTD_getErrorName(status));
  } else if (in.pos > 0 || out.pos > 0) {
    inside_ = status != 0;
  }
  return out.pos;
}

core::Result<Read> Decompressor::read(std::span<char> into) {
  if (format_ == Format::kUnknown) {
    const auto known = recognise();
    if (!known || known->outcome != Read::Outcome::kData) return known;
  }
  if (format_ == Format::kPlain) return read_plain(into);
  while (!break_) {
    // A full output buffer may have left content inside the decoder, so it is asked even without new input.
    const std::size_t bytes = format_ == Format::kGzip ? inflate_some(into) : unpack_zstd(into);
    if (bytes > 0) return Read{Read::Outcome::kData, bytes};
    if (break_) break;
    if (packed_begin_ < packed_end_) continue;
    const auto got = refill();
    if (!got || got->outcome != Read::Outcome::kData) return got;
  }
  return tl::unexpected(*break_);
}

bool Decompressor::complete() const { return !inside_ && packed_begin_ == packed_end_; }

void Decompressor::seek(std::int64_t offset) {
  packed_begin_ = packed_end_ = 0;
  input_->seek(offset);
}

void Decompressor::rewind() {
  seek(0);
  format_ = Format::kUnknown;
  gzip_.reset(), zstd_.reset(), break_.reset();
  inside_ = false;
}

}  // namespace ingest
