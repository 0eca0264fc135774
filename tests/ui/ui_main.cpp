// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the tests of the interface under a display. Any warning of Qt, VTK or OpenGL fails the test that caused it.
#include <gtest/gtest.h>
#include <vtkObject.h>
#include <vtkOutputWindow.h>

#include <QApplication>
#include <QEvent>
#include <QOpenGLDebugLogger>
#include <QOpenGLWidget>
#include <cstdio>

#include "tests/support/environment.h"
#include "tests/support/temp_folder.h"
#include "ui/climate/planet_view.h"

namespace {

void onQtMessage(QtMsgType type, const QMessageLogContext&, const QString& text) {
  if (type == QtDebugMsg || type == QtInfoMsg) return;
  ADD_FAILURE() << "Qt: " << text.toStdString();
}

class FailingOutput : public vtkOutputWindow {
 public:
  static FailingOutput* New() { return new FailingOutput; }
  void DisplayText(const char* text) override { ADD_FAILURE() << "VTK: " << text; }
};

/// Hears what OpenGL has to say of the calls in each context that a widget draws with: VTK as Debian builds it asks for
/// no errors.
class GraphicsWatch : public QObject {
 public:
  bool eventFilter(QObject* object, QEvent* event) override {
    auto* widget = event->type() == QEvent::Paint ? qobject_cast<QOpenGLWidget*>(object) : nullptr;
    if (widget != nullptr && widget->context() != nullptr) watch(*widget);
    return false;
  }

 private:
  static void watch(QOpenGLWidget& widget) {
    if (widget.context()->findChild<QOpenGLDebugLogger*>() != nullptr) return;
    widget.makeCurrent();
    auto* logger = new QOpenGLDebugLogger(widget.context());
    if (!logger->initialize()) ADD_FAILURE() << "this OpenGL has no KHR_debug, so nobody hears its errors";
    connect(logger, &QOpenGLDebugLogger::messageLogged, logger, onMessage);
    logger->startLogging(QOpenGLDebugLogger::SynchronousLogging);
    widget.doneCurrent();
  }
  static void onMessage(const QOpenGLDebugMessage& message) {
    if (message.severity() == QOpenGLDebugMessage::NotificationSeverity) return;
    ADD_FAILURE() << "OpenGL: " << message.message().toStdString();
  }
};

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (testing::GTEST_FLAG(list_tests)) return RUN_ALL_TESTS();
  if (qEnvironmentVariableIsEmpty("DISPLAY")) {
    std::fprintf(stderr, "no DISPLAY is set: run the interface's tests through tools/test, which starts Xvfb\n");
    return 1;
  }
  // Qt keeps what a dialog of files was shown last.
  const ecumene::test::TempFolder config;
  ecumene::test::Environment environment;
  environment.set("XDG_CONFIG_HOME", config.path());
  ecumene::ui::climate::prepareGraphics();
  QApplication application(argc, argv);
  GraphicsWatch graphics;
  application.installEventFilter(&graphics);
  qInstallMessageHandler(onQtMessage);
  FailingOutput* output = FailingOutput::New();
  vtkOutputWindow::SetInstance(output);
  output->Delete();
  return RUN_ALL_TESTS();
}
