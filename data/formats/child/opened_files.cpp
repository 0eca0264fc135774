// SPDX-License-Identifier: Apache-2.0
#include "data/formats/child/opened_files.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include "data/base/error.h"

namespace ecumene::data::formats {
namespace {

/// One open of a file, with a position of its own, and the descriptor through which it was last given out.
struct Handle {
  int kept = -1;
  int given = -1;
};

/// Files that a reader may have open several times at once: a library and a checksum, a library that looks first.
constexpr std::size_t kHandles = 4;

struct OpenedFile {
  std::string path;
  std::array<Handle, kHandles> handles;
};

std::vector<OpenedFile>& opened() {
  static std::vector<OpenedFile> files;
  return files;
}

/// A descriptor at the beginning of the file, or a negative errno. Runs in a signal handler: no allocation.
long give(const char* path) {
  for (OpenedFile& file : opened()) {
    if (file.path != path) continue;
    for (Handle& handle : file.handles) {
      const bool inUse = handle.given >= 0 && ::fcntl(handle.given, F_GETFD) >= 0;
      if (inUse) continue;
      const int given = ::dup(handle.kept);
      if (given < 0) return -errno;
      ::lseek(given, 0, SEEK_SET);
      // The number may have been another handle's, whose reader has closed it.
      for (OpenedFile& other : opened()) {
        for (Handle& old : other.handles) {
          if (old.given == given) old.given = -1;
        }
      }
      handle.given = given;
      return given;
    }
    return -EMFILE;
  }
  return -EACCES;
}

void answer(int /*signal*/, siginfo_t* info, void* context) {
  const int before = errno;
  greg_t* registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
  const bool at = info->si_syscall == SYS_openat;
  const greg_t path = registers[at ? REG_RSI : REG_RDI];
  const auto flags = static_cast<int>(registers[at ? REG_RDX : REG_RSI]);
  const bool reads = (flags & (O_ACCMODE | O_CREAT | O_TRUNC)) == O_RDONLY;
  registers[REG_RAX] = reads ? give(reinterpret_cast<const char*>(path)) : -EACCES;
  errno = before;
}

}  // namespace

void serveOpenedFiles(const std::vector<std::filesystem::path>& files) {
  for (const std::filesystem::path& path : files) {
    std::error_code problem;
    if (!std::filesystem::is_regular_file(path, problem)) continue;
    OpenedFile file{path.string(), {}};
    for (Handle& handle : file.handles) handle.kept = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file.handles.back().kept >= 0) opened().push_back(std::move(file));
  }
  struct sigaction action {};
  action.sa_sigaction = answer;
  action.sa_flags = SA_SIGINFO | SA_NODEFER;
  if (::sigaction(SIGSYS, &action, nullptr) != 0) throw systemError("cannot answer system calls", "sigaction", errno);
}

}  // namespace ecumene::data::formats
