// A plot of a contract's days as inline SVG: the figure against its target, and below it the volume.
#pragma once

#include <string>
#include <vector>

#include "app/report/report.h"

namespace app {

/// Colours and fonts come from the page. Empty where no day has a figure.
std::string plot_days(const std::vector<processors::ContractFigure>& days, const date::time_zone& zone,
                      const std::string& title);

/// "2026-03-02": the date of the client's calendar on which a day begins.
std::string date_text(const processors::ContractFigure& day, const date::time_zone& zone);

/// Text in a page: &, <, > and quotes as entities, and bytes that are not UTF-8 replaced.
std::string html_text(const std::string& text);

}  // namespace app
