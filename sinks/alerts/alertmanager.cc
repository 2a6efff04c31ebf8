#include <algorithm>
#include <chrono>
#include <vector>

#include "sinks/alerts/alert_text.h"
#include "sinks/alerts/http_post.h"
#include "sinks/alerts/receivers.h"

namespace sinks {
namespace {

constexpr core::Millis kRefresh{60'000};
constexpr std::size_t kMostAtOnce = 200;
/// As Prometheus does: an alert outlives some refreshes that did not come through.
constexpr int kRefreshesMissed = 4;

core::WallTime wall_now() { return std::chrono::floor<core::Millis>(std::chrono::system_clock::now()); }

core::Url api_of(const std::string& url) {
  core::Url api = core::parse_url(url).value();
  if (api.target.ends_with('/')) api.target.pop_back();
  api.target += "/api/v2/alerts";
  return api;
}

class Alertmanager final : public AlertChannel {
 public:
  Alertmanager(const std::string& url, std::string link)
      : name_("alertmanager " + url), link_(std::move(link)), http_(api_of(url)) {}

  const std::string& name() const override { return name_; }
  std::size_t most_at_once() const override { return kMostAtOnce; }
  core::Result<void> send(std::span<const core::AlertDelivery> deliveries) override {
    std::vector<AlertmanagerAlert> all;
    for (const core::AlertDelivery& delivery : deliveries) all.push_back({&delivery.alert, delivery.message.stage});
    return post(all);
  }
  core::Millis refresh_every() const override { return kRefresh; }
  core::Result<void> refresh(std::span<const core::Alert> firing) override {
    for (; !firing.empty(); firing = firing.subspan(std::min(kMostAtOnce, firing.size()))) {
      std::vector<AlertmanagerAlert> some;
      for (const core::Alert& alert : firing.first(std::min(kMostAtOnce, firing.size()))) {
        some.push_back({&alert, core::AlertStage::kFiring});
      }
      if (auto posted = post(some); !posted) return posted;
    }
    return {};
  }
  void cancel() override { http_.cancel(); }

 private:
  core::Result<void> post(std::span<const AlertmanagerAlert> alerts) {
    return http_.post("application/json", alertmanager_json(alerts, wall_now() + kRefreshesMissed * kRefresh, link_));
  }

  const std::string name_, link_;
  HttpPost http_;
};

}  // namespace

std::unique_ptr<AlertChannel> make_alertmanager(const std::string& url, const std::string& link) {
  return std::make_unique<Alertmanager>(url, link);
}

}  // namespace sinks
