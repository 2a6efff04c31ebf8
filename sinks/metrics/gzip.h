// gzip as a stream, at zlib's fastest level: metrics are repetitive, more effort wins little.
#pragma once

#include <zlib.h>

#include <memory>
#include <string>
#include <string_view>

namespace sinks {

/// Confined to one thread.
class GzipEncoder {
 public:
  /// Throws std::bad_alloc where zlib finds no memory.
  GzipEncoder();

  /// Compresses `plain` and appends to `out` what is ready; with `last`, all that remains.
  void write(std::string_view plain, bool last, std::string& out);

 private:
  struct End {
    void operator()(z_stream* stream) const;
  };
  std::unique_ptr<z_stream, End> stream_;
};

}  // namespace sinks
