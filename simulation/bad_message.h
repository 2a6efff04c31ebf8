// Broken messages, as broken sources send them: each is certain to be a dead letter.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/time.h"

namespace simulation {

/// Takes one kind of damage after the other. No message is empty or contains a line break. Confined to one thread.
class BadMessages {
 public:
  /// `good` is a canonical event that is damaged in some of the kinds; `time` stands in the others.
  std::string next(core::EventTime time, std::string_view good);

  static std::size_t kinds();

 private:
  std::size_t turn_ = 0;
};

}  // namespace simulation
