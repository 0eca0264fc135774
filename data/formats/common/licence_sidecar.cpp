// SPDX-License-Identifier: Apache-2.0
#include "data/formats/common/licence_sidecar.h"

#include <algorithm>
#include <string_view>
#include <system_error>

#include "data/base/error.h"
#include "data/formats/common/text_file.h"
#include "data/formats/common/text_table.h"

namespace ecumene::data::formats {
namespace {

constexpr std::size_t kLargestFile = std::size_t{1} << 16U;
constexpr std::size_t kLongestLicence = 200;  // characters of an SPDX expression

}  // namespace

std::filesystem::path licenceFileBeside(const std::filesystem::path& path) {
  std::filesystem::path sidecar = path;
  sidecar += ".license";
  return sidecar;
}

std::optional<std::string> licenceBeside(const std::filesystem::path& path) {
  const std::filesystem::path sidecar = licenceFileBeside(path);
  std::error_code problem;
  if (!std::filesystem::is_regular_file(sidecar, problem)) return std::nullopt;
  const std::string file = sidecar.filename().string();
  try {
    const std::string content = readTextFile(sidecar, kLargestFile);
    std::string licence;
    for (std::size_t at = 0; at < content.size();) {
      const std::size_t end = std::min(content.find('\n', at), content.size());
      const std::string_view line = std::string_view(content).substr(at, end - at);
      at = end + 1;
      const std::size_t tag = line.find(kLicenceTag);
      if (tag == std::string_view::npos) continue;
      const std::string stated(trim(line.substr(tag + kLicenceTag.size())));
      if (!stated.empty()) licence += (licence.empty() ? "" : " AND ") + stated;
    }
    const bool shown = std::all_of(licence.begin(), licence.end(), [](char c) { return c >= ' ' && c <= '~'; });
    if (licence.empty() || licence.size() > kLongestLicence || !shown) {
      throw Error("the file beside it states no licence")
          .expected("a line '" + std::string(kLicenceTag) + " NAME'")
          .found(licence.empty() ? "none" : "what is no licence");
    }
    return licence;
  } catch (Error& error) {
    if (error.object().empty()) error.on(file);
    throw error.next("mend " + file + ", or give --set licence=NAME");
  }
}

}  // namespace ecumene::data::formats
