// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/look/theme.h"

#include <QApplication>
#include <QFontDatabase>
#include <cmath>

#include "ui/look/style.h"

namespace ecumene::ui::look {
namespace {

const Theme* current = &lightTheme();

/// The first of these families that is installed; the system's font of that kind if none is.
QString family(std::initializer_list<const char*> wanted, QFontDatabase::SystemFont otherwise) {
  const QStringList installed = QFontDatabase::families();
  for (const char* name : wanted) {
    if (installed.contains(QString::fromLatin1(name))) return QString::fromLatin1(name);
  }
  return QFontDatabase::systemFont(otherwise).family();
}

QString textFamily() {
  static const QString kFamily = family({"Inter"}, QFontDatabase::GeneralFont);
  return kFamily;
}

QString numberFamily() {
  static const QString kFamily = family({"JetBrains Mono", "DejaVu Sans Mono"}, QFontDatabase::FixedFont);
  return kFamily;
}

double linear(double channel) {
  return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor& colour) {
  return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

/// What QSS alone can say; all other colours come from the palette.
QString styleSheet(const Theme& theme) {
  return QStringLiteral(
             "QToolTip { background: %1; color: %2; border: 1px solid %3; padding: 4px; }"
             "QDockWidget::title { background: %4; padding: 6px 8px; }"
             "QMainWindow::separator { background: %3; width: 1px; height: 1px; }"
             "QStatusBar::item { border: none; }"
             "QHeaderView::section { background: %4; color: %5; border: none; border-bottom: 1px solid %3; padding: "
             "4px 6px; }"
             "QAbstractScrollArea { border: 1px solid %3; }"
             "QToolBar#navigation { background: %4; border: none; border-right: 1px solid %3; padding: 4px; spacing: "
             "4px; }"
             "QScrollArea { border: none; }")
      .arg(theme.raised.name(), theme.text.name(), theme.border.name(), theme.window.name(), theme.muted.name());
}

}  // namespace

const Theme& lightTheme() {
  static const Theme kTheme = {.dark = false,
                               .window = QColor(0xf2f2f3),
                               .surface = QColor(0xffffff),
                               .raised = QColor(0xe8e9eb),
                               .border = QColor(0xc8cacf),
                               .outline = QColor(0x7c8088),
                               .text = QColor(0x1b1c1f),
                               .muted = QColor(0x54575e),
                               .disabled = QColor(0x8d9098),
                               .accent = QColor(0x0b6380),
                               .selection = QColor(0x0b6380),
                               .selectionText = QColor(0xffffff),
                               .good = QColor(0x1d6334),
                               .warning = QColor(0x7a4f00),
                               .bad = QColor(0xa8231c),
                               .view = QColor(0xe4e5e8)};
  return kTheme;
}

const Theme& darkTheme() {
  static const Theme kTheme = {.dark = true,
                               .window = QColor(0x202124),
                               .surface = QColor(0x17181a),
                               .raised = QColor(0x2b2d31),
                               .border = QColor(0x3d4046),
                               .outline = QColor(0x83878f),
                               .text = QColor(0xe6e7ea),
                               .muted = QColor(0xa6a9b1),
                               .disabled = QColor(0x70747c),
                               .accent = QColor(0x63bcd9),
                               .selection = QColor(0x1f5f76),
                               .selectionText = QColor(0xffffff),
                               .good = QColor(0x7fcb92),
                               .warning = QColor(0xe6b656),
                               .bad = QColor(0xf29086),
                               .view = QColor(0x101113)};
  return kTheme;
}

const Theme& currentTheme() {
  return *current;
}

QPalette paletteOf(const Theme& theme) {
  QPalette palette;
  palette.setColor(QPalette::Window, theme.window);
  palette.setColor(QPalette::WindowText, theme.text);
  palette.setColor(QPalette::Base, theme.surface);
  palette.setColor(QPalette::AlternateBase, theme.window);
  palette.setColor(QPalette::Text, theme.text);
  palette.setColor(QPalette::PlaceholderText, theme.muted);
  palette.setColor(QPalette::Button, theme.raised);
  palette.setColor(QPalette::ButtonText, theme.text);
  palette.setColor(QPalette::BrightText, theme.bad);
  palette.setColor(QPalette::ToolTipBase, theme.raised);
  palette.setColor(QPalette::ToolTipText, theme.text);
  palette.setColor(QPalette::Highlight, theme.selection);
  palette.setColor(QPalette::HighlightedText, theme.selectionText);
  palette.setColor(QPalette::Link, theme.accent);
  palette.setColor(QPalette::LinkVisited, theme.accent);
  palette.setColor(QPalette::Light, theme.raised.lighter(110));
  palette.setColor(QPalette::Midlight, theme.raised);
  palette.setColor(QPalette::Mid, theme.border);
  palette.setColor(QPalette::Dark, theme.border.darker(115));
  palette.setColor(QPalette::Shadow, theme.dark ? QColor(0x0a0a0b) : QColor(0x9a9ca2));
  for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
    palette.setColor(QPalette::Disabled, role, theme.disabled);
  }
  palette.setColor(QPalette::Disabled, QPalette::Highlight, theme.border);
  return palette;
}

double contrast(const QColor& a, const QColor& b) {
  const double first = luminance(a), second = luminance(b);
  return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

std::vector<TextPair> textPairs(const Theme& theme) {
  std::vector<TextPair> pairs = {{"selected text", theme.selectionText, theme.selection}};
  const std::vector<std::pair<QString, QColor>> grounds = {
      {"window", theme.window}, {"surface", theme.surface}, {"raised", theme.raised}};
  const std::vector<std::pair<QString, QColor>> texts = {{"text", theme.text},       {"muted", theme.muted},
                                                         {"accent", theme.accent},   {"good", theme.good},
                                                         {"warning", theme.warning}, {"bad", theme.bad}};
  for (const auto& [groundName, ground] : grounds) {
    for (const auto& [textName, text] : texts) pairs.push_back({textName + " on " + groundName, text, ground});
  }
  pairs.push_back({"text on view", theme.text, theme.view});
  pairs.push_back({"muted on view", theme.muted, theme.view});
  return pairs;
}

void applyTheme(QApplication& application, const QString& choice, double textPoints) {
  static const bool kSystemIsDark = application.palette().color(QPalette::Window).lightness() < 128;
  const bool dark = choice == "dark" || (choice == "system" && kSystemIsDark);
  current = dark ? &darkTheme() : &lightTheme();
  QApplication::setStyle(new Style);
  QApplication::setPalette(paletteOf(*current));
  QFont font(textFamily());
  font.setPointSizeF(textPoints);
  QApplication::setFont(font);
  application.setStyleSheet(styleSheet(*current));
}

QFont numberFont() {
  QFont font(numberFamily());
  font.setPointSizeF(QApplication::font().pointSizeF());
  font.setStyleHint(QFont::Monospace);
  return font;
}

QFont headingFont(double scale) {
  QFont font = QApplication::font();
  font.setPointSizeF(font.pointSizeF() * scale);
  font.setWeight(QFont::DemiBold);
  return font;
}

QString fontFamilies() {
  return textFamily() + ", " + numberFamily();
}

}  // namespace ecumene::ui::look
