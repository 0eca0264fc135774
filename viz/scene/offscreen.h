// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "viz/scene/picture.h"

class vtkRenderWindow;

namespace ecumene::viz::scene {

/// What VTK draws with: the strings of OpenGL.
struct GlDriver {
  std::string vendor, renderer, version;
};

/// A render window that is never shown. It needs a display (Xvfb will do) and the thread that made it.
class Offscreen {
 public:
  Offscreen(int width, int height);
  ~Offscreen();
  Offscreen(const Offscreen&) = delete;
  Offscreen& operator=(const Offscreen&) = delete;

  [[nodiscard]] vtkRenderWindow* window() const;
  [[nodiscard]] Picture render();
  /// After the first render().
  [[nodiscard]] GlDriver driver() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Version of VTK, "9.1.0".
std::string vtkVersion();
/// Of a window that has rendered.
GlDriver driverOf(vtkRenderWindow* window);

}  // namespace ecumene::viz::scene
