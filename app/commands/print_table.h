// How commands print a table of figures: one place for the three forms and for an output that cannot be written.
#pragma once

#include <string>
#include <vector>

#include "core/figure_table.h"

namespace app {

/// Anything on standard output. The exit status: 3 where it cannot be written.
int print_text(const std::string& text);

/// `format` is table, csv or json. The exit status: 3 where standard output cannot be written.
int print_table(const core::FigureTable& table, const std::string& format);

/// The same for csv and json, row by row: a table of any length takes no memory. Confined to one thread.
class RowPrinter {
 public:
  RowPrinter(std::vector<std::string> columns, const std::string& format);
  /// Whether standard output can still be written.
  bool print(const std::vector<core::Value>& row);
  /// After the last row: the exit status.
  int end();

 private:
  bool write();

  core::RowWriter writer_;
  std::string text_;
};

}  // namespace app
