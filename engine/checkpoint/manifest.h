// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "engine/checkpoint/checkpoint.h"

namespace ecumene::engine::checkpoint {

inline constexpr int kFormatVersion = 1;
inline constexpr const char* kManifestName = "manifest.json";
inline constexpr const char* kMarkerName = "manifest.sha256";
inline constexpr const char* kRunName = "run.toml";

std::string toJson(const Manifest& manifest);
/// Throws Error naming `file` where the text is not a manifest, or one of a newer version. File names that it gives are
/// plain names, without a folder.
Manifest fromJson(std::string_view text, const std::string& file);

}  // namespace ecumene::engine::checkpoint
