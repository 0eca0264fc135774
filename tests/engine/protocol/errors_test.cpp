// SPDX-License-Identifier: Apache-2.0
#include "engine/protocol/errors.h"

#include <gtest/gtest.h>

namespace ecumene::engine::protocol {
namespace {

Error fullError() {
  return Error("cannot read the variable", ErrorKind::kEnvironment)
      .on("a.nc: ts")
      .expected("12 months")
      .found("10")
      .next("make it again")
      .within("while importing a.nc");
}

TEST(ErrorsOnTheWire, ArriveAsTheyWere) {
  for (const ErrorKind kind :
       {ErrorKind::kInput, ErrorKind::kUsage, ErrorKind::kEnvironment, ErrorKind::kCancelled, ErrorKind::kInternal}) {
    const Error error = fromStatus(toStatus(Error("what", kind)), "d");
    EXPECT_EQ(error.kind(), kind);
    EXPECT_STREQ(error.what(), Error("what", kind).what());
  }
  const Error error = fromStatus(toStatus(fullError()), "daemon.sock");
  EXPECT_STREQ(error.what(), fullError().what());
  EXPECT_EQ(error.object(), "a.nc: ts");
  EXPECT_EQ(error.expectation(), "12 months");
  EXPECT_EQ(error.finding(), "10");
  EXPECT_EQ(error.nextStep(), "make it again");
  EXPECT_EQ(error.contexts(), fullError().contexts());
}

TEST(ErrorsOnTheWire, FitIntoAHeaderWhateverTheyHold) {
  const std::string huge(100000, '\xC3');
  const grpc::Status status =
      toStatus(Error(huge).on(huge).expected(huge).found(huge).next(huge).within(huge).within(huge));
  EXPECT_LT(status.error_details().size() + status.error_message().size(), 20000U);
  EXPECT_TRUE(fromStatus(status, "d").failure().starts_with("\xEF\xBF\xBD"));
}

TEST(ErrorsOnTheWire, OfTheTransportSayWhatToDo) {
  const auto said = [](grpc::StatusCode code) { return fromStatus({code, "raw"}, "/run/d.sock"); };
  EXPECT_EQ(said(grpc::StatusCode::UNAVAILABLE).object(), "/run/d.sock");
  EXPECT_NE(said(grpc::StatusCode::UNAVAILABLE).nextStep().find("daemon start"), std::string::npos);
  EXPECT_EQ(said(grpc::StatusCode::DEADLINE_EXCEEDED).kind(), ErrorKind::kEnvironment);
  EXPECT_EQ(said(grpc::StatusCode::CANCELLED).kind(), ErrorKind::kCancelled);
  EXPECT_EQ(said(grpc::StatusCode::UNKNOWN).kind(), ErrorKind::kInternal);
  // Details that are no message of ours, or have a kind that there is not.
  const grpc::Status foreign(grpc::StatusCode::INTERNAL, "raw", "\xFF\xFF\xFF");
  EXPECT_EQ(fromStatus(foreign, "d").kind(), ErrorKind::kInternal);
  const grpc::Status impossible(grpc::StatusCode::INTERNAL, "raw", std::string("\x08\x63", 2));
  EXPECT_EQ(fromStatus(impossible, "d").kind(), ErrorKind::kInternal);
}

TEST(Utf8, KeepsWhatIsValidAndReplacesEachOtherByte) {
  const std::string replaced = "\xEF\xBF\xBD";
  for (const char* valid : {"", "run", "\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x8C\x8D", "\xEF\xBF\xBD"}) {
    EXPECT_EQ(utf8(valid), valid);
  }
  EXPECT_EQ(utf8("a\xFFz"), "a" + replaced + "z");
  EXPECT_EQ(utf8("\xC3"), replaced);                                               // cut
  EXPECT_EQ(utf8("\xC0\xAF"), replaced + replaced);                                // "/" in two bytes
  EXPECT_EQ(utf8("\xED\xA0\x80"), replaced + replaced + replaced);                 // half of a surrogate pair
  EXPECT_EQ(utf8("\xF4\x90\x80\x80"), replaced + replaced + replaced + replaced);  // beyond U+10FFFF
}

}  // namespace
}  // namespace ecumene::engine::protocol
