// Any bytes as what a receiver of alerts answers: a status, or an error; never more than what was sent.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/beast/_experimental/test/stream.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <string_view>

#include "sinks/alerts/http_exchange.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  namespace http = boost::beast::http;
  // The first byte says how much the network gives at once.
  const std::string_view answer(reinterpret_cast<const char*>(bytes), size);
  boost::asio::io_context io{1};
  boost::beast::test::stream here(io), there(io);
  here.connect(there);
  if (size > 0) here.read_size(bytes[0] % 16 + 1);
  there.write_some(boost::asio::const_buffer(answer.data(), answer.size()));
  there.close();
  sinks::HttpPostRequest request(http::verb::post, "/hook", 11);
  request.body() = "{}";
  request.prepare_payload();
  bool ended = false;
  boost::asio::co_spawn(io, sinks::exchange(here, request), [&](const std::exception_ptr& failed, unsigned status) {
    ended = true;
    if (!failed) {
      if (status > 999) std::abort();
      return;
    }
    try {
      std::rethrow_exception(failed);
    } catch (const boost::system::system_error&) {  // What HttpPost tries again.
    }
  });
  io.run();
  if (!ended) std::abort();
  return 0;
}
