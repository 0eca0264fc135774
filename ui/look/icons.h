// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>
#include <QString>
#include <QStringList>

namespace ecumene::ui::look {

/// Icons of one family: KDE's Breeze, monochrome, drawn in the palette's text colour of the moment, so that they follow
/// light, dark, disabled and selected. The files are those of Debian's breeze-icon-theme.
enum class Icon {
  kHome,
  kRuns,
  kClimate,
  kData,
  kSettings,
  kAbout,
  kOpen,
  kConnect,
  kSave,
  kUndo,
  kRedo,
  kSearch,
  kCopy,
  kRefresh,
  kAdd,
  kClose,
  kNotifications,
  kInformation,
  kWarning,
  kError,
  kPlay,
  kPause,
  kStop,
  kFit,
  kLocked,
  kUnlocked,
  kInvert,
  kRecent,
  kCheckpoint,
  kPicture
};

QIcon icon(Icon which);
/// Names of icons whose files are not installed; empty where all is well.
QStringList missingIcons();

}  // namespace ecumene::ui::look
