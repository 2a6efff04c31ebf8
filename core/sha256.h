// SHA-256 over pieces of text: the state digest, the configuration's fingerprint, the name of an input file, the
// signature of an alert.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;  // OpenSSL's EVP_MD_CTX: only the source file needs its headers.

namespace core {

/// An incremental hash. Pieces follow each other without a separator: update("a"), update("b") equals update("ab").
/// Throws std::runtime_error where OpenSSL refuses (out of memory, a build without SHA-256). Confined to one thread.
class Sha256 {
 public:
  Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  ~Sha256();

  Sha256& update(std::string_view piece);

  /// The hash of all pieces so far, as 64 lower-case hexadecimal digits; more pieces may follow.
  std::string hex() const;
  std::array<unsigned char, 32> bytes() const;

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

/// HMAC with SHA-256 (RFC 2104), as 64 lower-case hexadecimal digits. Throws as Sha256 does. Thread-safe.
std::string hmac_sha256(std::string_view key, std::string_view text);

}  // namespace core
