#include "ingest/json_bytes.h"

#include <algorithm>
#include <bit>
#include <cstdint>

namespace ingest {
namespace {

/// Room for usual messages from the start, so that only unusual ones allocate again.
constexpr std::size_t kFirstCapacity = 4096;

simdjson::error_code reserve(std::unique_ptr<simdjson::internal::dom_parser_implementation>& stage, std::size_t bytes) {
  if (stage && bytes <= stage->capacity()) return simdjson::SUCCESS;
  const std::size_t capacity = std::max(kFirstCapacity, std::bit_ceil(bytes));
  if (stage) return stage->set_capacity(capacity);
  // The depth is that of simdjson's second stage, which does not run here.
  constexpr std::size_t kDepth = 1;
  return simdjson::get_active_implementation()->create_dom_parser_implementation(capacity, kDepth, stage);
}

}  // namespace

const char* JsonBytes::fault(std::string_view document) {
  auto error = reserve(stage_, document.size());
  if (!error) {
    error = stage_->stage1(reinterpret_cast<const std::uint8_t*>(document.data()), document.size(),
                           simdjson::stage1_mode::regular);
  }
  return error ? simdjson::error_message(error) : nullptr;
}

}  // namespace ingest
