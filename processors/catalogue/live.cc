#include "processors/catalogue/catalogue.h"

namespace processors {

CatalogueTable live_table() {
  return {std::nullopt,
          "Recovery help, only on /metrics",
          "For queues whose profile has a target: what the last half-hour's calls would need. Not kept in the store.",
          "the last half-hour, as of the moment shown.",
          {{.name = "agents_needed",
            .symbols = "min n: ErlangC(n, λ, AHT, T) ≥ target",
            .words =
                "The fewest agents with whom calls at the last half-hour's rate and handle time would meet the target.",
            .unit = "agents",
            .edges = "No calls or no handle time in the half-hour: no value.",
            .series = {"floorwatch_agents_needed"}},
           {.name = "service_level_expected",
            .symbols = "ErlangC(agents there, λ, AHT, T)",
            .words =
                "The service level of such calls with the agents who are available, ringing, on contact or in wrap-up.",
            .unit = "ratio",
            .edges = "Fewer agents than the calls' work needs: 0.",
            .series = {"floorwatch_service_level_expected_ratio"}}}};
}

}  // namespace processors
