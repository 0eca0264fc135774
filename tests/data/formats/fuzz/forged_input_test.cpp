// SPDX-License-Identifier: Apache-2.0
// Forged, damaged and hostile files of every format in the registry: each is read, or refused with a message. Our own
// decoders run in this process, so that a crash of theirs is a crash of the test; those of other people's libraries may
// die, but only in the child. The same number of a format is the same file on every machine.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstring>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <set>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/base/hash.h"
#include "data/formats/child/import_child.h"
#include "data/formats/child/import_wire.h"
#include "data/formats/registry.h"
#include "forge.h"
#include "hostile_files.h"
#include "seeds.h"
#include "tests/support/counts.h"
#include "tests/support/temp_folder.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;
using test::Seed;

constexpr std::uint64_t kSeed = 20;

/// What became of the files.
struct Tally {
  int tried = 0, taken = 0, refused = 0, died = 0, timedOut = 0, failed = 0;

  void print(const std::string& what) const {
    std::cout << what << ", seed " << kSeed << ": " << tried << " files, " << taken << " taken, " << refused
              << " refused, " << died << " children dead, " << timedOut << " out of time, " << failed << " failed\n";
  }
};

/// How often something is tried: under a sanitizer, where each try takes several times as long, the short form has a
/// quarter.
int tries(int few, int many) {
#ifdef __SANITIZE_ADDRESS__
  few /= 4;
#endif
  return test::tries(few, many);
}

std::string called(const Seed& seed) {
  return seed.format + " of " + seed.file;
}

/// Bytes between two cuts of a seed: some `few` or `many` cuts, but the long form cuts small seeds at every byte.
std::size_t cutStep(const Seed& seed, int few, int many) {
  constexpr std::size_t kSmall = std::size_t{64} << 10U;
  if (test::longCounts() && seed.content.size() < kSmall) return 1;
  return 1 + seed.content.size() / static_cast<std::size_t>(tries(few, many));
}

/// Every `step`-th beginning of the content, then forgeries of all of it.
void forEachForgery(const Seed& seed, std::size_t step, int forgeries,
                    const std::function<void(const std::string&)>& use) {
  for (std::size_t length = 0; length < seed.content.size(); length += step) use(seed.content.substr(0, length));
  for (int i = 0; i < forgeries; ++i) {
    Random random(kSeed, seed.file, static_cast<std::uint64_t>(i));
    use(test::forge(seed.content, random));
  }
}

void overwrite(const std::filesystem::path& file, const std::string& content) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << content;
}

void forgeInProcess(const Seed& seed) {
  const test::TempFolder folder;
  const std::filesystem::path file = test::write(seed, folder.path());
  const formats::ImportOptions options = test::optionsOf(seed);
  ASSERT_NO_THROW(formats::importFile(file, options)) << called(seed);
  Tally tally;
  // Of files of some KB each cut.
  forEachForgery(seed, cutStep(seed, 4000, 4000), tries(600, 200000), [&](const std::string& content) {
    overwrite(file, content);
    ++tally.tried;
    try {
      (void)formats::importFile(file, options);
      ++tally.taken;
    } catch (const Error& error) {
      const bool said = error.kind() == ErrorKind::kInput && !error.failure().empty() && !error.object().empty();
      ++(said ? tally.refused : tally.failed);
      EXPECT_TRUE(said) << called(seed) << ": " << error.what();
    } catch (const std::exception& error) {
      ++tally.failed;
      ADD_FAILURE() << called(seed) << ": " << error.what();
    }
  });
  tally.print(called(seed));
  EXPECT_GT(tally.refused, 0) << called(seed);
}

std::size_t openFiles() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) ++count;
  return count;
}

/// Imports in the child, and counts what came of it: true if it was taken. Anything but a result and a refusal for the
/// file's sake fails.
bool importInChild(const std::filesystem::path& file, const formats::ImportOptions& options, Tally& tally) {
  formats::ImportLimits limits;
  limits.cpuSeconds = 2;  // some flips send HDF5 into an endless loop
  limits.wallTime = std::chrono::seconds(60);
  limits.memoryBytes = std::uint64_t{1} << 30U;
  ++tally.tried;
  try {
    (void)formats::runImportChild(IMPORT_TEST_CHILD, file, options, limits);
    ++tally.taken;
    return true;
  } catch (const Error& error) {
    const auto found = [&](const char* words) { return error.finding().find(words) != std::string::npos; };
    if (error.kind() != ErrorKind::kInput || error.failure().empty()) {
      ++tally.failed;
      ADD_FAILURE() << file.filename() << ": " << error.what();
    } else if (error.failure().find("damaged or hostile") == std::string::npos) {
      ++tally.refused;
    } else {
      ++(found("processor time") || found("took longer") ? tally.timedOut : tally.died);
    }
  }
  return false;
}

void forgeInChild(const Seed& seed) {
  const test::TempFolder folder;
  const std::filesystem::path file = test::write(seed, folder.path());
  const formats::ImportOptions options = test::optionsOf(seed);
  const auto whole = [&] { return planet::encode(formats::runImportChild(IMPORT_TEST_CHILD, file, options)); };
  const std::vector<std::byte> before = whole();
  const std::size_t files = openFiles();
  Tally tally;
  forEachForgery(seed, cutStep(seed, 16, 20000), tries(32, 4000), [&](const std::string& content) {
    overwrite(file, content);
    (void)importInChild(file, options, tally);
  });
  tally.print(called(seed));
  EXPECT_EQ(tally.failed, 0) << called(seed);
  EXPECT_GT(tally.refused + tally.died, 0) << called(seed);
  // The parent is as it was: it reads the whole file, holds no more files open and has no child left.
  overwrite(file, seed.content);
  // As bytes: what the file does not state is NaN, which equals nothing.
  EXPECT_TRUE(whole() == before) << called(seed);
  EXPECT_EQ(openFiles(), files) << called(seed);
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << called(seed);
}

TEST(ForgedInput, EveryFormatHasASoundSeed) {
  std::set<std::string> missing;
  for (const formats::Format& format : formats::formats()) missing.insert(std::string(format.name));
  for (const Seed& seed : test::seeds()) {
    const test::TempFolder folder;
    EXPECT_NO_THROW(formats::importFile(test::write(seed, folder.path()), test::optionsOf(seed))) << called(seed);
    missing.erase(seed.format);
  }
  for (const std::string& format : missing) {
    ADD_FAILURE() << "the format " << format << " has no row in tests/data/formats/fuzz/seeds.cpp: it is not fuzzed";
  }
}

TEST(ForgedInput, OurDecodersReadOrRefuse) {
  for (const Seed& seed : test::seeds()) {
    if (seed.ours) forgeInProcess(seed);
  }
}

TEST(ForgedInputInChild, OtherLibrariesDieThereAndNowhereElse) {
  for (const Seed& seed : test::seeds()) {
    if (!seed.ours) forgeInChild(seed);
  }
}

TEST(ForgedInputInChild, SmallFilesAreCutWhereverTheirFormatHasSomething) {
  // A classic NetCDF file at every byte (the short form at each eleventh); a FITS file about the edges of its cards and
  // records, of 80 bytes each (the short form of each fourth).
  const std::size_t byte = test::longCounts() ? 1 : 11, card = test::longCounts() ? 80 : 320;
  const std::map<std::string, std::pair<std::size_t, std::size_t>> edges{{"classic.nc", {byte, 0}},
                                                                         {"rows.fits", {card, 1}}};
  for (const Seed& seed : test::seeds()) {
    const auto entry = edges.find(seed.file);
    if (entry == edges.end()) continue;
    const auto [step, about] = entry->second;
    const test::TempFolder folder;
    const std::filesystem::path file = test::write(seed, folder.path());
    Tally tally;
    for (std::size_t edge = 0; edge < seed.content.size(); edge += step) {
      for (std::size_t length = edge - std::min(about, edge); length <= edge + about; ++length) {
        overwrite(file, seed.content.substr(0, length));
        (void)importInChild(file, test::optionsOf(seed), tally);
      }
    }
    tally.print("cuts of " + called(seed));
    EXPECT_EQ(tally.failed, 0) << called(seed);
    EXPECT_GT(tally.refused, 0) << called(seed);
  }
}

TEST(ForgedInputInChild, BombsAreRefusedWithinTheLimits) {
  const test::TempFolder folder;
  Tally tally;
  for (const test::HostileFile& hostile : test::hostileFiles()) {
    overwrite(folder / hostile.name, hostile.content);
    EXPECT_FALSE(importInChild(folder / hostile.name, {}, tally)) << hostile.name;
    // Whichever format would take it by its ending or beginning, each is made to try.
    for (const formats::Format& format : formats::formats()) {
      // Any words are a text to who says that they are one.
      const bool taken = importInChild(folder / hostile.name, {{{"format", std::string(format.name)}}}, tally);
      EXPECT_TRUE(!taken || format.name == "plain_text") << hostile.name << " as " << format.name;
    }
    std::filesystem::remove(folder / hostile.name);
  }
  tally.print("bombs");
  EXPECT_EQ(tally.failed, 0);
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
}

/// The container of a seed's import with the body forged and the checksum made right again.
std::string forgedContainer(const std::string& whole, Random& random) {
  constexpr std::size_t kDigest = 64;
  std::string body = test::forge(whole.substr(0, whole.size() - kDigest), random);
  return body + sha256(std::as_bytes(std::span(body.data(), body.size())));
}

TEST(ForgedInput, OurContainerAndItsFramesAreReadOrRefused) {
  const test::TempFolder folder;
  Tally containers;
  Tally frames;
  for (const Seed& seed : test::seeds()) {
    if (!seed.ours) continue;
    const planet::Import import = formats::importFile(test::write(seed, folder.path()), test::optionsOf(seed));
    const std::vector<std::byte> bytes = planet::encode(import);
    const std::string whole(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    for (int i = 0; i < tries(500, 100000); ++i) {
      Random random(kSeed, "container " + seed.file, static_cast<std::uint64_t>(i));
      const std::string forged = forgedContainer(whole, random);
      ++containers.tried;
      try {
        const planet::Import decoded = planet::decodeImport(std::as_bytes(std::span(forged.data(), forged.size())));
        planet::validate(decoded.planet);
        ++containers.taken;
      } catch (const Error&) {
        ++containers.refused;
      }
    }
    // A stage, a part in one piece, an error.
    std::string sent;
    for (const auto& [kind, body] : {std::pair{'S', std::string("reading")},
                                     {'R', whole},
                                     {'P', formats::encodePart({})},
                                     {'E', std::string("{}")}}) {
      const auto length = static_cast<std::uint32_t>(body.size());
      sent += kind;
      sent.append(reinterpret_cast<const char*>(&length), sizeof length);
      sent += body;
    }
    for (int i = 0; i < tries(500, 100000); ++i) {
      Random random(kSeed, "frames " + seed.file, static_cast<std::uint64_t>(i));
      const std::string forged = test::forge(sent, random);
      constexpr std::uint64_t kMost = std::uint64_t{1} << 20U;
      formats::Inbox inbox(kMost, kMost);
      std::size_t parts = 0;
      ++frames.tried;
      try {
        for (std::size_t at = 0; at < forged.size();) {
          const std::size_t size = std::min<std::size_t>(1 + random.below(4096), forged.size() - at);
          inbox.take(std::as_bytes(std::span(forged.data() + at, size)));
          at += size;
          for (const formats::SentPart& part : inbox.parts()) parts += part.result.size();
        }
        ++frames.taken;
      } catch (const Error&) {
        ++frames.refused;
      }
      EXPECT_LE(inbox.held() + parts, kMost);
    }
  }
  containers.print("containers");
  frames.print("frames");
  EXPECT_GT(containers.refused, 0);
  EXPECT_GT(containers.taken, 0);
  EXPECT_GT(frames.refused, 0);
}

}  // namespace
