#include "core/alert.h"

#include "core/sha256.h"

namespace core {

AlertUnit unit_of(AlertFigure figure, AlertUnit contract) {
  switch (figure) {
    case AlertFigure::kServiceLevel:
    case AlertFigure::kAbandonmentRate:
    case AlertFigure::kOccupancy:
    case AlertFigure::kLeadResponse:
      return AlertUnit::kShare;
    case AlertFigure::kMeanWait:
    case AlertFigure::kMeanHandle:
    case AlertFigure::kOldestWait:
    case AlertFigure::kMeanFirstResponse:
    case AlertFigure::kOldestUnanswered:
    case AlertFigure::kLeadDue:
      return AlertUnit::kSpan;
    case AlertFigure::kPeriod:
    case AlertFigure::kProjection:
      return contract;
    default:
      return AlertUnit::kNumber;
  }
}

AlertFigure alert_figure_of(Metric metric) {
  switch (metric) {
    case Metric::kMeanWait:
      return AlertFigure::kMeanWait;
    case Metric::kAbandonmentRate:
      return AlertFigure::kAbandonmentRate;
    case Metric::kMeanHandle:
      return AlertFigure::kMeanHandle;
    case Metric::kLeadResponse:
      return AlertFigure::kLeadResponse;
    case Metric::kOccupancy:
      return AlertFigure::kOccupancy;
    case Metric::kFirstResponse:  // Its threshold is the profile's own: only contracts count by it.
      return AlertFigure::kPeriod;
    case Metric::kServiceLevel:
      break;
  }
  return AlertFigure::kServiceLevel;
}

std::string alert_id(const AlertKey& key, EventTime started) {
  Sha256 sum;
  for (const std::string* part : {&key.client, &key.profile, &key.name, &key.queue}) {
    sum.update(*part).update(std::string_view("\0", 1));
  }
  return sum.update(std::to_string(to_ms(started))).hex().substr(0, 32);
}

}  // namespace core
