// Results that may fail because of the environment: a value with words for a person, and how soon to try again.
#pragma once

#include <optional>
#include <string>
#include <tl/expected.hpp>

#include "core/time.h"

namespace core {

/// What went wrong outside the program (broker, disk, network) or in what it was given to read.
/// `retry_after` absent: trying again cannot help.
struct Failure {
  std::string message;
  std::optional<Millis> retry_after;
};

template <typename T>
using Result = tl::expected<T, Failure>;

inline tl::unexpected<Failure> fail(std::string message, std::optional<Millis> retry_after = std::nullopt) {
  return tl::unexpected<Failure>(Failure{std::move(message), retry_after});
}

}  // namespace core
