// The contract's own format: CloudEvents 1.0 in JSON.
#pragma once

#include <memory>

#include "core/batch.h"

namespace ingest {

/// A decoder of canonical events in structured mode (the value is the whole event) and in Kafka's binary mode
/// (attributes in `ce_` headers, `data` in the value). The mode is the message's own: a `content-type` that begins with
/// application/cloudevents is structured, else a `ce_specversion` header means binary, else it is structured.
///
/// Rejects with the contract's reasons, the envelope's faults first; skips types it does not know. A value of nothing
/// but white space is an empty line. Texts of the events are borrowed from the message where they have no escapes.
std::unique_ptr<core::Decoder> make_canonical_decoder();

}  // namespace ingest
