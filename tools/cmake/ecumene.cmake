# SPDX-License-Identifier: Apache-2.0
# Compiler settings and the three functions every folder uses: ecumene_library, ecumene_program, ecumene_test.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1")

find_program(ECUMENE_CCACHE ccache)
if(ECUMENE_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${ECUMENE_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${ECUMENE_CCACHE})
endif()
find_program(ECUMENE_MOLD mold)
if(ECUMENE_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

if(ECUMENE_SANITIZE STREQUAL "address")
  # GCC 12 reports false maybe-uninitialized values in code that it instruments.
  # A check of each pointer before its use costs a third of the time to compile: data/, which reads foreign bytes, has it again. Elsewhere null
  # is AddressSanitizer's to find.
  set(ECUMENE_POINTER_CHECKS null,alignment,vptr,nonnull-attribute,returns-nonnull-attribute)
  add_compile_options(-O1 -fsanitize=address,undefined -fno-sanitize=${ECUMENE_POINTER_CHECKS}
    -fno-sanitize-recover=all -fno-omit-frame-pointer -Wno-maybe-uninitialized)
  add_link_options(-fsanitize=address,undefined)
elseif(ECUMENE_SANITIZE STREQUAL "fuzz")
  add_compile_options(-O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
elseif(ECUMENE_SANITIZE STREQUAL "thread")
  add_compile_options(-O1 -fsanitize=thread -fno-omit-frame-pointer -Wno-maybe-uninitialized)
  add_link_options(-fsanitize=thread)
elseif(NOT ECUMENE_SANITIZE STREQUAL "")
  message(FATAL_ERROR "ECUMENE_SANITIZE is '${ECUMENE_SANITIZE}': expected empty, address, thread or fuzz")
endif()

find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(GTest REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(PkgConfig REQUIRED)

# Warnings of our own code, as errors, by GCC; clang, which builds the preset fuzz alone, has others. Third-party headers come in as SYSTEM
# includes.
add_library(ecumene_warnings INTERFACE)
if(NOT ECUMENE_SANITIZE STREQUAL "fuzz")
  target_compile_options(ecumene_warnings INTERFACE -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wnon-virtual-dtor -Werror)
endif()
# The presets compile a target's sources in batches (CMAKE_UNITY_BUILD), which read their headers and instantiate Torch's templates once: in
# all a third of the time. Names in anonymous namespaces are therefore unique within a target. GCC warns of such names in the members of a
# class unless the class stands in the file that it was given, which a batch is.
if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-Wno-subobject-linkage)
endif()
# The same bytes from the same seed: no fused or reordered floating-point arithmetic.
add_compile_options(-ffp-contract=off)

# ecumene_library(data_planet SOURCES a.cpp ... [PUBLIC targets] [PRIVATE targets])
# One target for a folder; headers are included from the repository root ("data/planet/cube.h").
function(ecumene_library name)
  cmake_parse_arguments(L "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(${name} STATIC ${L_SOURCES})
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${L_PUBLIC} PRIVATE ${L_PRIVATE} ecumene_warnings)
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
endfunction()

# ecumene_program(ecumene-data SOURCES main.cpp LIBS targets): a program in build/<preset>/bin.
function(ecumene_program name)
  cmake_parse_arguments(P "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} ${P_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${P_LIBS} ecumene_warnings)
endfunction()

# ecumene_test(test_data_planet SOURCES ... LIBS targets [LABELS l] [TIMEOUT s] [SOAK suites] [ENV "A=b"...])
# Each suite becomes one ctest entry, run from the repository root: data_planet.Cube; under a sanitizer asan.data_planet.Cube or
# tsan.data_planet.Cube. One process a suite, because loading Torch or making a store costs more than most tests.
# Tests get ECUMENE_BIN (built programs), ECUMENE_PYTHON (tools/requirements.txt's Python) and ECUMENE_SHARED (folder of large or
# restricted files that is not in the repository; tests that need it skip where it is absent).
# SOAK: suites that are entered a second time, with the long counts of tests/support/counts.h and the label soak.
# Labels with a meaning: soak (long runs, only with tools/test --soak), release-only (not run under sanitizers: too slow there).
function(ecumene_test name)
  cmake_parse_arguments(T "" "TIMEOUT" "SOURCES;LIBS;LABELS;SOAK;ENV" ${ARGN})
  if(ECUMENE_SANITIZE STREQUAL "fuzz")
    # Of this preset tests/fuzz is all that is run.
    add_executable(${name} EXCLUDE_FROM_ALL ${T_SOURCES})
    return()
  endif()
  add_executable(${name} ${T_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${T_LIBS} GTest::gtest GTest::gtest_main ecumene_warnings)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  # A test's time is that of what it calls. Without optimisation its own sources compile in half the time; those that include Torch share a
  # header that is precompiled with one set of options.
  target_compile_options(${name} PRIVATE $<$<NOT:$<BOOL:$<TARGET_PROPERTY:ECUMENE_USES_TORCH>>>:-O0>)
  if(NOT T_TIMEOUT)
    set(T_TIMEOUT 300)
  endif()
  string(REGEX REPLACE "^test_" "" entry ${name})
  if(ECUMENE_SANITIZE)
    if("release-only" IN_LIST T_LABELS)
      set_target_properties(${name} PROPERTIES EXCLUDE_FROM_ALL ON)
      return()
    endif()
    string(SUBSTRING ${ECUMENE_SANITIZE} 0 1 initial)
    set(entry "${initial}san.${entry}")
  endif()
  if(ECUMENE_SANITIZE STREQUAL "address")
    # An allocation too large to be had gives null, as it does without the sanitizer: libraries are handed forged sizes.
    list(APPEND T_ENV "ASAN_OPTIONS=allocator_may_return_null=1")
  endif()
  set(program ${CMAKE_BINARY_DIR}/tests/${name})
  set(list ${CMAKE_CURRENT_BINARY_DIR}/${name}_suites.txt)
  add_custom_command(TARGET ${name} POST_BUILD COMMAND ${program} --gtest_list_tests > ${list} VERBATIM)
  set(environment "OMP_WAIT_POLICY=passive;OMP_NUM_THREADS=1;ECUMENE_BIN=${CMAKE_BINARY_DIR}/bin"
    "ECUMENE_SHARED=${PROJECT_SOURCE_DIR}/../shared" "ECUMENE_PYTHON=${PROJECT_SOURCE_DIR}/build/venv/bin/python" ${T_ENV})
  set(script ${CMAKE_CURRENT_BINARY_DIR}/${name}_suites.cmake)
  configure_file(${PROJECT_SOURCE_DIR}/tools/cmake/suites.cmake.in ${script} @ONLY)
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${script})
endfunction()
