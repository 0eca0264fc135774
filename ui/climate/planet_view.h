// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <memory>
#include <optional>

#include "viz/climate/planet_scene.h"
#include "viz/scene/offscreen.h"

class QLabel;
class QVTKOpenGLNativeWidget;

namespace ecumene::ui::climate {

/// What Qt has to know before the QApplication is made, so that VTK can draw in its windows.
void prepareGraphics();

/// The scene in a widget, with degrees along a map's edges: drag turns the planet, the wheel zooms, a click chooses a
/// cell, a double click shows the whole planet. Arrow keys, +, - and 0 do the same. Without a planet: a text.
class PlanetView : public QWidget {
  Q_OBJECT
 public:
  explicit PlanetView(QWidget* parent = nullptr);
  ~PlanetView() override;

  void setSlice(const viz::climate::Slice& slice);
  void setScale(const viz::scene::ColourScale& scale);
  void setOverlays(const viz::climate::Overlays& overlays);
  void setView(const viz::climate::View& view);
  [[nodiscard]] const viz::climate::View& view() const;
  /// No planet; says why.
  void showMessage(const QString& text);
  /// After the first frame.
  [[nodiscard]] std::optional<viz::scene::GlDriver> driver() const;
  [[nodiscard]] QWidget* canvas() const;

 signals:
  /// By the user's hand.
  void viewChanged(const ecumene::viz::climate::View& before);
  /// The pointer is over the planet, or not (nothing).
  void hovered(const std::optional<ecumene::viz::climate::GeoPoint>& point);
  void picked(const ecumene::viz::climate::GeoPoint& point);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void layOut();
  void takeTheme();
  void go(const viz::climate::View& next);
  void redraw();
  bool pointerEvent(QEvent* event);

  struct Vtk;
  std::unique_ptr<Vtk> vtk_;
  QVTKOpenGLNativeWidget* canvas_ = nullptr;
  QLabel* message_ = nullptr;
  bool hasSlice_ = false;
  QPointF pressed_, last_;
  bool dragging_ = false, buttonDown_ = false;
};

}  // namespace ecumene::ui::climate
