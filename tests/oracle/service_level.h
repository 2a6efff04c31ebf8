// How a visit is judged: sla.md in a few tables.
#pragma once

#include <string>

#include "tests/oracle/contacts.h"

namespace oracle {

/// The seven classes of sla.md by their letters: a answered within T, A later; s abandoned within S, b within T,
/// B later; f flowed out within T, F later.
using Class = char;

/// What judges the visit: of its client's profiles that apply the first with a version in force when the visit began.
const Version& version_of(const Visit& visit, const Options& options);

/// Whether a profile applies to a visit of this entry at this place.
bool applies_to(const Profile& profile, const Place& place, const std::string& entry);

/// The profile's version in force then; nullptr before the first.
const Version* in_force(const Profile& profile, const Client& client, Ms begin);

bool is_abandoned(const Visit& visit, const Version& version);

/// Of a visit that has ended.
Class class_of(const Visit& visit, const Version& version);

/// Whether a visit of this class counts in the numerator (denominator) of the formula.
bool in_numerator(Class visit_class, const std::string& formula);
bool in_denominator(Class visit_class, const std::string& formula);

}  // namespace oracle
