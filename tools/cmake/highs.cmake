# SPDX-License-Identifier: Apache-2.0
# Imported target `highs`: the HiGHS linear-programming library, used through its C interface.
# An installed HiGHS (found by its CMake package) is preferred; else libhighs.so.1 of the highspy wheel that tools/setup puts
# into <repository>/build/venv. The wheel has no headers: the folder that calls HiGHS declares the C functions it uses.
# Programs that link `highs` get the library's folder in their RPATH, so no environment variable is needed to run them.

find_package(highs CONFIG QUIET)
if(TARGET highs::highs)
  message(STATUS "HiGHS: installed, version ${highs_VERSION}")
  add_library(highs INTERFACE IMPORTED GLOBAL)
  target_link_libraries(highs INTERFACE highs::highs)
else()
  file(GLOB ECUMENE_HIGHS_LIBRARY "${PROJECT_SOURCE_DIR}/build/venv/lib/python3*/site-packages/highspy/libhighs.so.1")
  if(NOT ECUMENE_HIGHS_LIBRARY)
    message(FATAL_ERROR "HiGHS is neither installed nor in build/venv (highspy wheel). Run tools/setup first.")
  endif()
  list(GET ECUMENE_HIGHS_LIBRARY 0 ECUMENE_HIGHS_LIBRARY)
  message(STATUS "HiGHS: ${ECUMENE_HIGHS_LIBRARY}")
  add_library(highs SHARED IMPORTED GLOBAL)
  set_target_properties(highs PROPERTIES IMPORTED_LOCATION "${ECUMENE_HIGHS_LIBRARY}" IMPORTED_SONAME libhighs.so.1)
endif()
