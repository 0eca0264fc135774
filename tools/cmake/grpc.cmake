# SPDX-License-Identifier: Apache-2.0
# ecumene_grpc_library(name PROTO file.proto): a static library of the messages and services of one .proto file.
# Include its headers by the file's name: "file.pb.h", "file.grpc.pb.h".

find_package(Protobuf REQUIRED)
find_package(gRPC CONFIG REQUIRED)
find_program(ECUMENE_GRPC_PLUGIN grpc_cpp_plugin REQUIRED)

function(ecumene_grpc_library name)
  cmake_parse_arguments(G "" "PROTO" "" ${ARGN})
  get_filename_component(proto ${G_PROTO} ABSOLUTE)
  get_filename_component(stem ${G_PROTO} NAME_WE)
  get_filename_component(folder ${proto} DIRECTORY)
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/${name})
  file(MAKE_DIRECTORY ${generated})
  set(sources ${generated}/${stem}.pb.cc ${generated}/${stem}.grpc.pb.cc)
  add_custom_command(
    OUTPUT ${sources} ${generated}/${stem}.pb.h ${generated}/${stem}.grpc.pb.h
    COMMAND protobuf::protoc --cpp_out=${generated} --grpc_out=${generated} --plugin=protoc-gen-grpc=${ECUMENE_GRPC_PLUGIN}
      --proto_path=${folder} ${proto}
    DEPENDS ${proto}
    COMMENT "Generating ${stem}.proto"
    VERBATIM)
  add_library(${name} STATIC ${sources})
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE ON UNITY_BUILD OFF)
  target_include_directories(${name} SYSTEM PUBLIC ${generated})
  target_link_libraries(${name} PUBLIC gRPC::grpc++ protobuf::libprotobuf)
endfunction()
