// SPDX-License-Identifier: Apache-2.0
#include "data/formats/common/shell_limit.h"

#include <sys/resource.h>

#include <array>
#include <cerrno>

#include "data/base/error.h"

namespace ecumene::data::formats {
namespace {

struct Row {
  __rlimit_resource resource;
  const char* option;
  std::uint64_t scale;
  const char* unit;
};
constexpr std::array<Row, 3> kRows{{
    {RLIMIT_AS, "-v", std::uint64_t{1} << 20U, "MiB"},
    {RLIMIT_FSIZE, "-f", std::uint64_t{1} << 10U, "KiB"},
    {RLIMIT_CPU, "-t", 1, "s"},
}};

const Row& rowOf(ShellLimit limit) {
  return kRows.at(static_cast<std::size_t>(limit));
}

}  // namespace

std::optional<std::uint64_t> shellLimit(ShellLimit limit) {
  rlimit value{};
  if (::getrlimit(rowOf(limit).resource, &value) != 0) throw systemError("cannot read a limit", "getrlimit", errno);
  if (value.rlim_cur == RLIM_INFINITY) return std::nullopt;
  return value.rlim_cur;
}

std::string inWords(ShellLimit limit, std::uint64_t value) {
  const Row& row = rowOf(limit);
  return std::to_string(value / row.scale) + " " + row.unit + " (ulimit " + row.option + ")";
}

std::string liftedBy(ShellLimit limit) {
  return std::string("ulimit ") + rowOf(limit).option + " unlimited";
}

}  // namespace ecumene::data::formats
