#include "sinks/alerts/http_post.h"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <optional>

#include "sinks/alerts/http_exchange.h"

namespace sinks {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr core::Millis kRetry{1000};

/// Throws boost::system::system_error.
asio::awaitable<asio::ip::tcp::resolver::results_type> look_up(const core::Url& url, core::Millis patience) {
  const auto executor = co_await asio::this_coro::executor;
  asio::ip::tcp::resolver resolver(executor);
  asio::steady_timer timer(executor, patience);
  using namespace asio::experimental::awaitable_operators;
  auto found = co_await (resolver.async_resolve(url.host, url.port, asio::use_awaitable) ||
                         timer.async_wait(asio::use_awaitable));
  if (found.index() == 1) throw boost::system::system_error(beast::error::timeout, "looking up " + url.host);
  co_return std::get<0>(std::move(found));
}

/// The status of the answer. Throws boost::system::system_error. `tls`: nullptr for none.
asio::awaitable<unsigned> ask(const core::Url& url, asio::ssl::context* tls, HttpPostRequest& request,
                              core::Millis patience) {
  const auto executor = co_await asio::this_coro::executor;
  const auto endpoints = co_await look_up(url, patience);
  if (tls == nullptr) {
    beast::tcp_stream stream(executor);
    stream.expires_after(patience);
    co_await stream.async_connect(endpoints, asio::use_awaitable);
    co_return co_await exchange(stream, request);
  }
  beast::ssl_stream<beast::tcp_stream> stream(executor, *tls);
  stream.set_verify_callback(asio::ssl::host_name_verification(url.host));
  SSL_set_tlsext_host_name(stream.native_handle(), url.host.c_str());
  beast::get_lowest_layer(stream).expires_after(patience);
  co_await beast::get_lowest_layer(stream).async_connect(endpoints, asio::use_awaitable);
  co_await stream.async_handshake(asio::ssl::stream_base::client, asio::use_awaitable);
  co_return co_await exchange(stream, request);
}

}  // namespace

HttpPost::HttpPost(core::Url url) : url_(std::move(url)) {
  if (!url_.tls) return;
  tls_ = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_client);
  tls_->set_default_verify_paths();
  tls_->set_verify_mode(asio::ssl::verify_peer);
}
HttpPost::~HttpPost() = default;

core::Result<void> HttpPost::post(const std::string& content_type, const std::string& body, const HttpHeaders& headers,
                                  core::Millis patience) {
  if (cancelled_) return core::fail("stopped");
  HttpPostRequest request(http::verb::post, url_.target, 11);
  request.set(http::field::host, core::host_header(url_));
  request.set(http::field::user_agent, "floorwatch/" FLOORWATCH_VERSION);
  request.set(http::field::content_type, content_type);
  request.set(http::field::connection, "close");
  for (const auto& [name, value] : headers) request.set(name, value);
  request.body() = body;
  request.prepare_payload();

  std::optional<unsigned> status;
  std::string error = "stopped";
  asio::co_spawn(io_, ask(url_, tls_.get(), request, patience),
                 [&](const std::exception_ptr& failed, unsigned answered) {
                   if (!failed) {
                     status = answered;
                     return;
                   }
                   try {
                     std::rethrow_exception(failed);
                   } catch (const boost::system::system_error& thrown) {
                     error = thrown.code().message();
                   } catch (const std::exception& thrown) {
                     error = thrown.what();
                   }
                 });
  io_.run();
  if (!cancelled_) io_.restart();
  if (!status) return core::fail(error, kRetry);
  if (*status / 100 == 2) return {};
  const bool wrong = *status == 400 || *status == 413 || *status == 422;
  return core::fail(fmt::format("answered {}", *status), wrong ? std::nullopt : std::optional(kRetry));
}

}  // namespace sinks
