#include "core/url.h"

#include <algorithm>

namespace core {
namespace {

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 && text.find_first_not_of("0123456789") == std::string_view::npos &&
         std::stoi(std::string(text)) <= 65535;
}

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace

std::optional<Url> parse_url(std::string_view text) {
  Url url;
  url.tls = take_prefix(text, "https://");
  if (!url.tls && !take_prefix(text, "http://")) return std::nullopt;
  const auto shown = [](unsigned char c) { return c > ' ' && c < 0x7f; };
  if (!std::ranges::all_of(text, shown) || text.find('#') != std::string_view::npos) return std::nullopt;

  const std::size_t end = std::min(text.find_first_of("/?"), text.size());
  const std::string_view authority = text.substr(0, end);
  if (authority.find('@') != std::string_view::npos) return std::nullopt;
  if (end < text.size()) url.target = (text[end] == '?' ? "/" : "") + std::string(text.substr(end));

  const bool is_v6 = authority.starts_with('[');
  const std::size_t behind_host = std::min(is_v6 ? authority.find(']') : authority.find(':'), authority.size());
  if (is_v6 && behind_host == authority.size()) return std::nullopt;
  const std::string_view rest = authority.substr(is_v6 ? behind_host + 1 : behind_host);
  if (!rest.empty() && (rest[0] != ':' || !is_port(rest.substr(1)))) return std::nullopt;
  url.port = rest.empty() ? (url.tls ? "443" : "80") : rest.substr(1);
  url.host = is_v6 ? authority.substr(1, behind_host - 1) : authority.substr(0, behind_host);
  if (url.host.empty()) return std::nullopt;
  return url;
}

std::string host_header(const Url& url) {
  const std::string host = url.host.find(':') == std::string::npos ? url.host : '[' + url.host + ']';
  return url.port == (url.tls ? "443" : "80") ? host : host + ':' + url.port;
}

}  // namespace core
