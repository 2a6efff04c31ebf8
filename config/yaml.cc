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

/// Remembers where the last document began, and the first text that is not UTF-8 any more: yaml-cpp makes a single
/// byte of the escapes "\_" and "\N".
class Survey final : public YAML::EventHandler {
 public:
  int last_document() const { return line_; }
  std::optional<int> foreign() const { return foreign_; }

  void OnDocumentStart(const YAML::Mark& mark) override { line_ = mark.line + 1; }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t, const std::string& text) override {
    if (!foreign_ && foreign_line(text)) foreign_ = mark.line + 1;
  }
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}

 private:
  int line_ = 1;
  std::optional<int> foreign_;
};

/// Reports a second document, and texts that are not UTF-8. YAML::LoadAll would tell of the former too, but never
/// returns from a text that begins with a comma: it sees endless empty documents.
bool sound(const std::string& text, Diagnosis& diagnosis) {
  std::istringstream stream(text);
  YAML::Parser parser(stream);
  Survey survey;
  const bool two = parser.HandleNextDocument(survey) && parser.HandleNextDocument(survey);
  if (two) diagnosis.report(survey.last_document(), "a second document begins, allowed: one");
  if (survey.foreign()) diagnosis.report(*survey.foreign(), R"(\_ or \N is used, allowed: \u00a0 and \u0085 for them)");
  return !two && !survey.foreign();
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
    if (!sound(text, diagnosis)) return {};
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
