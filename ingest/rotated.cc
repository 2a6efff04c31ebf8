#include "ingest/rotated.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "ingest/decompress.h"
#include "ingest/file_identity.h"

namespace ingest {
namespace {

namespace fs = std::filesystem;

struct Candidate {
  fs::file_time_type written;
  std::string path;
};

/// While a rotated file is being compressed it is there twice, and only the plain one is whole.
bool being_compressed(const fs::path& path) {
  std::error_code error;
  const auto extension = path.extension();
  return (extension == ".gz" || extension == ".zst") && fs::exists(fs::path(path).replace_extension(), error);
}

std::vector<Candidate> files_beside(const fs::path& path) {
  std::vector<Candidate> found;
  const std::string name = path.filename();
  std::error_code error;
  fs::directory_iterator entry(path.has_parent_path() ? path.parent_path() : fs::path("."), error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    const std::string other = entry->path().filename();
    std::error_code gone;
    if (!other.starts_with(name) || other == name || !entry->is_regular_file(gone)) continue;
    if (!being_compressed(entry->path())) found.push_back({entry->last_write_time(gone), entry->path()});
  }
  std::ranges::sort(found, {}, &Candidate::written);
  return found;
}

}  // namespace

bool is_known(const std::string& path, const core::ResumePoints& resume, const std::string& source) {
  auto input = RawInput::open(path);
  if (!input || !(*input)->regular()) return false;
  Decompressor content(path, std::move(*input));
  std::string head(kHeadBytes, '\0');
  std::size_t got = 0;
  while (got < head.size()) {
    const auto read = content.read({head.data() + got, head.size() - got});
    if (!read || read->outcome != Read::Outcome::kData) break;
    got += read->bytes;
  }
  head.resize(got);
  const auto point = find_resume(resume, source, head);
  if (point == resume.end()) return false;
  return !content.plain() || content.input().size() >= point->second.next_offset;
}

std::deque<OpenedLog> find_rotated(const std::string& path, const core::ResumePoints& resume, const std::string& source,
                                   bool and_later) {
  const auto candidates = files_beside(path);
  const auto newest_known = std::find_if(candidates.rbegin(), candidates.rend(), [&](const Candidate& candidate) {
    return is_known(candidate.path, resume, source);
  });
  std::deque<OpenedLog> found;
  if (newest_known == candidates.rend()) return found;
  for (auto candidate = std::prev(newest_known.base()); candidate != candidates.end(); ++candidate) {
    if (auto input = RawInput::open(candidate->path)) found.push_back({candidate->path, std::move(*input)});
    if (!and_later) break;
  }
  return found;
}

}  // namespace ingest
