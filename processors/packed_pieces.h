// What the packed pieces of a shard's state are. The numbers are the store's format.
#pragma once

#include <cstdint>

namespace processors {

/// The first byte of a piece.
enum class Piece : std::uint8_t {
  kCells = 1,     ///< of a snapshot
  kRecords = 2,   ///< of a snapshot: their facts are in its cells
  kJournal = 3,   ///< records that changed since: their facts follow from what they replace
  kArchive = 4,   ///< a page of contacts that left memory, as builds before wrote it
  kPlace = 5,     ///< of a snapshot: the next archive page's number, and before when contacts were dropped
  kListed = 6,    ///< a page of contacts that left memory
  kTotals = 7,    ///< of a snapshot: the cells of all time
  kInterval = 8,  ///< what lay in an interval that left memory, of before there were contracts
  kLeads = 9,     ///< a page of leads that left memory, as kListed
  kDeals = 10,    ///< a page of deals that left memory, as kListed
  kWhole = 11,    ///< what lay in an interval that left memory, of before its parts were numbered
  kTables = 12,   ///< of a snapshot: how many tables of intervals it has; those of before say nothing
  kParts = 13,    ///< what lay in an interval that left memory, with the number of its parts
};

/// The first byte of a record in a piece. Contacts come first.
enum class Kind : std::uint8_t {
  kContact = 1,
  kLead = 2,
  kDeal = 3,
  kAgent = 4,
  kAgentAway = 5,  ///< of a snapshot: in which intervals an agent has states that left memory
};

}  // namespace processors
