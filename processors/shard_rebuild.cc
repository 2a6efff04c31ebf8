// A shard's cells made again from its records.
#include "processors/agent_time.h"
#include "processors/contact_facts.h"
#include "processors/deal_facts.h"
#include "processors/lead_facts.h"
#include "processors/shard.h"

namespace processors {

void Shard::rebuild() {
  slices_lack_archive_ = false;  // All slices are filled again, with what the archive has.
  bring_back(core::EventTime::min(), core::EventTime::max());
  const core::Slot first =
      dropped_before_ ? core::slot_of(*dropped_before_, core::kInterval) : std::numeric_limits<core::Slot>::min();
  book_.clear_from(first);
  open_again();
  book_.freeze_intervals_before(first);
  each_contact(core::EventTime::min(), core::EventTime::max(),
               [&](const ContactRecord& record) { add_contact(view_of(record, rules_, names_), rules_, +1, book_); });
  book_.freeze_intervals(false);
  contacts_.judge_open([&](const ContactRecord& record) { return view_of(record, rules_, names_).open(); });
  book_.freeze_contracts_before(first);  // Those cells stayed, with what leads and agents have added to them.
  each_lead(core::EventTime::min(), core::EventTime::max(), [&](const AttributeRecord& record) {
    if (const auto view = view_of(record, rules_, names_)) add_lead(*view, rules_, +1, book_);
  });
  AgentBook agent_book(book_, rules_);
  for (std::size_t i = 0; i < agents_.size(); ++i) {
    const AgentRecord& agent = agents_[i].record;
    const core::NameId self = names_.intern(agent.id());
    const auto& points = agent.points();
    for (std::size_t p = 0; p + 1 < points.size(); ++p) {
      agent_book.add_state(self, points[p].state, points[p].time, points[p + 1].time, +1);
    }
  }
  book_.freeze_contracts_before();
  each_deal(core::EventTime::min(), core::EventTime::max(), [&](const AttributeRecord& record) {
    if (const auto view = deal_view_of(record, rules_, names_)) add_deal(*view, +1, book_);
  });
  total_up_anew();
}

}  // namespace processors
