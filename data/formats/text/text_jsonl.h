// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "data/formats/common/format.h"

namespace ecumene::data::formats {

/// Texts as JSON lines, one paper a line: id, title, summary, categories, with or without authors and with "abs" or
/// "url" as the address. LaTeX stays as it is; line breaks and runs of blanks become one blank.
Format textJsonlFormat();

}  // namespace ecumene::data::formats
