#include "ingest/file_source.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/temp_dir.h"

namespace ingest {
namespace {

using core::Millis;
using State = core::Source::State;
using Lines = std::vector<std::string>;
namespace fs = std::filesystem;

std::string gzip(std::string_view text) {
  z_stream stream{};
  deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string zstd(std::string_view text) {
  std::string packed(ZSTD_compressBound(text.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 3));
  return packed;
}

/// Numbered lines, long enough that some thousands of them fill several blocks.
std::string numbered(int from, int to) {
  std::string text;
  for (int i = from; i < to; ++i) text += "line " + std::to_string(i) + std::string(200, 'x') + "\n";
  return text;
}

/// What a pipeline would keep of a source.
struct Reading {
  Lines lines;
  std::vector<std::int64_t> offsets, numbers;
  std::vector<core::InputFault> faults;
  core::ResumePoints points;
  core::PartitionState last;
  std::optional<core::Failure> failure;

  void keep(const core::RawBatch& batch) {
    for (const auto& message : batch.messages) {
      ASSERT_LT(message.partition, batch.partitions.size());
      lines.emplace_back(message.value);
      offsets.push_back(message.offset);
      numbers.push_back(message.line);
    }
    faults.insert(faults.end(), batch.faults.begin(), batch.faults.end());
    for (const auto& partition : batch.partitions) {
      points[partition.key] = {partition.next_offset, partition.next_line};
      last = partition;
    }
  }
};

/// Polls until the source is finished, idle for a poll without patience, or failed.
void read_on(FileSource& source, Reading& reading) {
  while (true) {
    core::RawBatch batch;
    const auto state = source.poll(batch, Millis{0});
    if (!state) {
      reading.failure = state.error();
      return;
    }
    reading.keep(batch);
    if (*state != State::kMore) return;
  }
}

Reading read_files(const FileOptions& options, const core::ResumePoints& resume = {}) {
  FileSource source(options);
  Reading reading;
  const auto started = source.start(resume);
  EXPECT_TRUE(started) << started.error().message;
  read_on(source, reading);
  return reading;
}

Reading read_file(const std::string& path, const core::ResumePoints& resume = {}) {
  return read_files({.source = "log", .paths = {path}}, resume);
}

class FileSourceTest : public testing::Test {
 protected:
  /// Begins to follow the path "log" of the folder.
  void follow(const core::ResumePoints& resume = {}) {
    source_ = std::make_unique<FileSource>(FileOptions{.source = "log", .paths = {dir_ / "log"}, .follow = true});
    const auto started = source_->start(resume);
    ASSERT_TRUE(started) << started.error().message;
    poll();
  }
  void poll() { read_on(*source_, seen_); }

  test_support::TempDir dir_;
  std::unique_ptr<FileSource> source_;
  Reading seen_;
};

TEST_F(FileSourceTest, GivesLinesWithTheirPositions) {
  const auto reading = read_file(dir_.write("log", "one\ntwo\nthree\n"));
  EXPECT_EQ(reading.lines, (Lines{"one", "two", "three"}));
  EXPECT_EQ(reading.offsets, (std::vector<std::int64_t>{0, 4, 8}));
  EXPECT_EQ(reading.numbers, (std::vector<std::int64_t>{1, 2, 3}));
  EXPECT_EQ(reading.last.next_offset, 14);
  EXPECT_EQ(reading.last.next_line, 3);
  EXPECT_EQ(reading.last.lag, 0);
  EXPECT_TRUE(reading.last.end_read);
}

TEST_F(FileSourceTest, ByteOrderMarkCarriageReturnsAndEmptyLinesAreNothing) {
  const auto reading = read_file(dir_.write("log", "\xef\xbb\xbfone\r\n\r\n\ntwo"));
  EXPECT_EQ(reading.lines, (Lines{"one", "two"}));
  EXPECT_EQ(reading.offsets, (std::vector<std::int64_t>{0, 11}));
  EXPECT_EQ(reading.numbers, (std::vector<std::int64_t>{1, 4}));
  EXPECT_EQ(reading.last.next_offset, 14);
}

TEST_F(FileSourceTest, AnEmptyFileIsFinishedAtOnce) {
  const auto reading = read_file(dir_.write("log", ""));
  EXPECT_TRUE(reading.lines.empty());
  EXPECT_TRUE(reading.points.empty());
  EXPECT_FALSE(reading.failure);
}

TEST_F(FileSourceTest, BlocksCutNoLine) {
  const auto reading =
      read_files({.source = "log", .paths = {dir_.write("log", numbered(0, 20000))}, .max_line = 1000, .block = 4096});
  ASSERT_EQ(reading.lines.size(), 20000u);
  for (int i = 0; i < 20000; ++i)
    ASSERT_EQ(reading.lines[static_cast<std::size_t>(i)], "line " + std::to_string(i) + std::string(200, 'x'));
}

TEST_F(FileSourceTest, CompressedContentIsTheSameLog) {
  const std::string text = numbered(0, 30000);
  const auto plain = read_file(dir_.write("plain", text));
  // Concatenated members and frames are one content; the names say nothing.
  const auto half = text.size() / 2;
  const auto gz = read_file(dir_.write("a", gzip(text.substr(0, half)) + gzip(text.substr(half))));
  const auto zst = read_file(dir_.write("b", zstd(text.substr(0, half)) + zstd(text.substr(half))));
  EXPECT_EQ(gz.lines, plain.lines);
  EXPECT_EQ(zst.lines, plain.lines);
  EXPECT_EQ(gz.points.begin()->first, plain.points.begin()->first);
  EXPECT_EQ(zst.last.next_offset, plain.last.next_offset);
}

TEST_F(FileSourceTest, ACutGzipGivesWhatCameBeforeAndThenFails) {
  const std::string packed = gzip(numbered(0, 5000));
  const auto reading = read_file(dir_.write("log.gz", packed.substr(0, packed.size() / 2)));
  EXPECT_GT(reading.lines.size(), 100u);
  EXPECT_LT(reading.lines.size(), 5000u);
  ASSERT_TRUE(reading.failure);
  EXPECT_FALSE(reading.failure->retry_after);
  EXPECT_NE(reading.failure->message.find("breaks off"), std::string::npos) << reading.failure->message;
  EXPECT_EQ(reading.lines.back().size(), reading.lines.front().size() + 3) << "the cut line is left out";

  // Once the file is whole, the rest comes and nothing twice.
  const auto rest = read_file(dir_.write("log.gz", packed), reading.points);
  EXPECT_EQ(reading.lines.size() + rest.lines.size(), 5000u);
}

TEST_F(FileSourceTest, DamagedCompressedDataFails) {
  for (std::string packed : {gzip(numbered(0, 5000)), zstd(numbered(0, 5000))}) {
    for (std::size_t i = packed.size() / 2; i < packed.size() / 2 + 64; ++i) packed[i] = static_cast<char>(~packed[i]);
    const auto reading = read_file(dir_.write("log", packed));
    ASSERT_TRUE(reading.failure);
    EXPECT_FALSE(reading.failure->retry_after);
    EXPECT_NE(reading.failure->message.find("broken"), std::string::npos) << reading.failure->message;
  }
}

TEST_F(FileSourceTest, ATooLongLineIsAFaultAndTheNextIsRead) {
  const std::string text = "one\n" + std::string(3'000'000, 'x') + "\ntwo\n" + std::string(2'000'000, 'y');
  const auto reading = read_file(dir_.write("log", text));
  EXPECT_EQ(reading.lines, (Lines{"one", "two"}));
  EXPECT_EQ(reading.numbers, (std::vector<std::int64_t>{1, 3}));
  ASSERT_EQ(reading.faults.size(), 2u);
  EXPECT_TRUE(reading.faults[0].position.ends_with("log:2 (byte 4)")) << reading.faults[0].position;
  EXPECT_NE(reading.faults[0].detail.find("line too long: 3000000 bytes"), std::string::npos)
      << reading.faults[0].detail;
  EXPECT_EQ(reading.last.next_offset, static_cast<std::int64_t>(text.size()));
}

TEST_F(FileSourceTest, OfATooLongLineTheBeginningIsKept) {
  std::string begin = "begin ";
  begin.resize(core::InputFault::kMostKept, 'x');
  const std::string text = begin + std::string(3'000'000, 'y') + "\n" + begin + std::string(1'000'000, 'z') + "\n";
  for (const std::size_t block : {std::size_t{2} << 20U, std::size_t{8} << 20U}) {
    const auto reading = read_files({.source = "log", .paths = {dir_.write("log", text)}, .block = block});
    ASSERT_EQ(reading.faults.size(), 2U);
    EXPECT_EQ(reading.faults[0].beginning, begin) << "in one piece or in several";
    EXPECT_EQ(reading.faults[1].beginning, begin);
  }
}

TEST_F(FileSourceTest, ALineOfExactlyTheLimitIsRead) {
  const auto reading = read_files(
      {.source = "log", .paths = {dir_.write("log", "12345678\n123456789\n12345678")}, .max_line = 8, .block = 16});
  EXPECT_EQ(reading.lines, (Lines{"12345678", "12345678"}));
  EXPECT_EQ(reading.faults.size(), 1u);
}

TEST_F(FileSourceTest, MissingFilesAndDirectoriesFailAtTheStart) {
  for (const bool follow : {false, true}) {
    for (const auto& path : {dir_ / "absent", dir_.path().string()}) {
      FileSource source({.source = "log", .paths = {dir_.write("there", "x\n"), path}, .follow = follow});
      const auto started = source.start({});
      ASSERT_FALSE(started);
      EXPECT_FALSE(started.error().retry_after);
      EXPECT_NE(started.error().message.find(path), std::string::npos);
    }
  }
}

TEST_F(FileSourceTest, SeveralFilesAreOneLogInTheirOrder) {
  const auto reading = read_files(
      {.source = "log", .paths = {dir_.write("b", "3\n4\n"), dir_.write("empty", ""), dir_.write("a", "1\n2")}});
  EXPECT_EQ(reading.lines, (Lines{"3", "4", "1", "2"}));
  EXPECT_EQ(reading.points.size(), 2u);
}

TEST_F(FileSourceTest, AFileListedTwiceIsReadOnce) {
  const auto path = dir_.write("a", "1\n2\n");
  EXPECT_EQ(read_files({.source = "log", .paths = {path, path}}).lines, (Lines{"1", "2"}));
}

TEST_F(FileSourceTest, GoesOnWhereTheResumePointStands) {
  const auto path = dir_.write("log", "one\ntwo\n");
  auto points = read_file(path).points;
  EXPECT_TRUE(read_file(path, points).lines.empty());
  dir_.append("log", "three\n");
  const auto rest = read_file(path, points);
  EXPECT_EQ(rest.lines, (Lines{"three"}));
  EXPECT_EQ(rest.offsets, (std::vector<std::int64_t>{8}));
  EXPECT_EQ(rest.numbers, (std::vector<std::int64_t>{3}));
  EXPECT_EQ(rest.points.begin()->first, points.begin()->first) << "the key stays while the file grows";
}

TEST_F(FileSourceTest, ARenamedOrCompressedFileIsKnown) {
  const std::string text = numbered(0, 3000);
  const auto points = read_file(dir_.write("log", text)).points;
  EXPECT_TRUE(read_file(dir_.write("other", text), points).lines.empty());
  const auto rest = read_file(dir_.write("log.1.gz", gzip(text + "more\n")), points);
  EXPECT_EQ(rest.lines, (Lines{"more"}));
  EXPECT_EQ(rest.numbers, (std::vector<std::int64_t>{3001}));
}

TEST_F(FileSourceTest, AShorterFileThatBeginsAlikeIsReadAnew) {
  const auto points = read_file(dir_.write("log", numbered(0, 3000))).points;
  EXPECT_EQ(read_file(dir_.write("log", numbered(0, 100)), points).lines.size(), 100u);
  EXPECT_EQ(read_file(dir_.write("log", gzip(numbered(0, 100))), points).lines.size(), 100u);
}

TEST_F(FileSourceTest, ALastLineThatGrewIsGivenWhole) {
  const auto path = dir_.write("log", "one\nhal");
  const auto first = read_file(path);
  EXPECT_EQ(first.lines, (Lines{"one", "hal"}));
  dir_.append("log", "f\nthree\n");
  const auto rest = read_file(path, first.points);
  EXPECT_EQ(rest.lines, (Lines{"half", "three"}));
  EXPECT_EQ(rest.numbers, (std::vector<std::int64_t>{2, 3}));
}

TEST_F(FileSourceTest, BatchesOwnTheirBytesAndHaveSlackBehindThem) {
  FileSource source(
      {.source = "log", .paths = {dir_.write("log", numbered(0, 20000))}, .max_line = 1000, .block = 65536});
  ASSERT_TRUE(source.start({}));
  std::vector<core::RawBatch> kept(1);
  while (*source.poll(kept.back(), Millis{0}) == State::kMore) kept.emplace_back();
  source.stop();
  int next = 0;
  for (const auto& batch : kept)
    for (const auto& message : batch.messages) {
      ASSERT_TRUE(message.value.starts_with("line " + std::to_string(next++) + "x"));
      volatile char behind = message.value.data()[message.value.size() + 63];
      static_cast<void>(behind);
    }
  EXPECT_EQ(next, 20000);
}

TEST_F(FileSourceTest, APipeIsReadUntilItsWriterCloses) {
  const std::string fifo = dir_ / "pipe";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  std::thread writer([&] {
    const int end = ::open(fifo.c_str(), O_WRONLY);
    const std::string text = numbered(0, 2000);
    for (std::size_t at = 0; at < text.size(); at += 5000) {
      const auto part = std::string_view(text).substr(at, 5000);
      EXPECT_EQ(::write(end, part.data(), part.size()), static_cast<ssize_t>(part.size()));
    }
    ::close(end);
  });
  FileSource source({.source = "log", .paths = {fifo}});
  ASSERT_TRUE(source.start({}));
  Reading reading;
  for (auto state = State::kMore; state != State::kFinished;) {
    core::RawBatch batch;
    const auto polled = source.poll(batch, Millis{5000});
    ASSERT_TRUE(polled);
    reading.keep(batch);
    state = *polled;
  }
  writer.join();
  EXPECT_EQ(reading.lines.size(), 2000u);
}

TEST_F(FileSourceTest, FollowingWaitsForTheRestOfALine) {
  dir_.write("log", "one\ntw");
  follow();
  EXPECT_EQ(seen_.lines, (Lines{"one"}));
  EXPECT_EQ(seen_.last.next_offset, 4);
  EXPECT_TRUE(source_->health().caught_up);
  dir_.append("log", "o\nthree\n");
  poll();
  EXPECT_EQ(seen_.lines, (Lines{"one", "two", "three"}));
  EXPECT_EQ(seen_.offsets, (std::vector<std::int64_t>{0, 4, 8}));
}

TEST_F(FileSourceTest, ARotatedFileIsReadToItsEndBeforeItsSuccessor) {
  dir_.write("log", "one\n");
  follow();
  dir_.append("log", "two\n");
  fs::rename(dir_ / "log", dir_ / "log.1");
  poll();
  dir_.write("log", "");
  dir_.append("log.1", "three\n");  // its writer has not turned to the new file yet
  poll();
  dir_.append("log.1", "four, without newline");
  dir_.write("log", "five\n");
  poll();
  EXPECT_EQ(seen_.lines, (Lines{"one", "two", "three", "four, without newline", "five"}));
  EXPECT_EQ(seen_.points.size(), 2u);
  EXPECT_EQ(seen_.last.next_offset, 5);
}

TEST_F(FileSourceTest, ATruncatedFileBeginsAnewAndItsCopyGivesTheRest) {
  dir_.write("log", "one\n");
  follow();
  dir_.append("log", "two\n");
  fs::copy_file(dir_ / "log", dir_ / "log.1");
  dir_.write("log", "");
  poll();
  dir_.append("log", "three\n");
  poll();
  EXPECT_EQ(seen_.lines, (Lines{"one", "two", "three"}));
}

TEST_F(FileSourceTest, ATruncationIsSeenEvenIfTheFileIsLongerAgain) {
  dir_.write("log", "one\n");
  follow();
  dir_.write("log", "two, and much longer than before\n");
  poll();
  EXPECT_EQ(seen_.lines, (Lines{"one", "two, and much longer than before"}));
}

TEST_F(FileSourceTest, WhatWasRotatedWhileNobodyReadIsFound) {
  dir_.write("log", "one\n");
  follow();
  source_.reset();
  dir_.append("log", "two\n");
  dir_.write("log.2.gz", gzip(dir_.read("log")));
  dir_.write("log.1", "three\n");
  dir_.write("log.3", "much older\n");
  dir_.write("log", "four\n");
  const auto now = fs::file_time_type::clock::now();
  fs::last_write_time(dir_ / "log.3", now - std::chrono::hours(3));
  fs::last_write_time(dir_ / "log.2.gz", now - std::chrono::hours(2));
  fs::last_write_time(dir_ / "log.1", now - std::chrono::hours(1));
  follow(seen_.points);
  EXPECT_EQ(seen_.lines, (Lines{"one", "two", "three", "four"}));

  // And a restart without rotation looks at nothing else.
  dir_.append("log", "five\n");
  follow(seen_.points);
  EXPECT_EQ(seen_.lines, (Lines{"one", "two", "three", "four", "five"}));
}

TEST_F(FileSourceTest, AFileThatIsBeingCompressedIsReadFromThePlainOne) {
  dir_.write("log", "one\n");
  follow();
  source_.reset();
  fs::rename(dir_ / "log", dir_ / "log.1");
  dir_.append("log.1", "two\n");
  dir_.write("log.1.gz", gzip(dir_.read("log.1")).substr(0, 15));
  dir_.write("log", "three\n");
  follow(seen_.points);
  EXPECT_EQ(seen_.lines, (Lines{"one", "two", "three"}));
}

TEST_F(FileSourceTest, StopSoonEndsAWait) {
  dir_.write("log", "one\n");
  follow();
  std::thread stopper([&] { source_->stop_soon(); });
  core::RawBatch batch;
  const auto state = source_->poll(batch, std::chrono::minutes(10));
  stopper.join();
  ASSERT_TRUE(state);
  EXPECT_EQ(*state, State::kIdle);
  EXPECT_EQ(batch.partitions.size(), 1u) << "an idle batch tells where the file stands";
}

}  // namespace
}  // namespace ingest
