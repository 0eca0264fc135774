// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "data/base/files.h"
#include "data/base/hash.h"
#include "data/planet/planet.h"
#include "engine/run/run_directory.h"
#include "engine/transfer/pull.h"
#include "tests/engine/daemon/served.h"

namespace ecumene::test {

inline void write(const std::filesystem::path& file, const std::string& content) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << content;
}

/// Bytes that no compression or repetition makes equal.
inline std::string bytes(std::size_t count, unsigned seed) {
  std::string content(count, '\0');
  std::uint64_t state = seed * 0x9E3779B97F4A7C15ULL + 1;
  for (char& c : content) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    c = static_cast<char>(state >> 56U);
  }
  return content;
}

/// A folder as engine/checkpoint leaves one; what is in its tensors is nothing to those who copy it.
inline void writeCheckpoint(const std::filesystem::path& run, int step, int best, std::size_t size) {
  const std::string digits = std::to_string(step);
  const std::filesystem::path folder = run / "checkpoints" / ("step-" + std::string(10 - digits.size(), '0') + digits);
  const std::string manifest = R"({"progress": {"best_step": )" + std::to_string(best) + "}}";
  write(folder / "model-00001.safetensors", bytes(size, static_cast<unsigned>(step)));
  write(folder / "run.toml", readFile(run / "run.toml"));
  write(folder / "manifest.json", manifest);
  write(folder / "manifest.sha256", sha256(manifest) + "  manifest.json\n");
}

/// What a copy has to have, each file's hash: all but the lock, the journal (see expectSameJournal) and where it is
/// from.
inline std::map<std::string, std::string> contentOf(const std::filesystem::path& folder) {
  std::map<std::string, std::string> content;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().lexically_relative(folder).string();
    if (!entry.is_regular_file() || name == "lock" || name == "copied.json" || name.starts_with("run.sqlite")) continue;
    content[name] = sha256OfFile(entry.path());
  }
  return content;
}

inline void expectSameJournal(const std::filesystem::path& left, const std::filesystem::path& right) {
  const auto a = engine::run::RunDirectory::open(left), b = engine::run::RunDirectory::open(right);
  const auto ours = a.metricsAfter(0, 10000000), theirs = b.metricsAfter(0, 10000000);
  ASSERT_EQ(ours.size(), theirs.size());
  for (std::size_t i = 0; i < ours.size(); ++i) {
    ASSERT_EQ(ours[i].sequence, theirs[i].sequence);
    ASSERT_EQ(ours[i].step, theirs[i].step);
    ASSERT_EQ(ours[i].time, theirs[i].time);
    ASSERT_EQ(ours[i].name, theirs[i].name);
    ASSERT_EQ(ours[i].value, theirs[i].value);
  }
  const auto before = a.eventsAfter(0), after = b.eventsAfter(0);
  ASSERT_EQ(before.size(), after.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(before[i].kind + before[i].text, after[i].kind + after[i].text);
  }
  EXPECT_EQ(a.status().state, b.status().state);
  EXPECT_EQ(a.status().time, b.status().time);
}

/// All equal but the packed climate, which is within the bound that the store promises for it.
inline void expectSamePlanet(data::planet::Planet left, data::planet::Planet right) {
  ASSERT_TRUE(left.climate && right.climate);
  const auto& ours = left.climate->require(data::planet::VariableId::kSurfaceTemperature).values;
  const auto& theirs = right.climate->require(data::planet::VariableId::kSurfaceTemperature).values;
  ASSERT_EQ(ours.size(), theirs.size());
  for (std::size_t i = 0; i < ours.size(); ++i) ASSERT_NEAR(ours[i], theirs[i], 1.0 / 256.0);
  left.climate.reset();
  right.climate.reset();
  EXPECT_EQ(left, right);
}

/// Never says stop.
inline bool onward(std::uint64_t, std::uint64_t) {
  return true;
}

inline wire::CopyWhat what(const std::string& kind, const std::string& id, const std::string& part = "") {
  wire::CopyWhat what;
  what.set_kind(kind);
  what.set_id(id);
  what.set_part(part);
  return what;
}

/// Whether anything but `kept` is in a folder: what copies leave behind, hidden or not.
inline std::size_t entriesIn(const std::filesystem::path& folder) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

}  // namespace ecumene::test
