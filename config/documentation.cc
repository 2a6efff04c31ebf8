#include "config/documentation.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>

#include "config/keys.h"

namespace config {
namespace {

constexpr std::string_view kIntroduction = R"(# Configuration

This page is generated from the table in `config/keys.cc`; edit the table, not the page.

One YAML file holds everything. A small one:

```yaml
sources:
  - name: manila
    kafka: {brokers: "localhost:9092", topics: [contact-events]}
clients:
  acme:
    timezone: America/New_York
    queues: [acme-sales, acme-care]
    sla:
      - name: voice
        applies_to: {channels: [voice]}
        versions:
          - {valid_from: 2026-01-01, formula: offered_less_short, threshold: 20s, short_abandon: 5s}
```

`floorwatch check --config FILE` says what is wrong, all of it, as `FILE:LINE: what is wrong, what is allowed`;
with `--print` it shows the file with all defaults and with secrets masked.

- A key that this page does not name is an error, and so is one that stands twice.
- Durations are a number and a unit: `250ms`, `20s`, `4.999s`, `5m`, `4h`, `14d`. So are sizes: `512B`, `64KiB`,
  `64MiB`, `1GiB`, `1TiB`.
- A single word may stand for a list of one.
- Secrets stay out of the file: `{env: NAME}` takes the value of an environment variable, `{file: PATH}` the content
  of a file without its last line end. They may stand for every value of `properties`.
- In a path `[]` stands for each entry of a list and `*` for a name that you choose.
- An empty file, or none, is enough for `floorwatch replay --input`; `floorwatch run` needs a source.
)";

bool is_container(Kind kind) {
  return kind == Kind::kSection || kind == Kind::kSections || kind == Kind::kNamedSections;
}

/// "store" of "store.url", "sources" of "sources[].name".
std::string_view top(std::string_view path) { return path.substr(0, path.find_first_of(".[")); }

std::string default_words(const Key& key) {
  if (key.required) return "required";
  return key.fallback.empty() ? "" : fmt::format("`{}`", key.fallback);
}

void write_row(std::string& page, const Key& key) {
  fmt::format_to(std::back_inserter(page), "| `{}` | {} | {} | {} |\n", key.path, allowed_values(key),
                 default_words(key), key.meaning);
}

void write_group(std::string& page, const Key& head) {
  fmt::format_to(std::back_inserter(page),
                 "\n## {}\n\n{}\n\n| key | allowed | default | meaning |\n| --- | --- | --- | --- |\n", head.path,
                 head.meaning);
  for (const Key& key : keys()) {
    const bool shown = key.kind != Kind::kLater && (&key != &head || !is_container(key.kind));
    if (shown && top(key.path) == top(head.path)) write_row(page, key);
  }
}

}  // namespace

std::string documentation() {
  std::string page(kIntroduction);
  for (const Key* head : keys_below("")) {
    if (head->kind != Kind::kLater) write_group(page, *head);
  }
  page += "\n## Not yet supported\n\nThese keys are known and refused in this version:\n\n";
  for (const Key& key : keys()) {
    if (key.kind == Kind::kLater) fmt::format_to(std::back_inserter(page), "- `{}`: {}\n", key.path, key.meaning);
  }
  page += "- `store.url` with `postgresql://…`, and the formats of sources that are not named above.\n";
  return page;
}

}  // namespace config
