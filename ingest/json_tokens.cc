#include "ingest/json_tokens.h"

#include <simdjson.h>

#include <algorithm>

namespace ingest {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_beyond_ascii(char c) { return static_cast<unsigned char>(c) >= 0x80; }

bool ends_scalar(char c) {
  switch (c) {
    case ',':
    case ':':
    case '{':
    case '}':
    case '[':
    case ']':
    case '\f':
    case '\x1a':  // These two are marks to simdjson, and no JSON to anyone.
      return true;
    default:
      return is_space(c);
  }
}

}  // namespace

const char* JsonTokens::next_mark_in_short(const char* at) const { return std::find_if(at, end_, is_mark); }

const char* JsonTokens::pass_unusual(const char* at) {
  if (*at == '\\') {
    // An escape can stand for any control character.
    traits_.escapes = traits_.controls = true;
    return end_ - at < 2 ? end_ : at + 2;
  }
  if (*at == '\x7f') {
    traits_.controls = true;
    return at + 1;
  }
  if (!is_beyond_ascii(*at)) return end_;  // A raw control character.
  ascii_ = false;
  for (; at != end_ && is_beyond_ascii(*at); ++at) {
    if (*at == '\xc2') traits_.controls = true;  // The lead byte of U+0080–9F, and of others.
  }
  return at;
}

void JsonTokens::pass_spaces() { at_ = std::find_if_not(at_, end_, is_space); }

std::string_view JsonTokens::take_scalar() {
  const char* const begin = at_;
  at_ = std::find_if(begin, end_, ends_scalar);
  const std::string_view scalar(begin, static_cast<std::size_t>(at_ - begin));
  pass_space();
  return scalar;
}

bool JsonTokens::is_valid_utf8() const {
  return simdjson::validate_utf8(begin_, static_cast<std::size_t>(end_ - begin_));
}

}  // namespace ingest
