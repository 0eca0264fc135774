// SPDX-License-Identifier: Apache-2.0
#include "data/formats/common/licence_sidecar.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "data/base/error.h"
#include "data/formats/registry.h"
#include "tests/support/temp_folder.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;

constexpr const char* kSpectrum = "wavelength (um),depth (ppm),error (ppm)\n1.0,5000,10\n1.5,5000,10\n2.0,5000,10\n";

/// A spectrum and what lies beside it.
struct File {
  test::TempFolder folder;
  std::filesystem::path path = folder / "spectrum.csv";
  explicit File(const std::string& beside) {
    std::ofstream(path) << kSpectrum;
    std::ofstream(folder / "spectrum.csv.license") << beside;
  }
  [[nodiscard]] std::string refusal() const {
    try {
      formats::importFile(path, {});
      return "no error";
    } catch (const Error& error) {
      return error.what();
    }
  }
};

TEST(LicenceSidecar, ItsLicenceIsKeptWithThePlanetAndItsSourceIsSaid) {
  const File file("SPDX-FileCopyrightText: 2022 Somebody\r\n# SPDX-License-Identifier:  CC-BY-4.0 \r\n");
  const planet::Import import = formats::importFile(file.path, {});
  EXPECT_EQ(import.planet.provenance.at(0).licence, "CC-BY-4.0");
  const auto& said = import.planet.provenance.at(0).assumptions;
  EXPECT_TRUE(std::any_of(said.begin(), said.end(), [](const std::string& line) {
    return line.find("CC-BY-4.0") != std::string::npos && line.find("spectrum.csv.license") != std::string::npos;
  }));
}

TEST(LicenceSidecar, TheUsersWordWinsAndSeveralLicencesAllHold) {
  const File file("SPDX-License-Identifier: MIT\nSPDX-License-Identifier: CC0-1.0\n");
  EXPECT_EQ(formats::importFile(file.path, {}).provenance.licence, "MIT AND CC0-1.0");
  const planet::Import chosen = formats::importFile(file.path, {{{"licence", "GPL-2.0-only"}}});
  EXPECT_EQ(chosen.provenance.licence, "GPL-2.0-only");
  EXPECT_EQ(std::count_if(chosen.assumptions.begin(), chosen.assumptions.end(),
                          [](const std::string& line) { return line.find(".license") != std::string::npos; }),
            0);
}

TEST(LicenceSidecar, TextsTakeItInsteadOfAGuess) {
  const test::TempFolder folder;
  std::ofstream(folder / "t.jsonl") << R"({"id": "1", "title": "T", "summary": "S", "abs": "https://arxiv.org/abs/1"})";
  EXPECT_EQ(formats::importFile(folder / "t.jsonl", {}).texts.at(0).licence, "CC0-1.0");
  std::ofstream(folder / "t.jsonl.license") << "SPDX-License-Identifier: CC-BY-4.0\n";
  EXPECT_EQ(formats::importFile(folder / "t.jsonl", {}).texts.at(0).licence, "CC-BY-4.0");
}

TEST(LicenceSidecar, OneThatStatesNothingIsRefusedWithTheWayOut) {
  for (const std::string beside : {"", "MIT\n", "SPDX-License-Identifier:\n", "SPDX-License-Identifier: \x1b[31m\n"}) {
    const std::string said = File(beside).refusal();
    EXPECT_NE(said.find("spectrum.csv.license"), std::string::npos) << said;
    EXPECT_NE(said.find("--set licence="), std::string::npos) << said;
  }
}

TEST(LicenceSidecar, EveryEmbeddedFileHasOne) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator("resources/demo")) {
    const std::string type = entry.path().extension().string();
    if (type != ".nc" && type != ".csv") continue;
    ++files;
    const std::string expected = type == ".csv" ? "MIT" : "Apache-2.0";
    EXPECT_EQ(formats::licenceBeside(entry.path()), expected) << entry.path();
  }
  EXPECT_EQ(files, 5U);
}

}  // namespace
