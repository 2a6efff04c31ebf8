// A folder for a store that nobody keeps.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>

namespace app {

/// Made in TMPDIR, and removed with all that is in it. Confined to one thread.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::error_code absent;
    std::string name = (std::filesystem::temp_directory_path(absent) / "floorwatch-verify-XXXXXX").string();
    if (!absent && ::mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  /// False: it could not be made.
  bool usable() const { return !path_.empty(); }
  std::string store_url() const { return "sqlite:" + (path_ / "scratch.db").string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace app
