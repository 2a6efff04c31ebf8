#include "sinks/http/server.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace sinks {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

struct Address {
  std::string host, port;
};

std::optional<Address> parse_address(std::string_view listen) {
  const auto colon = listen.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = listen.substr(0, colon);
  const std::string_view port = listen.substr(colon + 1);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  std::uint16_t number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  const bool port_valid = !port.empty() && error == std::errc() && end == port.data() + port.size();
  if (host.empty() || !port_valid || (!bracketed && host.find(':') != std::string_view::npos)) return std::nullopt;
  return Address{std::string(host), std::string(port)};
}

}  // namespace

// Everything between start and stop. The members' order matters: what runs on `io_` goes before it.
class HttpServer::Running {
 public:
  explicit Running(const HttpService& service) : service_(service) {}

  ~Running() {
    io_.stop();
    for (auto& thread : threads_) thread.join();
  }

  core::Result<void> listen(const std::string& where) {
    const auto address = parse_address(where);
    if (!address) return core::fail("http.listen: \"" + where + "\" is not HOST:PORT, such as 127.0.0.1:9464");
    error_code error;
    const auto found = tcp::resolver(io_).resolve(address->host, address->port, tcp::resolver::passive, error);
    if (error) return core::fail("http.listen: cannot find \"" + address->host + "\": " + error.message());
    const tcp::endpoint endpoint = found.begin()->endpoint();
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(tcp::acceptor::max_listen_connections, error);
    if (error) return core::fail("http.listen: cannot listen on " + where + ": " + error.message());
    port_ = acceptor_.local_endpoint().port();
    return {};
  }

  void run(unsigned threads) {
    asio::co_spawn(accept_strand_, accept_all(), asio::detached);
    for (unsigned i = 0; i < std::max(threads, 1U); ++i) threads_.emplace_back([this] { io_.run(); });
  }

  std::uint16_t port() const { return port_; }

 private:
  asio::awaitable<void> accept_all() {
    for (;;) {
      while (connections_ >= service_.limits.connections) {
        ended_.expires_at(asio::steady_timer::time_point::max());
        co_await ended_.async_wait(kAwait);
      }
      auto [error, socket] = co_await acceptor_.async_accept(asio::make_strand(io_), kAwait);
      if (error) {
        // Mostly no file descriptor left: one must be given back before accepting makes sense again.
        ended_.expires_after(std::chrono::milliseconds(100));
        co_await ended_.async_wait(kAwait);
        continue;
      }
      // Head and body are two writes: without this the body waits for the client's delayed acknowledgement, some 40 ms.
      socket.set_option(tcp::no_delay(true), error);
      ++connections_;
      const auto executor = socket.get_executor();
      // That the connection closes is all that can tell the client of an exception.
      asio::co_spawn(executor, serve_connection(std::move(socket), service_), [this](const std::exception_ptr&) {
        asio::post(accept_strand_, [this] {
          --connections_;
          ended_.cancel();
        });
      });
    }
  }

  const HttpService& service_;
  asio::io_context io_;
  asio::strand<asio::io_context::executor_type> accept_strand_{asio::make_strand(io_)};
  tcp::acceptor acceptor_{accept_strand_};
  asio::steady_timer ended_{accept_strand_};  ///< Cancelled when a connection ends.
  std::size_t connections_ = 0;               ///< Touched on accept_strand_ only.
  std::uint16_t port_ = 0;
  std::vector<std::thread> threads_;
};

HttpServer::HttpServer(HttpOptions options, Router router, OwnMetrics& own)
    : options_(std::move(options)), service_{std::move(router), options_.limits, own} {}

HttpServer::~HttpServer() { stop(); }

core::Result<void> HttpServer::start() {
  if (running_) return {};
  auto running = std::make_unique<Running>(service_);
  if (auto listening = running->listen(options_.listen); !listening) return listening;
  running->run(options_.threads);
  running_ = std::move(running);
  return {};
}

void HttpServer::stop() { running_.reset(); }

std::uint16_t HttpServer::port() const { return running_ ? running_->port() : 0; }

}  // namespace sinks
