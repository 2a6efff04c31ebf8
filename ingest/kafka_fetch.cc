#include "ingest/kafka_fetch.h"

#include <string_view>

namespace ingest {
namespace {

/// A CloudEvent in structured mode, as nearly every producer writes it: its attributes are in the value.
bool is_structured(const rd_kafka_message_t& message) {
  constexpr std::string_view kBegin = R"({"specversion")";
  return std::string_view(static_cast<const char*>(message.payload), message.len).starts_with(kBegin);
}

}  // namespace

std::span<const core::Header> FetchedMessages::headers_of(rd_kafka_message_t& message) {
  rd_kafka_headers_t* found = nullptr;
  if (is_structured(message) || rd_kafka_message_headers(&message, &found) != RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  const std::size_t count = rd_kafka_header_cnt(found);
  std::pmr::polymorphic_allocator<core::Header> allocator(&headers);
  core::Header* const begin = allocator.allocate(count);
  for (std::size_t i = 0; i < count; ++i) {
    const char* name = nullptr;
    const void* value = nullptr;
    std::size_t size = 0;
    rd_kafka_header_get_all(found, i, &name, &value, &size);
    new (begin + i) core::Header{name, {static_cast<const char*>(value), size}};
  }
  return {begin, count};
}

}  // namespace ingest
