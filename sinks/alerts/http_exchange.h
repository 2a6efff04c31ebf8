// A request over a stream that is connected, and the status of its answer.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <cstdint>

namespace sinks {

using HttpPostRequest = boost::beast::http::request<boost::beast::http::string_body>;

/// Reads no more than the answer's head: what a receiver says beside its status is for nobody. Throws
/// boost::system::system_error, also of an answer that is no HTTP.
template <typename Stream>
boost::asio::awaitable<unsigned> exchange(Stream& stream, HttpPostRequest& request) {
  namespace http = boost::beast::http;
  constexpr std::uint64_t kLargestAnswer = 64 * 1024;
  co_await http::async_write(stream, request, boost::asio::use_awaitable);
  boost::beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(kLargestAnswer);
  co_await http::async_read_header(stream, buffer, parser, boost::asio::use_awaitable);
  co_return parser.get().result_int();
}

}  // namespace sinks
