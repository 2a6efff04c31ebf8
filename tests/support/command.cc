#include "tests/support/command.h"

#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace test_support {

Ran run_command(const std::vector<std::string>& command) {
  const TempDir folder;
  // Process writes both streams to one file: a shell that becomes the command takes standard error apart.
  std::vector<std::string> words = {"/bin/sh", "-c", "out=$1; err=$2; shift 2; exec \"$@\" >\"$out\" 2>\"$err\"", "sh",
                                    folder / "out", folder / "err"};
  words.insert(words.end(), command.begin(), command.end());
  Process process(words);
  Ran ran;
  ran.status = process.wait();
  ran.out = folder.read("out");
  ran.err = folder.read("err");
  return ran;
}

}  // namespace test_support
