// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <optional>

#include "viz/climate/projection.h"
#include "viz/climate/slice.h"
#include "viz/scene/colour_map.h"

class vtkRenderWindow;

namespace ecumene::viz::climate {

/// From where the planet is looked at. Maps wrap around at the longitude opposite to the centre.
struct View {
  Projection projection = Projection::kEquirectangular;
  GeoPoint centre{0.0, 180.0};  ///< latitude -90 to 90
  double zoom = 1.0;            ///< 1: the whole planet fits; 1 to kLargestZoom
  bool operator==(const View& other) const {
    return projection == other.projection && centre.latitudeDeg == other.centre.latitudeDeg &&
           centre.longitudeDeg == other.centre.longitudeDeg && zoom == other.zoom;
  }
};
inline constexpr double kLargestZoom = 32.0;

/// What is drawn over the colours.
struct Overlays {
  bool graticule = true;
  std::optional<Slice> land;           ///< fraction; drawn around cells of at least one half
  std::optional<Slice> ice;            ///< fraction; the same
  std::optional<GeoPoint> substellar;  ///< point and terminator of a planet whose star stands still
  std::optional<Cell> probe;
};

/// Colours of what is not data.
struct Inks {
  scene::Rgb background{24, 25, 28};
  scene::Rgb line{255, 255, 255};  ///< land, ice, terminator, probe
  scene::Rgb halo{0, 0, 0};        ///< around them, so that they are seen on any colour
};

/// A planet's slice as map or globe in one VTK render window. Cells are drawn flat, at their borders, unlit: a pixel's
/// colour is the colour scale's, exactly. Nothing is rendered before render(). Thread of the window.
class PlanetScene {
 public:
  /// The window must outlive the scene.
  explicit PlanetScene(vtkRenderWindow* window);
  ~PlanetScene();
  PlanetScene(const PlanetScene&) = delete;
  PlanetScene& operator=(const PlanetScene&) = delete;

  void setInks(const Inks& inks);
  /// Device pixels in one pixel of the user; lines get thicker with it.
  void setPixelRatio(double ratio);
  void setSlice(const Slice& slice);
  /// No planet: the background alone.
  void clear();
  void setScale(const scene::ColourScale& scale);
  void setView(const View& view);
  [[nodiscard]] const View& view() const;
  void setOverlays(const Overlays& overlays);
  /// Points the camera for the window's size of now; whoever renders the window without render() calls it first.
  void aim();
  void render();

  /// The point under a pixel of a window of that size (from the top left); none beside the planet.
  [[nodiscard]] std::optional<GeoPoint> pointAtPixel(double x, double y, double width, double height) const;
  /// The pixel of a point; none on the far side of the globe.
  [[nodiscard]] std::optional<std::array<double, 2>> pixelOf(const GeoPoint& point, double width, double height) const;
  /// The view after the ground was dragged by pixels in a window of that size.
  [[nodiscard]] View dragged(double dx, double dy, double width, double height) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ecumene::viz::climate
