// SPDX-License-Identifier: Apache-2.0
#include "engine/transfer/uploads.h"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <utility>
#include <vector>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/base/hash.h"
#include "engine/protocol/upload.h"
#include "engine/transfer/placing.h"
#include "tests/support/temp_folder.h"
#include "tests/support/thrown_error.h"

namespace ecumene::engine::transfer {
namespace {

bool always() {
  return true;
}

TEST(Uploads, CutAnywhereGoOnFromThere) {
  const test::TempFolder folder;
  std::string content;
  for (int i = 0; i < 50000; ++i) content += static_cast<char>(i * 7 + i / 256);
  const std::string hash = sha256(content);
  std::size_t cuts = 0;
  for (std::uint64_t here = 0; here < content.size(); ++cuts) {
    Uploads uploads(folder.path());  // The daemon was started anew.
    const auto begun = uploads.begin("a file.nc", content.size(), hash);
    EXPECT_EQ(begun.bytes, here);
    Uploads::Sending sending(uploads, begun.id);
    sending.append(here, std::string_view(content).substr(here, 4000));
    sending.append(std::min<std::uint64_t>(here + 4000, content.size()),
                   std::string_view(content).substr(std::min<std::size_t>(here + 4000, content.size()), 1));
    here = sending.end(always).bytes;
    EXPECT_EQ(test::messageOf([&] { (void)uploads.whole(hash); }) == "nothing thrown", here == content.size());
  }
  EXPECT_GT(cuts, 10U);
  Uploads uploads(folder.path());
  EXPECT_EQ(readFile(uploads.whole(hash)), content);
  EXPECT_EQ(uploads.whole(hash).filename(), "a file.nc");
  // Sent once more, nothing is to do.
  EXPECT_EQ(uploads.begin("a file.nc", content.size(), hash).bytes, content.size());
  uploads.remove(hash);
  EXPECT_THROW((void)uploads.whole(hash), Error);
}

TEST(Uploads, AreReadOnceMoreOnlyWhileSomebodyWaits) {
  const test::TempFolder folder;
  Uploads uploads(folder.path());
  const std::string content(std::size_t{3} << 20U, 'x'), hash = sha256(content);
  (void)uploads.begin("f", content.size(), hash);
  Uploads::Sending sending(uploads, hash);
  sending.append(0, content);
  int pieces = 0;
  const Error error = test::errorOf([&] { (void)sending.end([&] { return ++pieces < 2; }); });
  EXPECT_EQ(error.object(), "f") << error.what();
  EXPECT_EQ(pieces, 2);
  EXPECT_EQ(uploads.here(hash), content.size());
  EXPECT_EQ(sending.end(always).bytes, content.size());
  EXPECT_EQ(readFile(uploads.whole(hash)), content);
}

TEST(Uploads, OfOneContentAreSharedByWhoeverNeedsThem) {
  const test::TempFolder folder;
  Uploads uploads(folder.path());
  const std::string content = "one content", hash = sha256(content);
  (void)uploads.begin("a.csv", content.size(), hash);
  {
    Uploads::Sending sending(uploads, hash);
    sending.append(0, content);
    EXPECT_EQ(sending.end(always).bytes, content.size());
  }
  const auto first = uploads.whole(hash);
  uploads.hold(hash);
  // Under another name it is there already, and the first one stays.
  EXPECT_EQ(uploads.begin("b.csv", content.size(), hash).bytes, content.size());
  EXPECT_EQ(uploads.whole(hash).filename(), "b.csv");
  EXPECT_EQ(readFile(uploads.whole(hash)), content);
  EXPECT_EQ(readFile(first), content);
  uploads.hold(hash);
  uploads.remove(hash);
  uploads.release(hash);
  EXPECT_EQ(readFile(uploads.whole(hash)), content);
  uploads.release(hash);
  EXPECT_THROW((void)uploads.whole(hash), Error);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Uploads, ThatAnotherClientSendsAreNotBegun) {
  const test::TempFolder folder;
  Uploads uploads(folder.path());
  const std::string hash = sha256("12345");
  (void)uploads.begin("f", 5, hash);
  {
    Uploads::Sending sending(uploads, hash);
    sending.append(0, "123");
    for (const char* name : {"f", "g"}) {
      EXPECT_EQ(test::errorOf([&] { (void)uploads.begin(name, 5, hash); }).failure(), protocol::kSentByAnother);
    }
  }
  // What it sent is gone on from, under any name.
  EXPECT_EQ(uploads.begin("g", 5, hash).bytes, 3U);
  Uploads::Sending sending(uploads, hash);
  sending.append(3, "45");
  EXPECT_EQ(sending.end(always).bytes, 5U);
  EXPECT_EQ(uploads.whole(hash).filename(), "g");
}

TEST(Uploads, ThatSomebodyNeedsAreNotReplacedByWhoSaysAnotherSize) {
  const test::TempFolder folder;
  Uploads uploads(folder.path());
  const std::string held = sha256("12345"), whole = sha256("whole"), wrong = sha256("wrong");
  for (const std::string& hash : {held, whole, wrong}) {
    (void)uploads.begin("f", 5, hash);
    Uploads::Sending sending(uploads, hash);
    sending.append(0, hash == whole ? "whole" : "123");
    (void)sending.end(always);
  }
  uploads.hold(held);
  for (const std::string& hash : {held, whole}) {
    const Error error = test::errorOf([&] { (void)uploads.begin("f", 6, hash); });
    EXPECT_EQ(error.expectation(), "5 bytes") << error.what();
  }
  EXPECT_EQ(uploads.here(held), 3U);
  EXPECT_EQ(readFile(uploads.whole(whole)), "whole");
  EXPECT_EQ(uploads.begin("f", 6, wrong).bytes, 0U);
}

TEST(Uploads, APlaceThatCannotBeIsSaidWithItsPath) {
  const test::TempFolder folder;
  Uploads uploads(folder / "uploads");
  const std::string hash = sha256("content");
  (void)uploads.begin("f", 7, hash);
  {
    Uploads::Sending sending(uploads, hash);
    sending.append(0, "content");
    (void)sending.end(always);
  }
  const std::filesystem::path file = uploads.whole(hash);
  const Came came{Kind::kCheckpoint, "host", "run", {{"manifest.sha256", 7, hash}}};
  const Error error = test::errorOf([&] { (void)place(came, uploads, file / "below" / "a file"); });
  EXPECT_NE(error.object().find(file.string()), std::string::npos) << error.what();
}

TEST(Uploads, OfOneContentBecomeFilesOfTheirOwn) {
  const test::TempFolder folder;
  Uploads uploads(folder / "uploads");
  std::vector<File> files;
  for (const char* name :
       {"run.sqlite", "checkpoints/step-0000000005/a", "checkpoints/step-0000000005/b", "run.toml"}) {
    const std::string content = name[0] == 'c' ? "weights" : name, hash = sha256(content);
    files.push_back({name, content.size(), hash});
    (void)uploads.begin("f", content.size(), hash);
    Uploads::Sending sending(uploads, hash);
    if (uploads.here(hash) == 0) sending.append(0, content);
    (void)sending.end(always);
  }
  for (const char* copy : {"one", "two"}) buildFolder(files, uploads, folder / copy);
  for (const File& file : files) {
    EXPECT_FALSE(std::filesystem::equivalent(folder / "one" / file.name, folder / "two" / file.name)) << file.name;
    EXPECT_EQ(sha256OfFile(folder / "two" / file.name), file.sha256);
  }
  // The first one's journal goes on while the content waits for others.
  std::ofstream(folder / "one" / "run.sqlite", std::ios::app) << "more";
  EXPECT_EQ(sha256OfFile(uploads.whole(files.front().sha256)), files.front().sha256);
}

TEST(Uploads, ThatNobodyFinishedAreGoneAfterTheirTime) {
  const test::TempFolder folder;
  const auto kept = std::chrono::hours(7 * 24);
  const auto age = [&](const std::string& hash, std::chrono::hours hours) {
    const auto then = std::filesystem::file_time_type::clock::now() - hours;
    for (const auto& entry : std::filesystem::directory_iterator(folder / hash)) {
      std::filesystem::last_write_time(entry.path(), then);
    }
    std::filesystem::last_write_time(folder / hash, then);
  };
  const std::string old = sha256("old"), whole = sha256("whole"), young = sha256("young"), added = sha256("added");
  {
    Uploads uploads(folder.path(), kept);
    for (const auto& [hash, text] : {std::pair(old, "ol"), {whole, "whole"}, {young, "yo"}, {added, "ad"}}) {
      (void)uploads.begin("f", hash == old ? 3 : 5, hash);
      Uploads::Sending sending(uploads, hash);
      sending.append(0, text);
      (void)sending.end(always);
    }
  }
  for (const std::string& hash : {old, whole, added}) age(hash, std::chrono::hours(169));
  age(young, std::chrono::hours(167));
  {
    Uploads unlimited(folder.path());  // As a client's own copy, which nothing ends.
    Uploads::Sending(unlimited, added).append(2, "d");
    EXPECT_EQ(unlimited.here(old), 2U);
  }
  Uploads uploads(folder.path(), kept);
  uploads.hold(whole);
  uploads.removeAbandoned();
  EXPECT_EQ(uploads.here(old), 0U);
  EXPECT_EQ(uploads.here(whole), 5U);
  uploads.letGo(whole);
  uploads.removeAbandoned();
  EXPECT_EQ(uploads.here(whole), 0U);
  EXPECT_EQ(uploads.here(young), 2U);
  EXPECT_EQ(uploads.here(added), 3U);
}

TEST(Uploads, OfAnotherContentAreRefusedAndGone) {
  const test::TempFolder folder;
  Uploads uploads(folder / "u");
  const std::string hash = sha256("right");
  (void)uploads.begin("f", 5, hash);
  {
    Uploads::Sending sending(uploads, hash);
    sending.append(0, "wrong");
    EXPECT_NE(test::messageOf([&] { (void)sending.end(always); }).find("damaged"), std::string::npos);
  }
  EXPECT_EQ(uploads.begin("f", 5, hash).bytes, 0U);
}

TEST(Uploads, TakeNoPieceThatDoesNotFit) {
  const test::TempFolder folder;
  Uploads uploads(folder / "u");
  const std::string hash = sha256("12345");
  (void)uploads.begin("f", 5, hash);
  Uploads::Sending sending(uploads, hash);
  sending.append(0, "123");
  EXPECT_THROW(sending.append(0, "12345"), Error);
  EXPECT_THROW(sending.append(2, "3"), Error);
  EXPECT_THROW(sending.append(4, "5"), Error);
  EXPECT_THROW(sending.append(3, "456"), Error);
  EXPECT_THROW(Uploads::Sending(uploads, hash), Error);  // Another client, meanwhile.
  sending.append(3, "45");
  EXPECT_EQ(sending.end(always).bytes, 5U);
  (void)uploads.begin("empty", 0, sha256(""));
  Uploads::Sending empty(uploads, sha256(""));
  EXPECT_EQ(empty.end(always).bytes, 0U);
  EXPECT_EQ(readFile(uploads.whole(sha256(""))), "");
}

TEST(Uploads, NamesAndIdsReachNoOtherFile) {
  const test::TempFolder folder;
  Uploads uploads(folder / "u");
  for (const std::string& name : {std::string(), std::string(".."), std::string("../f"), std::string("/etc/f"),
                                  std::string("a/b"), std::string(".about.json"), std::string("-rf"),
                                  std::string("a\0b", 3), std::string("a\nb"), std::string(201, 'a')}) {
    EXPECT_THROW((void)uploads.begin(name, 1, sha256("x")), Error) << name;
  }
  for (const std::string& id :
       {std::string(), std::string(".."), std::string(64, 'A'), std::string(63, 'a'), "../" + std::string(61, 'a')}) {
    EXPECT_THROW((void)uploads.begin("f", 1, id), Error) << id;
    EXPECT_THROW((void)uploads.whole(id), Error) << id;
    EXPECT_THROW(Uploads::Sending(uploads, id), Error) << id;
  }
  EXPECT_NE(test::messageOf([&] { (void)uploads.begin("f", std::uint64_t{1} << 60U, sha256("x")); }).find("no room"),
            std::string::npos);
  EXPECT_TRUE(std::filesystem::is_empty(folder / "u"));
}

}  // namespace
}  // namespace ecumene::engine::transfer
