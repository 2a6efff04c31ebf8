// Single series picked out of a page in Prometheus' text format.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace app {

struct SeriesLine {
  std::map<std::string, std::string> labels;
  double value = 0;

  /// The label's value, or "" where the series has no such label (which Prometheus means by an empty one).
  std::string label(const std::string& name) const {
    const auto found = labels.find(name);
    return found == labels.end() ? std::string{} : found->second;
  }
};

/// Calls `take` for every sample of exactly the metric `name`, in order of the page. Lines that are not of the format
/// are passed over: the page comes from another program, and the figures beside it are worth showing all the same.
void for_each_series(std::string_view page, std::string_view name, const std::function<void(const SeriesLine&)>& take);

}  // namespace app
