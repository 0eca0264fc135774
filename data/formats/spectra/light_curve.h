// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>

#include "data/base/error.h"
#include "data/formats/spectra/spectrum_source.h"

namespace ecumene::data::formats {

/// The refusal of a table that is a light curve: a column of times and none of wavelengths by their names. None if the
/// names do not say so.
std::optional<Error> lightCurveObjection(std::span<const TableColumn> columns);

/// The refusal of a table without a header whose first column holds ascending Julian dates of the years 1858 to 2132.
std::optional<Error> lightCurveObjection(const SpectrumSource& source);

}  // namespace ecumene::data::formats
