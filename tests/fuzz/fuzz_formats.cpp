// SPDX-License-Identifier: Apache-2.0
// One libFuzzer program over every reader of files that is ours: each format whose decoder is ours (seeds.h), the
// container and the frames that pass from child to parent, and the child as a whole, where the parent alone is judged.
//   fuzz_formats --names              what can be fuzzed, one a line
//   fuzz_formats --seeds=NAME FOLDER  writes the files to begin with
//   fuzz_formats --what=NAME ...      fuzzes; the rest is libFuzzer's own
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <iostream>
#include <set>

#include "data/base/error.h"
#include "data/base/hash.h"
#include "data/formats/child/import_child.h"
#include "data/formats/child/import_wire.h"
#include "data/formats/registry.h"
#include "tests/data/formats/fuzz/seeds.h"
#include "tests/support/temp_folder.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;
using Bytes = std::span<const std::byte>;

struct Target {
  std::string name;
  std::function<void(Bytes)> run;
  std::vector<std::string> corpus;
};

const std::filesystem::path& folder() {
  static const test::TempFolder made;
  return made.path();
}

std::filesystem::path written(const std::string& name, Bytes bytes) {
  const std::filesystem::path file = folder() / name;
  std::ofstream(file, std::ios::binary | std::ios::trunc)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  return file;
}

/// A refusal must say why, and speak of the file; anything else that is thrown, or a crash, is found.
void refusing(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    if (error.failure().empty() || error.kind() == ErrorKind::kInternal || error.kind() == ErrorKind::kEnvironment) {
      std::cerr << "not a refusal: " << error.what() << "\n";
      std::abort();
    }
  }
}

std::string text(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::vector<Target> targets() {
  std::vector<Target> list;
  Target child{"child", {}, {}};
  Target container{"container", {}, {}};
  Target frames{"frames", {}, {}};
  for (const test::Seed& seed : test::seeds()) {
    const formats::ImportOptions options = test::optionsOf(seed);
    child.corpus.push_back(seed.content);
    if (!seed.ours) continue;
    auto target = std::find_if(list.begin(), list.end(), [&](const Target& t) { return t.name == seed.format; });
    if (target == list.end()) {
      target = list.insert(list.end(), {seed.format,
                                        [file = seed.file, options](Bytes bytes) {
                                          const auto path = written(file, bytes);
                                          refusing([&] { (void)formats::importFile(path, options); });
                                        },
                                        {}});
    }
    target->corpus.push_back(seed.content);
    const test::TempFolder scratch;
    const std::string whole = text(planet::encode(formats::importFile(test::write(seed, scratch.path()), options)));
    container.corpus.push_back(whole);
    std::string sent;
    for (const auto& [kind, body] : {std::pair{'R', whole}, {'P', formats::encodePart({})}}) {
      const auto length = static_cast<std::uint32_t>(body.size());
      sent += kind + std::string(reinterpret_cast<const char*>(&length), sizeof length) + body;
    }
    frames.corpus.push_back(sent);
  }
  // The checksum is made right again, so that what lies behind it is reached.
  container.run = [](Bytes bytes) {
    constexpr std::size_t kDigest = 64;
    if (bytes.size() < kDigest) return;
    std::vector<std::byte> whole(bytes.begin(), bytes.end());
    const std::string digest = sha256(bytes.first(bytes.size() - kDigest));
    std::memcpy(whole.data() + (bytes.size() - kDigest), digest.data(), kDigest);
    refusing([&] { planet::validate(planet::decodeImport(whole).planet); });
  };
  frames.run = [](Bytes bytes) {
    constexpr std::uint64_t kMost = std::uint64_t{1} << 20U;
    formats::Inbox inbox(kMost, kMost);
    refusing([&] { inbox.take(bytes); });
  };
  child.run = [](Bytes bytes) {
    formats::ImportLimits limits;
    limits.cpuSeconds = 2;
    const auto path = written("file", bytes);
    refusing([&] { (void)formats::runImportChild(IMPORT_TEST_CHILD, path, {}, limits); });
  };
  list.push_back(std::move(container));
  list.push_back(std::move(frames));
  list.push_back(std::move(child));
  return list;
}

/// Aborts where the child takes none of the files to begin with: then it is not the files that it refuses.
void requireWorkingChild(const Target& child) {
  for (const std::string& content : child.corpus) {
    try {
      const auto path = written("file", std::as_bytes(std::span(content.data(), content.size())));
      (void)formats::runImportChild(IMPORT_TEST_CHILD, path, {});
      return;
    } catch (const Error& error) {
      std::cerr << "fuzz_formats: not taken: " << error.what() << "\n";
    }
  }
  std::cerr << "fuzz_formats: the child " << IMPORT_TEST_CHILD << " takes no seed\n";
  std::abort();
}

Target chosen;

Target named(const std::string& name) {
  for (Target& target : targets()) {
    if (target.name == name) return std::move(target);
  }
  std::cerr << "fuzz_formats: nothing is called '" << name << "'; see --names\n";
  std::exit(2);
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  for (int i = 1; i < *argc; ++i) {
    const std::string word = (*argv)[i];
    if (word == "--names") {
      for (const Target& target : targets()) std::cout << target.name << "\n";
      std::exit(0);
    }
    if (word.starts_with("--seeds=") && i + 1 < *argc) {
      int number = 0;
      for (const std::string& content : named(word.substr(8)).corpus) {
        std::ofstream(std::string((*argv)[i + 1]) + "/seed-" + std::to_string(++number), std::ios::binary) << content;
      }
      std::exit(0);
    }
    if (word.starts_with("--what=")) chosen = named(word.substr(7));
  }
  if (chosen.name == "child") requireWorkingChild(chosen);
  if (!chosen.run) std::exit((std::cerr << "fuzz_formats: say --what=NAME; see --names\n", 2));
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  chosen.run(std::as_bytes(std::span(data, size)));
  return 0;
}
