// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "data/planet/planet.h"

namespace ecumene::data::planet {

/// A planet as bytes: little-endian, "ECPL", version, members in the order of fields.h, sha-256 at the end. It carries
/// planets from an importing child process to its parent, and equal planets give equal bytes, so it is also what
/// content hashes are made of.
std::vector<std::byte> encode(const Planet& planet);

/// The inverse. Every length is checked against the bytes that are left before anything is allocated; throws Error on a
/// damaged, truncated, foreign or newer container. Does not call validate().
Planet decode(std::span<const std::byte> bytes);

}  // namespace ecumene::data::planet
