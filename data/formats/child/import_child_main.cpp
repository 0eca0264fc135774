// SPDX-License-Identifier: Apache-2.0
// The child's side of import_child.h: walls first, then the file.
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <new>
#include <string>
#include <string_view>
#include <utility>

#include "data/base/error.h"
#include "data/formats/child/import_child.h"
#include "data/formats/child/import_walls.h"
#include "data/formats/child/import_wire.h"
#include "data/formats/registry.h"

namespace ecumene::data::formats {
namespace {

std::uint64_t number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size()) throw internalError("bad word for the import child");
  return value;
}

/// `<program> import-child <fd> <parent pid> <memory> <cpu> <path> [key=value]...`
struct Words {
  int pipe = -1;
  std::uint64_t parent = 0, memoryBytes = 0, cpuSeconds = 0;
  std::filesystem::path path;
  ImportOptions options;
};

Words parse(int argc, char** argv) {
  constexpr int kFixed = 7;
  if (argc < kFixed) throw internalError("too few words for the import child");
  Words words;
  words.pipe = static_cast<int>(number(argv[2]));
  words.parent = number(argv[3]);
  words.memoryBytes = number(argv[4]);
  words.cpuSeconds = number(argv[5]);
  words.path = argv[6];
  for (int i = kFixed; i < argc; ++i) {
    const std::string_view word = argv[i];
    const std::size_t equal = word.find('=');
    if (equal == std::string_view::npos) throw internalError("bad option for the import child");
    words.options.set.emplace(word.substr(0, equal), word.substr(equal + 1));
  }
  return words;
}

void import(const Words& words) {
  // A parent that died before this line is noticed by its id, one that dies later by the signal.
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || static_cast<std::uint64_t>(::getppid()) != words.parent) return;
  goFirst();
  limitResources(words.memoryBytes, words.cpuSeconds);
  closeDoors(filesToRead(words.path), words.pipe);
  sendFrame(words.pipe, FrameKind::kStage, std::string("finding its format"));
  const Format& format = detect(words.path, words.options);
  sendFrame(words.pipe, FrameKind::kStage, "reading it as " + std::string(format.name));
  ImportOptions options = words.options;
  options.tell = [&words, last = -1](double share) mutable {
    constexpr double kThousandths = 1000.0;
    const int now = static_cast<int>(kThousandths * std::clamp(share, 0.0, 1.0));
    if (now == std::exchange(last, now)) return;
    sendFrame(words.pipe, FrameKind::kShare, std::to_string(now));
  };
  importParts(format, words.path, options, [&](ImportedPart&& part) { sendPart(words.pipe, part); });
}

}  // namespace

bool isImportChild(int argc, char** argv) {
  return argc > 1 && std::string_view(argv[1]) == kImportChildWord;
}

int importChildMain(int argc, char** argv) {
  int pipe = -1;
  try {
    const Words words = parse(argc, argv);
    pipe = words.pipe;
    try {
      import(words);
      // A sanitizer's leak checker cannot work behind the walls; nothing is left to be tidied.
      std::_Exit(0);
    } catch (const UnknownFormat& error) {
      sendFrame(pipe, FrameKind::kError, encodeError(error, error.looks()));
    } catch (const Error& error) {
      sendFrame(pipe, FrameKind::kError, encodeError(error));
    } catch (const std::bad_alloc&) {
      sendFrame(pipe, FrameKind::kExcess,
                "it needed more than the " + std::to_string(words.memoryBytes >> 20U) +
                    " MiB of memory that an import may use");
    } catch (const std::exception& error) {
      sendFrame(pipe, FrameKind::kError,
                encodeError(Error("the file cannot be read").on(words.path.filename().string()).found(error.what())));
    }
    std::_Exit(1);
  } catch (const std::exception&) {
    // Nobody listens at the pipe any more, or the words are not ours.
    return 3;
  }
}

}  // namespace ecumene::data::formats
