// SPDX-License-Identifier: Apache-2.0
// Forged and damaged files of every format: each is read, or refused with a message. Our own decoders run in this
// process, so that a crash of theirs is a crash of the test; those of NetCDF and SBML are other people's and may die,
// but only in the child. The same number of a format is the same file on every machine.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <functional>
#include <iostream>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/base/random.h"
#include "data/formats/import_child.h"
#include "data/formats/registry.h"
#include "data/planet/codec.h"
#include "exoplasim_fixture.h"
#include "tests/support/counts.h"
#include "tests/support/temp_folder.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;

constexpr std::uint64_t kSeed = 20;

/// What became of the files.
struct Tally {
  int tried = 0, taken = 0, refused = 0, died = 0, timedOut = 0, failed = 0;

  void print(const std::string& what) const {
    std::cout << what << ", seed " << kSeed << ": " << tried << " forged files, " << taken << " taken, " << refused
              << " refused, " << died << " children dead, " << timedOut << " out of time, " << failed << " failed\n";
  }
};

/// A piece of the content, mostly a short one: what breaks a whole line is found soon.
std::pair<std::size_t, std::size_t> piece(Random& random, std::size_t size) {
  const std::size_t begin = random.below(static_cast<std::uint32_t>(size + 1));
  const std::size_t longest = random.below(4) == 0 ? 64 : 6;
  const std::size_t length = random.below(static_cast<std::uint32_t>(std::min(size - begin, longest) + 1));
  return {begin, length};
}

/// Flips bits (half of them where files have their structure), writes over a character, puts in what hurts, cuts, takes
/// out, or doubles.
std::string forge(const std::string& whole, Random& random) {
  constexpr std::size_t kHead = 4096;
  constexpr std::string_view kCharacters = "0123456789.-+eE,;:\"'<>{}#\n ";
  static const std::array<std::string, 12> kHurting{
      "1e999", "-1e308", "nan", "18446744073709551616", std::string(1, '\0'), "\xff\xfe", "\"",
      "\n\n",  ",,,",    "{[",  std::string(300, '9'),  "\xe2\x80\xae"};
  std::string out = whole;
  const auto anywhere = [&](std::size_t range) -> char& {
    return out[random.below(static_cast<std::uint32_t>(std::min(range, out.size())))];
  };
  const auto [begin, length] = piece(random, out.size());
  switch (random.below(8)) {
    case 0:
    case 1:
    case 2:
      for (std::uint32_t flips = 1 + random.below(3); flips > 0; --flips) {
        char& byte = anywhere(random.below(2) == 0 ? kHead : out.size());
        byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << random.below(8)));
      }
      break;
    case 3:
      anywhere(out.size()) = kCharacters[random.below(static_cast<std::uint32_t>(kCharacters.size()))];
      break;
    case 4:
      out.replace(begin, length, kHurting[random.below(static_cast<std::uint32_t>(kHurting.size()))]);
      break;
    case 5:
      out.resize(random.below(static_cast<std::uint32_t>(out.size())));
      break;
    case 6:
      out.erase(begin, length);
      break;
    default: {
      const std::string doubled = out.substr(begin, length);
      for (std::uint32_t times = 1 + random.below(4); times > 0; --times) out.insert(begin, doubled);
    }
  }
  return out;
}

/// How a content stands in its file.
using Written = std::function<std::string(const std::string&)>;

std::string asItIs(const std::string& content) {
  return content;
}

std::string gzipped(const std::string& content) {
  const test::TempFolder folder;
  const gzFile file = gzopen((folder / "a.gz").c_str(), "wb");
  const bool taken = content.empty() || gzwrite(file, content.data(), static_cast<unsigned>(content.size())) ==
                                            static_cast<int>(content.size());
  if (gzclose(file) != Z_OK || !taken) ADD_FAILURE() << "zlib cannot write " << content.size() << " bytes";
  return readFile(folder / "a.gz");
}

/// `tries` forgeries of `whole`, each written to the file and given to `import`, and what that throws to `judge`.
void forgeAll(const std::string& format, const std::filesystem::path& file, const std::string& whole,
              const Written& written, int tries, Tally& tally,
              const std::function<void(const formats::ImportOptions&)>& import,
              const std::function<void(const Error&)>& judge) {
  const auto write = [&](const std::string& content) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << written(content);
  };
  const formats::ImportOptions options{{{"format", format}, {"planet", "WASP-39 b"}}};
  write(whole);
  import(options);  // Untouched it is taken.
  for (int i = 0; i < tries; ++i) {
    Random random(kSeed, file.filename().string(), static_cast<std::uint64_t>(i));
    write(forge(whole, random));
    ++tally.tried;
    try {
      import(options);
      ++tally.taken;
    } catch (const Error& error) {
      judge(error);
    } catch (const std::exception& error) {
      ++tally.failed;
      ADD_FAILURE() << file.filename() << " " << i << ": " << error.what();
    }
  }
  write(whole);
}

void forgeInProcess(const std::string& format, const std::string& name, const std::string& content, int tries) {
  const test::TempFolder folder;
  const std::filesystem::path file = folder / name;
  Tally tally;
  forgeAll(
      format, file, content, asItIs, tries * test::tries(1, 25), tally,
      [&](const formats::ImportOptions& options) { (void)formats::importFile(file, options); },
      [&](const Error& error) {
        const bool said = error.kind() == ErrorKind::kInput && !error.failure().empty() && !error.object().empty();
        ++(said ? tally.refused : tally.failed);
        EXPECT_TRUE(said) << error.what();
      });
  tally.print(format + " of " + name);
  EXPECT_EQ(tally.failed, 0);
  EXPECT_EQ(tally.taken + tally.refused, tally.tried);
  EXPECT_GT(tally.refused, 0);
}

std::size_t openFiles() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) ++count;
  return count;
}

/// The file lies in a folder with what belongs beside it. `written`: its content is forged before it is written so.
Tally forgeInChild(const std::string& format, const std::filesystem::path& file, const std::string& content, int tries,
                   const Written& written = asItIs) {
  formats::ImportLimits limits;
  limits.cpuSeconds = 1;  // Some flips send HDF5 into an endless loop.
  const auto import = [&](const formats::ImportOptions& options) {
    return formats::runImportChild(IMPORT_TEST_CHILD, file, options, limits);
  };
  std::ofstream(file, std::ios::binary | std::ios::trunc) << written(content);
  const planet::Import before = import({});
  const std::size_t files = openFiles();
  Tally tally;
  forgeAll(
      format, file, content, written, tries * test::tries(1, 25), tally,
      [&](const formats::ImportOptions& options) { (void)import(options); },
      [&](const Error& error) {
        const auto found = [&](const char* words) { return error.finding().find(words) != std::string::npos; };
        if (error.kind() != ErrorKind::kInput) {
          ++tally.failed;
          ADD_FAILURE() << error.what();
        } else if (error.failure().find("damaged or hostile") == std::string::npos) {
          ++tally.refused;
        } else {
          ++(found("processor time") || found("took longer") ? tally.timedOut : tally.died);
        }
      });
  tally.print(format + " of " + file.filename().string());
  EXPECT_EQ(tally.failed, 0);
  EXPECT_EQ(tally.taken + tally.refused + tally.died + tally.timedOut, tally.tried);
  EXPECT_GT(tally.refused, 0);
  // The parent is as it was: it reads the whole file, holds no more files open and has no child left.
  // As bytes: what the file does not state is NaN, which equals nothing.
  EXPECT_TRUE(planet::encode(import({})) == planet::encode(before));
  EXPECT_EQ(openFiles(), files);
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
  return tally;
}

TEST(ForgedInput, SpectrumTables) {
  const std::string rows = "1.0,21000,50\n1.1,21100,50\n1.2,21050,60\n1.3,21300,55\n1.4,21250,70\n";
  forgeInProcess("spectrum_table", "table.csv", "wavelength (um),depth (ppm),error (ppm)\n" + rows, 300);
  forgeInProcess(
      "spectrum_table", "table.ecsv",
      "# %ECSV 1.0\n# ---\n# delimiter: ','\n# datatype:\n# - {name: wavelength, unit: um, datatype: float64}\n"
      "# - {name: depth, unit: ppm, datatype: float64}\n# - {name: error, unit: ppm, datatype: float64}\n"
      "# meta: {target: WASP-39 b}\nwavelength,depth,error\n" +
          rows,
      300);
  forgeInProcess("spectrum_table", "wasp39b.csv",
                 readFile("resources/demo/wasp39b/CMADF-WASP_39b_NIRISS_transmission_spectrum_R300.csv"), 300);
}

TEST(ForgedInput, NasaTables) {
  forgeInProcess("nasa_csv", "archive.csv",
                 "# This file was produced by the NASA Exoplanet Archive\n"
                 "pl_name,hostname,pl_orbper,pl_orbpererr1,pl_orbpererr2,pl_rade,pl_bmasse,pl_orbeccen,st_teff,st_rad\n"
                 "WASP-39 b,WASP-39,4.0552941,1e-6,-1e-6,13.9,89.3,0,5485,0.94\n"
                 "\"TRAPPIST-1 e\",TRAPPIST-1,6.101013,3.5e-5,-3.5e-5,0.92,0.692,0.0051,2566,0.119\n"
                 "K2-18 b,K2-18,32.94,1e-3,-1e-3,2.61,8.63,0.09,3457,0.44\n",
                 500);
}

TEST(ForgedInput, TextsAsJsonLines) {
  forgeInProcess("text_jsonl", "texts.jsonl", readFile("tests/data/formats/fixtures/mentions.jsonl"), 400);
}

TEST(ForgedInput, MetabolicNetworks) {
  const test::TempFolder folder;
  const std::string text = readFile("tests/data/formats/fixtures/toy.xml");
  forgeInChild("sbml", folder / "toy.xml", text, 300);
  // Forged first, so that the network behind a sound checksum is reached; then the compressed bytes themselves.
  EXPECT_GT(forgeInChild("sbml", folder / "forged.xml.gz", text, 100, gzipped).taken, 0);
  forgeInChild("sbml", folder / "toy.xml.gz", gzipped(text), 50);
}

TEST(ForgedInput, ClimatesAndWhatLiesBesideThem) {
  const test::TempFolder folder;
  const std::filesystem::path file = folder / "MOST.00001.nc";
  test::ExoplasimFixture{}.write(file);
  test::ExoplasimFixture::writeSidecar(folder.path(), test::ExoplasimFixture::plainParameters());
  forgeInChild("exoplasim", file, readFile(file), 200);
}

}  // namespace
