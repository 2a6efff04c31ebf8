// Any bytes as a connection's input: Beast reads them as the server does, the routes answer. Every answer has a status
// that the server can give, and what was compressed or negotiated can be read to its end.
#include <boost/asio/buffer.hpp>
#include <boost/beast/http.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "core/series_book.h"
#include "sinks/http/routes.h"

namespace {

namespace http = boost::beast::http;

std::shared_ptr<const core::MetricsSnapshot> snapshot() {
  core::SeriesBook book;
  const auto offered = book.family({"floorwatch_contacts_offered_total", "Visits.", core::MetricType::kCounter, {}});
  book.set(offered, {{"queue", "sales"}}, 3);
  return book.snapshot();
}

const sinks::Router& router() {
  static const sinks::OwnMetrics own;
  static const sinks::Router routes = sinks::make_router(
      {[] { return snapshot(); },
       [](const core::FigureQuery& query) -> core::Result<core::FigureTable> {
         return core::FigureTable{{"client"}, {{query.client.value_or("default")}}};
       },
       [](const core::DeadLetterQuery& query) -> core::Result<core::FigureTable> {
         return core::FigureTable{{"source"}, {{query.source.value_or("log")}}};
       },
       [] { return sinks::Readiness{false, {{"s", true, false}}, core::Millis(1), {"why"}}; },
       [](const core::AlertQuery& query) -> core::Result<core::FigureTable> {
         return core::FigureTable{{"client"}, {{query.client.value_or("default")}}};
       },
       [](const core::AlertOperation& o) -> tl::expected<core::FigureTable, std::string> {
         if (std::holds_alternative<core::EndMute>(o)) return tl::unexpected(std::string("no"));
         return core::FigureTable{{"id"}, {}};
       },
       [](const core::RowQuery& query) -> core::Result<core::FigureTable> {
         return core::FigureTable{{"of"}, {{std::int64_t(core::index(query.kind))}}};
       },
       [](const std::map<std::string, std::string>& words) -> tl::expected<std::string, std::string> {
         if (words.empty()) return tl::unexpected(std::string("figure: missing"));
         return words.begin()->second;
       }},
      own);
  return routes;
}

void check(const sinks::Response& response) {
  constexpr unsigned kKnown[] = {200, 400, 403, 404, 405, 409, 415, 503};
  bool known = false;
  for (const unsigned status : kKnown) known |= response.status == status;
  if (!known || response.content_type.empty()) std::abort();
  if (const auto* stream = std::get_if<std::unique_ptr<sinks::BodyStream>>(&response.body)) {
    std::string piece;
    while ((*stream)->next(piece)) {
      if (piece.empty()) std::abort();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  boost::asio::const_buffer input(bytes, size);
  for (;;) {
    http::request_parser<http::string_body> parser;
    parser.header_limit(16 * 1024);
    parser.body_limit(64 * 1024);
    parser.eager(true);
    boost::system::error_code error;
    while (!error && !parser.is_done() && input.size() > 0) {
      const std::size_t used = parser.put(input, error);
      if (used == 0) break;
      input += used;
    }
    if (error || !parser.is_done()) return 0;
    const auto& request = parser.get();
    sinks::Request head;
    head.method = std::string(request.method_string());
    head.accept = std::string(request[http::field::accept]);
    head.accept_encoding = std::string(request[http::field::accept_encoding]);
    head.content_type = std::string(request[http::field::content_type]);
    head.body = request.body();
    head.from_this_machine = !head.accept.starts_with("x");
    check(router().respond(std::move(head), request.target()));
    if (router().label(request.target()).empty()) std::abort();
  }
}
