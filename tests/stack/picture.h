// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QImage>
#include <QPointF>
#include <string>

namespace ecumene::stack {

// Number of pixels whose red, green and blue each lie within `tolerance` of the colour's.
long countPixels(const QImage& image, const QColor& colour, int tolerance);

// Says how the picture departs from one filled disc of `colour` on a plain `background`; empty where it does not.
// Checked: the disc's extent on both axes (to `tolerancePixels`), its area (pi r^2, within the ring that tolerance
// allows), and that every pixel farther than the tolerance outside the disc has the background's colour. Radius and
// tolerance are in pixels.
std::string departureFromDisc(const QImage& image, const QPointF& centre, double radius, double tolerancePixels,
                              const QColor& colour, const QColor& background);

}  // namespace ecumene::stack
