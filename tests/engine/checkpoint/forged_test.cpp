// SPDX-License-Identifier: Apache-2.0
// Files that nobody wrote: each is refused with its name, none is believed about its size.
#include <gtest/gtest.h>

#include <cstdio>
#include <optional>

#include "data/base/files.h"
#include "tests/engine/checkpoint/forged.h"

namespace ecumene::engine::checkpoint {
namespace {

using Forged = test::Forged;
using test::kReference;

TEST_F(Forged, CutAtEveryByte) {
  const std::string whole = readFile(kReference);
  ASSERT_FALSE(refusal(whole).has_value());
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_TRUE(refusal(whole.substr(0, length)).has_value()) << length;
  }
  EXPECT_TRUE(refusal(whole + "x").has_value());
}

TEST_F(Forged, EveryBitOfTheHeaderFlipped) {
  const std::string whole = readFile(kReference);
  std::uint64_t length = 0;
  whole.copy(reinterpret_cast<char*>(&length), 8);
  int read = 0;
  for (std::size_t bit = 0; bit < (8 + length) * 8; ++bit) {
    std::string flipped = whole;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    read += refusal(flipped).has_value() ? 0 : 1;
  }
  // What still reads has another name, or another type of the same width: that is for the checkpoint's hash to find.
  std::printf("%llu bits flipped, %d still a file of tensors\n", static_cast<unsigned long long>((8 + length) * 8),
              read);
}

TEST_F(Forged, ContradictionsAreNamed) {
  const auto expectSays = [&](const std::string& header, const std::string& words) {
    const std::optional<std::string> message = headerRefusal(header);
    EXPECT_NE(message.value_or("it was read: " + header).find(words), std::string::npos)
        << message.value_or("it was read: " + header);
  };
  const std::string good = R"("a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]})";
  ASSERT_FALSE(headerRefusal("{" + good + "}").has_value());
  ASSERT_FALSE(headerRefusal("{" + good + "}   ").has_value());
  expectSays("{" + good + "," + good + "}", "'a' twice");
  expectSays(R"({"a":{"dtype":"F32","dtype":"F32","shape":[4],"data_offsets":[0,16]}})", "'dtype' twice");
  expectSays(R"({"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,16]}})", "expected 24 bytes, found 16");
  expectSays(R"({"a":{"dtype":"F32","shape":[8],"data_offsets":[0,32]}})", "the file ends before the tensor does");
  expectSays(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", "belong to none");
  expectSays(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}})", "do not follow");
  expectSays(
      R"({"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]},"b":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}})",
      "tensor 'b'");
  expectSays(R"({"a":{"dtype":"F32","shape":[4],"data_offsets":[16,0]}})", "do not follow");
  expectSays(R"({"a":{"dtype":"F32","shape":[4294967296,4294967296,4294967296],"data_offsets":[0,16]}})",
             "the shape is impossible");
  expectSays(R"({"a":{"dtype":"F32","shape":[0,4611686018427387904,4611686018427387904],"data_offsets":[0,0]}})",
             "the shape is impossible");
  expectSays(R"({"a":{"dtype":"F32","shape":[9223372036854775807],"data_offsets":[0,16]}})", "the shape is impossible");
  expectSays(R"({"a":{"dtype":"F32","shape":[18446744073709551615],"data_offsets":[0,16]}})", "number");
  expectSays(R"({"a":{"dtype":"F32","shape":[-4],"data_offsets":[0,16]}})", "the number -4");
  expectSays(R"({"a":{"dtype":"F32","shape":[4.0],"data_offsets":[0,16]}})", "the number 4.0");
  expectSays(R"({"a":{"dtype":"F32","shape":[1e99],"data_offsets":[0,16]}})", "the number 1e99");
  expectSays(R"({"a":{"dtype":"F8","shape":[16],"data_offsets":[0,16]}})", "the unknown type 'F8'");
  expectSays(R"({"a":{"shape":[4],"data_offsets":[0,16]}})", "tensor 'a'");
  expectSays(R"({"a":{"dtype":"F32","data_offsets":[0,16]}})", "no dtype, shape");
  expectSays(R"({"a":{"dtype":"F32","shape":[4]}})", "no dtype, shape");
  expectSays(R"({"a":{"dtype":"F32","shape":[4],"data_offsets":[0]}})", "no dtype, shape");
  expectSays(R"({"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16,0]}})", "the number 0");
  expectSays(R"({"a":{"dtype":"F32","shape":[[4]],"data_offsets":[0,16]}})", "a list");
  expectSays(R"({"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16],"extra":{}}})", "an object");
  expectSays(R"({"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16],"extra":true}})", "a flag");
  expectSays(R"({"":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}})", "without a name");
  expectSays(R"({"__metadata__":{"k":1},"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}})", "the number 1");
  expectSays(R"({"__metadata__":{"k":"1","k":"2"}})", "metadata 'k' twice");
  expectSays(R"({"a":null})", "null");
  expectSays("[" + std::string(100000, '[') + "]", "a list");
  expectSays("{\"a\":{\"dtype\":\"F32\",\"shape\":[" + std::string(200, '1') + "]}}", "number");
  std::string deep = R"({"a":{"dtype":"F32","shape":[1)";
  for (int i = 0; i < 64; ++i) deep += ",1";
  expectSays(deep + R"(],"data_offsets":[0,4]}})", "the number 1");
  expectSays("", "no JSON");
  expectSays("{" + good, "no JSON");
  expectSays("{\"\xff\":{}}", "no JSON");
}

TEST_F(Forged, HeaderLengthIsBounded) {
  for (const std::uint64_t length :
       {std::uint64_t{9}, std::uint64_t{100'000'001}, ~std::uint64_t{0}, std::uint64_t{1} << 63U}) {
    std::string bytes(reinterpret_cast<const char*>(&length), 8);
    bytes.append("{}      ");
    const std::optional<std::string> message = refusal(bytes);
    EXPECT_NE(message.value_or("").find("length is impossible"), std::string::npos) << length;
  }
}

TEST_F(Forged, FlagsAreZeroOrOne) {
  const std::string header = R"({"a":{"dtype":"BOOL","shape":[2],"data_offsets":[0,2]}})";
  EXPECT_FALSE(headerRefusal(header, {'\0', '\1'}).has_value());
  EXPECT_TRUE(headerRefusal(header, {'\0', '\2'}).has_value());
}

}  // namespace
}  // namespace ecumene::engine::checkpoint
