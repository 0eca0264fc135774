// SPDX-License-Identifier: Apache-2.0
#include "data/formats/climate/netcdf_groups.h"

#include <netcdf.h>

#include <array>

#include "data/base/checked.h"
#include "data/base/error.h"
#include "data/formats/common/shown_text.h"

namespace ecumene::data::formats {
namespace {

constexpr std::size_t kMostGroups = 1000;
constexpr int kDeepest = 20;

struct Opened {
  int id = -1;
  ~Opened() {
    if (id >= 0) nc_close(id);
  }
};

void check(int status, const std::string& file) {
  if (status != NC_NOERR) throw Error(std::string("cannot list the groups: ") + nc_strerror(status)).on(file);
}

void collect(int group, int depth, const std::string& file, std::vector<std::string>& names) {
  int count = 0;
  check(nc_inq_grps(group, &count, nullptr), file);
  if (count == 0 || depth == kDeepest || names.size() > kMostGroups) return;
  std::vector<int> children(checkedCast<std::size_t>(count, file));
  check(nc_inq_grps(group, nullptr, children.data()), file);
  for (const int child : children) {
    int variables = 0;
    check(nc_inq_nvars(child, &variables), file);
    std::array<char, NC_MAX_NAME + 1> name{};
    check(nc_inq_grpname(child, name.data()), file);
    if (variables > 0) names.push_back(shownText(name.data()));
    collect(child, depth + 1, file, names);
  }
}

}  // namespace

std::vector<std::string> groupsWithVariables(const std::filesystem::path& path) {
  const std::string file = path.filename().string();
  Opened opened;
  check(nc_open(std::filesystem::absolute(path).c_str(), NC_NOWRITE, &opened.id), file);
  std::vector<std::string> names;
  collect(opened.id, 0, file, names);
  return names;
}

}  // namespace ecumene::data::formats
