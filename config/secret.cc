#include "config/secret.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace config {

tl::expected<std::string, std::string> reveal(SecretText::From from, const std::string& reference) {
  if (from == SecretText::From::kEnvironment) {
    const char* value = std::getenv(reference.c_str());
    if (value != nullptr) return std::string(value);
    return tl::unexpected(fmt::format("names environment variable {}, which is not set", reference));
  }
  std::error_code unreadable;
  std::ifstream file(reference, std::ios::binary);
  if (!file || !std::filesystem::is_regular_file(reference, unreadable)) {
    return tl::unexpected(fmt::format("names file {}, which cannot be read", reference));
  }
  std::string value(std::istreambuf_iterator<char>(file), {});
  if (value.ends_with('\n')) value.pop_back();
  if (value.ends_with('\r')) value.pop_back();
  return value;
}

bool is_secret_property(std::string_view name) {
  constexpr std::array<std::string_view, 5> kParts = {"password", "secret", "token", "key.pem",
                                                      "sasl.oauthbearer.config"};
  return std::ranges::any_of(kParts,
                             [name](std::string_view part) { return name.find(part) != std::string_view::npos; });
}

}  // namespace config
