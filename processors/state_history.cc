#include "processors/state_history.h"

#include <algorithm>
#include <array>
#include <limits>
#include <stdexcept>

#include "core/text_hash.h"
#include "processors/short_text.h"

namespace processors {
namespace {

/// Room for `more`. By an eighth: what doubling leaves empty would be a third of all.
template <typename T>
void make_room(std::vector<T>& row, std::size_t more) {
  if (row.capacity() - row.size() < more) row.reserve(row.size() + row.size() / 8 + more);
}

std::uint64_t hash_of(const StateTerms& terms) {
  const std::array words{static_cast<std::uint32_t>(terms.state),  static_cast<std::uint32_t>(terms.capacity),
                         static_cast<std::uint32_t>(terms.client), static_cast<std::uint32_t>(terms.reason),
                         static_cast<std::uint32_t>(terms.queues), static_cast<std::uint32_t>(terms.source)};
  return core::text_hash({reinterpret_cast<const char*>(words.data()), sizeof words});
}

}  // namespace

std::string StateHistory::id(std::size_t place) const {
  const std::size_t begin = states_[place].id;
  core::PackedReader in({ids_.data() + begin, ids_.size() - begin});
  ShortTextReader reader;
  return std::string(reader.read(in));
}

std::size_t StateHistory::first_from(core::EventTime time) const {
  // Most states come in order.
  if (states_.empty() || states_.back().time < time) return states_.size();
  const auto before = [](const Kept& kept, core::EventTime t) { return kept.time < t; };
  return static_cast<std::size_t>(std::lower_bound(states_.begin(), states_.end(), time, before) - states_.begin());
}

std::size_t StateHistory::holding(core::EventTime time) const {
  const std::size_t place = first_from(time);
  const bool begins_there = place < size() && states_[place].time == time;
  return place > 0 && !begins_there ? place - 1 : place;
}

void StateHistory::insert(std::size_t place, const StatePoint& point, std::string_view id) {
  const Kept kept = keep(point, id);
  make_room(states_, 1);
  states_.insert(states_.begin() + static_cast<std::ptrdiff_t>(place), kept);
}

void StateHistory::replace(std::size_t place, const StatePoint& point, std::string_view id) {
  states_[place] = keep(point, id);
}

void StateHistory::keep_only(const std::vector<std::size_t>& places) {
  StateHistory kept;
  for (const std::size_t place : places) kept.insert(kept.size(), (*this)[place], id(place));
  *this = std::move(kept);
}

StateHistory::Kept StateHistory::keep(const StatePoint& point, std::string_view id) {
  if (ids_.size() > std::numeric_limits<std::uint32_t>::max()) {
    throw std::length_error("the ids of one agent's states take more than 4 GiB: shorten the ids of agent.state");
  }
  thread_local std::string packed;  // Its memory serves state after state.
  packed.clear();
  core::PackedWriter out(packed);
  write_short(out, id);
  make_room(ids_, packed.size());
  const Kept kept{point.time, number_of(point), static_cast<std::uint32_t>(ids_.size())};
  ids_.insert(ids_.end(), packed.begin(), packed.end());
  return kept;
}

std::uint32_t StateHistory::number_of(const StateTerms& terms) {
  const std::uint64_t hash = hash_of(terms);
  const std::uint32_t known = index_.find(hash, [&](std::uint32_t number) { return terms_[number] == terms; });
  if (known != core::HashIndex::kNone) return known;
  const auto number = static_cast<std::uint32_t>(terms_.size());
  make_room(terms_, 1);
  terms_.push_back(terms);
  index_.add(hash, number);
  return number;
}

std::size_t StateHistory::bytes() const {
  return states_.capacity() * sizeof(Kept) + ids_.capacity() + terms_.capacity() * sizeof(StateTerms) + index_.bytes();
}

}  // namespace processors
