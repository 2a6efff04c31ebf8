#include "sinks/metrics/exposition.h"

#include <array>
#include <charconv>
#include <cmath>

namespace sinks {
namespace {

using core::MetricFamily;
using core::MetricType;

constexpr std::string_view kTotal = "_total";
constexpr std::size_t kLongestNumber = 32;

std::string_view type_word(MetricType type) {
  constexpr std::array<std::string_view, 3> kWords = {"counter", "gauge", "histogram"};
  return kWords[static_cast<std::size_t>(type)];
}

// Whole numbers are most of all values, and several times faster to write than the shortest form of a double.
void append_number(std::string& out, double value) {
  constexpr double kExactlyWhole = 9'007'199'254'740'992;  // 2^53
  if (std::isinf(value)) {
    out += value > 0 ? "+Inf" : "-Inf";
    return;
  }
  std::array<char, kLongestNumber> digits;
  const bool whole = std::fabs(value) < kExactlyWhole && value == std::trunc(value);
  const auto end = whole ? std::to_chars(digits.begin(), digits.end(), static_cast<std::int64_t>(value))
                         : std::to_chars(digits.begin(), digits.end(), value);
  out.append(digits.begin(), end.ptr);
}

std::string bound_text(double bound) {
  std::string text;
  append_number(text, bound);
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

void append_help(std::string& out, std::string_view help, ExpositionFormat format) {
  for (const char character : help) {
    if (character == '\n') {
      out += "\\n";
      continue;
    }
    if (character == '\\' || (character == '"' && format == ExpositionFormat::kOpenMetrics)) out += '\\';
    out += character;
  }
}

}  // namespace

std::string_view content_type(ExpositionFormat format) {
  return format == ExpositionFormat::kText ? "text/plain; version=0.0.4; charset=utf-8"
                                           : "application/openmetrics-text; version=1.0.0; charset=utf-8";
}

Exposition::Exposition(std::vector<std::shared_ptr<const core::MetricsSnapshot>> snapshots, ExpositionFormat format)
    : snapshots_(std::move(snapshots)), format_(format) {}

bool Exposition::next(std::string& piece) {
  piece.clear();
  if (ended_) return false;
  piece.reserve(kPieceBytes + kPieceBytes / 4);
  while (piece.size() < kPieceBytes) {
    if (!advance()) {
      ended_ = true;
      if (format_ == ExpositionFormat::kOpenMetrics) piece += "# EOF\n";
      return !piece.empty();
    }
    const auto& [family, pages] = snapshots_[snapshot_]->families[family_];
    write_page(piece, *family, pages[page_]);
    ++page_;
  }
  return true;
}

// Moves to the next page there is, over families and snapshots; false where there is none.
bool Exposition::advance() {
  for (; snapshot_ < snapshots_.size(); ++snapshot_, family_ = 0, page_ = 0, head_written_ = false) {
    const auto& families = snapshots_[snapshot_]->families;
    for (; family_ < families.size(); ++family_, page_ = 0, head_written_ = false) {
      if (page_ < families[family_].pages.size()) return true;
    }
  }
  return false;
}

// A family without a series that is shown is not named at all, so its head comes with the first of them.
void Exposition::write_family_head(std::string& out, const MetricFamily& family) {
  std::string_view name = family.name;
  const bool counter = family.type == MetricType::kCounter;
  if (counter && format_ == ExpositionFormat::kOpenMetrics) name.remove_suffix(kTotal.size());
  out.append("# HELP ").append(name).append(" ");
  append_help(out, family.help, format_);
  out.append("\n# TYPE ").append(name).append(" ").append(type_word(family.type)).append("\n");

  line_names_.clear();
  line_ends_.clear();
  if (family.type != MetricType::kHistogram) {
    line_names_ = {family.name};
    line_ends_ = {""};
    return;
  }
  for (const double bound : family.bounds) {
    line_names_.push_back(family.name + "_bucket");
    line_ends_.push_back("le=\"" + bound_text(bound) + "\"");
  }
  line_names_.insert(line_names_.end(), {family.name + "_bucket", family.name + "_count", family.name + "_sum"});
  line_ends_.insert(line_ends_.end(), {"le=\"+Inf\"", "", ""});
}

void Exposition::write_page(std::string& out, const MetricFamily& family, const core::SeriesPage& page) {
  const std::size_t width = family.values_per_series(), bounds = family.bounds.size();
  for (std::size_t series = 0; series < page.labels->size(); ++series) {
    const double* values = page.values->data() + series * width;
    if (std::isnan(values[0])) continue;
    if (!head_written_) write_family_head(out, family);
    head_written_ = true;
    const std::string_view labels = page.labels->at(series);
    for (std::size_t line = 0; line < line_names_.size(); ++line) {
      const std::string& end = line_ends_[line];
      out += line_names_[line];
      if (!labels.empty() || !end.empty()) {
        out += '{';
        out += labels;
        if (!labels.empty() && !end.empty()) out += ',';
        out += end;
        out += '}';
      }
      out += ' ';
      // Of a histogram's lines the one of "+Inf" has the count, as the next one has.
      append_number(out, values[line > bounds ? line - 1 : line]);
      out += '\n';
    }
  }
}

std::string expose(std::vector<std::shared_ptr<const core::MetricsSnapshot>> snapshots, ExpositionFormat format) {
  Exposition exposition(std::move(snapshots), format);
  std::string all, piece;
  while (exposition.next(piece)) all += piece;
  return all;
}

}  // namespace sinks
