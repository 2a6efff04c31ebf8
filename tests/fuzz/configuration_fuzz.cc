// Any bytes as a configuration: refused with lines that exist, or read, printed and read again to the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "config/load.h"
#include "config/print.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const config::LoadOptions options{.resolve_secrets = false,
                                    .read_files = false};  // No input may read files or the environment.
  const auto loaded = config::load(text, "fuzz", options);
  if (!loaded) {
    if (loaded.error().empty()) std::abort();
    for (const auto& error : loaded.error()) {
      if (error.line < 1 || error.message.find('\n') != std::string::npos) std::abort();
    }
    return 0;
  }
  const std::string printed = config::print(*loaded);
  const auto again = config::load(printed, "printed", options);
  if (!again || config::print(*again) != printed) std::abort();
  if (again->figures.fingerprint() != loaded->figures.fingerprint()) std::abort();
  return 0;
}
