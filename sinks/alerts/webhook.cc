#include <fmt/format.h>

#include <chrono>

#include "core/sha256.h"
#include "sinks/alerts/alert_text.h"
#include "sinks/alerts/http_post.h"
#include "sinks/alerts/receivers.h"

namespace sinks {
namespace {

class Webhook final : public AlertChannel {
 public:
  Webhook(const std::string& name, const std::string& url, std::string secret, std::string link)
      : name_("webhook " + name),
        secret_(std::move(secret)),
        link_(std::move(link)),
        http_(core::parse_url(url).value()) {}

  const std::string& name() const override { return name_; }
  core::Result<void> send(std::span<const core::AlertDelivery> deliveries) override {
    const std::string body = alert_json(deliveries.front(), link_);
    HttpHeaders headers = {{"Floorwatch-Delivery", delivery_id(deliveries.front().message)}};
    if (!secret_.empty()) headers.emplace_back("Floorwatch-Signature", signature(body));
    return http_.post("application/json", body, headers);
  }
  void cancel() override { http_.cancel(); }

 private:
  /// With the time of sending in it, so that a receiver can refuse an old message that is sent again by somebody else.
  std::string signature(const std::string& body) const {
    const auto seconds = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    return fmt::format("t={},v1={}", seconds, core::hmac_sha256(secret_, fmt::format("{}.{}", seconds, body)));
  }

  const std::string name_, secret_, link_;
  HttpPost http_;
};

}  // namespace

std::unique_ptr<AlertChannel> make_webhook(const std::string& name, const std::string& url, const std::string& secret,
                                           const std::string& link) {
  return std::make_unique<Webhook>(name, url, secret, link);
}

}  // namespace sinks
