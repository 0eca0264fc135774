// SPDX-License-Identifier: Apache-2.0
#include "engine/protocol/errors.h"

#include <cstddef>

#include "ecumene.pb.h"

namespace ecumene::engine::protocol {
namespace {

/// Details travel in a header, whose size is limited to 8 KiB.
constexpr std::size_t kMostText = 700;
constexpr int kMostContexts = 3;
constexpr const char* kNobody = "no daemon answers";
constexpr const char* kSilent = "the daemon does not answer";
/// What gRPC says where its pings are not answered.
constexpr const char* kUnanswered = "keepalive";

std::string shortened(const std::string& text) {
  return utf8(text.size() <= kMostText ? std::string_view(text) : std::string_view(text).substr(0, kMostText)) +
         (text.size() <= kMostText ? "" : "...");
}

grpc::StatusCode codeOf(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInput:
    case ErrorKind::kUsage:
      return grpc::StatusCode::INVALID_ARGUMENT;
    case ErrorKind::kEnvironment:
      return grpc::StatusCode::FAILED_PRECONDITION;
    case ErrorKind::kCancelled:
      return grpc::StatusCode::CANCELLED;
    case ErrorKind::kInternal:
      return grpc::StatusCode::INTERNAL;
  }
  return grpc::StatusCode::INTERNAL;
}

/// Bytes of the UTF-8 character that `text` begins with; 0: it begins with none. The Unicode Standard, table 3-7.
std::size_t characterLength(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto follows = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
    return byte(i) >= low && byte(i) <= high;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    return follows(1, first == 0xE0 ? 0xA0 : 0x80, first == 0xED ? 0x9F : 0xBF) && follows(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    return follows(1, first == 0xF0 ? 0x90 : 0x80, first == 0xF4 ? 0x8F : 0xBF) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

}  // namespace

std::string utf8(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = characterLength(text);
    valid += length > 0 ? text.substr(0, length) : std::string_view("\xEF\xBF\xBD");
    text.remove_prefix(length > 0 ? length : 1);
  }
  return valid;
}

Error unreachable(const std::string& daemon) {
  return Error(kNobody, ErrorKind::kEnvironment).on(daemon).next("ecumenectl daemon start");
}

Error silent(const std::string& daemon) {
  return Error(kSilent, ErrorKind::kEnvironment)
      .on(daemon)
      .next("its process may be stopped, or its machine overloaded; asked again it goes on where it was");
}

bool isSilent(const Error& error) {
  return error.kind() == ErrorKind::kEnvironment && error.failure() == kSilent;
}

bool isUnreachable(const Error& error) {
  return isSilent(error) || (error.kind() == ErrorKind::kEnvironment && error.failure() == kNobody);
}

grpc::Status toStatus(const Error& error) {
  wire::ErrorDetail detail;
  detail.set_kind(static_cast<int>(error.kind()));
  detail.set_what(shortened(error.failure()));
  detail.set_object(shortened(error.object()));
  detail.set_expected(shortened(error.expectation()));
  detail.set_found(shortened(error.finding()));
  detail.set_next(shortened(error.nextStep()));
  for (const std::string& context : error.contexts()) {
    if (detail.contexts_size() < kMostContexts) detail.add_contexts(shortened(context));
  }
  return {codeOf(error.kind()), shortened(error.what()), detail.SerializeAsString()};
}

Error fromStatus(const grpc::Status& status, const std::string& daemon) {
  wire::ErrorDetail detail;
  const std::string& bytes = status.error_details();
  if (!bytes.empty() && detail.ParseFromString(bytes) && detail.kind() >= 0 &&
      detail.kind() <= static_cast<int>(ErrorKind::kInternal)) {
    Error error(detail.what(), static_cast<ErrorKind>(detail.kind()));
    if (!detail.object().empty()) error.on(detail.object());
    if (!detail.expected().empty()) error.expected(detail.expected());
    if (!detail.found().empty()) error.found(detail.found());
    if (!detail.next().empty()) error.next(detail.next());
    for (const std::string& context : detail.contexts()) error.within(context);
    return error;
  }
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
      return status.error_message().find(kUnanswered) == std::string::npos ? unreachable(daemon) : silent(daemon);
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return Error("the daemon did not answer in time", ErrorKind::kEnvironment)
          .on(daemon)
          .next("it may be busy: repeat it, or look at `ecumenectl daemon status`");
    case grpc::StatusCode::CANCELLED:
      return Error("the call was cancelled", ErrorKind::kCancelled).on(daemon);
    case grpc::StatusCode::UNIMPLEMENTED:
      return Error("the daemon does not know this call", ErrorKind::kEnvironment)
          .on(daemon)
          .next("use programs of one version on both sides");
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return Error("the daemon has too much to do, or the message is too large", ErrorKind::kEnvironment)
          .on(daemon)
          .found(status.error_message());
    default:
      return internalError("call failed: " + status.error_message()).on(daemon);
  }
}

}  // namespace ecumene::engine::protocol
