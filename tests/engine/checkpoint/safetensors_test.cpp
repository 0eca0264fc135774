// SPDX-License-Identifier: Apache-2.0
// tests/oracles/safetensors_file.py made reference/safetensors/python.safetensors with the format's own package.
#include "engine/checkpoint/safetensors.h"

#include <gtest/gtest.h>

#include <fstream>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/base/hash.h"
#include "tests/engine/checkpoint/forged.h"
#include "tests/support/temp_folder.h"
#include "tests/support/thrown_error.h"

namespace ecumene::engine::checkpoint {
namespace {

using test::kReference;
using test::messageOf;

const Metadata kReferenceMetadata{{"made by", "the package \"safetensors\""}};

/// As the oracle's `values`.
torch::Tensor values(torch::ScalarType type, const std::vector<std::int64_t>& shape) {
  const torch::Tensor counts = torch::arange(c10::multiply_integers(shape), torch::kLong).reshape(shape);
  if (type == torch::kBool) return counts.remainder(2) == 1;
  return (type == torch::kByte ? counts : counts - 3).to(type);
}

Tensors referenceTensors() {
  return {{"f64.weight", values(torch::kDouble, {2, 3})},
          {"f32.weight", values(torch::kFloat, {2, 3})},
          {"f16.weight", values(torch::kHalf, {2, 3})},
          {"bf16.weight", values(torch::kBFloat16, {2, 3})},
          {"i64.weight", values(torch::kLong, {2, 3})},
          {"i32.weight", values(torch::kInt, {2, 3})},
          {"i16.weight", values(torch::kShort, {2, 3})},
          {"i8.weight", values(torch::kChar, {2, 3})},
          {"u8.weight", values(torch::kByte, {2, 3})},
          {"bool.weight", values(torch::kBool, {2, 3})},
          {"b", values(torch::kFloat, {5})},
          {"a.scalar", values(torch::kFloat, {})},
          {"none", values(torch::kFloat, {0, 4})},
          {"Größe/µ", values(torch::kFloat, {1, 2, 1, 2})}};
}

void expectEqual(const Tensors& found, const Tensors& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (const auto& [name, tensor] : expected) {
    ASSERT_TRUE(found.contains(name)) << name;
    const torch::Tensor& other = found.at(name);
    EXPECT_EQ(other.scalar_type(), tensor.scalar_type()) << name;
    EXPECT_EQ(other.sizes(), tensor.sizes()) << name;
    EXPECT_TRUE(torch::equal(other, tensor.contiguous())) << name;
  }
}

TEST(Safetensors, ReadsWhatThePackageWrote) {
  Metadata metadata;
  expectEqual(readSafetensors(kReference, &metadata), referenceTensors());
  EXPECT_EQ(metadata, kReferenceMetadata);
}

TEST(Safetensors, WritesTheBytesThatThePackageWrites) {
  const test::TempFolder folder;
  const WrittenFile written = writeSafetensors(folder / "ours", referenceTensors(), kReferenceMetadata);
  EXPECT_EQ(readFile(folder / "ours"), readFile(kReference));
  EXPECT_EQ(written.sha256, sha256OfFile(kReference));
  EXPECT_EQ(written.bytes, static_cast<std::int64_t>(std::filesystem::file_size(kReference)));
}

TEST(Safetensors, GivesTheHashOfWhatItRead) {
  std::string hash;
  (void)readSafetensors(kReference, nullptr, &hash);
  EXPECT_EQ(hash, sha256OfFile(kReference));
}

TEST(Safetensors, ViewsAreWrittenRowByRow) {
  const test::TempFolder folder;
  const torch::Tensor whole = torch::arange(24, torch::kFloat).reshape({4, 6});
  const Tensors views{{"transposed", whole.t()},
                      {"column", whole.select(1, 2)},
                      {"every other", whole.slice(0, 0, 4, 2)},
                      {"repeated", whole.select(0, 1).expand({3, 6})},
                      {"learned", whole.clone().requires_grad_()}};
  writeSafetensors(folder / "v", views);
  const Tensors read = readSafetensors(folder / "v");
  expectEqual(read, views);
  EXPECT_FALSE(read.at("learned").requires_grad());
}

TEST(Safetensors, BitsOfEveryValueStay) {
  const test::TempFolder folder;
  // All half-precision values, with every NaN, infinity, zero and denormal.
  const torch::Tensor bits = torch::arange(-32768, 32768, torch::kInt).to(torch::kShort);
  const Tensors tensors{{"half", bits.view(torch::kHalf)}, {"bfloat", bits.view(torch::kBFloat16)}};
  writeSafetensors(folder / "b", tensors);
  const Tensors read = readSafetensors(folder / "b");
  EXPECT_TRUE(torch::equal(read.at("half").view(torch::kShort), bits));
  EXPECT_TRUE(torch::equal(read.at("bfloat").view(torch::kShort), bits));
}

TEST(Safetensors, NothingIsAFileToo) {
  const test::TempFolder folder;
  writeSafetensors(folder / "n", {});
  EXPECT_TRUE(readSafetensors(folder / "n").empty());
}

TEST(Safetensors, WhatCannotBeKeptIsNamed) {
  const test::TempFolder folder;
  const auto write = [&](const std::string& name, const torch::Tensor& tensor) {
    return messageOf([&] { writeSafetensors(folder / "x", {{name, tensor}}); });
  };
  EXPECT_NE(write("spin", torch::zeros({2}, torch::kComplexFloat)).find("tensor 'spin'"), std::string::npos);
  EXPECT_NE(write("hole", torch::Tensor()).find("tensor 'hole'"), std::string::npos);
  EXPECT_NE(write("thin", torch::zeros({2, 2}).to_sparse()).find("tensor 'thin'"), std::string::npos);
  EXPECT_NE(write("__metadata__", torch::zeros({2})).find("cannot be kept"), std::string::npos);
  EXPECT_NE(write("\xff", torch::zeros({2})).find("not UTF-8"), std::string::npos);
  EXPECT_NE(messageOf([&] { (void)readSafetensors(folder / "absent"); }).find("absent"), std::string::npos);
  EXPECT_NE(messageOf([&] { (void)readSafetensors(folder.path()); }).find("regular file"), std::string::npos);
}

}  // namespace
}  // namespace ecumene::engine::checkpoint
