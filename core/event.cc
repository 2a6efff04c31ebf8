#include "core/event.h"

namespace core {

std::string_view routing_key(const Event& event) {
  switch (event.type) {
    case EventType::kAgentState:
    case EventType::kScheduleShift:
      return event.agent;
    case EventType::kLeadCreated:
    case EventType::kLeadAssigned:
    case EventType::kLeadContacted:
    case EventType::kLeadClosed:
      return event.lead;
    case EventType::kDealOpened:
    case EventType::kDealUpdated:
    case EventType::kDealWon:
    case EventType::kDealLost:
      return event.deal;
    default:
      return event.contact;
  }
}

}  // namespace core
