// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace ecumene {

/// Throws Error where something would be made in a folder that is neither absent nor empty; a link is the folder that
/// it names. Entries whose names `leftOver` takes do not count.
void requireAbsentOrEmpty(const std::filesystem::path& folder,
                          const std::function<bool(const std::string& name)>& leftOver = {});

/// Puts the folder `from` at `to` in one step: at every moment `to` is the old folder or the new one, whole. What stood
/// there is at `from` then. Throws Error and changes nothing where the file system cannot exchange two names.
void putInPlace(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace ecumene
