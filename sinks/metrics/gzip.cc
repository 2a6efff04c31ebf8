#include "sinks/metrics/gzip.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <limits>
#include <new>

namespace sinks {
namespace {

constexpr int kGzipWindow = 15 + 16;  // the largest window; +16 asks zlib for gzip's frame
constexpr int kMemoryLevel = 9;

}  // namespace

void GzipEncoder::End::operator()(z_stream* stream) const {
  deflateEnd(stream);
  delete stream;
}

GzipEncoder::GzipEncoder() : stream_(new z_stream{}) {
  if (deflateInit2(stream_.get(), Z_BEST_SPEED, Z_DEFLATED, kGzipWindow, kMemoryLevel, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::bad_alloc();
  }
}

void GzipEncoder::write(std::string_view plain, bool last, std::string& out) {
  std::array<Bytef, 64 * 1024> buffer;
  do {
    const auto part = std::min<std::size_t>(plain.size(), std::numeric_limits<uInt>::max());
    stream_->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));  // zlib only reads it
    stream_->avail_in = static_cast<uInt>(part);
    plain.remove_prefix(part);
    do {
      stream_->next_out = buffer.data();
      stream_->avail_out = static_cast<uInt>(buffer.size());
      const int state = deflate(stream_.get(), last && plain.empty() ? Z_FINISH : Z_NO_FLUSH);
      assert(state != Z_STREAM_ERROR);
      static_cast<void>(state);
      out.append(reinterpret_cast<const char*>(buffer.data()), buffer.size() - stream_->avail_out);
    } while (stream_->avail_out == 0);
  } while (!plain.empty());
}

}  // namespace sinks
