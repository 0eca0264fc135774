// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "data/base/error.h"

namespace ecumene::data::formats {

/// Why a file that lies beside data and looks like it holds nothing to import: results of a flux balance, sequences,
/// coefficients of the habitable zone. None if it is no such file. `head` is its beginning as plainText.
std::optional<Error> knownNoData(std::string_view head);

}  // namespace ecumene::data::formats
