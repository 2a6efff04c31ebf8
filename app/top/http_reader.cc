#include "app/top/http_reader.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <utility>

#include "core/url.h"

namespace app {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

constexpr std::chrono::seconds kPatience{10};
constexpr std::uint64_t kLargestBody = 512ULL << 20;  // A page of a million series is some 150 MB.

}  // namespace

std::optional<HttpAddress> parse_http_address(std::string_view text) {
  auto url = core::parse_url(text);
  if (!url || url->tls || url->target != "/") return std::nullopt;
  return HttpAddress{std::move(url->host), std::move(url->port)};
}

HttpReader::HttpReader(asio::any_io_executor executor, HttpAddress address)
    : address_(std::move(address)), executor_(std::move(executor)) {}

asio::awaitable<core::Result<HttpAnswer>> HttpReader::get(std::string target) {
  try {
    co_return co_await ask(target);
  } catch (const boost::system::system_error& error) {
    stream_.reset();
    co_return core::fail(error.code().message(), std::chrono::seconds{1});
  }
}

asio::awaitable<HttpAnswer> HttpReader::ask(const std::string& target) {
  if (!stream_) co_await connect();
  stream_->expires_after(kPatience);
  http::request<http::empty_body> request(http::verb::get, target, 11);
  request.set(http::field::host, address_.host + ":" + address_.port);
  request.set(http::field::user_agent, "floorwatch/" FLOORWATCH_VERSION);
  co_await http::async_write(*stream_, request, asio::use_awaitable);

  http::response_parser<http::string_body> parser;
  parser.body_limit(kLargestBody);
  co_await http::async_read(*stream_, buffer_, parser, asio::use_awaitable);
  auto response = parser.release();
  if (!response.keep_alive()) stream_.reset();
  co_return HttpAnswer{static_cast<int>(response.result_int()), std::move(response.body())};
}

asio::awaitable<void> HttpReader::connect() {
  asio::ip::tcp::resolver resolver(executor_);
  const auto endpoints = co_await resolver.async_resolve(address_.host, address_.port, asio::use_awaitable);
  buffer_.clear();
  stream_.emplace(executor_);
  stream_->expires_after(kPatience);
  co_await stream_->async_connect(endpoints, asio::use_awaitable);
}

}  // namespace app
