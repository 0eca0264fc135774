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

/// The names that a user's configuration of ssh gives to hosts, in their order: words behind "Host" that are no
/// patterns, at most 32. None where it cannot be read: it is ssh that needs it.
QStringList hostsOfSshConfig(const std::filesystem::path& file);

}  // namespace ecumene::ui::shell
