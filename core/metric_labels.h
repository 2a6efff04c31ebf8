// Labels of a series as Prometheus reads them.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace core {

struct Label {
  std::string_view name;   ///< [a-zA-Z_][a-zA-Z0-9_]*, not "le".
  std::string_view value;  ///< Any bytes; those outside UTF-8 become U+FFFD.
};

/// `client="a",queue="b",channel="voice"`: client, queue and channel first, then the others as given. An empty value
/// is left out, since for Prometheus it is the same as no label. Throws std::logic_error for a wrong name. Thread-safe.
std::string label_text(std::span<const Label> labels);

/// [a-zA-Z_:][a-zA-Z0-9_:]*
bool valid_metric_name(std::string_view name);

}  // namespace core
