// What is said when the program cannot go on: without memory, or by an exception that nobody caught.
#pragma once

namespace app {

/// From now on, in every thread: out of memory, or of threads, ends the process with a message and status 3; another
/// exception that is not caught is named before the process aborts. Nothing is set in order on the way out: the store
/// is that of its last commit, and free at once for the next process.
void install_last_words();

}  // namespace app
