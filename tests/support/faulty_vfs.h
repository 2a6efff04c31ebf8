// SQLite's road to the disk, with faults at will: what the store does when the disk is full, read-only or broken.
#pragma once

#include <sqlite3.h>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

namespace test_support {

/// While it lives every SQLite file of this process is opened through it. One at a time; confined to one thread.
class FaultyVfs {
 public:
  enum class Call { kOpen, kWrite, kSync, kLock };

  FaultyVfs();
  ~FaultyVfs();
  FaultyVfs(const FaultyVfs&) = delete;
  FaultyVfs& operator=(const FaultyVfs&) = delete;

  /// From the `nth` (counted from 1) such call on, every one fails with SQLite's `code`; until heal().
  void fail(Call call, int code, int nth = 1);
  void heal() { fault_.reset(); }
  /// How many calls have failed since the last fail().
  int failed() const { return failed_; }
  /// `before` is called before every write and sync, by the thread that makes it. Before any file is opened.
  void watch(std::function<void()> before) { before_ = std::move(before); }
  /// Files that are opened from now on can only be read, as on a file system that is mounted so.
  void make_read_only() { read_only_ = true; }

 private:
  struct Fault {
    Call call;
    int code, after;
  };
  struct Calls;  // SQLite's tables of functions.
  int outcome(Call call);

  sqlite3_vfs* below_;
  sqlite3_vfs vfs_{};
  std::function<void()> before_;
  std::optional<Fault> fault_;
  int failed_ = 0;
  bool read_only_ = false;
};

}  // namespace test_support
