#include "ingest/file_identity.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/sha256.h"

namespace ingest {
namespace {

std::string key_prefix(std::string_view source) { return fmt::format("file:{}/", source); }

/// The head's length as a key says it; 0 where the key is not of this source.
std::size_t head_length(std::string_view key, std::string_view prefix) {
  if (!key.starts_with(prefix)) return 0;
  std::size_t length = 0;
  const std::string_view rest = key.substr(prefix.size());
  std::from_chars(rest.data(), rest.data() + rest.size(), length);
  return length;
}

}  // namespace

std::string file_key(std::string_view source, std::string_view head) {
  constexpr std::size_t kDigits = 16;
  return fmt::format("{}{}-{}", key_prefix(source), head.size(), core::Sha256().update(head).hex().substr(0, kDigits));
}

core::ResumePoints::const_iterator find_resume(const core::ResumePoints& points, std::string_view source,
                                               std::string_view head) {
  const std::string prefix = key_prefix(source);
  auto best = points.end();
  std::size_t best_length = 0;
  for (auto point = points.begin(); point != points.end(); ++point) {
    const std::size_t length = head_length(point->first, prefix);
    if (length <= best_length || length > head.size()) continue;
    if (file_key(source, head.substr(0, length)) != point->first) continue;
    best = point, best_length = length;
  }
  return best;
}

std::size_t longest_head(const core::ResumePoints& points, std::string_view source) {
  const std::string prefix = key_prefix(source);
  std::size_t longest = 0;
  for (const auto& [key, resume] : points) longest = std::max(longest, head_length(key, prefix));
  return std::min(longest, kHeadBytes);
}

}  // namespace ingest
