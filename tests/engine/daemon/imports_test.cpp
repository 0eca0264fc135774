// SPDX-License-Identifier: Apache-2.0
// What clients send for imports, and what becomes of it where something happens meanwhile.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <fstream>
#include <future>
#include <optional>
#include <thread>

#include "data/base/hash.h"
#include "engine/protocol/import_files.h"
#include "engine/protocol/upload.h"
#include "tests/engine/daemon/served.h"

namespace ecumene {
namespace {

namespace fs = std::filesystem;
namespace protocol = engine::protocol;

class Imports : public ::testing::Test {
 protected:
  fs::path file(const std::string& name, const std::string& content) {
    fs::create_directories((served_.folder() / name).parent_path());
    std::ofstream(served_.folder() / name) << content;
    return served_.folder() / name;
  }
  /// There is no program that could read them, so a job ends as soon as it has begun. Its uploads go behind its end.
  void importAndWait(const fs::path& path) {
    auto client = served_.client();
    auto files = protocol::filesToImport({path});
    wire::JobRequest request;
    request.set_job(protocol::importFiles(client, "main", {}, files).id());
    const fs::path uploads = served_.runs() / ".daemon" / "uploads";
    for (int i = 0; i < 400; ++i) {
      const bool ended = client.call(&wire::Jobs::Stub::Show, request).job().state() == "failed";
      if (ended && fs::is_empty(uploads)) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(25));
    }
    FAIL() << "the job did not end";
  }
  int jobs() {
    auto client = served_.client();
    return client.call(&wire::Jobs::Stub::List, wire::ListJobsRequest()).jobs_size();
  }
  test::Served served_;
};

TEST_F(Imports, WhatAnotherJobsEndRemovedIsSentAgain) {
  const fs::path path = file("a/a.csv", "the same\n");
  auto client = served_.client();
  auto files = protocol::filesToImport({path});
  int calls = 0;
  const auto goes = [&](std::uint64_t, std::uint64_t) {
    // Before the file's one piece, behind it, and when the daemon has all of it.
    if (++calls == 3) importAndWait(path);
  };
  const wire::Job job = protocol::importFiles(client, "main", {}, files, {}, {.goes = goes});
  EXPECT_EQ(job.id(), 2);
  EXPECT_GT(calls, 3) << "it was sent once";
}

TEST_F(Imports, AFileThatIsWrittenMeanwhileStaysBehindAndTheOthersGo) {
  const fs::path changing = file("b/a.csv", "old\n"), good = file("b/b.csv", "good\n");
  auto client = served_.client();
  auto files = protocol::filesToImport({served_.folder() / "b"});
  int calls = 0;
  const auto goes = [&](std::uint64_t, std::uint64_t) {
    if (calls++ == 0) std::ofstream(changing) << "new\n";
  };
  (void)protocol::importFiles(client, "main", {}, files, {}, {.goes = goes});
  EXPECT_EQ(jobs(), 1);
  ASSERT_EQ(files.refused.size(), 1U);
  EXPECT_EQ(files.refused[0].failure(), "the file has changed while it was sent");
  EXPECT_EQ(files.refused[0].object(), changing.string());
  ASSERT_EQ(files.files.size(), 1U);
  EXPECT_EQ(files.files[0].path, "b/b.csv");
}

TEST_F(Imports, APipeAndWhatIsGoneAreRefusedByThemselves) {
  const fs::path good = file("c/good.csv", "good\n"), gone = file("c/gone.csv", "gone\n");
  const fs::path pipe = served_.folder() / "c/pipe.csv";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  auto client = served_.client();
  auto files = protocol::filesToImport({good, gone, pipe});
  fs::remove(gone);
  (void)protocol::importFiles(client, "main", {}, files);
  ASSERT_EQ(files.refused.size(), 2U);
  EXPECT_EQ(files.refused[0].failure(), "there is no such file");
  EXPECT_EQ(files.refused[1].failure(), "this is not a plain file");
  EXPECT_EQ(jobs(), 1);
}

TEST_F(Imports, ARequestThatWasCutBeginsNothing) {
  auto client = served_.client();
  const fs::path path = file("d/a.csv", "a\n");
  const std::string hash = sha256OfFile(path), id = protocol::upload(client, {path, hash, 2, hash});
  int messages = 0;
  EXPECT_THROW(client.send(&wire::Jobs::Stub::Import,
                           [&](wire::ImportRequest& request) {
                             request.set_store("main");
                             request.set_file_count(2);
                             request.add_files()->set_path("d/a.csv");
                             request.mutable_files(0)->set_upload(id);
                             return messages++ == 0;
                           }),
               Error);
  EXPECT_EQ(jobs(), 0);
}

TEST_F(Imports, AStopBeginsNothing) {
  auto client = served_.client();
  auto files = protocol::filesToImport({file("e/a.csv", "a\n"), file("e/b.csv", "b\n")});
  std::stop_source stop;
  try {
    (void)protocol::importFiles(client, "main", {}, files, stop.get_token(),
                                {.goes = [&](std::uint64_t, std::uint64_t) { stop.request_stop(); }});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kCancelled) << error.what();
  }
  EXPECT_EQ(jobs(), 0);
}

TEST_F(Imports, AStopEndsTheHashingOfAFile) {
  auto client = served_.client();
  const fs::path path = file("f/a.csv", "");
  fs::resize_file(path, std::uint64_t{1} << 40U);  // read to its end nobody would wait for it
  auto files = protocol::filesToImport({path});
  std::stop_source stop;
  const std::jthread stopping([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    stop.request_stop();
  });
  try {
    (void)protocol::importFiles(client, "main", {}, files, stop.get_token());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kCancelled) << error.what();
  }
  EXPECT_TRUE(files.refused.empty());
  EXPECT_EQ(jobs(), 0);
}

TEST_F(Imports, ACancelEndsWhatTheDaemonReadsOnceMore) {
  auto client = served_.client();
  // All of it has come and waits to be read, for seconds; read to its end it would be removed, as its hash is another.
  const std::uint64_t bytes = std::uint64_t{4} << 30U;
  const fs::path path = file("h/a.csv", "");
  fs::resize_file(path, bytes);
  const std::string hash = sha256("another content");
  wire::BeginUploadRequest begin;
  begin.set_name("a.csv");
  begin.set_sha256(hash);
  begin.set_bytes(bytes);
  client.call(&wire::Jobs::Stub::BeginUpload, begin);
  const fs::path part = served_.runs() / ".daemon" / "uploads" / hash / ".part";
  std::ofstream(part).put('\0');
  fs::resize_file(part, bytes);
  int asked = 0;
  try {
    (void)protocol::upload(client, {path, hash, bytes, hash},
                           [&](std::uint64_t, std::uint64_t) { return ++asked < 4; });
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kCancelled) << error.what();
  }
  std::optional<std::uint64_t> here;
  for (int i = 0; i < 400 && !here; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(25));
    try {
      here = client.call(&wire::Jobs::Stub::BeginUpload, begin).bytes();
    } catch (const Error& error) {
      ASSERT_EQ(error.failure(), protocol::kSentByAnother) << error.what();
    }
  }
  EXPECT_EQ(here, bytes);
}

TEST_F(Imports, WhoSendsTheSameIsWaitedForAndSaidTo) {
  const std::string content = "the same\n", hash = sha256(content);
  const fs::path path = file("g/a.csv", content);
  std::promise<void> begun, waited;
  std::thread another([&] {
    auto client = served_.client();
    wire::BeginUploadRequest begin;
    begin.set_name(hash);
    begin.set_sha256(hash);
    begin.set_bytes(content.size());
    client.call(&wire::Jobs::Stub::BeginUpload, begin);
    const fs::path part = served_.runs() / ".daemon" / "uploads" / hash / ".part";
    std::size_t sent = 0;
    client.send(&wire::Jobs::Stub::Upload, [&](wire::UploadChunk& chunk) {
      if (sent == 1) {
        while (!fs::exists(part)) std::this_thread::yield();
        begun.set_value();
        waited.get_future().wait_for(std::chrono::seconds(20));
      }
      if (sent == content.size()) return false;
      chunk.set_upload(hash);
      chunk.set_offset(sent);
      const std::size_t piece = sent == 0 ? 1 : content.size() - 1;
      chunk.set_data(content.substr(sent, piece));
      sent += piece;
      return true;
    });
  });
  begun.get_future().wait();
  auto client = served_.client();
  auto files = protocol::filesToImport({path});
  std::vector<std::string> said;
  const auto waits = [&](const std::string& of, bool now) {
    if (now && said.empty()) waited.set_value();
    said.push_back((now ? "waits " : "goes on ") + of);
  };
  const wire::Job job = protocol::importFiles(client, "main", {}, files, {}, {.waits = waits});
  another.join();
  EXPECT_EQ(job.id(), 1);
  EXPECT_EQ(said, (std::vector<std::string>{"waits " + path.string(), "goes on " + path.string()}));
}

}  // namespace
}  // namespace ecumene
