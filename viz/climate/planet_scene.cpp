// SPDX-License-Identifier: Apache-2.0
#include "viz/climate/planet_scene.h"

#include <vtkActor.h>
#include <vtkCamera.h>
#include <vtkCellArray.h>
#include <vtkFloatArray.h>
#include <vtkImageData.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>
#include <vtkPolyDataMapper.h>
#include <vtkProperty.h>
#include <vtkRenderWindow.h>
#include <vtkRenderer.h>
#include <vtkTexture.h>
#include <vtkUnsignedCharArray.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "viz/climate/lines.h"

namespace ecumene::viz::climate {
namespace {

using scene::Rgb;

constexpr double kMargin = 1.02;      // of the view beyond the planet
constexpr double kMeshStepDeg = 2.0;  // largest edge of the mesh that carries the texture
constexpr double kAbove = 0.002;      // of lines over the ground
constexpr double kPoleJumpDeg = 60.0;
constexpr double kSubstellarDeg = 3.0;  // radius of the mark

void setColour(vtkActor* actor, const Rgb& ink) {
  actor->GetProperty()->SetColor(ink.red / 255.0, ink.green / 255.0, ink.blue / 255.0);
}

/// Lines over the ground: a halo below and the ink above it.
class LineLayer {
 public:
  LineLayer(vtkRenderer* renderer, double width, double opacity, bool haloed, double height)
      : width_(width), height_(height) {
    for (const bool halo : {true, false}) {
      if (halo && !haloed) continue;
      vtkActor* actor = halo ? halo_.Get() : ink_.Get();
      vtkNew<vtkPolyDataMapper> mapper;
      mapper->SetInputData(halo ? haloData_ : inkData_);
      actor->SetMapper(mapper);
      actor->GetProperty()->LightingOff();
      actor->GetProperty()->SetOpacity(halo ? 0.55 * opacity : opacity);
      actor->PickableOff();
      renderer->AddActor(actor);
    }
  }

  void setInks(const Inks& inks) {
    setColour(ink_, inks.line);
    setColour(halo_, inks.halo);
  }

  void setPixelRatio(double ratio) {
    ink_->GetProperty()->SetLineWidth(static_cast<float>(width_ * ratio));
    halo_->GetProperty()->SetLineWidth(static_cast<float>((width_ + 2.0) * ratio));
  }

  /// `dash`: of every 2 * dash steps the first `dash` are drawn; 0: all.
  void set(const std::vector<GeoLine>& lines, const View& view, std::size_t dash = 0) {
    draw(inkData_, lines, view, dash, height_ * 2.0);
    draw(haloData_, lines, view, dash, height_);
  }

 private:
  static void draw(vtkPolyData* data, const std::vector<GeoLine>& lines, const View& view, std::size_t dash,
                   double height) {
    vtkNew<vtkPoints> points;
    vtkNew<vtkCellArray> cells;
    const auto add = [&](const GeoPoint& a, const GeoPoint& b) {
      cells->InsertNextCell(2);
      for (const GeoPoint& point : {a, b}) {
        Point3 p = position(view.projection, point, view.centre.longitudeDeg);
        if (view.projection == Projection::kGlobe) {
          for (double& x : p) x *= 1.0 + height;
        } else {
          p[2] += height;
        }
        cells->InsertCellPoint(points->InsertNextPoint(p.data()));
      }
    };
    for (const GeoLine& line : lines) {
      for (std::size_t i = 0; i + 1 < line.size(); ++i) {
        if (dash > 0 && i / dash % 2 == 1) continue;
        if (view.projection == Projection::kGlobe) {
          add(line[i], line[i + 1]);
        } else {
          addOnMap(line[i], line[i + 1], view.centre.longitudeDeg, add);
        }
      }
    }
    data->SetPoints(points);
    data->SetLines(cells);
    data->Modified();
  }

  /// A map is cut open opposite to its centre: a step over the cut becomes two.
  template <class Add>
  static void addOnMap(const GeoPoint& a, const GeoPoint& b, double centre, const Add& add) {
    const double from = eastOf(a.longitudeDeg, centre);
    const double to = eastOf(b.longitudeDeg, centre);
    // Over a pole longitude jumps by half a turn; that is no way along the map's edge.
    if (std::abs(to - from) > kPoleJumpDeg && std::abs(to - from) < 360.0 - kPoleJumpDeg) return;
    if (std::abs(to - from) <= 180.0) {
      add({a.latitudeDeg, centre + from}, {b.latitudeDeg, centre + to});
      return;
    }
    const double edge = from > 0.0 ? 180.0 : -180.0;
    const double unwrapped = to + (from > 0.0 ? 360.0 : -360.0);
    if (unwrapped == from) return;
    const double share = std::clamp((edge - from) / (unwrapped - from), 0.0, 1.0);
    const double latitude = std::lerp(a.latitudeDeg, b.latitudeDeg, share);
    add({a.latitudeDeg, centre + from}, {latitude, centre + edge});
    add({latitude, centre - edge}, {b.latitudeDeg, centre + to});
  }

  double width_, height_;
  vtkNew<vtkPolyData> inkData_, haloData_;
  vtkNew<vtkActor> ink_, halo_;
};

/// Borders with points between them, so that curved projections look curved.
std::vector<double> refined(const std::vector<double>& edges, std::vector<double>& indexOfPoint) {
  std::vector<double> fine;
  for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
    const int parts = std::max(1, static_cast<int>(std::ceil((edges[i + 1] - edges[i]) / kMeshStepDeg)));
    for (int part = 0; part < parts; ++part) {
      const double share = static_cast<double>(part) / parts;
      fine.push_back(std::lerp(edges[i], edges[i + 1], share));
      indexOfPoint.push_back(static_cast<double>(i) + share);
    }
  }
  fine.push_back(edges.back());
  indexOfPoint.push_back(static_cast<double>(edges.size() - 1));
  return fine;
}

}  // namespace

struct PlanetScene::Impl {
  explicit Impl(vtkRenderWindow* renderWindow)
      : window(renderWindow),
        graticule(renderer, 1.0, 0.22, false, kAbove),
        land(renderer, 1.5, 1.0, true, 2.0 * kAbove),
        ice(renderer, 1.5, 1.0, true, 2.5 * kAbove),
        star(renderer, 1.5, 1.0, true, 3.0 * kAbove),
        probe(renderer, 2.0, 1.0, true, 3.5 * kAbove) {
    texture->InterpolateOff();
    texture->MipmapOff();
    texture->RepeatOn();
    texture->SetColorModeToDirectScalars();
    texture->SetInputData(image);
    vtkNew<vtkPolyDataMapper> mapper;
    mapper->SetInputData(mesh);
    mapper->ScalarVisibilityOff();
    planet->SetMapper(mapper);
    planet->SetTexture(texture);
    planet->GetProperty()->LightingOff();
    planet->VisibilityOff();
    renderer->AddActor(planet);
    renderer->GetActiveCamera()->ParallelProjectionOn();
    window->AddRenderer(renderer);
    setPixelRatio(1.0);
  }
  ~Impl() { window->RemoveRenderer(renderer); }

  std::array<LineLayer*, 5> layers() { return {&graticule, &land, &ice, &star, &probe}; }

  void setPixelRatio(double ratio) {
    for (LineLayer* layer : layers()) layer->setPixelRatio(ratio);
  }

  void paint() {
    if (!slice) return;
    const scene::ColourMap& map = scene::colourMap(scale.map);
    image->SetDimensions(static_cast<int>(slice->grid.columns()), static_cast<int>(slice->grid.rows()), 1);
    vtkNew<vtkUnsignedCharArray> colours;
    colours->SetNumberOfComponents(3);
    colours->SetNumberOfTuples(static_cast<vtkIdType>(slice->values.size()));
    for (std::size_t i = 0; i < slice->values.size(); ++i) {
      const Rgb colour = scene::colourOf(scale, map, static_cast<double>(slice->values[i]));
      const auto at = static_cast<vtkIdType>(i * 3);
      colours->SetValue(at, colour.red);
      colours->SetValue(at + 1, colour.green);
      colours->SetValue(at + 2, colour.blue);
    }
    image->GetPointData()->SetScalars(colours);
    image->Modified();
  }

  void buildMesh() {
    if (!slice) return;
    std::vector<double> rowPlace, columnPlace;
    const std::vector<double> latitudes = refined(slice->grid.latitudeEdgeDeg, rowPlace);
    std::vector<double> longitudes = refined(slice->grid.longitudeEdgeDeg, columnPlace);
    const double columns = static_cast<double>(slice->grid.columns());
    if (view.projection != Projection::kGlobe) {
      // A map begins at its cut, which may lie inside a cell.
      const double first = slice->grid.longitudeEdgeDeg.front();
      const int parts = static_cast<int>(std::ceil(360.0 / kMeshStepDeg));
      longitudes.clear();
      columnPlace.clear();
      for (int part = 0; part <= parts; ++part) {
        longitudes.push_back(view.centre.longitudeDeg - 180.0 + 360.0 * part / parts);
        columnPlace.push_back((longitudes.back() - first) / 360.0 * columns);
      }
    }
    vtkNew<vtkPoints> points;
    vtkNew<vtkFloatArray> places;
    places->SetNumberOfComponents(2);
    const double rows = static_cast<double>(slice->grid.rows());
    for (std::size_t i = 0; i < latitudes.size(); ++i) {
      for (std::size_t j = 0; j < longitudes.size(); ++j) {
        const Point3 p = position(view.projection, {latitudes[i], longitudes[j]}, view.centre.longitudeDeg);
        points->InsertNextPoint(p.data());
        // A repeated texture would show the south pole's row at the very north.
        const double v = std::clamp(rowPlace[i] / rows, 1e-6, 1.0 - 1e-6);
        places->InsertNextTuple2(columnPlace[j] / columns, v);
      }
    }
    vtkNew<vtkCellArray> quads;
    const auto width = static_cast<vtkIdType>(longitudes.size());
    for (vtkIdType i = 0; i + 1 < static_cast<vtkIdType>(latitudes.size()); ++i) {
      for (vtkIdType j = 0; j + 1 < width; ++j) {
        const vtkIdType corners[] = {i * width + j, i * width + j + 1, (i + 1) * width + j + 1, (i + 1) * width + j};
        quads->InsertNextCell(4, corners);
      }
    }
    mesh->SetPoints(points);
    mesh->GetPointData()->SetTCoords(places);
    mesh->SetPolys(quads);
    mesh->Modified();
  }

  void buildLines() {
    graticule.set(slice && overlays.graticule ? climate::graticule(30.0) : std::vector<GeoLine>{}, view);
    land.set(overlays.land ? maskBorders(*overlays.land, 0.5) : std::vector<GeoLine>{}, view);
    ice.set(overlays.ice ? maskBorders(*overlays.ice, 0.5) : std::vector<GeoLine>{}, view, 1);
    std::vector<GeoLine> starLines;
    if (slice && overlays.substellar) {
      const GeoPoint& sun = *overlays.substellar;
      starLines.push_back(climate::circle(sun, 90.0));
      for (const double radius : {kSubstellarDeg, kSubstellarDeg * 0.25}) {
        starLines.push_back(climate::circle(sun, radius));
      }
    }
    star.set(starLines, view);
    std::vector<GeoLine> probeLines;
    if (slice && overlays.probe) probeLines.push_back(cellOutline(slice->grid, *overlays.probe));
    probe.set(probeLines, view);
  }

  /// Half the height of the picture in units of the plane.
  [[nodiscard]] double halfHeight(double width, double height) const {
    const ProjectionInfo& p = info(view.projection);
    return std::max(p.halfHeight, p.halfWidth * height / std::max(width, 1.0)) * kMargin / view.zoom;
  }

  /// Where the camera looks in the plane of a map; the globe turns instead.
  [[nodiscard]] double mapCentreY() const {
    if (view.projection == Projection::kGlobe) return 0.0;
    return position(view.projection, {view.centre.latitudeDeg, view.centre.longitudeDeg}, view.centre.longitudeDeg)[1];
  }

  void aim() {
    vtkCamera* camera = renderer->GetActiveCamera();
    const int* size = window->GetSize();
    camera->SetParallelScale(halfHeight(size[0], size[1]));
    if (view.projection == Projection::kGlobe) {
      Point3 eye = position(Projection::kGlobe, view.centre, 0.0);
      for (double& x : eye) x *= 4.0;
      // North is up. Above a pole that is the direction in which the meridian of the centre leaves it.
      const double lat = view.centre.latitudeDeg * std::numbers::pi / 180.0;
      const double lon = view.centre.longitudeDeg * std::numbers::pi / 180.0;
      camera->SetFocalPoint(0.0, 0.0, 0.0);
      camera->SetPosition(eye.data());
      camera->SetViewUp(-std::sin(lat) * std::cos(lon), -std::sin(lat) * std::sin(lon), std::cos(lat));
      camera->SetClippingRange(2.0, 6.0);
    } else {
      const double y = mapCentreY();
      camera->SetFocalPoint(0.0, y, 0.0);
      camera->SetPosition(0.0, y, 4.0);
      camera->SetViewUp(0.0, 1.0, 0.0);
      camera->SetClippingRange(2.0, 6.0);
    }
  }

  vtkRenderWindow* window;
  vtkNew<vtkRenderer> renderer;
  vtkNew<vtkImageData> image;
  vtkNew<vtkTexture> texture;
  vtkNew<vtkPolyData> mesh;
  vtkNew<vtkActor> planet;
  LineLayer graticule, land, ice, star, probe;
  std::optional<Slice> slice;
  scene::ColourScale scale;
  View view;
  Overlays overlays;
};

PlanetScene::PlanetScene(vtkRenderWindow* window) : impl_(std::make_unique<Impl>(window)) {
  setInks({});
}

PlanetScene::~PlanetScene() = default;

void PlanetScene::setInks(const Inks& inks) {
  const Rgb& ground = inks.background;
  impl_->renderer->SetBackground(ground.red / 255.0, ground.green / 255.0, ground.blue / 255.0);
  for (LineLayer* layer : impl_->layers()) layer->setInks(inks);
}

void PlanetScene::setPixelRatio(double ratio) {
  impl_->setPixelRatio(ratio);
}

void PlanetScene::setSlice(const Slice& slice) {
  const bool sameGrid = impl_->slice && impl_->slice->grid == slice.grid;
  impl_->slice = slice;
  impl_->planet->VisibilityOn();
  impl_->paint();
  if (sameGrid) return;
  impl_->buildMesh();
  impl_->buildLines();
}

void PlanetScene::clear() {
  impl_->slice.reset();
  impl_->overlays = {};
  impl_->planet->VisibilityOff();
  impl_->buildLines();
}

void PlanetScene::setScale(const scene::ColourScale& scale) {
  validate(scale);
  impl_->scale = scale;
  impl_->paint();
}

void PlanetScene::setView(const View& view) {
  View next = view;
  next.zoom = std::clamp(next.zoom, 1.0, kLargestZoom);
  next.centre.latitudeDeg = std::clamp(next.centre.latitudeDeg, -90.0, 90.0);
  next.centre.longitudeDeg = eastOf(next.centre.longitudeDeg, 180.0) + 180.0;
  const bool globe = next.projection == Projection::kGlobe;
  const bool moved = next.projection != impl_->view.projection ||
                     (!globe && next.centre.longitudeDeg != impl_->view.centre.longitudeDeg);
  impl_->view = next;
  if (!moved) return;
  impl_->buildMesh();
  impl_->buildLines();
}

const View& PlanetScene::view() const {
  return impl_->view;
}

void PlanetScene::setOverlays(const Overlays& overlays) {
  impl_->overlays = overlays;
  impl_->buildLines();
}

void PlanetScene::aim() {
  impl_->aim();
}

void PlanetScene::render() {
  impl_->aim();
  impl_->window->Render();
}

std::optional<GeoPoint> PlanetScene::pointAtPixel(double x, double y, double width, double height) const {
  const double unit = 2.0 * impl_->halfHeight(width, height) / height;
  return pointAt(impl_->view.projection, (x - width / 2.0) * unit, impl_->mapCentreY() - (y - height / 2.0) * unit,
                 impl_->view.centre);
}

std::optional<std::array<double, 2>> PlanetScene::pixelOf(const GeoPoint& point, double width, double height) const {
  const auto plane = planeOf(impl_->view.projection, point, impl_->view.centre);
  if (!plane) return std::nullopt;
  const double unit = 2.0 * impl_->halfHeight(width, height) / height;
  return std::array<double, 2>{width / 2.0 + (*plane)[0] / unit,
                               height / 2.0 - ((*plane)[1] - impl_->mapCentreY()) / unit};
}

View PlanetScene::dragged(double dx, double dy, double width, double height) const {
  View next = impl_->view;
  const ProjectionInfo& p = info(next.projection);
  const double unit = 2.0 * impl_->halfHeight(width, height) / height;
  // On the globe a pixel at the centre of the disc is an angle of `unit` radians.
  const double degrees =
      next.projection == Projection::kGlobe ? unit * 180.0 / std::numbers::pi : unit * 180.0 / p.halfWidth;
  next.centre.longitudeDeg -= dx * degrees;
  // A map that fits as a whole does not slide north or south.
  if (next.projection == Projection::kGlobe || next.zoom > 1.0) {
    const double reach = next.projection == Projection::kGlobe ? 90.0 : 90.0 * (1.0 - 1.0 / next.zoom);
    next.centre.latitudeDeg = std::clamp(next.centre.latitudeDeg + dy * degrees, -reach, reach);
  } else {
    next.centre.latitudeDeg = 0.0;
  }
  next.centre.longitudeDeg = eastOf(next.centre.longitudeDeg, 180.0) + 180.0;
  return next;
}

}  // namespace ecumene::viz::climate
