// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "data/base/files.h"
#include "ui/runs/copy_window.h"
#include "ui/runs/run_copies.h"

/// The copies that are not done, beside the window's sessions. Several windows may share the file.
namespace ecumene::ui::runs {

/// One that two windows have in common.
std::string keyOf(const RunCopy& copy);

/// The right to go on with what other windows have left in the file while the descriptor is open: one window has it,
/// and loses it however it ends. Invalid: another has it. Throws Error.
FileDescriptor takeCopies(const std::filesystem::path& file);
/// None where there is no file. Throws Error where it is damaged.
std::vector<RunCopy> readCopies(const std::filesystem::path& file);
/// Those that no other window goes on with. Throws Error.
std::vector<RunCopy> leftCopies(const std::filesystem::path& file, const CopyWindow& window);
/// Ours, of this window, and those of other windows that are in the file and not in `gone`; no other window writes
/// meanwhile. Throws Error.
void writeCopies(const std::filesystem::path& file, std::int64_t window, const std::vector<RunCopy>& ours,
                 const std::set<std::string>& gone);

}  // namespace ecumene::ui::runs
