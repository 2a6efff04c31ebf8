#include "tests/support/faulty_vfs.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <thread>

namespace test_support {

/// A file of this VFS is followed in memory by the one below it, to which all calls go that do not fail.
struct FaultyVfs::Calls {
  struct File {
    sqlite3_file base;
    FaultyVfs* vfs;
    sqlite3_io_methods methods;
  };
  static File* of(sqlite3_file* file) { return reinterpret_cast<File*>(file); }
  static sqlite3_file* below(sqlite3_file* file) { return reinterpret_cast<sqlite3_file*>(of(file) + 1); }
  static const sqlite3_io_methods* next(sqlite3_file* file) { return below(file)->pMethods; }

  /// Calls the function of the file below.
  template <auto Method, typename... Arguments>
  static auto pass(sqlite3_file* file, Arguments... arguments) {
    return (next(file)->*Method)(below(file), arguments...);
  }
  /// The same, unless it is to fail.
  template <Call Kind, auto Method, typename... Arguments>
  static int guarded(sqlite3_file* file, Arguments... arguments) {
    if (const int code = of(file)->vfs->outcome(Kind); code != SQLITE_OK) return code;
    return pass<Method>(file, arguments...);
  }

  static int open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* out_flags) {
    auto* self = static_cast<FaultyVfs*>(vfs->pAppData);
    file->pMethods = nullptr;
    if (const int code = self->outcome(Call::kOpen); code != SQLITE_OK) return code;
    if (self->read_only_) {
      flags = (flags & ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)) | SQLITE_OPEN_READONLY;
    }
    of(file)->vfs = self;
    const int code = self->below_->xOpen(self->below_, name, below(file), flags, out_flags);
    if (next(file) != nullptr) file->pMethods = wrap(file);
    return code;
  }
  static const sqlite3_io_methods* wrap(sqlite3_file* file) {
    using Io = sqlite3_io_methods;
    Io& methods = of(file)->methods;
    methods = {};
    methods.iVersion = 2;
    methods.xClose = [](sqlite3_file* f) { return pass<&Io::xClose>(f); };
    methods.xRead = [](sqlite3_file* f, void* to, int n, sqlite3_int64 at) { return pass<&Io::xRead>(f, to, n, at); };
    methods.xWrite = [](sqlite3_file* f, const void* from, int n, sqlite3_int64 at) {
      return guarded<Call::kWrite, &Io::xWrite>(f, from, n, at);
    };
    methods.xTruncate = [](sqlite3_file* f, sqlite3_int64 size) { return pass<&Io::xTruncate>(f, size); };
    methods.xSync = [](sqlite3_file* f, int flags) { return guarded<Call::kSync, &Io::xSync>(f, flags); };
    methods.xFileSize = [](sqlite3_file* f, sqlite3_int64* size) { return pass<&Io::xFileSize>(f, size); };
    methods.xLock = [](sqlite3_file* f, int level) { return pass<&Io::xLock>(f, level); };
    methods.xUnlock = [](sqlite3_file* f, int level) { return pass<&Io::xUnlock>(f, level); };
    methods.xCheckReservedLock = [](sqlite3_file* f, int* out) { return pass<&Io::xCheckReservedLock>(f, out); };
    methods.xFileControl = [](sqlite3_file* f, int op, void* arg) { return pass<&Io::xFileControl>(f, op, arg); };
    methods.xSectorSize = [](sqlite3_file* f) { return pass<&Io::xSectorSize>(f); };
    methods.xDeviceCharacteristics = [](sqlite3_file* f) { return pass<&Io::xDeviceCharacteristics>(f); };
    methods.xShmMap = [](sqlite3_file* f, int page, int size, int extend, void volatile** out) {
      return pass<&Io::xShmMap>(f, page, size, extend, out);
    };
    // In WAL mode the locks of transactions are those of the shared memory.
    methods.xShmLock = [](sqlite3_file* f, int offset, int n, int flags) {
      const bool write = (flags & SQLITE_SHM_LOCK) != 0 && (flags & SQLITE_SHM_EXCLUSIVE) != 0;
      return write ? guarded<Call::kLock, &Io::xShmLock>(f, offset, n, flags)
                   : pass<&Io::xShmLock>(f, offset, n, flags);
    };
    methods.xShmBarrier = [](sqlite3_file* f) { pass<&Io::xShmBarrier>(f); };
    methods.xShmUnmap = [](sqlite3_file* f, int remove) { return pass<&Io::xShmUnmap>(f, remove); };
    return &methods;
  }
};

FaultyVfs::FaultyVfs() : below_(sqlite3_vfs_find(nullptr)) {
  vfs_ = *below_;
  vfs_.pNext = nullptr;
  vfs_.zName = "faulty";
  vfs_.pAppData = this;
  vfs_.szOsFile = static_cast<int>(sizeof(Calls::File)) + below_->szOsFile;
  vfs_.xOpen = Calls::open;
  // Who waits for a lock has waited. But not for nothing: SQLite gives up where a hundred looks at a log that another
  // thread is writing have been in vain.
  vfs_.xSleep = [](sqlite3_vfs*, int microseconds) {
    std::this_thread::sleep_for(std::chrono::microseconds(std::min(microseconds, 1000)));
    return microseconds;
  };
  if (sqlite3_vfs_register(&vfs_, 1) != SQLITE_OK) throw std::runtime_error("the VFS cannot be registered");
}

FaultyVfs::~FaultyVfs() { sqlite3_vfs_unregister(&vfs_); }

void FaultyVfs::fail(Call call, int code, int nth) {
  fault_ = Fault{call, code, nth};
  failed_ = 0;
}

int FaultyVfs::outcome(Call call) {
  if (before_ && (call == Call::kWrite || call == Call::kSync)) before_();
  if (!fault_ || fault_->call != call || --fault_->after > 0) return SQLITE_OK;
  ++failed_;
  return fault_->code;
}

}  // namespace test_support
