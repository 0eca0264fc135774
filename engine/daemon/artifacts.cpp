// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/artifacts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <string_view>

#include "data/base/error.h"
#include "engine/daemon/ids.h"

namespace ecumene::engine::daemon {
namespace {

namespace fs = std::filesystem;
using data::store::DatasetEntry;
using data::store::ElementType;
using data::store::Hdf5Listing;

constexpr const char* kSample = "sample";
constexpr std::size_t kMostDatasetBytes = std::size_t{1} << 30U;

const DatasetEntry& find(const Hdf5Listing& listing, const std::string& path, const std::string& file) {
  const auto found =
      std::ranges::find_if(listing.datasets, [&](const DatasetEntry& entry) { return entry.path == path; });
  if (found != listing.datasets.end()) return *found;
  throw Error("the artifact has no such dataset", ErrorKind::kUsage).on(file + ": " + path.substr(0, 64));
}

/// Beginnings and lengths of a text's lines, each with its end.
std::vector<std::string_view> linesOf(const std::vector<std::byte>& text) {
  std::string_view rest(reinterpret_cast<const char*>(text.data()), text.size());
  std::vector<std::string_view> lines;
  while (!rest.empty()) {
    const std::size_t length = std::min(rest.find('\n'), rest.size() - 1) + 1;
    lines.push_back(rest.substr(0, length));
    rest.remove_prefix(length);
  }
  return lines;
}

std::vector<std::uint64_t> rowsOf(const std::string& id, const std::vector<std::byte>& samples) {
  std::vector<std::uint64_t> rows;
  const auto lines = linesOf(samples);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string_view sample = lines[i];
    if (sample.ends_with('\n')) sample.remove_suffix(1);
    if (sample == id || (sample.starts_with(id) && sample.substr(id.size()).starts_with('/'))) rows.push_back(i);
  }
  return rows;
}

/// The bytes of each row.
std::vector<std::string_view> slices(const DatasetEntry& dataset, const std::vector<std::byte>& bytes) {
  if (dataset.type == ElementType::kText) return linesOf(bytes);
  const std::size_t count = dataset.shape.front(), width = count == 0 ? 0 : bytes.size() / count;
  const std::string_view all(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  std::vector<std::string_view> rows;
  for (std::size_t i = 0; i < count; ++i) rows.push_back(all.substr(i * width, width));
  return rows;
}

}  // namespace

Artifact readArtifact(const fs::path& artifacts, const ArtifactRows& wanted) {
  requireId("artifact", wanted.file);
  if (wanted.id.size() > kLongestSampleId) throw Error("there is no such sample").on(wanted.id.substr(0, 64));
  if (!wanted.id.empty() && (wanted.first > 0 || wanted.count > 0)) {
    throw Error("rows are asked for by id or by number, not both", ErrorKind::kUsage).on(wanted.file);
  }
  const fs::path file = artifacts / (wanted.file + ".h5");
  if (!fs::is_regular_file(fs::symlink_status(file))) {
    throw Error("the run has no such artifact").on(wanted.file).next("ecumene-train eval makes it");
  }
  Artifact made;
  made.listing = data::store::listHdf5(file);
  if (wanted.dataset.empty()) return made;
  made.dataset = find(made.listing, wanted.dataset, wanted.file);
  const std::vector<std::byte> bytes = data::store::readHdf5(file, made.dataset, kMostDatasetBytes);
  const std::vector<std::string_view> rows = slices(made.dataset, bytes);
  std::vector<std::uint64_t> chosen;
  if (!wanted.id.empty()) {
    const std::size_t group = wanted.dataset.find('/');
    const std::string beside =
        group == std::string::npos ? kSample : wanted.dataset.substr(0, group + 1) + std::string(kSample);
    chosen = rowsOf(wanted.id, data::store::readHdf5(file, find(made.listing, beside, wanted.file), kMostDatasetBytes));
    if (chosen.empty()) throw Error("the artifact says nothing of it").on(wanted.file + ": " + wanted.id);
    made.rows = chosen;
  } else {
    if (wanted.first > rows.size()) {
      throw Error("the dataset has no such row", ErrorKind::kUsage)
          .on(wanted.file + ": " + wanted.dataset)
          .expected(fmt::format("up to {}", rows.size()))
          .found(std::to_string(wanted.first));
    }
    const std::uint64_t left = rows.size() - wanted.first;
    chosen.resize(wanted.count == 0 ? left : std::min(left, wanted.count));
    std::iota(chosen.begin(), chosen.end(), wanted.first);
  }
  for (const std::uint64_t row : chosen) {
    if (row >= rows.size()) throw Error("the artifact is damaged: it has fewer rows than samples").on(file.string());
    const auto* begin = reinterpret_cast<const std::byte*>(rows[row].data());
    made.values.insert(made.values.end(), begin, begin + rows[row].size());
  }
  made.dataset.shape.front() = made.dataset.type == ElementType::kText ? made.values.size() : chosen.size();
  return made;
}

}  // namespace ecumene::engine::daemon
