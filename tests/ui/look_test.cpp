// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QApplication>
#include <QFont>
#include <QFontMetricsF>

#include "ui/look/icons.h"
#include "ui/look/theme.h"
#include "ui/plots/plot_theme.h"

namespace ecumene::ui::look {
namespace {

// Ends of the scale, and #767676 on white, which WCAG's own understanding document gives as 4.54.
TEST(Contrast, HasWcagsValues) {
  EXPECT_DOUBLE_EQ(contrast(Qt::black, Qt::white), 21.0);
  EXPECT_DOUBLE_EQ(contrast(Qt::white, Qt::white), 1.0);
  EXPECT_NEAR(contrast(QColor(0x767676), Qt::white), 4.54, 0.005);
}

TEST(Theme, EveryTextStandsOutFromItsGround) {
  for (const Theme* theme : {&lightTheme(), &darkTheme()}) {
    const auto pairs = textPairs(*theme);
    EXPECT_EQ(pairs.size(), 21U);
    for (const TextPair& pair : pairs) {
      EXPECT_GE(contrast(pair.text, pair.ground), 4.5) << pair.name.toStdString() << (theme->dark ? " dark" : " light");
    }
  }
}

TEST(Theme, OutlinesAndCurvesStandOutThreeToOne) {
  for (const char* choice : {"light", "dark"}) {
    applyTheme(*qApp, choice, 10.0);
    const Theme& theme = currentTheme();
    for (const QColor& ground : {theme.window, theme.surface}) {
      EXPECT_GE(contrast(theme.outline, ground), 3.0) << choice;
      for (std::size_t i = 0; i < 10; ++i) EXPECT_GE(contrast(plots::curveColour(i), ground), 3.0) << choice << i;
    }
  }
}

TEST(Theme, ChoiceFontAndSizeReachTheApplication) {
  applyTheme(*qApp, "dark", 13.0);
  EXPECT_EQ(QApplication::palette().color(QPalette::Window), darkTheme().window);
  EXPECT_EQ(QApplication::font().pointSizeF(), 13.0);
  EXPECT_EQ(QApplication::font().family(), "Inter");
  applyTheme(*qApp, "light", 10.0);
  EXPECT_EQ(QApplication::palette().color(QPalette::Window), lightTheme().window);
}

TEST(Theme, DigitsOfTheNumberFontAreEquallyWide) {
  const QFontMetricsF metrics(numberFont());
  for (const char* digits : {"111111", "808080", "-12.34"}) {
    EXPECT_DOUBLE_EQ(metrics.horizontalAdvance(digits), metrics.horizontalAdvance("000000")) << digits;
  }
}

/// The darkest and the lightest grey of the opaque pixels.
std::pair<int, int> inks(const QImage& image) {
  int darkest = 255, lightest = 0;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      const QRgb pixel = image.pixel(x, y);
      if (qAlpha(pixel) < 250) continue;
      darkest = std::min(darkest, qGray(pixel));
      lightest = std::max(lightest, qGray(pixel));
    }
  }
  return {darkest, lightest};
}

TEST(Icons, AreInstalledAndDrawnInTheThemesInk) {
  EXPECT_TRUE(missingIcons().isEmpty()) << missingIcons().join(" ").toStdString();
  applyTheme(*qApp, "dark", 10.0);
  const QIcon home = icon(Icon::kHome);
  EXPECT_GT(inks(home.pixmap(64, 64).toImage()).first, 200);
  applyTheme(*qApp, "light", 10.0);
  EXPECT_LT(inks(home.pixmap(64, 64).toImage()).second, 60);
}

}  // namespace
}  // namespace ecumene::ui::look
