#include "sinks/http/request.h"

#include <optional>

namespace sinks {
namespace {

int hex_digit(char c) {
  if ('0' <= c && c <= '9') return c - '0';
  if ('a' <= c && c <= 'f') return c - 'a' + 10;
  if ('A' <= c && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      const int high = i + 1 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return out;
}

// "http://host:port/path" is how clients of a proxy write it; every server must take it (RFC 9112, 3.2.2).
std::string_view without_authority(std::string_view target) {
  if (!target.starts_with("http://")) return target;
  target.remove_prefix(std::string_view("http://").size());
  const auto path = target.find_first_of("/?");
  return path == std::string_view::npos ? std::string_view("/") : target.substr(path);
}

std::string broken(std::string_view part) { return "broken %-escape in \"" + std::string(part) + "\""; }

std::optional<std::string> read_pair(std::string_view pair, Request& request) {
  const auto equals = pair.find('=');
  const auto name = percent_decoded(pair.substr(0, equals), true);
  const auto value = percent_decoded(equals == std::string_view::npos ? "" : pair.substr(equals + 1), true);
  if (!name || !value) return broken(pair);
  if (!request.query.emplace(*name, *value).second) return *name + ": given twice";
  return std::nullopt;
}

}  // namespace

tl::expected<Request, std::string> parse_target(std::string_view target) {
  target = without_authority(target);
  target = target.substr(0, target.find('#'));
  const auto mark = target.find('?');
  const std::string_view path = target.substr(0, mark);
  if (!path.starts_with('/')) return tl::unexpected<std::string>("the request target must begin with \"/\"");
  Request request;
  const auto decoded = percent_decoded(path, false);
  if (!decoded) return tl::unexpected<std::string>(broken(path));
  request.path = *decoded;
  std::string_view query = mark == std::string_view::npos ? "" : target.substr(mark + 1);
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    if (pair.empty()) continue;
    if (auto wrong = read_pair(pair, request)) return tl::unexpected<std::string>(std::move(*wrong));
  }
  return request;
}

}  // namespace sinks
