// SPDX-License-Identifier: Apache-2.0
#include "data/formats/import_wire.h"

#include <array>
#include <cstring>
#include <nlohmann/json.hpp>

#include "data/base/files.h"

namespace ecumene::data::formats {
namespace {

using nlohmann::json;

constexpr std::array<ErrorKind, 5> kKinds{ErrorKind::kInput, ErrorKind::kUsage, ErrorKind::kEnvironment,
                                          ErrorKind::kCancelled, ErrorKind::kInternal};

}  // namespace

void sendFrame(int fd, FrameKind kind, std::span<const std::byte> body) {
  std::array<std::byte, kFrameHeader> header{};
  header[0] = static_cast<std::byte>(kind);
  const std::uint64_t length = body.size();
  std::memcpy(header.data() + 1, &length, sizeof length);
  writeAll(fd, header, "the parent's pipe");
  writeAll(fd, body, "the parent's pipe");
}

void sendFrame(int fd, FrameKind kind, const std::string& body) {
  sendFrame(fd, kind, std::as_bytes(std::span(body.data(), body.size())));
}

std::string encodeError(const Error& error) {
  const json object{{"kind", static_cast<int>(error.kind())},
                    {"what", error.failure()},
                    {"object", error.object()},
                    {"expected", error.expectation()},
                    {"found", error.finding()},
                    {"next", error.nextStep()},
                    {"contexts", error.contexts()}};
  // Bytes of a hostile file may be quoted in a message; what is not UTF-8 becomes U+FFFD.
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

Error decodeError(const std::string& text) {
  try {
    const json object = json::parse(text);
    const auto kind = object.at("kind").get<std::size_t>();
    Error error(object.at("what").get<std::string>(), kKinds.at(kind));
    error.on(object.at("object").get<std::string>());
    error.expected(object.at("expected").get<std::string>());
    error.found(object.at("found").get<std::string>());
    error.next(object.at("next").get<std::string>());
    for (const json& context : object.at("contexts")) error.within(context.get<std::string>());
    return error;
  } catch (const std::exception&) {
    throw Error("the importing process sent a message that is none");
  }
}

}  // namespace ecumene::data::formats
