// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/climate/planet_view.h"

#include <QVTKOpenGLNativeWidget.h>
#include <vtkGenericOpenGLRenderWindow.h>
#include <vtkNew.h>

#include <QCoreApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QMouseEvent>
#include <QPainter>
#include <QSurfaceFormat>
#include <QWheelEvent>
#include <cmath>

#include "ui/look/theme.h"

namespace ecumene::ui::climate {
namespace {

using viz::climate::GeoPoint;
using viz::climate::Projection;
using viz::climate::View;

constexpr double kZoomStep = 1.25;
constexpr double kKeyPixels = 40.0;
constexpr int kDragPixels = 4;
constexpr int kGap = 6;  // between the map and its degrees

viz::scene::Rgb rgb(const QColor& colour) {
  return {static_cast<std::uint8_t>(colour.red()), static_cast<std::uint8_t>(colour.green()),
          static_cast<std::uint8_t>(colour.blue())};
}

QString degrees(double value, const char* positive, const char* negative) {
  const long whole = std::lround(std::abs(value));
  if (whole == 0) return QStringLiteral("0°");
  return QStringLiteral("%1°%2").arg(whole).arg(QString::fromLatin1(value > 0 ? positive : negative));
}

/// Steps of degrees that leave room for their labels.
double stepFor(double degreesShown, double pixels, double labelPixels) {
  const double least = degreesShown * labelPixels / std::max(pixels, 1.0);
  for (const double step : {5.0, 10.0, 15.0, 30.0, 45.0, 60.0, 90.0}) {
    if (step >= least) return step;
  }
  return 180.0;
}

}  // namespace

void prepareGraphics() {
  QSurfaceFormat::setDefaultFormat(QVTKOpenGLNativeWidget::defaultFormat());
  // Without it each dock that floats makes a context anew.
  QCoreApplication::setAttribute(Qt::AA_ShareOpenGLContexts);
}

struct PlanetView::Vtk {
  vtkNew<vtkGenericOpenGLRenderWindow> window;
  std::unique_ptr<viz::climate::PlanetScene> scene;
  std::optional<viz::scene::GlDriver> driver;
  bool dirty = true;  ///< the widget alone would show its last frame again
};

PlanetView::PlanetView(QWidget* parent) : QWidget(parent), vtk_(std::make_unique<Vtk>()) {
  setObjectName("planetView");
  setFocusPolicy(Qt::StrongFocus);
  setAccessibleName(tr("Planet"));
  canvas_ = new QVTKOpenGLNativeWidget(this);
  canvas_->setObjectName("planetCanvas");
  canvas_->setMinimumSize(160, 120);
  canvas_->setRenderWindow(vtk_->window.GetPointer());
  canvas_->setMouseTracking(true);
  canvas_->setFocusPolicy(Qt::NoFocus);
  canvas_->installEventFilter(this);
  vtk_->window->SetMultiSamples(4);
  vtk_->scene = std::make_unique<viz::climate::PlanetScene>(vtk_->window);
  message_ = new QLabel(this);
  message_->setAlignment(Qt::AlignCenter);
  message_->setWordWrap(true);
  message_->setForegroundRole(QPalette::PlaceholderText);
  message_->setMargin(24);
  setMinimumSize(320, 220);
  takeTheme();
}

PlanetView::~PlanetView() {
  vtk_->scene.reset();
}

void PlanetView::takeTheme() {
  const look::Theme& theme = look::currentTheme();
  // Lines over data are white with a dark halo in both themes: they lie on the colour map, not on the window.
  viz::climate::Inks inks;
  inks.background = rgb(theme.view);
  vtk_->scene->setInks(inks);
  redraw();
}

void PlanetView::setSlice(const viz::climate::Slice& slice) {
  const bool first = !hasSlice_;
  hasSlice_ = true;
  if (first) layOut();
  message_->hide();
  canvas_->show();
  vtk_->scene->setSlice(slice);
  redraw();
}

void PlanetView::setScale(const viz::scene::ColourScale& scale) {
  vtk_->scene->setScale(scale);
  redraw();
}

void PlanetView::setOverlays(const viz::climate::Overlays& overlays) {
  vtk_->scene->setOverlays(overlays);
  redraw();
}

void PlanetView::setView(const View& view) {
  vtk_->scene->setView(view);
  layOut();
  redraw();
}

const View& PlanetView::view() const {
  return vtk_->scene->view();
}

void PlanetView::showMessage(const QString& text) {
  hasSlice_ = false;
  vtk_->scene->clear();
  message_->setText(text);
  message_->show();
  message_->raise();
  redraw();
}

std::optional<viz::scene::GlDriver> PlanetView::driver() const {
  return vtk_->driver;
}

QWidget* PlanetView::canvas() const {
  return canvas_;
}

void PlanetView::redraw() {
  vtk_->dirty = true;
  canvas_->update();
  update();
}

void PlanetView::layOut() {
  QRect inner = rect();
  const Projection projection = view().projection;
  if (hasSlice_ && projection != Projection::kGlobe) {
    const QFontMetrics metrics(look::numberFont());
    inner.adjust(metrics.horizontalAdvance("00°S") + 2 * kGap, kGap, -2 * kGap, -(metrics.height() + kGap));
    // The degrees stand right below a map that does not fill the height.
    const auto& plane = viz::climate::info(projection);
    const double tall = inner.width() * plane.halfHeight / plane.halfWidth * view().zoom;
    if (tall < inner.height()) {
      const QPoint centre = inner.center();
      inner.setHeight(static_cast<int>(std::ceil(tall)));
      inner.moveCenter(centre);
    }
  }
  canvas_->setGeometry(inner);
  message_->setGeometry(rect());
}

void PlanetView::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  layOut();
}

void PlanetView::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
    takeTheme();
    layOut();
  }
  QWidget::changeEvent(event);
}

void PlanetView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const look::Theme& theme = look::currentTheme();
  painter.fillRect(rect(), theme.view);
  if (!hasSlice_ || view().projection == Projection::kGlobe) return;
  painter.setFont(look::numberFont());
  painter.setPen(theme.muted);
  const QFontMetrics metrics(painter.font());
  const QRect box = canvas_->geometry();
  const double width = box.width(), height = box.height();
  const GeoPoint centre = view().centre;
  const auto low = vtk_->scene->pointAtPixel(width / 2.0, height, width, height);
  const auto high = vtk_->scene->pointAtPixel(width / 2.0, 0.0, width, height);
  const double shown = (high ? high->latitudeDeg : 90.0) - (low ? low->latitudeDeg : -90.0);
  const double step = std::min(30.0, stepFor(shown, height, metrics.height() * 2.0));
  for (double latitude = -90.0 + step; latitude < 90.0; latitude += step) {
    const auto pixel = vtk_->scene->pixelOf({latitude, centre.longitudeDeg}, width, height);
    if (!pixel || (*pixel)[1] < metrics.height() / 2.0 || (*pixel)[1] > height - metrics.height() / 2.0) continue;
    const QString text = degrees(latitude, "N", "S");
    painter.drawText(QPointF(box.left() - kGap - metrics.horizontalAdvance(text),
                             box.top() + (*pixel)[1] + (metrics.ascent() - metrics.descent()) / 2.0),
                     text);
  }
  if (view().projection != Projection::kEquirectangular) return;
  const double step360 = stepFor(360.0 / view().zoom, width, metrics.horizontalAdvance("000°W") * 1.8);
  const double y = box.bottom() + metrics.ascent() + 2;
  for (double longitude = 0.0; longitude < 360.0; longitude += step360) {
    const auto pixel = vtk_->scene->pixelOf({0.0, longitude}, width, height);
    if (!pixel || (*pixel)[0] < 0.0 || (*pixel)[0] > width) continue;
    const double east = longitude > 180.0 ? longitude - 360.0 : longitude;
    const QString text = longitude == 180.0 ? QStringLiteral("180°") : degrees(east, "E", "W");
    painter.drawText(QPointF(box.left() + (*pixel)[0] - metrics.horizontalAdvance(text) / 2.0, y), text);
  }
}

void PlanetView::go(const View& next) {
  const View before = view();
  setView(next);
  if (!(view() == before)) emit viewChanged(before);
}

void PlanetView::keyPressEvent(QKeyEvent* event) {
  View next = view();
  const double w = canvas_->width(), h = canvas_->height();
  switch (event->key()) {
    case Qt::Key_Left:
      return go(vtk_->scene->dragged(kKeyPixels, 0, w, h));
    case Qt::Key_Right:
      return go(vtk_->scene->dragged(-kKeyPixels, 0, w, h));
    case Qt::Key_Up:
      return go(vtk_->scene->dragged(0, kKeyPixels, w, h));
    case Qt::Key_Down:
      return go(vtk_->scene->dragged(0, -kKeyPixels, w, h));
    case Qt::Key_Plus:
      next.zoom *= kZoomStep;
      return go(next);
    case Qt::Key_Minus:
      next.zoom /= kZoomStep;
      return go(next);
    case Qt::Key_0:
      next.zoom = 1.0;
      next.centre = {0.0, 180.0};
      return go(next);
    default:
      QWidget::keyPressEvent(event);
  }
}

bool PlanetView::eventFilter(QObject* watched, QEvent* event) {
  if (watched != canvas_) return QWidget::eventFilter(watched, event);
  if (event->type() == QEvent::Paint || event->type() == QEvent::Resize) {
    vtk_->scene->setPixelRatio(canvas_->devicePixelRatioF());
    if (event->type() == QEvent::Paint) {
      // The widget renders by itself where its size has changed; the camera follows that first.
      vtk_->scene->aim();
      if (vtk_->dirty && vtk_->window->GetReadyForRendering()) {
        vtk_->dirty = false;
        vtk_->window->Render();
      }
      QMetaObject::invokeMethod(
          this,
          [this] {
            if (!vtk_->driver && vtk_->window->GetReadyForRendering()) {
              canvas_->makeCurrent();
              vtk_->driver = viz::scene::driverOf(vtk_->window);
              canvas_->doneCurrent();
            }
          },
          Qt::QueuedConnection);
    }
    return false;
  }
  return hasSlice_ && pointerEvent(event);
}

bool PlanetView::pointerEvent(QEvent* event) {
  const double w = canvas_->width(), h = canvas_->height();
  switch (event->type()) {
    case QEvent::MouseButtonPress: {
      const auto* mouse = static_cast<QMouseEvent*>(event);
      if (mouse->button() != Qt::LeftButton) return true;
      pressed_ = last_ = mouse->position();
      buttonDown_ = true;
      dragging_ = false;
      setFocus();
      return true;
    }
    case QEvent::MouseMove: {
      const auto* mouse = static_cast<QMouseEvent*>(event);
      const QPointF at = mouse->position();
      emit hovered(vtk_->scene->pointAtPixel(at.x(), at.y(), w, h));
      if (!buttonDown_) return true;
      dragging_ = dragging_ || (at - pressed_).manhattanLength() > kDragPixels;
      if (!dragging_) return true;
      go(vtk_->scene->dragged(at.x() - last_.x(), at.y() - last_.y(), w, h));
      last_ = at;
      return true;
    }
    case QEvent::MouseButtonRelease: {
      const auto* mouse = static_cast<QMouseEvent*>(event);
      if (!buttonDown_) return true;
      buttonDown_ = false;
      const auto point = vtk_->scene->pointAtPixel(mouse->position().x(), mouse->position().y(), w, h);
      if (!dragging_ && point) emit picked(*point);
      return true;
    }
    case QEvent::MouseButtonDblClick: {
      View next = view();
      next.zoom = 1.0;
      next.centre.latitudeDeg = 0.0;
      go(next);
      return true;
    }
    case QEvent::Wheel: {
      const auto* wheel = static_cast<QWheelEvent*>(event);
      View next = view();
      next.zoom *= std::pow(kZoomStep, wheel->angleDelta().y() / 120.0);
      if (next.zoom < 1.001 && next.projection != Projection::kGlobe) next.centre.latitudeDeg = 0.0;
      go(next);
      return true;
    }
    case QEvent::Leave:
      emit hovered(std::nullopt);
      return false;
    default:
      return false;
  }
}

}  // namespace ecumene::ui::climate
