// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "data/quality/quality.h"

/// One function for each row of the table (quality.cpp); `limit` is the row's.
namespace ecumene::data::quality {

std::optional<Finding> completeness(const Subject& subject, double limit);
std::optional<Finding> accuracy(const Subject& subject, double limit);
std::optional<Finding> agreement(const Subject& subject, double limit);
std::optional<Finding> energyClosure(const Subject& subject, double limit);
std::optional<Finding> surfaceRange(const Subject& subject, double limit);
std::optional<Finding> massClosure(const Subject& subject, double limit);
std::optional<Finding> saturation(const Subject& subject, double limit);
std::optional<Finding> gridWeights(const Subject& subject, double limit);
std::optional<Finding> gasMixture(const Subject& subject, double limit);
std::optional<Finding> elementBalance(const Subject& subject, double limit);
std::optional<Finding> spectrumUnits(const Subject& subject, double limit);
std::optional<Finding> scalarUnits(const Subject& subject, double limit);

}  // namespace ecumene::data::quality
