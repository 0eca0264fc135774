// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPalette>
#include <QString>
#include <vector>

class QApplication;

namespace ecumene::ui::look {

/// Every colour of the interface: neutral greys and one accent.
struct Theme {
  bool dark = false;
  QColor window, surface, raised, border;  ///< frames, lists and fields, buttons and headers, lines
  QColor outline;  ///< of what can be changed (check boxes, fields, handles): at least 3:1 against the grounds
  QColor text, muted, disabled;             ///< muted: secondary text, as readable as the rest
  QColor accent, selection, selectionText;  ///< accent: text and lines that stand out, focus
  QColor good, warning, bad;                ///< text; never without a word or an icon
  QColor view;                              ///< behind planets
};
const Theme& lightTheme();
const Theme& darkTheme();
/// That applyTheme() chose last; light before.
const Theme& currentTheme();
QPalette paletteOf(const Theme& theme);

/// Contrast of two opaque colours, 1 to 21 (WCAG 2.1, "contrast ratio").
double contrast(const QColor& a, const QColor& b);

/// A text and a ground that are drawn together.
struct TextPair {
  QString name;
  QColor text, ground;
};
/// All of a theme.
std::vector<TextPair> textPairs(const Theme& theme);

/// "system", "light" or "dark"; system follows the desktop's palette. Fusion, our palette, Inter in `textPoints`.
void applyTheme(QApplication& application, const QString& choice, double textPoints);

/// Of numbers: fixed width, as large as the text around them.
QFont numberFont();
/// Of a heading; 1.0 is the text's size.
QFont headingFont(double scale);
/// Families that are used, for About: "Inter, JetBrains Mono".
QString fontFamilies();

}  // namespace ecumene::ui::look
