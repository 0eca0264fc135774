// SPDX-License-Identifier: Apache-2.0
#include "data/formats/import_walls.h"

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <array>
#include <cerrno>

#include "data/base/error.h"

namespace ecumene::data::formats {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

void limit(__rlimit_resource resource, std::uint64_t soft, std::uint64_t hard) {
  const rlimit value{soft, hard};
  if (::setrlimit(resource, &value) != 0) throw systemError("cannot limit the importing process", "setrlimit", errno);
}

}  // namespace

bool memoryIsLimited() {
  return !kSanitized;
}

void limitResources(std::uint64_t memoryBytes, std::uint64_t cpuSeconds) {
  // A sanitizer reserves terabytes of address space for its shadow.
  if (!kSanitized) limit(RLIMIT_AS, memoryBytes, memoryBytes);
  limit(RLIMIT_CPU, cpuSeconds, cpuSeconds + 2);
  limit(RLIMIT_FSIZE, 0, 0);
  limit(RLIMIT_CORE, 0, 0);
  limit(RLIMIT_NOFILE, 64, 64);
}

void closeDoors() {
  struct Filter {
    scmp_filter_ctx context = seccomp_init(SCMP_ACT_ALLOW);
    ~Filter() {
      if (context != nullptr) seccomp_release(context);
    }
  } filter;
  if (filter.context == nullptr) throw Error("cannot make a system call filter", ErrorKind::kEnvironment);
  const auto deny = [&](int call, auto... conditions) {
    const int result =
        seccomp_rule_add(filter.context, SCMP_ACT_ERRNO(EPERM), call, sizeof...(conditions), conditions...);
    if (result != 0) throw systemError("cannot make a system call filter", "seccomp", -result);
  };
  for (const int call : {SCMP_SYS(socket),
                         SCMP_SYS(socketpair),
                         SCMP_SYS(connect),
                         SCMP_SYS(bind),
                         SCMP_SYS(listen),
                         SCMP_SYS(accept),
                         SCMP_SYS(accept4),
                         SCMP_SYS(execve),
                         SCMP_SYS(execveat),
                         SCMP_SYS(fork),
                         SCMP_SYS(vfork),
                         SCMP_SYS(ptrace),
                         SCMP_SYS(process_vm_readv),
                         SCMP_SYS(process_vm_writev),
                         SCMP_SYS(unlink),
                         SCMP_SYS(unlinkat),
                         SCMP_SYS(rename),
                         SCMP_SYS(renameat),
                         SCMP_SYS(renameat2),
                         SCMP_SYS(mkdir),
                         SCMP_SYS(mkdirat),
                         SCMP_SYS(rmdir),
                         SCMP_SYS(link),
                         SCMP_SYS(linkat),
                         SCMP_SYS(symlink),
                         SCMP_SYS(symlinkat),
                         SCMP_SYS(chmod),
                         SCMP_SYS(fchmod),
                         SCMP_SYS(fchmodat),
                         SCMP_SYS(chown),
                         SCMP_SYS(fchown),
                         SCMP_SYS(fchownat),
                         SCMP_SYS(truncate),
                         SCMP_SYS(mount),
                         SCMP_SYS(io_uring_setup),
                         SCMP_SYS(bpf),
                         SCMP_SYS(creat),
                         SCMP_SYS(setxattr)}) {
    deny(call);
  }
  // A thread shares the parent's memory; a process does not.
  deny(SCMP_SYS(clone), SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_VM, 0));
  if (!kSanitized) {
    // The leak checker needs these. A refused clone3 would fail threads; ENOSYS makes glibc take clone.
    deny(SCMP_SYS(ptrace));
    const int result = seccomp_rule_add(filter.context, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    if (result != 0) throw systemError("cannot make a system call filter", "seccomp", -result);
    ::prctl(PR_SET_DUMPABLE, 0);
  }
  for (const auto mode : std::to_array<scmp_datum_t>({O_WRONLY, O_RDWR})) {
    deny(SCMP_SYS(open), SCMP_A1(SCMP_CMP_MASKED_EQ, O_ACCMODE, mode));
    deny(SCMP_SYS(openat), SCMP_A2(SCMP_CMP_MASKED_EQ, O_ACCMODE, mode));
  }
  const int loaded = seccomp_load(filter.context);
  if (loaded != 0) throw systemError("cannot load the system call filter", "seccomp", -loaded);
}

}  // namespace ecumene::data::formats
