// SPDX-License-Identifier: Apache-2.0
#include "data/formats/child/import_walls.h"

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <string_view>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/formats/child/landlock.h"
#include "data/formats/child/opened_files.h"

namespace ecumene::data::formats {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#elif defined(__has_feature)  // clang's way
constexpr bool kSanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool kSanitized = false;
#endif

/// What reading, computing and ending take, whatever their arguments: none of these opens, changes or starts anything.
constexpr auto kHarmless = std::to_array<int>({
    SCMP_SYS(read),
    SCMP_SYS(readv),
    SCMP_SYS(pread64),
    SCMP_SYS(preadv),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(lseek),
    SCMP_SYS(close),
    SCMP_SYS(stat),
    SCMP_SYS(fstat),
    SCMP_SYS(lstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(statx),
    SCMP_SYS(access),
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(getcwd),
    SCMP_SYS(flock),
    SCMP_SYS(fadvise64),
    SCMP_SYS(dup),
    SCMP_SYS(poll),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(brk),
    SCMP_SYS(futex),
    SCMP_SYS(rseq),
    SCMP_SYS(membarrier),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_getres),
    SCMP_SYS(nanosleep),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(times),
    SCMP_SYS(getrusage),
    SCMP_SYS(getrlimit),
    SCMP_SYS(sysinfo),
    SCMP_SYS(uname),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(getppid),
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getegid),
    SCMP_SYS(getrandom),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
});

/// As far as the user's own limits (ulimit) leave room: none of them can be raised.
void limit(__rlimit_resource resource, std::uint64_t soft, std::uint64_t hard) {
  rlimit value{};
  if (::getrlimit(resource, &value) != 0) throw systemError("cannot read a limit", "getrlimit", errno);
  value.rlim_cur = std::min<std::uint64_t>(soft, value.rlim_cur);
  value.rlim_max = std::min<std::uint64_t>(hard, value.rlim_max);
  if (::setrlimit(resource, &value) != 0) throw systemError("cannot limit the importing process", "setrlimit", errno);
}

void closeDescriptorsAbove(int last) {
  if (::syscall(SYS_close_range, static_cast<unsigned>(last) + 1, ~0U, 0) == 0) return;
  constexpr int kLargest = 65536;  // kernels before 5.9 lack the call
  for (int fd = last + 1; fd < kLargest; ++fd) ::close(fd);
}

class Filter {
 public:
  explicit Filter(std::uint32_t otherwise) : context_(seccomp_init(otherwise), seccomp_release) {
    if (context_ == nullptr) throw Error("cannot make a system call filter", ErrorKind::kEnvironment);
  }
  template <class... Conditions>
  void add(std::uint32_t action, int call, Conditions... conditions) {
    const int result = seccomp_rule_add(context_.get(), action, call, sizeof...(conditions), conditions...);
    if (result != 0) throw systemError("cannot make a system call filter", "seccomp", -result);
  }
  template <class... Conditions>
  void allow(int call, Conditions... conditions) {
    add(SCMP_ACT_ALLOW, call, conditions...);
  }
  void load() {
    const int result = seccomp_load(context_.get());
    if (result != 0) throw systemError("cannot load the system call filter", "seccomp", -result);
  }

 private:
  std::unique_ptr<void, void (*)(scmp_filter_ctx)> context_;
};

void allowOpens(Filter& filter, PathWall wall) {
  if (wall == PathWall::kOpenedFiles) {
    filter.add(SCMP_ACT_TRAP, SCMP_SYS(open));
    filter.add(SCMP_ACT_TRAP, SCMP_SYS(openat));
    return;
  }
  constexpr scmp_datum_t kChanging = O_ACCMODE | O_CREAT | O_TRUNC;
  filter.allow(SCMP_SYS(open), SCMP_A1(SCMP_CMP_MASKED_EQ, kChanging, O_RDONLY));
  filter.allow(SCMP_SYS(openat), SCMP_A2(SCMP_CMP_MASKED_EQ, kChanging, O_RDONLY));
}

/// Descriptors' flags, copies and locks. Other commands of fcntl (F_SETOWN, F_SETSIG) send signals to any process.
constexpr auto kDescriptorCommands = std::to_array<int>({F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL, F_GETLK,
                                                         F_SETLK, F_SETLKW, F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLKW});

void filterCalls(PathWall wall) {
  Filter filter(SCMP_ACT_ERRNO(EPERM));
  for (const int call : kHarmless) filter.allow(call);
  for (const int command : kDescriptorCommands) {
    filter.allow(SCMP_SYS(fcntl), SCMP_A1(SCMP_CMP_EQ, static_cast<scmp_datum_t>(command)));
  }
  allowOpens(filter, wall);
  // A thread shares the parent's memory; a process does not. Of clone3 a filter sees no flags: ENOSYS makes glibc take
  // clone.
  filter.allow(SCMP_SYS(clone), SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_VM | CLONE_THREAD, CLONE_VM | CLONE_THREAD));
  filter.add(SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3));
  for (const int call : {SCMP_SYS(mmap), SCMP_SYS(mprotect)}) {
    filter.allow(call, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
  }
  // Its own signals (abort), its own limits to be read.
  filter.allow(SCMP_SYS(tgkill), SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(::getpid())));
  filter.allow(SCMP_SYS(prlimit64), SCMP_A2(SCMP_CMP_EQ, 0));
  // UBSan finds out by a pipe whether it may read an address.
  if (kSanitized) {
    for (const int call : {SCMP_SYS(pipe), SCMP_SYS(pipe2)}) filter.allow(call);
  }
  filter.load();
}

}  // namespace

bool memoryIsLimited() {
  return !kSanitized;
}

void goFirst() {
  const FileDescriptor file(::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC));
  constexpr std::string_view kMost = "1000";
  // Where that file cannot be written the kernel chooses by size, as ever.
  if (file.valid()) [[maybe_unused]]
    const ssize_t wrote = ::write(file.get(), kMost.data(), kMost.size());
}

void limitResources(std::uint64_t memoryBytes, std::uint64_t cpuSeconds) {
  // A sanitizer reserves terabytes of address space for its shadow.
  if (!kSanitized) limit(RLIMIT_AS, memoryBytes, memoryBytes);
  limit(RLIMIT_CPU, cpuSeconds, cpuSeconds + 2);
  limit(RLIMIT_FSIZE, 0, 0);
  limit(RLIMIT_CORE, 0, 0);
  limit(RLIMIT_NOFILE, 128, 128);
}

PathWall pathWallOfThisKernel() {
  return landlockVersion() > 0 ? PathWall::kLandlock : PathWall::kOpenedFiles;
}

void closeDoors(const std::vector<std::filesystem::path>& files, int lastKept, PathWall wall) {
  closeDescriptorsAbove(lastKept);
  ::prctl(PR_SET_DUMPABLE, 0);
  if (wall == PathWall::kLandlock) {
    std::vector<FileDescriptor> open;
    std::vector<int> readable;
    for (const std::filesystem::path& file : files) {
      FileDescriptor fd(::open(file.c_str(), O_PATH | O_CLOEXEC));
      struct stat status {};
      // A folder would open all that is below it.
      if (!fd.valid() || ::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) continue;
      readable.push_back(fd.get());
      open.push_back(std::move(fd));
    }
    landlock(readable);
  } else {
    serveOpenedFiles(files);
  }
  filterCalls(wall);
}

}  // namespace ecumene::data::formats
