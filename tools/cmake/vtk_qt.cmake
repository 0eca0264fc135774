# SPDX-License-Identifier: Apache-2.0
# ecumene_find_vtk(components...): VTK with those components, and the target `vtk_qt`: QVTKOpenGLNativeWidget for Qt 6.
# An installed VTK whose Qt module is built for Qt 6 is used as it is. Debian 12's is built for Qt 5, so there the widget and its three
# adapters are compiled here from Debian's own source package, which tools/setup leaves in build/third_party/vtk_qt.

# A macro, so that the imported targets and the list VTK_LIBRARIES reach the caller.
macro(ecumene_find_vtk)
  find_package(VTK 9.1 REQUIRED COMPONENTS ${ARGN} CommonCore CommonSystem InteractionStyle InteractionWidgets RenderingCore
    RenderingOpenGL2)
  find_package(Qt6 6.4 REQUIRED COMPONENTS OpenGL OpenGLWidgets Widgets)
  if(NOT TARGET vtk_qt)
    ecumene_add_vtk_qt()
  endif()
endmacro()

function(ecumene_add_vtk_qt)
  if(VTK_QT_VERSION VERSION_GREATER_EQUAL 6)
    find_package(VTK REQUIRED COMPONENTS GUISupportQt)
    message(STATUS "VTK's Qt widget: installed, for Qt ${VTK_QT_VERSION}")
    add_library(vtk_qt INTERFACE)
    target_link_libraries(vtk_qt INTERFACE VTK::GUISupportQt)
    return()
  endif()
  set(source ${PROJECT_SOURCE_DIR}/build/third_party/vtk_qt/GUISupport/Qt)
  if(NOT EXISTS ${source}/QVTKOpenGLNativeWidget.cxx)
    message(FATAL_ERROR "VTK's Qt widget is not in build/third_party. Run tools/setup first (or configure with -DECUMENE_DESKTOP=OFF).")
  endif()
  set(generated ${CMAKE_BINARY_DIR}/generated/vtk_qt)
  # VTK's build writes this one; a static library exports nothing.
  file(CONFIGURE OUTPUT ${generated}/vtkGUISupportQtModule.h CONTENT "#pragma once\n#define VTKGUISUPPORTQT_EXPORT\n" @ONLY)
  set(files)
  foreach(class QVTKInteractor QVTKInteractorAdapter QVTKOpenGLNativeWidget QVTKRenderWindowAdapter)
    list(APPEND files ${source}/${class}.cxx ${source}/${class}.h)
  endforeach()
  add_library(vtk_qt STATIC ${files} ${source}/QVTKInteractorInternal.h)
  set_target_properties(vtk_qt PROPERTIES AUTOMOC ON POSITION_INDEPENDENT_CODE ON UNITY_BUILD OFF)
  target_compile_options(vtk_qt PRIVATE -w)
  target_include_directories(vtk_qt SYSTEM PUBLIC ${generated} ${source})
  target_link_libraries(vtk_qt
    PUBLIC VTK::CommonCore VTK::InteractionWidgets VTK::RenderingCore VTK::RenderingOpenGL2 Qt6::OpenGL Qt6::OpenGLWidgets Qt6::Widgets
    PRIVATE VTK::CommonSystem VTK::InteractionStyle VTK::opengl)
endfunction()
