// Packed state with names. In the store a name's text is written once per blob, then its number within the blob; what
// does not leave the shard has the shard's numbers.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/names.h"
#include "core/packed.h"
#include "core/time.h"
#include "processors/short_text.h"

namespace processors {

/// Confined to the shard thread.
class StateWriter : public core::PackedWriter {
 public:
  StateWriter(std::string& out, const core::Names& names) : PackedWriter(out), names_(&names) {}
  void name(core::NameId id) {
    const auto place = static_cast<std::size_t>(id);
    if (place >= numbers_.size()) numbers_.resize(names_->size());
    number(numbers_[place]);
    if (numbers_[place] > 0) return;
    numbers_[place] = ++written_;
    text(names_->text(id));
  }
  void time(core::EventTime value) { signed_number(core::to_ms(value)); }

 private:
  const core::Names* names_;
  std::vector<std::uint32_t> numbers_;  ///< by NameId; 0: not written yet
  std::uint32_t written_ = 0;
};

class StateReader : public core::PackedReader {
 public:
  StateReader(std::string_view bytes, core::Names& names) : PackedReader(bytes), names_(&names) {}
  /// Goes on with the rest of a blob of which these names were read.
  StateReader(std::string_view rest, core::Names& names, std::vector<core::NameId> known)
      : PackedReader(rest), names_(&names), known_(std::move(known)) {}
  const std::vector<core::NameId>& known() const { return known_; }
  core::NameId name() {
    const std::uint64_t place = number();
    if (place == 0) return known_.emplace_back(names_->intern(text()));
    if (place > known_.size()) throw core::CorruptState("a name's number is not known yet");
    return known_[place - 1];
  }
  core::EventTime time() { return time_after(core::EventTime{}); }
  /// The signed distance from `base`, an event time, to another one.
  core::EventTime time_after(core::EventTime base) {
    const core::Millis distance{signed_number()};
    if (distance < core::kFirstEventTime - base || distance >= core::kEndOfEventTime - base) {
      throw core::CorruptState("a time is outside the years 0 to 9999");
    }
    return base + distance;
  }

 private:
  core::Names* names_;
  std::vector<core::NameId> known_;
};

/// Packs for the memory of the same shard: equal texts give equal bytes, as in short_text.h.
class NumberedWriter : public core::PackedWriter {
 public:
  using PackedWriter::PackedWriter;
  void name(core::NameId id) { number(static_cast<std::uint64_t>(id)); }
  void text(std::string_view value) { write_short(*this, value); }
  void time(core::EventTime value) { signed_number(core::to_ms(value)); }
};

class NumberedReader : public core::PackedReader {
 public:
  using PackedReader::PackedReader;
  /// Valid until the next text.
  std::string_view text() { return text_.read(*this); }
  core::NameId name() { return static_cast<core::NameId>(number()); }
  core::EventTime time() { return core::event_time(signed_number()); }
  core::EventTime time_after(core::EventTime base) { return base + core::Millis{signed_number()}; }

 private:
  ShortTextReader text_;
};

}  // namespace processors
