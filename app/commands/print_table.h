// How commands print a table of figures: one place for the three forms and for an output that cannot be written.
#pragma once

#include <string>

#include "core/figure_table.h"

namespace app {

/// `format` is table, csv or json. The exit status: 3 where standard output cannot be written.
int print_table(const core::FigureTable& table, const std::string& format);

}  // namespace app
