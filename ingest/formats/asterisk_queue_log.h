// Asterisk's queue_log as canonical events.
#pragma once

#include <memory>
#include <string>

#include "core/batch.h"

namespace date {
class time_zone;
}

namespace ingest {

/// A decoder of queue_log lines, "TIME|CALLID|QUEUE|AGENT|VERB|DATA…" (docs.asterisk.org, Operation, Logging, Queue
/// Logs). TIME is in seconds since 1970, whole or with a fraction, or as parse_asterisk_time has it.
///
/// A visit is (CALLID, QUEUE); all its events name visit and contact. Ids grow with the log: twenty digits of the
/// line's offset, a hash of the line (so that rotated files do not share ids) and the event's number in the line.
/// Verbs that tell nothing here, and unknown ones, are skipped; lines that break the format are rejected.
/// `source_name` is the source's name in the configuration; the events' source is "asterisk/" and that name.
/// `zone` must outlive the decoder, as the time zone library's own do.
std::unique_ptr<core::Decoder> make_asterisk_queue_log_decoder(const std::string& source_name,
                                                               const date::time_zone& zone);

}  // namespace ingest
