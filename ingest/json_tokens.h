// The tokens of a JSON document, one after the other.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ingest/key_order.h"
#include "ingest/text_block.h"
#include "ingest/text_rules.h"

namespace ingest {

/// A cursor that finds where a token ends when it is asked for it. The grammar, what an escape means and what a scalar
/// may be are the caller's to check, and is_utf8() once the last token was taken. Reads no byte beyond the document.
///
/// simdjson is not what finds them: its first stage looks at more than an event needs, and its readers on top of it
/// leave skipped values and halves of surrogate pairs unchecked (3.0.1), or cost twice the time.
///
/// Tokens are borrowed from the document. Confined to one thread.
class JsonTokens {
 public:
  /// Stands on the first token afterwards.
  explicit JsonTokens(std::string_view document)
      : begin_(document.data()), at_(begin_), end_(begin_ + document.size()) {
    pass_space();
  }

  /// The first byte of the current token; NUL at the end.
  char peek() const { return at_ != end_ ? *at_ : '\0'; }
  bool at_end() const { return at_ == end_; }

  /// Passes a mark: a bracket, a comma, a colon. Only where not at_end().
  void skip() {
    ++at_;
    pass_space();
  }

  /// Where the current token is a string: what is `written` between its quotes. false where it is not closed or has a
  /// raw control character.
  bool take_string(std::string_view& written) {
    const char* const begin = at_ + 1;
    const char* end = next_mark(begin);
    while (end != end_ && *end != '"') end = next_mark(pass_unusual(end));
    if (end == end_) return false;
    written = {begin, static_cast<std::size_t>(end - begin)};
    at_ = end;
    skip();
    return true;
  }

  /// The current token up to a mark or white space; empty where it stands on a mark.
  std::string_view take_scalar();

  /// Passes a key and its colon if that is `key`, written without escapes and white space; false tells nothing.
  bool take_key(const WrittenKey& key) {
    // More than the key must be there, as its value is.
    if (end_ - at_ <= WrittenKey::kBytes || !key.stands_at(at_)) return false;
    at_ += key.size();
    pass_space();
    return true;
  }

  /// Takes one member after the other while `expected()` is its key and its value a string without escapes, and gives
  /// each value to `take(written)`. Of white space a space behind the colon and the comma will do. Stands before a key
  /// then, or else gives false: behind a value, with no comma.
  template <typename Expected, typename Take>
  bool take_members(Expected expected, Take take) {
    bool before_key = true;
    const char* at = at_;  // Not in at_, as each step has to wait for the one before.
    while (before_key && end_ - at > WrittenKey::kBytes + 1) {
      const WrittenKey& key = expected();
      if (!key.stands_at(at)) break;
      const char* const begin = behind_space(at + key.size()) + 1;
      if (begin[-1] != '"') break;
      const char* const closing = next_mark(begin);
      if (closing == end_ || *closing != '"') [[unlikely]]
        break;
      take(std::string_view(begin, static_cast<std::size_t>(closing - begin)));
      at = closing + 1;
      before_key = at != end_ && *at == ',';
      if (before_key && ++at != end_) at = behind_space(at);
    }
    at_ = at;
    pass_space();
    return before_key;
  }

  /// What the strings taken so far have.
  const TextTraits& traits() const { return traits_; }

  /// Whether all strings are; they are checked together, and only where one needs it.
  bool is_utf8() const { return ascii_ || is_valid_utf8(); }

 private:
  void pass_space() {
    if (at_ != end_ && static_cast<unsigned char>(*at_) <= ' ') [[unlikely]]
      pass_spaces();
  }
  void pass_spaces();
  /// A branch and no sum: the processor guesses it, and does not wait for the byte.
  static const char* behind_space(const char* at) {
    if (*at == ' ') [[unlikely]]
      return at + 1;
    return at;
  }

  /// The first byte from `at` on that is_mark(), or the end.
  const char* next_mark(const char* at) const {
    for (; end_ - at >= kTextBlock; at += kTextBlock) {
      if (const std::uint64_t marks = marks_of(at); marks != 0) [[likely]]
        return at + std::countr_zero(marks);
    }
    if (end_ - begin_ < kTextBlock) [[unlikely]]
      return next_mark_in_short(at);
    // The document's last block has these bytes too, at its end.
    const std::uint64_t marks = marks_of(end_ - kTextBlock) >> (kTextBlock - (end_ - at));
    return marks != 0 ? at + std::countr_zero(marks) : end_;
  }
  const char* next_mark_in_short(const char* at) const;
  /// Where a string goes on behind a mark that is no quote; the end where none may have that byte.
  const char* pass_unusual(const char* at);
  bool is_valid_utf8() const;

  const char* const begin_;
  const char* at_;
  const char* const end_;
  TextTraits traits_;
  bool ascii_ = true;
};

}  // namespace ingest
