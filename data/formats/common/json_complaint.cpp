// SPDX-License-Identifier: Apache-2.0
#include "data/formats/common/json_complaint.h"

namespace ecumene::data::formats {

std::string jsonComplaint(std::string_view what, JsonPlace place) {
  // "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error ..."
  const std::size_t begin = what.find(place == JsonPlace::kColumn ? "column " : "line ");
  const bool located = what.starts_with("[json.exception.parse_error") && begin != std::string_view::npos;
  return std::string(located ? what.substr(begin) : what);
}

}  // namespace ecumene::data::formats
