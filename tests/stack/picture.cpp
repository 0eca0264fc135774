// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/stack/picture.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numbers>
#include <sstream>

namespace ecumene::stack {

namespace {

constexpr int kColourTolerance = 6;  // of 255: rounding in the renderer and in the picture's format

bool alike(QRgb pixel, const QColor& colour, int tolerance) {
  return std::abs(qRed(pixel) - colour.red()) <= tolerance && std::abs(qGreen(pixel) - colour.green()) <= tolerance &&
         std::abs(qBlue(pixel) - colour.blue()) <= tolerance;
}

}  // namespace

long countPixels(const QImage& image, const QColor& colour, int tolerance) {
  long count = 0;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) count += alike(image.pixel(x, y), colour, tolerance) ? 1 : 0;
  }
  return count;
}

std::string departureFromDisc(const QImage& image, const QPointF& centre, double radius, double tolerancePixels,
                              const QColor& colour, const QColor& background) {
  int left = image.width(), right = -1, top = image.height(), bottom = -1;
  long area = 0;
  long strays = 0;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      const QRgb pixel = image.pixel(x, y);
      if (alike(pixel, colour, kColourTolerance)) {
        ++area;
        left = std::min(left, x);
        right = std::max(right, x + 1);
        top = std::min(top, y);
        bottom = std::max(bottom, y + 1);
      }
      const double distance = std::hypot(x + 0.5 - centre.x(), y + 0.5 - centre.y());
      if (distance > radius + tolerancePixels && !alike(pixel, background, kColourTolerance)) ++strays;
    }
  }
  std::ostringstream report;
  if (area == 0) {
    report << "no pixel has the disc's colour; ";
  } else {
    const auto expect = [&](const char* what, double expected, double found) {
      if (std::abs(found - expected) > tolerancePixels)
        report << what << " at " << found << ", expected " << expected << "; ";
    };
    expect("left edge", centre.x() - radius, left);
    expect("right edge", centre.x() + radius, right);
    expect("upper edge", centre.y() - radius, top);
    expect("lower edge", centre.y() + radius, bottom);
    const double expectedArea = std::numbers::pi * radius * radius;
    if (std::abs(static_cast<double>(area) - expectedArea) > 2.0 * std::numbers::pi * radius * tolerancePixels) {
      report << "area " << area << " pixels, expected " << expectedArea << "; ";
    }
  }
  if (strays > 0) report << strays << " pixels outside the disc are not background; ";
  return report.str();
}

}  // namespace ecumene::stack
