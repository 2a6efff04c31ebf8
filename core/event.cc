#include "core/event.h"

namespace core {

std::string_view routing_key(const Event& event) {
  switch (entity_of(event.type)) {
    case Entity::kAgent:
      return event.agent;
    case Entity::kLead:
      return event.lead;
    case Entity::kDeal:
      return event.deal;
    case Entity::kContact:
      break;
  }
  return event.contact;
}

}  // namespace core
