#include "app/commands/convert.h"

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "app/make_sources.h"
#include "app/open_store.h"
#include "core/periods.h"
#include "ingest/canonical_writer.h"
#include "ingest/file_source.h"
#include "ingest/formats/formats.h"

namespace app {
namespace {

struct ConvertOptions {
  std::string from = "canonical", timezone = "UTC", name = "log";
  std::vector<std::string> inputs;
};

int convert(const ConvertOptions& options) {
  if (core::find_zone(options.timezone) == nullptr) {
    return report({kWrongArguments, fmt::format("--timezone {}: allowed: IANA names, such as Europe/Kyiv", options.timezone)});
  }
  auto decoder = ingest::make_decoder(options.from, {options.name, options.timezone});
  if (!decoder) return report({kWrongArguments, decoder.error().message});
  ingest::FileOptions file;
  file.source = options.name;
  file.paths = options.inputs;
  ingest::FileSource source(file);
  if (auto started = source.start({}); !started) return report({kWrongArguments, started.error().message});
  core::DecodedBatch decoded;
  std::uint64_t rejected = 0;
  for (auto state = core::Source::State::kMore; state != core::Source::State::kFinished;) {
    core::RawBatch batch;
    auto polled = source.poll(batch, core::Millis{100});
    decoded.clear();
    for (std::uint32_t i = 0; i < batch.messages.size(); ++i) (*decoder)->decode(batch.messages[i], i, decoded);
    std::string lines;
    for (const auto& event : decoded.events) {
      ingest::write_canonical(event, lines);
      lines += '\n';
    }
    std::fwrite(lines.data(), 1, lines.size(), stdout);
    for (const auto& rejection : decoded.rejections) {
      const auto& message = batch.messages[rejection.message];
      fmt::print(stderr, "{}:{}: {}: {}\n", batch.partitions[message.partition].label, message.line,
                 core::kRejectReasonWords[core::index(rejection.reason)], rejection.detail);
      ++rejected;
    }
    for (const auto& fault : batch.faults) {
      fmt::print(stderr, "{}: {}\n", fault.position, fault.detail), ++rejected;
    }
    if (!polled) return report({kEnvironmentFailed, polled.error().message});
    state = *polled;
  }
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) return report({kEnvironmentFailed, "standard output cannot be written"});
  return rejected == 0 ? kDone : kAnswerIsNo;
}

}  // namespace

void add_convert(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("convert", "Any source format to canonical events, on standard output");
  const auto o = std::make_shared<ConvertOptions>();
  command->add_option("--from", o->from, "The format: " + ingest::format_names())->required();
  command->add_option("--timezone", o->timezone, "IANA zone of times without an offset")->capture_default_str();
  command->add_option("--name", o->name, "The source's name, part of the events' source")->capture_default_str();
  command->add_option("input", o->inputs, "Files, plain, .gz or .zst; - is standard input")->required();
  command->footer("Example:\n  floorwatch convert --from asterisk-queue-log --timezone Europe/Kyiv queue_log > events.ndjson\n"
                  "Lines that are not understood are told on standard error; the exit status is 1 then.");
  command->callback([o, &exit_code] { exit_code = convert(*o); });
}

}  // namespace app
