#include "app/commands/print_table.h"

#include <cstdio>

#include "app/commands/command.h"
#include "app/open_store.h"

namespace app {
namespace {

/// The exit status, when all is written.
int written() {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return kDone;
  return report({kEnvironmentFailed, "standard output cannot be written"});
}

}  // namespace

int print_text(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  return written();
}

int print_table(const core::FigureTable& table, const std::string& format) {
  return print_text(format == "csv"    ? core::to_csv(table)
                    : format == "json" ? core::to_json(table)
                                       : core::to_text(table));
}

RowPrinter::RowPrinter(std::vector<std::string> columns, const std::string& format)
    : writer_(std::move(columns), format == "csv" ? core::RowWriter::Form::kCsv : core::RowWriter::Form::kJson) {
  writer_.begin(text_);
}

bool RowPrinter::print(const std::vector<core::Value>& row) {
  writer_.row(row, text_);
  return write();
}

int RowPrinter::end() {
  writer_.end(text_);
  write();
  return written();
}

bool RowPrinter::write() {
  std::fwrite(text_.data(), 1, text_.size(), stdout);
  text_.clear();
  return std::ferror(stdout) == 0;
}

}  // namespace app
