// SPDX-License-Identifier: Apache-2.0
#include "engine/protocol/import_files.h"

#include <gtest/gtest.h>

#include <fstream>

#include "engine/protocol/import_path.h"
#include "tests/support/temp_folder.h"

namespace ecumene::engine::protocol {
namespace {

namespace fs = std::filesystem;
using Paths = std::vector<std::string>;

class ImportFilesTest : public ::testing::Test {
 protected:
  fs::path make(const std::string& path) {
    const fs::path file = folder_ / path;
    fs::create_directories(file.parent_path());
    std::ofstream(file) << path;
    return file;
  }
  static Paths of(const ImportFiles& files, bool beside) {
    Paths paths;
    for (const auto& file : files.files) {
      if (file.beside == beside) paths.push_back(file.path);
    }
    return paths;
  }
  test::TempFolder folder_;
};

TEST_F(ImportFilesTest, AFolderKeepsItsNameAndItsFolders) {
  make("planets/tw1/MOST.00001.nc");
  make("planets/tw1/planet.json");
  make("planets/tw1/namelists.txt");
  make("planets/tw2/MOST.00001.nc");
  make("planets/tw2/MOST.00001.nc.license");
  make("planets/README.md");
  make("planets/.hidden");
  make("other/planet.json");
  const ImportFiles files = filesToImport({folder_ / "planets/"});
  EXPECT_EQ(files.base, folder_.path());
  EXPECT_EQ(of(files, false), (Paths{"planets/tw1/MOST.00001.nc", "planets/tw2/MOST.00001.nc"}));
  EXPECT_EQ(of(files, true), (Paths{"planets/tw1/planet.json", "planets/tw2/MOST.00001.nc.license"}));
  EXPECT_TRUE(files.refused.empty());
}

TEST_F(ImportFilesTest, ASingleFileBringsItsFolderAndWhatIsReadBesideItAlone) {
  const fs::path file = make("dataset/fields/all-obs.npz");
  make("dataset/fields/other.npz");
  make("dataset/fields/all-obs.npz.license");
  make("dataset/inputs.csv");
  make("dataset/subsets/multi-complete/test.csv");
  make("dataset/subsets/multi-complete/notes.csv");
  const ImportFiles files = filesToImport({file});
  EXPECT_EQ(files.base, folder_ / "dataset");
  EXPECT_EQ(of(files, false), Paths{"fields/all-obs.npz"});
  EXPECT_EQ(of(files, true), (Paths{"fields/all-obs.npz.license", "inputs.csv", "subsets/multi-complete/test.csv"}));
}

TEST_F(ImportFilesTest, FoldersOfOneNameStayApart) {
  make("a/planets/x.csv");
  make("b/planets/x.csv");
  const ImportFiles files = filesToImport({folder_ / "a/planets", folder_ / "b/planets", folder_ / "a/planets/x.csv"});
  EXPECT_EQ(files.base, folder_.path());
  EXPECT_EQ(of(files, false), (Paths{"a/planets/x.csv", "b/planets/x.csv"}));
}

TEST_F(ImportFilesTest, WhatIsNamedIsSentThoughAWalkWouldPassItBy) {
  const ImportFiles files = filesToImport({make("world/planet.json"), make("world/a.nc")});
  EXPECT_EQ(of(files, false), (Paths{"world/a.nc", "world/planet.json"}));
  EXPECT_EQ(of(files, true), Paths());
}

TEST_F(ImportFilesTest, WhatCannotBeSentIsSaidAndTheOthersGoOn) {
  const fs::path good = make("good/a.csv");
  fs::create_directories(folder_ / "empty");
  const fs::path strange = make("good/two\nlines.csv");
  const ImportFiles files = filesToImport({good, folder_ / "empty", strange});
  EXPECT_EQ(of(files, false), Paths{"good/a.csv"});
  ASSERT_EQ(files.refused.size(), 2U);
  EXPECT_EQ(files.refused[0].failure(), "the folder holds no file to import");
  EXPECT_EQ(files.refused[1].object(), "good/two?lines.csv");
  EXPECT_THROW((void)filesToImport({folder_ / "empty"}), Error);
  EXPECT_THROW((void)filesToImport({}), Error);
}

TEST_F(ImportFilesTest, AStopEndsTheSearch) {
  make("planets/a.csv");
  std::stop_source stop;
  stop.request_stop();
  try {
    (void)filesToImport({folder_ / "planets"}, stop.get_token());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kCancelled);
  }
}

TEST(ImportPath, IsRelativeShortAndGoesNowhereElse) {
  const std::string name(255, 'n');
  std::string deep = "d";
  for (int i = 1; i < 64; ++i) deep += "/d";
  for (const std::string& good :
       {std::string("a.csv"), std::string("a/b/c.nc"), name + "/x", deep, std::string("-x/..a/a..b/ b/\xE4.csv")}) {
    EXPECT_NO_THROW(requireImportPath(good)) << good;
  }
  std::string longest;
  for (int i = 0; i < 9; ++i) longest += name + "/";
  for (const std::string& bad :
       {std::string(), std::string("/etc/passwd"), std::string("../a"), std::string("a/../b"), std::string("a/.."),
        std::string("./a"), std::string("a//b"), std::string("a/"), std::string("a\0b", 3), std::string("a\nb"),
        std::string("a\x7F"), name + "n", deep + "/d", longest + "x"}) {
    try {
      requireImportPath(bad);
      ADD_FAILURE() << bad;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kUsage);
      EXPECT_EQ(std::string(error.what()).find('\0'), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace ecumene::engine::protocol
