// SPDX-License-Identifier: Apache-2.0
#include "data/formats/child/landlock.h"

#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "data/base/error.h"
#include "data/base/files.h"

namespace ecumene::data::formats {
namespace {

/// The kernel's own struct of the newest version that is used here; headers may be older than the kernel.
struct Ruleset {
  std::uint64_t files = 0, network = 0, scopes = 0;
};

/// Rights that each version added, as <linux/landlock.h> numbers them: a kernel refuses those that it does not know.
Ruleset handledRights(int version) {
  Ruleset rights;
  rights.files = (std::uint64_t{1} << 13U) - 1;               // execute to make_sym
  if (version >= 2) rights.files |= std::uint64_t{1} << 13U;  // refer
  if (version >= 3) rights.files |= std::uint64_t{1} << 14U;  // truncate
  if (version >= 5) rights.files |= std::uint64_t{1} << 15U;  // ioctl_dev
  if (version >= 4) rights.network = 3;                       // bind_tcp, connect_tcp
  if (version >= 6) rights.scopes = 3;                        // abstract_unix_socket, signal
  return rights;
}

std::size_t rulesetSize(int version) {
  return sizeof(std::uint64_t) * (version >= 6 ? 3U : version >= 4 ? 2U : 1U);
}

[[noreturn]] void refused() {
  throw systemError("cannot keep the importing process from other files", "landlock", errno);
}

}  // namespace

int landlockVersion() {
  const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  return version > 0 ? static_cast<int>(version) : 0;
}

void landlock(std::span<const int> readable) {
  const int version = landlockVersion();
  const Ruleset handled = handledRights(version);
  const FileDescriptor ruleset(
      static_cast<int>(::syscall(SYS_landlock_create_ruleset, &handled, rulesetSize(version), 0)));
  if (!ruleset.valid()) refused();
  for (const int file : readable) {
    landlock_path_beneath_attr rule{};
    rule.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE;
    rule.parent_fd = file;
    if (::syscall(SYS_landlock_add_rule, ruleset.get(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0) refused();
  }
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) refused();
  if (::syscall(SYS_landlock_restrict_self, ruleset.get(), 0) != 0) refused();
}

}  // namespace ecumene::data::formats
