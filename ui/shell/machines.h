// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <filesystem>

namespace ecumene::ui::shell {

/// Other machines that a window has reached, as ssh takes them, the latest first: one a line in a file. None where
/// there is no file. Throws Error where it cannot be read.
QStringList machinesOf(const std::filesystem::path& file);
/// Puts a machine first and forgets those beyond the eighth. Whole or not at all; makes the folder; throws Error.
void rememberMachine(const std::filesystem::path& file, const QString& host);

}  // namespace ecumene::ui::shell
