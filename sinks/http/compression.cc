#include "sinks/http/compression.h"

#include "sinks/metrics/gzip.h"
#include "sinks/metrics/negotiation.h"

namespace sinks {
namespace {

constexpr std::size_t kPacket = 1400;

class GzipBody : public BodyStream {
 public:
  explicit GzipBody(std::unique_ptr<BodyStream> plain) : plain_(std::move(plain)) {}

  bool next(std::string& piece) override {
    piece.clear();
    while (!ended_ && piece.empty()) {
      ended_ = !plain_->next(buffer_);
      encoder_.write(ended_ ? std::string_view() : buffer_, ended_, piece);
    }
    return !piece.empty();
  }

 private:
  std::unique_ptr<BodyStream> plain_;
  GzipEncoder encoder_;
  std::string buffer_;
  bool ended_ = false;
};

}  // namespace

Response compressed(Response response, const Request& request) {
  auto* text = std::get_if<std::string>(&response.body);
  if (text && text->size() <= kPacket) return response;
  response.headers.emplace_back("Vary", "Accept, Accept-Encoding");
  if (!accepts_gzip(request.accept_encoding)) return response;
  response.headers.emplace_back("Content-Encoding", "gzip");
  if (text) {
    std::string packed;
    GzipEncoder().write(*text, true, packed);
    response.body = std::move(packed);
  } else {
    auto& plain = std::get<std::unique_ptr<BodyStream>>(response.body);
    response.body = std::make_unique<GzipBody>(std::move(plain));
  }
  return response;
}

}  // namespace sinks
