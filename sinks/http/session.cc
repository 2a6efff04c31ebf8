#include "sinks/http/session.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <optional>

namespace sinks {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

using beast::error_code;
using BeastRequest = http::request<http::string_body>;

// Errors come as values: a client that goes away is everyday business.
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

// Whether `error` is the client's mistake that can be told to it, and as what.
std::optional<Response> explained(error_code error, const HttpLimits& limits) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return problem(
        431, "request line and headers must not be longer than " + std::to_string(limits.header_bytes) + " bytes");
  }
  if (error == http::error::body_limit) {
    return problem(413, "the body must not be longer than " + std::to_string(limits.body_bytes) + " bytes");
  }
  const bool gone = error == http::error::end_of_stream || error == http::error::partial_message;
  if (gone || error.category() != make_error_code(http::error::bad_method).category()) return std::nullopt;
  return problem(400, "not a valid HTTP/1.1 request: " + error.message());
}

/// Whether a host, with or without a port, is this machine by any name's resolution.
bool is_loopback(std::string_view host) {
  if (host.starts_with('[')) return host.starts_with("[::1]");
  host = host.substr(0, host.find(':'));
  if (host == "localhost") return true;
  error_code no_address;
  const auto address = asio::ip::make_address_v4(std::string(host), no_address);
  return !no_address && address.is_loopback();
}

/// A name that only now points here, a page of another site, and a proxy's guests are somebody else.
bool is_for_this_machine(const BeastRequest& request) {
  if (!is_loopback(request[http::field::host])) return false;
  if (request.count("Forwarded") + request.count("X-Forwarded-For") + request.count("Via") > 0) return false;
  std::string_view origin = request[http::field::origin];
  if (origin.empty()) return true;
  constexpr std::string_view kScheme = "http://";
  return origin.starts_with(kScheme) && is_loopback(origin.substr(kScheme.size()));
}

class Session {
 public:
  Session(asio::ip::tcp::socket socket, const HttpService& service) : stream_(std::move(socket)), service_(service) {}

  asio::awaitable<void> run() {
    bool open = true;
    while (open) {
      http::request_parser<http::string_body> parser;
      parser.header_limit(service_.limits.header_bytes);
      parser.body_limit(service_.limits.body_bytes);
      stream_.expires_after(service_.limits.timeout);
      const auto [error, size] = co_await http::async_read(stream_, input_, parser, kAwait);
      static_cast<void>(size);
      open = error ? co_await refuse(error) : co_await answer(parser.get());
    }
    error_code ignored;
    stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  }

 private:
  using Clock = std::chrono::steady_clock;

  asio::awaitable<bool> answer(const BeastRequest& request) {
    const auto begin = Clock::now();
    Request head;
    head.method = std::string(request.method_string());
    head.accept = std::string(request[http::field::accept]);
    head.accept_encoding = std::string(request[http::field::accept_encoding]);
    head.content_type = std::string(request[http::field::content_type]);
    head.body = request.body();
    head.from_this_machine = came_over_loopback() && is_for_this_machine(request);
    const Response response = service_.router.respond(std::move(head), request.target());
    const bool http_10 = request.version() < 11;
    const bool kept = co_await write(response, request.method() == http::verb::head, request.keep_alive(), http_10);
    service_.own.count_request(service_.router.label(request.target()), response.status, Clock::now() - begin);
    co_return kept;
  }

  bool came_over_loopback() const {
    error_code gone;
    const auto peer = stream_.socket().remote_endpoint(gone);
    if (gone) return false;
    const asio::ip::address address = peer.address();
    const bool mapped = address.is_v6() && address.to_v6().is_v4_mapped();
    return mapped ? asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).is_loopback()
                  : address.is_loopback();
  }

  asio::awaitable<bool> refuse(error_code error) {
    const auto response = explained(error, service_.limits);
    if (!response) co_return false;
    const auto begin = Clock::now();
    co_await write(*response, false, false, false);
    service_.own.count_request("other", response->status, Clock::now() - begin);
    co_await linger();
    co_return false;
  }

  // Closing with bytes unread makes the kernel reset the connection, and the client may lose the answer: so its bytes
  // are taken for a while and dropped.
  asio::awaitable<void> linger() {
    constexpr std::size_t kMostDropped = 1024 * 1024;
    error_code ignored;
    stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    stream_.expires_after(std::chrono::seconds(1));
    std::string dropped(16 * 1024, '\0');
    for (std::size_t total = 0; total < kMostDropped;) {
      const auto [error, size] = co_await stream_.async_read_some(asio::buffer(dropped), kAwait);
      if (error) break;
      total += size;
    }
  }

  // Whether the connection may go on.
  asio::awaitable<bool> write(const Response& response, bool head_only, bool keep_alive, bool http_10) {
    const auto* text = std::get_if<std::string>(&response.body);
    // HTTP/1.0 knows no chunks: the end of the connection is the end of the body.
    const bool chunked = !text && !http_10;
    const bool kept = keep_alive && (text || chunked);
    http::response<http::empty_body> header(static_cast<http::status>(response.status), http_10 ? 10 : 11);
    header.set(http::field::server, "floorwatch/" FLOORWATCH_VERSION);
    header.set(http::field::content_type, response.content_type);
    header.set(http::field::cache_control, "no-store");
    header.set("X-Content-Type-Options", "nosniff");
    for (const auto& [name, value] : response.headers) header.set(name, value);
    header.keep_alive(kept);
    if (text) header.content_length(text->size());
    if (chunked) header.chunked(true);

    http::response_serializer<http::empty_body> serializer(header);
    stream_.expires_after(service_.limits.timeout);
    const auto [error, size] = co_await http::async_write_header(stream_, serializer, kAwait);
    static_cast<void>(size);
    if (error) co_return false;
    if (head_only) co_return kept;
    if (text) co_return co_await send(asio::buffer(*text)) && kept;
    co_return co_await write_stream(*std::get<std::unique_ptr<BodyStream>>(response.body), chunked) && kept;
  }

  asio::awaitable<bool> write_stream(BodyStream& body, bool chunked) {
    std::string piece;
    while (body.next(piece)) {
      const bool sent =
          chunked ? co_await send(http::make_chunk(asio::buffer(piece))) : co_await send(asio::buffer(piece));
      if (!sent) co_return false;
    }
    co_return !chunked || co_await send(http::make_chunk_last());
  }

  template <typename Buffers>
  asio::awaitable<bool> send(Buffers buffers) {
    stream_.expires_after(service_.limits.timeout);
    const auto [error, size] = co_await asio::async_write(stream_, buffers, kAwait);
    static_cast<void>(size);
    co_return !error;
  }

  beast::tcp_stream stream_;
  beast::flat_buffer input_;
  const HttpService& service_;
};

}  // namespace

asio::awaitable<void> serve_connection(asio::ip::tcp::socket socket, const HttpService& service) {
  Session session(std::move(socket), service);
  co_await session.run();
}

}  // namespace sinks
