#include "ingest/file_source.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace ingest {
namespace {

using core::Millis;

// How long a line may wait in a followed file. Looking costs two system calls a file.
constexpr Millis kLookAgain{20};

core::WallTime wall_now() { return std::chrono::floor<Millis>(std::chrono::system_clock::now()); }

/// Says early what is wrong with a path. A named pipe is not opened yet: that would wait for its writer.
core::Result<void> check(const std::string& path) {
  struct stat found{};
  if (path == "-" || (::stat(path.c_str(), &found) == 0 && S_ISFIFO(found.st_mode))) return {};
  const auto input = RawInput::open(path);
  if (!input) return tl::unexpected(input.error());
  return {};
}

FileOptions corrected(FileOptions options) {
  options.block = std::max(options.block, 2 * options.max_line);
  return options;
}

}  // namespace

FileSource::FileSource(FileOptions options)
    : options_(corrected(std::move(options))),
      blocks_(std::make_shared<BlockPool>(options_.block)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

FileSource::~FileSource() {
  if (wake_ >= 0) ::close(wake_);
}

core::Result<void> FileSource::start(const core::ResumePoints& resume) {
  resume_ = resume;
  for (const auto& path : options_.paths) {
    const auto readable = check(path);
    if (!readable) return readable;
  }
  if (wake_ < 0) return core::fail("cannot make an event descriptor: too many files are open");
  if (options_.follow) {
    for (const auto& path : options_.paths) {
      tails_.push_back(std::make_unique<LogTail>(path, options_, blocks_));
      const auto started = tails_.back()->start(resume_);
      if (!started) return started;
    }
  }
  report(true, {});
  return {};
}

core::Result<core::Source::State> FileSource::poll(core::RawBatch& batch, Millis patience) {
  if (failure_) {
    const auto failure = *failure_;
    if (failure.retry_after) failure_.reset();
    report(false, failure.message);
    return tl::unexpected(failure);
  }
  batch.source = options_.source;
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (true) {
    batch.partitions.clear();
    const auto more = options_.follow ? read_all(batch) : read_one_after_another(batch);
    if (!more) return give_then_fail(more.error(), batch);
    if (*more || !batch.messages.empty() || !batch.faults.empty()) break;
    if (tails_.empty()) return State::kFinished;
    const auto left = std::chrono::ceil<Millis>(deadline - std::chrono::steady_clock::now());
    if (left <= Millis::zero() || stopping_) return State::kIdle;
    wait(left);
  }
  remember(batch);
  return State::kMore;
}

core::Result<core::Source::State> FileSource::give_then_fail(const core::Failure& failure, core::RawBatch& batch) {
  failure_ = failure;
  if (batch.messages.empty() && batch.faults.empty()) return poll(batch, Millis::zero());
  remember(batch);
  return State::kMore;
}

/// True while there may be more at once.
core::Result<bool> FileSource::read_one_after_another(core::RawBatch& batch) {
  if (tails_.empty()) {
    if (next_path_ == options_.paths.size()) return false;
    const auto begun = begin_next();
    if (!begun) return tl::unexpected(begun.error());
  }
  const auto outcome = tails_.front()->read(batch, wall_now());
  if (!outcome) return tl::unexpected(outcome.error());
  if (!tails_.front()->finished()) return *outcome == Read::Outcome::kData;
  remember(batch);
  tails_.clear();
  if (next_path_ == options_.paths.size()) {
    const std::lock_guard lock(mutex_);
    health_.caught_up = true;
    return false;
  }
  const auto begun = begin_next();
  if (!begun) return tl::unexpected(begun.error());
  return true;
}

core::Result<void> FileSource::begin_next() {
  auto tail = std::make_unique<LogTail>(options_.paths[next_path_++], options_, blocks_);
  auto started = tail->start(resume_);
  if (started) tails_.push_back(std::move(tail));
  return started;
}

core::Result<bool> FileSource::read_all(core::RawBatch& batch) {
  bool more = false;
  for (const auto& tail : tails_) {
    if (tail->finished()) continue;
    const auto outcome = tail->read(batch, wall_now());
    if (!outcome) return tl::unexpected(outcome.error());
    more = more || *outcome == Read::Outcome::kData;
  }
  if (std::ranges::all_of(tails_, &LogTail::caught_up)) report(true, {});
  std::erase_if(tails_, [](const auto& tail) { return tail->finished(); });
  return more;
}

/// Within one run, too, a file that was read is known: listed twice, it is read once.
void FileSource::remember(const core::RawBatch& batch) {
  if (options_.follow) return;
  for (const auto& partition : batch.partitions) resume_[partition.key] = {partition.next_offset, partition.next_line};
}

void FileSource::wait(Millis patience) {
  std::vector<pollfd> waited{{wake_, POLLIN, 0}};
  for (const auto& tail : tails_)
    if (tail->pipe() >= 0) waited.push_back({tail->pipe(), POLLIN, 0});
  const bool files = waited.size() - 1 < tails_.size();
  ::poll(waited.data(), waited.size(), static_cast<int>((files ? std::min(patience, kLookAgain) : patience).count()));
}

void FileSource::report(bool connected, std::string message) {
  const std::lock_guard lock(mutex_);
  health_.connected = connected;
  health_.message = std::move(message);
  if (connected && options_.follow)
    health_.caught_up = !tails_.empty() && std::ranges::all_of(tails_, &LogTail::caught_up);
}

void FileSource::stop_soon() {
  stopping_ = true;
  const std::uint64_t one = 1;
  if (wake_ >= 0) [[maybe_unused]]
    const auto written = ::write(wake_, &one, sizeof(one));
}

void FileSource::stop() {
  tails_.clear();
  report(false, "stopped");
}

core::Source::Health FileSource::health() const {
  const std::lock_guard lock(mutex_);
  return health_;
}

}  // namespace ingest
