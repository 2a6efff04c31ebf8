// The tokens of a JSON document, one after the other.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <memory>
#include <string_view>

namespace ingest {

/// A cursor over what simdjson's first stage finds: that stage checks UTF-8 and that strings are closed and free of raw
/// control characters, and says where each token begins. The grammar is the caller's, who thereby looks at every byte
/// once and trusts none unseen; simdjson's own readers on top of this stage leave skipped values and halves of
/// surrogate pairs unchecked (3.0.1), or cost twice the time. Reads no byte beyond the document.
///
/// Tokens are borrowed from the document. Confined to one thread.
class JsonTokens {
 public:
  /// Stands on the first token afterwards. Says what is wrong, nullptr if nothing is.
  const char* open(std::string_view document);

  /// The first byte of the current token; NUL at the end.
  char peek() const { return next_ < count_ ? document_[starts_[next_]] : '\0'; }
  bool at_end() const { return next_ == count_; }
  void skip() { ++next_; }

  /// The current token, without the white space that follows it: a mark, a string with its quotes, or a scalar's
  /// letters and digits. Only where not at_end().
  std::string_view take() {
    const std::size_t begin = starts_[next_++];
    std::size_t end = next_ < count_ ? starts_[next_] : document_.size();
    while (is_space(document_[end - 1])) --end;
    return document_.substr(begin, end - begin);
  }

 private:
  static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

  std::unique_ptr<simdjson::internal::dom_parser_implementation> stage_;
  std::string_view document_;
  const std::uint32_t* starts_ = nullptr;
  std::uint32_t count_ = 0, next_ = 0;
};

}  // namespace ingest
