#include "app/last_words.h"

#include <unistd.h>

#include <boost/system/system_error.hpp>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <string_view>
#include <system_error>

#include "app/commands/command.h"

namespace app {
namespace {

/// Allocates nothing: there may be no memory.
[[noreturn]] void end(std::string_view text) {
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text.data(), text.size());
  _exit(kEnvironmentFailed);
}

[[noreturn]] void out_of_memory() {
  end("floorwatch: out of memory: raise the limit (MemoryMax= of systemd, ulimit -v) or keep less in the store. What "
      "was committed is kept; started again, it goes on from there\n");
}

[[noreturn]] void refused(const char* what) {
  std::fprintf(stderr, "floorwatch: the system refuses: %s: raise the limits of open files, threads and memory ", what);
  end("(LimitNOFILE=, TasksMax=, MemoryMax= of systemd, ulimit -n, -u, -v)\n");
}

[[noreturn]] void uncaught() {
  try {
    if (const auto exception = std::current_exception()) std::rethrow_exception(exception);
  } catch (const std::bad_alloc&) {
    out_of_memory();
  } catch (const std::system_error& error) {
    refused(error.what());
  } catch (const boost::system::system_error& error) {
    refused(error.what());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "floorwatch: a fault in the program: %s\n", error.what());
  } catch (...) {
    std::fputs("floorwatch: a fault in the program\n", stderr);
  }
  std::abort();
}

}  // namespace

void install_last_words() {
  std::set_new_handler(out_of_memory);
  std::set_terminate(uncaught);
}

}  // namespace app
