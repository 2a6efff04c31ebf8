#include "processors/shard.h"

#include "processors/contact_facts.h"
#include "processors/deal_facts.h"
#include "processors/lead_facts.h"

namespace processors {

using core::Entity;

Change Shard::apply(const core::Event& event, Touch touch, std::uint64_t hash) {
  book_.settled().begin_event(event);
  switch (entity_of(event, touch)) {
    case Entity::kAgent:
      return apply_agent(event, hash);
    case Entity::kLead:
      return apply_lead(event, hash);
    case Entity::kDeal:
      return apply_deal(event, hash);
    case Entity::kContact:
      break;
  }
  return apply_contact(event, hash);
}

void Shard::prefetch(const core::Event& event, Touch touch, std::uint64_t hash, core::Ahead step,
                     core::Found& found) const {
  switch (entity_of(event, touch)) {
    case Entity::kAgent:
      return agents_.prefetch(hash, step, found);
    case Entity::kLead:
      return leads_.prefetch(hash, step, found);
    case Entity::kDeal:
      return deals_.prefetch(hash, step, found);
    case Entity::kContact:
      break;
  }
  contacts_.prefetch(hash, step, found);
  // Of the names that a contact's events state only those of agents are many.
  if (event.agent.empty()) return;
  if (step == core::Ahead::kIndex) names_.prefetch_index(found.agent_hash = core::text_hash(event.agent));
  if (step == core::Ahead::kEntry) names_.prefetch_text(found.agent_hash);
}

Change Shard::apply_contact(const core::Event& event, std::uint64_t hash) {
  auto& slot = contacts_.at(event.contact, hash);
  const bool holds_rows = !slot.dirty && book_.settled().any_settled();
  const std::size_t marks = slot.record.marks().size();
  const auto take_turns = [&] {
    const TurnChange turns = turns_around_last(slot.record, rules_, names_);
    replace_turns(turns.before, turns.after, rules_, book_);
    return turns;
  };
  const bool last_turns = !holds_rows && slot.record.source() == source_ && changes_last_turns(event, slot.record);
  if (last_turns && event.type == core::EventType::kChatMessage) {  // It is in no other part.
    const Change change = slot.record.merge(event, source_, names_);
    if (!change.changed) return change;
    contacts_.mark_dirty(slot);
    if (slot.record.marks().size() == marks) return change;  // Only what else it states.
    const TurnChange turns = take_turns();
    if (is_open(turns.before) != is_open(turns.after)) {
      contacts_.set_open(
          slot, is_open(turns.after) || turns.busy || view_of(slot.record, rules_, names_, {.offers = false}).open());
    }
    return change;
  }
  ViewParts parts = holds_rows ? ViewParts{} : parts_changed_by(event, source_, slot.record, names_);
  const bool turns_apart = last_turns && !parts.all();
  if (turns_apart) parts.turns_from = core::EventTime::max();
  const ContactView before = marks == 0 ? ContactView{} : view_of(slot.record, rules_, names_, parts);
  const Change change = slot.record.merge(event, source_, names_);
  if (!change.changed) return change;
  if (holds_rows) hold(before);
  const ContactView after = view_of(slot.record, rules_, names_, parts);
  replace_contact(before, after, rules_, book_);
  contacts_.mark_dirty(slot);
  if (turns_apart) {
    if (slot.record.marks().size() == marks) return change;  // Only what else it states.
    const TurnChange turns = take_turns();
    contacts_.set_open(slot, after.open() || is_open(turns.after));
  } else if (parts.segments) {
    contacts_.set_open(slot, after.open());
  } else if (is_open(before.turns) != is_open(after.turns)) {
    contacts_.set_open(slot, view_of(slot.record, rules_, names_).open());
  }
  return change;
}

namespace {

/// An event that states nothing (an automated mail to a lead that is not known) makes no record: one that is in memory
/// but in no journal would be gone after a restart.
bool leaves_trace(const AttributeTable& table, std::string_view id, std::uint64_t hash, const core::Event& event) {
  return table.holds(id, hash) || AttributeRecord(id).merge(event).changed;
}

}  // namespace

Change Shard::apply_lead(const core::Event& event, std::uint64_t hash) {
  if (!leaves_trace(leads_, event.lead, hash, event)) return {};
  auto& slot = leads_.at(event.lead, hash);
  AttributeRecord& record = slot.record;
  const auto before = view_of(record, rules_, names_);
  const Change change = record.merge(event);
  if (!change.changed) return change;
  const auto after = view_of(record, rules_, names_);
  if (before && !slot.dirty) hold(*before);
  if (before != after) {
    if (before) add_lead(*before, rules_, -1, book_);
    if (after) add_lead(*after, rules_, +1, book_);
  }
  leads_.set_open(slot, after && after->open);
  leads_.mark_dirty(slot);
  return change;
}

Change Shard::apply_deal(const core::Event& event, std::uint64_t hash) {
  if (!leaves_trace(deals_, event.deal, hash, event)) return {};
  auto& slot = deals_.at(event.deal, hash);
  const auto before = deal_view_of(slot.record, rules_, names_);
  const Change change = slot.record.merge(event);
  if (!change.changed) return change;
  const auto after = deal_view_of(slot.record, rules_, names_);
  if (before && !slot.dirty) hold(*before);
  if (before != after) {
    if (before) add_deal(*before, -1, book_);
    if (after) add_deal(*after, +1, book_);
  }
  deals_.set_open(slot, after && after->open());
  deals_.mark_dirty(slot);
  return change;
}

Change Shard::apply_agent(const core::Event& event, std::uint64_t hash) {
  auto& slot = agents_.at(event.agent, hash);
  const core::NameId self = slot.record.name(names_);
  const bool noted = book_.settled().any_settled();
  const AgentMoment before = noted ? moment_of(slot.record) : AgentMoment{};
  AgentBook book(book_, rules_);
  const Change change = slot.record.merge(event, self, names_, book);
  if (!change.changed) return change;
  if (noted && !slot.dirty) hold(before);
  if (noted) note_agent(self, before, moment_of(slot.record));
  agents_.mark_dirty(slot);
  return change;
}

namespace {

/// Adds only to cells whose maximum is lost: everything else there is counted already.
class MaximaFinder {
 public:
  explicit MaximaFinder(CellBook& book) : book_(book) {
    book.each_family([&](auto& family) {
      for (auto& table : family.intervals) collect(table, core::kInterval);
      collect(family.slices, core::kSlice);
    });
    collect(book.deals, core::kInterval);
  }
  bool any() const { return first_ <= last_; }
  /// The facts that are looked for lie in [first, last].
  core::EventTime first() const { return first_; }
  core::EventTime last() const { return last_; }

  template <typename Add>
  void queue(core::Basis basis, core::EventTime time, const CellKey& key, Add&& add) {
    find(book_.queues, basis, time, key, add);
  }
  template <typename Add>
  void lead(core::Basis basis, core::EventTime time, const CellKey& key, Add&& add) {
    find(book_.leads, basis, time, key, add);
  }
  template <typename Add>
  void chat(core::Basis basis, core::EventTime time, const CellKey& key, Add&& add) {
    find(book_.chats, basis, time, key, add);
  }
  template <typename Add>
  void agent(core::Basis, core::EventTime, const CellKey&, Add&&) {}
  template <typename Add>
  void chat_agent(core::Basis, core::EventTime, const CellKey&, Add&&) {}
  template <typename Add>
  void contract(const CellKey&, core::Slot, core::Slot, Add&&) {}
  template <typename Add>
  void deal(core::EventTime time, const CellKey& key, Add&& add) {
    seek_in(book_.deals, core::slot_of(time, core::kInterval), key, add);
  }

 private:
  template <typename CellType>
  void collect(CellTable<CellType>& table, core::Millis width) {
    if constexpr (CellType::kHists == 0) return;
    table.pages([&](core::Slot slot, auto& page) {
      page.each([&](const CellKey&, CellType& cell) {
        if (!cell.maximum_lost()) return;
        first_ = std::min(first_, core::slot_start(slot, width));
        last_ = std::max(last_, core::slot_start(slot, width) + width);
        for (auto& maximum : cell.maxima) maximum.seek();
      });
    });
  }
  template <typename CellType, typename Add>
  void find(CellBook::Family<CellType>& family, core::Basis basis, core::EventTime time, const CellKey& key, Add& add) {
    seek_in(family.intervals[core::index(basis)], core::slot_of(time, core::kInterval), key, add);
    if (basis == core::Basis::kEvent) seek_in(family.slices, core::slot_of(time, core::kSlice), key, add);
  }
  template <typename CellType, typename Add>
  static void seek_in(CellTable<CellType>& table, core::Slot slot, const CellKey& key, Add& add) {
    CellType* cell = table.find(slot, key);
    if (cell == nullptr || !cell->seeking()) return;
    CellType alone;
    add(alone);
    for (std::size_t i = 0; i < CellType::kHists; ++i) cell->maxima[i].found(alone.maxima[i]);
  }

  CellBook& book_;
  core::EventTime first_ = core::EventTime::max(), last_ = core::EventTime::min();
};

}  // namespace

void Shard::keep_slices() {
  if (book_.slices_kept() && !slices_lack_archive_) return;
  const bool from_memory = !book_.slices_kept();
  book_.keep_slices();
  book_.freeze_intervals(true);
  try {
    if (from_memory) {
      contacts_.each([&](const ContactRecord& record) { fill_slices(record); });
      leads_.each([&](const AttributeRecord& record) { fill_slices(record); });
    }
    fill_slices_from_archive();
  } catch (...) {
    // What was asked fails; the shard goes on as if it had not been.
    book_.forget_slices();
    book_.freeze_intervals(false);
    slices_lack_archive_ = false;
    throw;
  }
  book_.freeze_intervals(false);
  slices_lack_archive_ = false;
}

void Shard::fill_slices(const ContactRecord& record) {
  // No fact in basis `event` is later than the last event.
  if (record.last() < book_.slices_begin()) return;
  add_contact(view_of(record, rules_, names_), rules_, +1, book_);
}

void Shard::fill_slices(const AttributeRecord& lead) {
  if (const auto view = view_of(lead, rules_, names_)) add_lead(*view, rules_, +1, book_);
}

void Shard::settle_maxima() {
  MaximaFinder finder(book_);
  if (!finder.any()) return;
  each_contact(finder.first(), finder.last(),
               [&](const ContactRecord& r) { add_contact(view_of(r, rules_, names_), rules_, +1, finder); });
  each_lead(finder.first(), finder.last(), [&](const AttributeRecord& record) {
    if (const auto view = view_of(record, rules_, names_)) add_lead(*view, rules_, +1, finder);
  });
  each_deal(finder.first(), finder.last(), [&](const AttributeRecord& record) {
    if (const auto view = deal_view_of(record, rules_, names_)) add_deal(*view, +1, finder);
  });
  const auto done = []<typename CellType>(CellTable<CellType>& table) {
    if constexpr (CellType::kHists == 0) return;
    table.pages([](core::Slot, auto& page) {
      page.each([](const CellKey&, auto& cell) {
        for (std::size_t i = 0; i < cell.maxima.size(); ++i) cell.maxima[i].stop_seeking(cell.hists[i]);
      });
    });
  };
  book_.each_family([&](auto& family) {
    for (auto& table : family.intervals) done(table);
    done(family.slices);
  });
  done(book_.deals);
}

}  // namespace processors
