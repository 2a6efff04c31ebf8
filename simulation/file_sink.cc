#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "simulation/message_sink.h"

namespace simulation {

namespace {

constexpr std::size_t kBlockBytes = 256 * 1024;

core::Result<void> write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(descriptor, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return core::fail(std::string("cannot write: ") + std::strerror(errno));
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

/// A file descriptor that is closed with its owner, but for standard output's.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ != STDOUT_FILENO) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

/// Lines in blocks; subclasses say how a block becomes bytes of the file.
class FileSink : public MessageSink {
 public:
  explicit FileSink(int descriptor) : descriptor_(descriptor) {}

  core::Result<void> write(std::string_view, std::string_view message) override {
    block_.append(message).append(1, '\n');
    if (block_.size() < kBlockBytes) return {};
    return put_block(false);
  }
  core::Result<void> flush() override { return block_.empty() ? core::Result<void>{} : put_block(false); }
  core::Result<void> finish() override { return put_block(true); }

 protected:
  /// `last`: nothing comes after it; it may be empty.
  virtual core::Result<void> encode(std::string_view block, bool last) {
    (void)last;
    return write_all(descriptor_.number(), block);
  }

  Descriptor descriptor_;

 private:
  core::Result<void> put_block(bool last) {
    auto result = encode(block_, last);
    block_.clear();
    return result;
  }

  std::string block_;
};

class GzipSink final : public FileSink {
 public:
  explicit GzipSink(int descriptor) : FileSink(descriptor), out_(kBlockBytes) {
    constexpr int kGzipHeader = 16;
    ready_ = deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + kGzipHeader, 8,
                          Z_DEFAULT_STRATEGY) == Z_OK;
  }
  ~GzipSink() override { deflateEnd(&stream_); }

 private:
  core::Result<void> encode(std::string_view block, bool last) override {
    if (!ready_) return core::fail("cannot compress: out of memory");
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(block.data()));
    stream_.avail_in = static_cast<uInt>(block.size());
    do {
      stream_.next_out = out_.data();
      stream_.avail_out = static_cast<uInt>(out_.size());
      deflate(&stream_, last ? Z_FINISH : Z_SYNC_FLUSH);
      const std::size_t n = out_.size() - stream_.avail_out;
      if (auto written = write_all(descriptor_.number(), {reinterpret_cast<const char*>(out_.data()), n}); !written)
        return written;
    } while (stream_.avail_out == 0);
    return {};
  }

  z_stream stream_{};
  std::vector<Bytef> out_;
  bool ready_ = false;
};

class ZstdSink final : public FileSink {
 public:
  explicit ZstdSink(int descriptor) : FileSink(descriptor), context_(ZSTD_createCCtx()), out_(ZSTD_CStreamOutSize()) {}

 private:
  core::Result<void> encode(std::string_view block, bool last) override {
    ZSTD_inBuffer in{block.data(), block.size(), 0};
    std::size_t left = 1;
    while (left != 0) {
      ZSTD_outBuffer out{out_.data(), out_.size(), 0};
      left = ZSTD_compressStream2(context_.get(), &out, &in, last ? ZSTD_e_end : ZSTD_e_flush);
      if (ZSTD_isError(left)) return core::fail(std::string("cannot compress: ") + ZSTD_getErrorName(left));
      if (auto written = write_all(descriptor_.number(), {out_.data(), out.pos}); !written) return written;
    }
    return {};
  }

  struct Free {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  };
  std::unique_ptr<ZSTD_CCtx, Free> context_;
  std::vector<char> out_;
};

}  // namespace

core::Result<std::unique_ptr<MessageSink>> open_file_sink(const std::string& path, bool append) {
  int descriptor = STDOUT_FILENO;
  if (path != "-") {
    descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | (append ? O_APPEND : O_TRUNC), 0644);
    if (descriptor < 0) return core::fail("cannot open " + path + ": " + std::strerror(errno));
  }
  if (path.ends_with(".gz")) return std::make_unique<GzipSink>(descriptor);
  if (path.ends_with(".zst")) return std::make_unique<ZstdSink>(descriptor);
  return std::make_unique<FileSink>(descriptor);
}

}  // namespace simulation
