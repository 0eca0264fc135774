// SPDX-License-Identifier: Apache-2.0
#include "data/formats/licence_sidecar.h"

#include <algorithm>
#include <string_view>
#include <system_error>

#include "data/base/error.h"
#include "data/formats/text_file.h"
#include "data/formats/text_table.h"

namespace ecumene::data::formats {
namespace {

// In two pieces: tools that look for the tag would take this line for the licence of this file.
constexpr std::string_view kTag =
    "SPDX-License-"
    "Identifier:";
constexpr std::size_t kLargestFile = std::size_t{1} << 16U;
constexpr std::size_t kLongestLicence = 200;  // characters of an SPDX expression

}  // namespace

std::optional<std::string> licenceBeside(const std::filesystem::path& path) {
  std::filesystem::path sidecar = path;
  sidecar += ".license";
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
      const std::size_t tag = line.find(kTag);
      if (tag == std::string_view::npos) continue;
      const std::string stated(trim(line.substr(tag + kTag.size())));
      if (!stated.empty()) licence += (licence.empty() ? "" : " AND ") + stated;
    }
    const bool shown = std::all_of(licence.begin(), licence.end(), [](char c) { return c >= ' ' && c <= '~'; });
    if (licence.empty() || licence.size() > kLongestLicence || !shown) {
      throw Error("the file beside it states no licence")
          .expected("a line '" + std::string(kTag) + " NAME'")
          .found(licence.empty() ? "none" : "what is no licence");
    }
    return licence;
  } catch (Error& error) {
    if (error.object().empty()) error.on(file);
    throw error.next("mend " + file + ", or give --set licence=NAME");
  }
}

}  // namespace ecumene::data::formats
