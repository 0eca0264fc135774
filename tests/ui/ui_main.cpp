// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the tests of the interface under a display. Any warning of Qt, VTK or OpenGL fails the test that caused it.
#include <gtest/gtest.h>
#include <vtkObject.h>
#include <vtkOutputWindow.h>

#include <QApplication>
#include <cstdio>

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

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (testing::GTEST_FLAG(list_tests)) return RUN_ALL_TESTS();
  if (qEnvironmentVariableIsEmpty("DISPLAY")) {
    std::fprintf(stderr, "no DISPLAY is set: run the interface's tests through tools/test, which starts Xvfb\n");
    return 1;
  }
  ecumene::ui::climate::prepareGraphics();
  const QApplication application(argc, argv);
  qInstallMessageHandler(onQtMessage);
  FailingOutput* output = FailingOutput::New();
  vtkOutputWindow::SetInstance(output);
  output->Delete();
  return RUN_ALL_TESTS();
}
