// SPDX-License-Identifier: GPL-3.0-or-later
// QVTKOpenGLNativeWidget, QCustomPlot and gRPC in one process: a field comes over a Unix socket, is rendered as a
// volume and plotted, and both pictures are compared with what geometry says.
#include <QVTKOpenGLNativeWidget.h>
#include <gtest/gtest.h>
#include <qcustomplot.h>
#include <vtkCamera.h>
#include <vtkColorTransferFunction.h>
#include <vtkFloatArray.h>
#include <vtkGPUVolumeRayCastMapper.h>
#include <vtkGenericOpenGLRenderWindow.h>
#include <vtkImageData.h>
#include <vtkNew.h>
#include <vtkPiecewiseFunction.h>
#include <vtkPointData.h>
#include <vtkRenderer.h>
#include <vtkVolume.h>
#include <vtkVolumeProperty.h>

#include <QDockWidget>
#include <QMainWindow>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "tests/stack/field_service.h"
#include "tests/stack/picture.h"

namespace ecumene::stack {
namespace {

constexpr int kPointsPerAxis = 81;
constexpr double kHalfHeight = 1.25;  // of the view, in units of half the cube's edge
constexpr double kTolerancePixels = 3.0;
const QColor kBackground(12, 24, 40);
const QColor kBall(230, 90, 30);
const QColor kCurve(0, 160, 60);

// A window with the volume in the middle and the plot in a dock; `field` is null for the empty scene.
class Window {
 public:
  explicit Window(const ScalarField* field) {
    main_.setObjectName("main");
    view_ = new QVTKOpenGLNativeWidget(&main_);
    view_->setObjectName("volume");
    view_->setFixedSize(420, 360);
    view_->setRenderWindow(renderWindow_);
    renderer_->SetBackground(kBackground.redF(), kBackground.greenF(), kBackground.blueF());
    renderWindow_->AddRenderer(renderer_);
    plot_ = new QCustomPlot;
    plot_->setObjectName("plot");
    plot_->setMinimumSize(300, 300);
    plot_->setNotAntialiasedElements(QCP::aeAll);
    dock_ = new QDockWidget("Profile", &main_);
    dock_->setObjectName("dock");
    dock_->setWidget(plot_);
    main_.setCentralWidget(view_);
    main_.addDockWidget(Qt::RightDockWidgetArea, dock_);
    if (field != nullptr) {
      addVolume(*field);
      addProfile(*field);
    }
    vtkCamera* camera = renderer_->GetActiveCamera();
    camera->ParallelProjectionOn();
    camera->SetPosition(0.0, 0.0, 5.0);
    camera->SetFocalPoint(0.0, 0.0, 0.0);
    camera->SetParallelScale(kHalfHeight);
    renderer_->ResetCameraClippingRange();
    main_.show();
    if (!QTest::qWaitForWindowExposed(&main_)) ADD_FAILURE() << "the window was not exposed within Qt's time";
    QTest::qWait(100);
  }

  QImage volumePicture() { return view_->grabFramebuffer().convertToFormat(QImage::Format_RGB32); }
  QImage plotPicture() { return plot_->toPixmap().toImage().convertToFormat(QImage::Format_RGB32); }
  QImage wholePicture() { return main_.grab().toImage(); }
  QCustomPlot& plot() { return *plot_; }

  // Where the ball's centre and its radius fall in the picture, from the parallel camera.
  QPointF ballCentrePixels(const QImage& image) const {
    return {image.width() / 2.0 + kBallCentre[0] * pixelsPerUnit(image),
            image.height() / 2.0 - kBallCentre[1] * pixelsPerUnit(image)};
  }
  static double pixelsPerUnit(const QImage& image) { return image.height() / (2.0 * kHalfHeight); }

  void floatDock() {
    dock_->setFloating(true);
    QTest::qWait(100);
    dock_->setFloating(false);
    QTest::qWait(100);
  }

 private:
  void addVolume(const ScalarField& field) {
    const int n = field.pointsPerAxis;
    vtkNew<vtkImageData> image;
    image->SetDimensions(n, n, n);
    image->SetOrigin(-1.0, -1.0, -1.0);
    const double spacing = 2.0 / (n - 1);
    image->SetSpacing(spacing, spacing, spacing);
    vtkNew<vtkFloatArray> values;
    values->SetNumberOfTuples(static_cast<vtkIdType>(field.values.size()));
    std::copy(field.values.begin(), field.values.end(), values->GetPointer(0));
    image->GetPointData()->SetScalars(values);
    vtkNew<vtkGPUVolumeRayCastMapper> mapper;
    mapper->SetInputData(image);
    // Opaque within the ball, invisible outside: the picture is a disc of one colour.
    vtkNew<vtkPiecewiseFunction> opacity;
    opacity->AddPoint(-0.005, 0.0);
    opacity->AddPoint(0.005, 1.0);
    vtkNew<vtkColorTransferFunction> colour;
    colour->AddRGBPoint(-1.0, kBall.redF(), kBall.greenF(), kBall.blueF());
    colour->AddRGBPoint(1.0, kBall.redF(), kBall.greenF(), kBall.blueF());
    vtkNew<vtkVolumeProperty> property;
    property->SetScalarOpacity(opacity);
    property->SetScalarOpacityUnitDistance(spacing / 10.0);
    property->SetColor(colour);
    property->SetInterpolationTypeToLinear();
    property->ShadeOff();
    vtkNew<vtkVolume> volume;
    volume->SetMapper(mapper);
    volume->SetProperty(property);
    renderer_->AddVolume(volume);
  }

  // The field along x through the ball's height; its peak stands over the ball's centre.
  void addProfile(const ScalarField& field) {
    const int n = field.pointsPerAxis;
    const auto nearest = [n](double coordinate) {
      return static_cast<int>(std::lround((coordinate + 1.0) / 2.0 * (n - 1)));
    };
    const auto row = static_cast<std::size_t>((nearest(kBallCentre[2]) * n + nearest(kBallCentre[1])) * n);
    QVector<double> x;
    QVector<double> y;
    for (int i = 0; i < n; ++i) {
      x.append(-1.0 + 2.0 * i / (n - 1));
      y.append(static_cast<double>(field.values[row + static_cast<std::size_t>(i)]));
    }
    plot_->addGraph()->setData(x, y);
    plot_->graph(0)->setPen(QPen(kCurve, 3));
    plot_->xAxis->setRange(-1.0, 1.0);
    plot_->yAxis->setRange(-1.2, 0.6);
  }

  QMainWindow main_;
  vtkNew<vtkGenericOpenGLRenderWindow> renderWindow_;
  vtkNew<vtkRenderer> renderer_;
  QVTKOpenGLNativeWidget* view_ = nullptr;
  QCustomPlot* plot_ = nullptr;
  QDockWidget* dock_ = nullptr;
};

ScalarField fetchBall() {
  const QTemporaryDir folder;
  return fetchBallOverUnixSocket(folder.path().toStdString(), kPointsPerAxis);
}

// Leaves the picture beside the test program, for whoever wants to look.
void keep(const QImage& image, const std::string& name) {
  const auto folder = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "pictures";
  std::filesystem::create_directories(folder);
  EXPECT_TRUE(image.save(QString::fromStdString((folder / name).string())));
}

std::string departure(Window& window) {
  const QImage picture = window.volumePicture();
  return departureFromDisc(picture, window.ballCentrePixels(picture), kBallRadius * Window::pixelsPerUnit(picture),
                           kTolerancePixels, kBall, kBackground);
}

TEST(StackDesktop, FieldFromTheSocketHoldsTheBall) {
  const ScalarField field = fetchBall();
  ASSERT_EQ(field.values.size(), static_cast<std::size_t>(kPointsPerAxis) * kPointsPerAxis * kPointsPerAxis);
  // The centre (-0.4, 0.3, 0) is the grid point (24, 52, 40) of 81, and there the value is the radius.
  EXPECT_NEAR(field.values[(40 * kPointsPerAxis + 52) * kPointsPerAxis + 24], kBallRadius, 1e-6);
}

TEST(StackDesktop, ServerRefusesAFieldOfOnePoint) {
  const QTemporaryDir folder;
  try {
    fetchBallOverUnixSocket(folder.path().toStdString(), 1);
    FAIL() << "a field of one point was served";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("points_per_axis must be at least 2"), std::string::npos) << error.what();
  }
}

TEST(StackDesktop, VolumeShowsTheBallWhereGeometryPutsIt) {
  const ScalarField field = fetchBall();
  Window window(&field);
  keep(window.volumePicture(), "volume.png");
  keep(window.wholePicture(), "window.png");
  EXPECT_EQ(departure(window), "");
}

TEST(StackDesktop, EmptySceneFailsTheSameCheck) {
  Window window(nullptr);
  const std::string report = departure(window);
  EXPECT_NE(report.find("no pixel has the disc's colour"), std::string::npos) << report;
  EXPECT_EQ(report.find("not background"), std::string::npos) << report;
}

TEST(StackDesktop, MisplacedBallFailsTheSameCheck) {
  const ScalarField field = fetchBall();
  Window window(&field);
  const QImage picture = window.volumePicture();
  const double radius = kBallRadius * Window::pixelsPerUnit(picture);
  const QPointF elsewhere = window.ballCentrePixels(picture) + QPointF(2.0 * kTolerancePixels, 0.0);
  EXPECT_NE(departureFromDisc(picture, elsewhere, radius, kTolerancePixels, kBall, kBackground), "");
}

TEST(StackDesktop, VolumeSurvivesAFloatingDock) {
  const ScalarField field = fetchBall();
  Window window(&field);
  window.floatDock();
  EXPECT_EQ(departure(window), "");
}

TEST(StackDesktop, PlotDrawsTheProfileThroughItsPeak) {
  const ScalarField field = fetchBall();
  Window window(&field);
  const QImage picture = window.plotPicture();
  // The profile is 0.45 - |x + 0.4|, so it passes these points.
  for (const QPointF& point : {QPointF(-0.4, 0.45), QPointF(0.0, 0.05), QPointF(0.8, -0.75)}) {
    const QPoint pixel(static_cast<int>(window.plot().xAxis->coordToPixel(point.x())),
                       static_cast<int>(window.plot().yAxis->coordToPixel(point.y())));
    EXPECT_GT(countPixels(picture.copy(pixel.x() - 2, pixel.y() - 2, 5, 5), kCurve, 2), 0)
        << point.x() << ", " << point.y();
  }
  EXPECT_EQ(countPixels(Window(nullptr).plotPicture(), kCurve, 2), 0);
}

}  // namespace
}  // namespace ecumene::stack
