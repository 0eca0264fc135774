# SPDX-License-Identifier: Apache-2.0
# Imported targets torch, torch_cpu, torch_cuda, c10, c10_cuda from the wheel in <repository>/build/venv, and
# ecumene_use_torch(target): links a target of ours against them, with the one precompiled header.
# The wheel's own find_package(Torch) needs a CUDA toolkit even to link for the CPU, so it is not used. CUDA's headers come from the
# NVIDIA wheels in the venv where tools/setup put them there, else from the toolkit at CUDA_HOME or /usr/local/cuda.

file(GLOB ECUMENE_SITE_PACKAGES "${PROJECT_SOURCE_DIR}/build/venv/lib/python3*/site-packages")
set(torch_root "${ECUMENE_SITE_PACKAGES}/torch")
if(NOT EXISTS ${torch_root}/lib/libtorch_cpu.so)
  message(FATAL_ERROR "Torch's wheel is not in build/venv. Run tools/setup first (or configure with -DECUMENE_TORCH=OFF).")
endif()

find_path(ECUMENE_CUDA_INCLUDE cuda_runtime_api.h REQUIRED NO_DEFAULT_PATH
  PATHS ${ECUMENE_SITE_PACKAGES}/nvidia/cu13/include $ENV{CUDA_HOME}/include /usr/local/cuda/include)
find_path(ECUMENE_NCCL_INCLUDE nccl.h REQUIRED NO_DEFAULT_PATH
  PATHS ${ECUMENE_SITE_PACKAGES}/nvidia/nccl/include ${ECUMENE_CUDA_INCLUDE} /usr/include)
message(STATUS "Torch: ${torch_root}, CUDA headers: ${ECUMENE_CUDA_INCLUDE}")

set(torch_includes ${torch_root}/include ${torch_root}/include/torch/csrc/api/include)
function(ecumene_import_torch name)
  add_library(${name} SHARED IMPORTED GLOBAL)
  set_target_properties(${name} PROPERTIES IMPORTED_LOCATION ${torch_root}/lib/lib${name}.so IMPORTED_SONAME lib${name}.so
    INTERFACE_INCLUDE_DIRECTORIES "${torch_includes}")
endfunction()
foreach(name c10 c10_cuda torch_cpu torch_cuda torch)
  ecumene_import_torch(${name})
endforeach()
target_link_libraries(c10_cuda INTERFACE c10)
# at::parallel_for is a template over OpenMP; its run-time library is the one that the wheel carries, never a second one.
target_compile_options(torch_cpu INTERFACE -fopenmp)
target_link_libraries(torch_cpu INTERFACE c10 ${torch_root}/lib/libgomp.so.1)
# libtorch_cpu exports parts of an older std::filesystem, and a program that gets half of it from there crashes in remove_all and the
# directory iterators. The loader searches libraries in link order, so the C++ library stands first.
target_link_options(torch_cpu INTERFACE LINKER:--no-as-needed,-lstdc++)
target_link_libraries(torch_cuda INTERFACE torch_cpu c10_cuda)
target_link_libraries(torch INTERFACE torch_cpu)
target_include_directories(c10_cuda SYSTEM INTERFACE ${ECUMENE_CUDA_INCLUDE})
target_include_directories(torch_cuda SYSTEM INTERFACE ${ECUMENE_CUDA_INCLUDE} ${ECUMENE_NCCL_INCLUDE})
# Both backends are in the wheel; their declarations are behind these. Gloo's own headers are Debian's (libgloo-dev).
target_compile_definitions(torch_cpu INTERFACE USE_DISTRIBUTED USE_C10D_GLOO)
target_compile_definitions(torch_cuda INTERFACE USE_C10D_NCCL)

# A precompiled header serves only translation units with the same code-generation flags, so all users of Torch, programs too, are -fPIC.
function(ecumene_torch_flags name)
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE OFF ECUMENE_USES_TORCH ON)
  target_compile_options(${name} PRIVATE -fPIC -fpch-preprocess)
  target_link_libraries(${name} PRIVATE torch torch_cpu c10)
  # Torch's include folder has an fmt of its own, newer than the installed library: it serves from its headers alone.
  target_compile_definitions(${name} PRIVATE FMT_HEADER_ONLY)
  if(ECUMENE_CCACHE)
    # ccache refuses precompiled headers unless told that a changed __TIME__ or #define in one does not matter.
    set_target_properties(${name} PROPERTIES CXX_COMPILER_LAUNCHER
      "${CMAKE_COMMAND};-E;env;CCACHE_SLOPPINESS=pch_defines,time_macros;${ECUMENE_CCACHE}")
  endif()
endfunction()

file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/torch_pch.cpp CONTENT "" @ONLY)
add_library(torch_pch STATIC ${CMAKE_BINARY_DIR}/generated/torch_pch.cpp)
ecumene_torch_flags(torch_pch)
target_precompile_headers(torch_pch PRIVATE <torch/torch.h>)

function(ecumene_use_torch name)
  ecumene_torch_flags(${name})
  target_precompile_headers(${name} REUSE_FROM torch_pch)
endfunction()
