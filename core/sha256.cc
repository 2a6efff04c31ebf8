#include "core/sha256.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <iterator>
#include <stdexcept>

namespace core {
namespace {

void require(int openssl_result) {
  if (openssl_result != 1) throw std::runtime_error("OpenSSL cannot compute SHA-256");
}

}  // namespace

void Sha256::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  require(context_ != nullptr);
  require(EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr));
}

Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

Sha256& Sha256::update(std::string_view piece) {
  require(EVP_DigestUpdate(context_.get(), piece.data(), piece.size()));
  return *this;
}

std::array<unsigned char, 32> Sha256::bytes() const {
  // Finishing ends a context, so a copy is finished and this one stays open for more.
  const std::unique_ptr<evp_md_ctx_st, Free> copy(EVP_MD_CTX_new());
  require(copy != nullptr);
  require(EVP_MD_CTX_copy_ex(copy.get(), context_.get()));
  std::array<unsigned char, 32> bytes{};
  require(EVP_DigestFinal_ex(copy.get(), bytes.data(), nullptr));
  return bytes;
}

std::string Sha256::hex() const { return fmt::format("{:02x}", fmt::join(bytes(), "")); }

std::string hmac_sha256(std::string_view key, std::string_view text) {
  std::array<unsigned char, 32> bytes{};
  unsigned length = 0;
  const auto* data = reinterpret_cast<const unsigned char*>(text.data());
  require(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), data, text.size(), bytes.data(), &length) !=
          nullptr);
  return fmt::format("{:02x}", fmt::join(bytes, ""));
}

}  // namespace core
