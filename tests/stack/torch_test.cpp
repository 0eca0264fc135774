// SPDX-License-Identifier: Apache-2.0
// Torch's tensor maths and autograd on the CPU against closed forms.
#include <gtest/gtest.h>
#include <torch/torch.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>

namespace {

torch::Tensor rotation(double angleRadians) {
  const double c = std::cos(angleRadians);
  const double s = std::sin(angleRadians);
  return torch::tensor({c, -s, s, c}, torch::kDouble).reshape({2, 2});
}

double largestDifference(const torch::Tensor& a, const torch::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

TEST(StackTorch, ProductOfRotationsIsTheRotationByTheSum) {
  EXPECT_LT(largestDifference(rotation(0.4).matmul(rotation(1.1)), rotation(1.5)), 1e-15);
}

TEST(StackTorch, ExponentialOfTheGeneratorIsTheRotation) {
  const torch::Tensor generator = torch::tensor({0.0, -1.0, 1.0, 0.0}, torch::kDouble).reshape({2, 2});
  EXPECT_LT(largestDifference(torch::matrix_exp(2.0 * generator), rotation(2.0)), 1e-13);
}

TEST(StackTorch, SumOfSquaresIsFaulhabersFormula) {
  const int64_t n = 1000;
  EXPECT_EQ(torch::arange(1, n + 1, torch::kInt64).square().sum().item<int64_t>(), n * (n + 1) * (2 * n + 1) / 6);
}

TEST(StackTorch, GradientOfAGaussianIsMinusTwoXTimesIt) {
  const torch::Tensor x =
      torch::linspace(-2.0, 2.0, 41, torch::TensorOptions().dtype(torch::kDouble).requires_grad(true));
  torch::exp(-x.square()).sum().backward();
  const torch::Tensor point = x.detach();
  EXPECT_LT(largestDifference(x.grad(), -2.0 * point * torch::exp(-point.square())), 1e-15);
}

TEST(StackTorch, SolveOfTheHilbertMatrixFindsOnes) {
  const torch::Tensor i = torch::arange(0, 5, torch::kDouble);
  const torch::Tensor hilbert = 1.0 / (i.unsqueeze(0) + i.unsqueeze(1) + 1.0);
  const torch::Tensor ones = torch::ones({5, 1}, torch::kDouble);
  // Condition number 4.8e5, so about 1e-10 of the double precision is left.
  EXPECT_LT(largestDifference(torch::linalg_solve(hilbert, hilbert.matmul(ones)), ones), 1e-9);
}

// libtorch_cpu exports half of an older std::filesystem; where that one is linked, this crashes.
TEST(StackTorch, FilesystemIsTheStandardLibrarys) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / ("ecumene-torch-" + std::to_string(getpid()));
  fs::create_directories(folder / "a" / "b");
  std::ofstream(folder / "a" / "b" / "file") << "x";
  EXPECT_EQ(fs::remove_all(folder), 4U);
  EXPECT_FALSE(fs::exists(folder));
}

}  // namespace
