// SPDX-License-Identifier: Apache-2.0
#include "viz/scene/offscreen.h"

#include <vtkNew.h>
#include <vtkRenderWindow.h>
#include <vtkUnsignedCharArray.h>
#include <vtkVersion.h>

#include <string_view>

namespace ecumene::viz::scene {
namespace {

/// The rest of the line that begins with `label` in VTK's report.
std::string lineOf(std::string_view report, std::string_view label) {
  const std::size_t at = report.find(label);
  if (at == std::string_view::npos) return "unknown";
  std::string_view rest = report.substr(at + label.size());
  rest = rest.substr(0, rest.find('\n'));
  const std::size_t first = rest.find_first_not_of(' ');
  return first == std::string_view::npos ? "unknown" : std::string(rest.substr(first));
}

}  // namespace

struct Offscreen::Impl {
  vtkNew<vtkRenderWindow> window;
};

Offscreen::Offscreen(int width, int height) : impl_(std::make_unique<Impl>()) {
  impl_->window->OffScreenRenderingOn();
  impl_->window->SetMultiSamples(0);
  impl_->window->SetSize(width, height);
}

Offscreen::~Offscreen() = default;

vtkRenderWindow* Offscreen::window() const {
  return impl_->window;
}

Picture Offscreen::render() {
  impl_->window->Render();
  const int* size = impl_->window->GetSize();
  Picture picture;
  picture.width = static_cast<std::size_t>(size[0]);
  picture.height = static_cast<std::size_t>(size[1]);
  vtkNew<vtkUnsignedCharArray> bytes;
  impl_->window->GetPixelData(0, 0, size[0] - 1, size[1] - 1, 0, bytes);
  picture.pixels.resize(picture.width * picture.height);
  // VTK's first row is the lowest.
  for (std::size_t y = 0; y < picture.height; ++y) {
    for (std::size_t x = 0; x < picture.width; ++x) {
      const auto at = static_cast<vtkIdType>((picture.height - 1 - y) * picture.width + x) * 3;
      picture.pixels[y * picture.width + x] = {bytes->GetValue(at), bytes->GetValue(at + 1), bytes->GetValue(at + 2)};
    }
  }
  return picture;
}

GlDriver Offscreen::driver() const {
  return driverOf(impl_->window);
}

GlDriver driverOf(vtkRenderWindow* window) {
  const std::string report = window->ReportCapabilities();
  return {lineOf(report, "OpenGL vendor string:"), lineOf(report, "OpenGL renderer string:"),
          lineOf(report, "OpenGL version string:")};
}

std::string vtkVersion() {
  return vtkVersion::GetVTKVersion();
}

}  // namespace ecumene::viz::scene
