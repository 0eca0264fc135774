// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "data/formats/common/format.h"

namespace ecumene::data::formats {

/// One text as plain text or Markdown: the first line is its title (without Markdown's '#'), the rest its body. A file
/// is taken as a text only where the user says so, `--set format=plain_text`: a README beside data is no text of a
/// planet.
Format plainTextFormat();

}  // namespace ecumene::data::formats
