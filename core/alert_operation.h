// What a person does with alerts: takes one on, or silences some for a while. Each has a name and a reason.
#pragma once

#include <string>
#include <variant>

#include "core/alert.h"

namespace core {

struct AcknowledgeAlert {
  std::string id, by, reason;
};
/// `key`: an empty name stands for all.
struct MuteAlerts {
  AlertKey key;
  Millis span{};
  std::string by, reason;
};
struct EndMute {
  std::string id;
};
struct ListMutes {};

using AlertOperation = std::variant<AcknowledgeAlert, MuteAlerts, EndMute, ListMutes>;

}  // namespace core
