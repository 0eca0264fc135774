// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the desktop proofs with the Qt settings that VTK needs. Listing the tests needs no display.
#include <QVTKOpenGLNativeWidget.h>
#include <gtest/gtest.h>

#include <QApplication>
#include <QSurfaceFormat>
#include <cstdio>

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (testing::GTEST_FLAG(list_tests)) return RUN_ALL_TESTS();
  if (qEnvironmentVariableIsEmpty("DISPLAY")) {
    std::fprintf(stderr, "no DISPLAY is set: run the desktop tests through tools/test, which starts Xvfb\n");
    return 1;
  }
  QSurfaceFormat::setDefaultFormat(QVTKOpenGLNativeWidget::defaultFormat());
  QApplication::setAttribute(Qt::AA_ShareOpenGLContexts);
  const QApplication application(argc, argv);
  return RUN_ALL_TESTS();
}
