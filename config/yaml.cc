#include "config/yaml.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <string_view>

#include "core/json_text.h"

namespace config {
namespace {

/// The line of the first byte that is not UTF-8, which yaml-cpp would let through.
std::optional<int> foreign_line(std::string_view text) {
  int line = 1;
  while (!text.empty()) {
    const std::size_t bytes = core::utf8_sequence(text);
    if (bytes == 0) return line;
    if (text.front() == '\n') ++line;
    text.remove_prefix(bytes);
  }
  return std::nullopt;
}

/// The line of the first control character, which YAML forbids. yaml-cpp takes NUL for the sign of an escape.
std::optional<int> control_line(std::string_view text) {
  const auto at = std::ranges::find_if(
      text, [](unsigned char c) { return c == 0x7f || (c < ' ' && c != '\t' && c != '\n' && c != '\r'); });
  if (at == text.end()) return std::nullopt;
  return static_cast<int>(std::count(text.begin(), at, '\n')) + 1;
}

/// Remembers where the last document began.
class DocumentStarts final : public YAML::EventHandler {
 public:
  int line() const { return line_; }

  void OnDocumentStart(const YAML::Mark& mark) override { line_ = mark.line + 1; }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}

 private:
  int line_ = 1;
};

/// Where a second document begins. YAML::LoadAll would say so too, but never returns from a text that begins with a
/// comma: it sees endless empty documents.
std::optional<int> second_document(const std::string& text) {
  std::istringstream stream(text);
  YAML::Parser parser(stream);
  DocumentStarts starts;
  const bool two = parser.HandleNextDocument(starts) && parser.HandleNextDocument(starts);
  return two ? std::optional(starts.line()) : std::nullopt;
}

}  // namespace

YAML::Node parse_yaml(const std::string& text, Diagnosis& diagnosis) {
  if (const auto line = foreign_line(text)) {
    diagnosis.report(*line, "a byte is not UTF-8, allowed: a YAML mapping in UTF-8");
    return {};
  }
  if (const auto line = control_line(text)) {
    diagnosis.report(*line, "a control character, allowed: a YAML mapping in UTF-8");
    return {};
  }
  try {
    if (const auto line = second_document(text)) {
      diagnosis.report(*line, "a second document begins, allowed: one");
      return {};
    }
    return YAML::Load(text);
  } catch (const YAML::Exception& error) {
    const int line = error.mark.is_null() ? 1 : error.mark.line + 1;
    // yaml-cpp quotes the character that it does not know, which may be the end of a line.
    std::string why = error.msg;
    std::ranges::replace_if(why, [](unsigned char c) { return c < ' '; }, ' ');
    diagnosis.report(line, fmt::format("not YAML: {}, allowed: a YAML mapping", why));
    return {};
  }
}

}  // namespace config
