#include "ingest/event_fields.h"

#include <initializer_list>

namespace ingest {
namespace {

using enum core::EventType;

struct FieldRole {
  Field field;
  Role role;
};

constexpr std::array<TypeRules, core::kEventTypes> build_rules() {
  std::array<TypeRules, core::kEventTypes> rules{};
  for (TypeRules& rule : rules) {
    for (std::size_t i = 0; i < kSharedMembers.size(); ++i) rule.roles[i] = Role::kShared;
  }
  const auto type = [&rules](core::EventType event_type, std::initializer_list<Field> required,
                             std::initializer_list<FieldRole> own) {
    TypeRules& rule = rules[core::index(event_type)];
    for (const auto& [field, role] : own) rule.roles[static_cast<std::size_t>(field)] = role;
    for (const Field field : required) rule.required |= bit(field);
    for (std::size_t i = 0; i < kFields; ++i) {
      if (rule.roles[i] != Role::kUnknown) rule.known |= bit(static_cast<Field>(i));
    }
  };
  using enum Field;

  type(kContactQueued, {kVisit, kQueue}, {{kEntry, Role::kEntry}, {kParent, Role::kWord0}});
  type(kContactOffered, {kVisit, kAgent}, {{kOffer, Role::kWord0}});
  type(kContactOfferEnded, {kVisit, kAgent, kReason}, {{kOffer, Role::kWord0}, {kReason, Role::kOfferEnd}});
  type(kContactAnswered, {kVisit, kAgent}, {});
  type(kContactLeftQueue, {kVisit, kReason}, {{kReason, Role::kLeaveReason}});
  type(kContactHeld, {kContact, kAgent}, {});
  type(kContactRetrieved, {kContact, kAgent}, {});
  type(kContactTransferred, {kContact, kAgent},
       {{kToQueue, Role::kWord0}, {kToAgent, Role::kWord1}, {kToExternal, Role::kWord2}});
  type(kContactEnded, {kContact}, {{kEndedBy, Role::kEndedBy}, {kResult, Role::kWord0}});
  type(kContactWrapped, {kContact, kAgent}, {{kDisposition, Role::kWord0}});
  type(kContactDialled, {kContact, kAgent}, {});
  type(kContactConnected, {kContact, kAgent}, {});
  type(kChatMessage, {kContact, kFrom}, {{kFrom, Role::kSpeaker}, {kMessage, Role::kWord0}});

  type(kAgentState, {kAgent, kState},
       {{kState, Role::kState}, {kReason, Role::kWord0}, {kQueues, Role::kQueues}, {kCapacity, Role::kCapacity}});
  type(kScheduleShift, {kAgent, kFrom, kTo, kActivity},
       {{kFrom, Role::kShiftFrom}, {kTo, Role::kShiftTo}, {kActivity, Role::kWord0}});

  type(kLeadCreated, {kLead}, {{kCampaign, Role::kWord0}, {kOrigin, Role::kWord1}});
  type(kLeadAssigned, {kLead, kAgent}, {});
  type(kLeadContacted, {kLead}, {{kReached, Role::kReached}, {kAutomated, Role::kAutomated}});
  type(kLeadClosed, {kLead}, {{kResult, Role::kWord0}});

  constexpr FieldRole kMoney[] = {{kAmount, Role::kAmount}, {kCurrency, Role::kCurrency}};
  type(kDealOpened, {kDeal}, {kMoney[0], kMoney[1], {kProduct, Role::kWord1}, {kStage, Role::kWord2}});
  type(kDealUpdated, {kDeal}, {kMoney[0], kMoney[1], {kStage, Role::kWord2}, {kCosts, Role::kCosts}});
  for (const core::EventType settled : {kDealWon, kDealLost}) {
    type(settled, {kDeal}, {kMoney[0], kMoney[1], {kCosts, Role::kCosts}, {kReason, Role::kWord0}});
  }
  return rules;
}

}  // namespace

constexpr std::array<TypeRules, core::kEventTypes> kTypeRules = build_rules();

}  // namespace ingest
