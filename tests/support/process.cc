#include "tests/support/process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <utility>

namespace test_support {
namespace {

/// In the child, between fork and exec: no allocation, as another thread may have held the allocator's lock.
[[noreturn]] void become(char* const* arguments, char* const* environment, const char* output, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);
  const int target = ::open(output, O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::dup2(target, STDOUT_FILENO);
  ::dup2(target, STDERR_FILENO);
  ::execvpe(arguments[0], arguments, environment);
  ::_exit(127);
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (auto& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

}  // namespace

Process::Process(const std::vector<std::string>& command, const std::string& output,
                 const std::map<std::string, std::string>& environment) {
  auto arguments = command;
  // Later entries would not override earlier ones: ours come first.
  std::vector<std::string> variables;
  for (const auto& [name, value] : environment) variables.push_back(name + "=" + value);
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string text = *variable;
    if (!environment.contains(text.substr(0, text.find('=')))) variables.push_back(text);
  }
  const auto argument_pointers = pointers(arguments), variable_pointers = pointers(variables);
  const std::string target = output.empty() ? "/dev/null" : output;
  const pid_t parent = ::getpid();
  id_ = ::fork();
  if (id_ < 0) throw std::runtime_error("cannot make a process");
  if (id_ == 0) become(argument_pointers.data(), variable_pointers.data(), target.c_str(), parent);
}

Process::~Process() {
  if (id_ > 0) end(SIGKILL);
}

Process::Process(Process&& other) noexcept : id_(std::exchange(other.id_, -1)), status_(other.status_) {}

Process& Process::operator=(Process&& other) noexcept {
  std::swap(id_, other.id_);
  std::swap(status_, other.status_);
  return *this;
}

bool Process::running() { return id_ > 0 && !ends_within(core::Millis{0}); }

void Process::signal(int number) const {
  if (id_ > 0) ::kill(id_, number);
}

int Process::wait() {
  if (id_ <= 0) return status_;
  int status = 0;
  while (::waitpid(id_, &status, 0) < 0 && errno == EINTR) {
  }
  id_ = -1;
  status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return status_;
}

int Process::end(int signal_number) {
  signal(signal_number);
  return wait();
}

bool Process::ends_within(core::Millis patience) {
  if (id_ <= 0) return true;
  const int descriptor = static_cast<int>(::syscall(SYS_pidfd_open, id_, 0));
  pollfd ended{descriptor, POLLIN, 0};
  const bool done = ::poll(&ended, 1, static_cast<int>(patience.count())) == 1;
  ::close(descriptor);
  if (done) wait();
  return done;
}

int free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  const bool bound = ::bind(socket, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                     ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  ::close(socket);
  if (!bound) throw std::runtime_error("no free loopback port");
  return ntohs(address.sin_port);
}

}  // namespace test_support
