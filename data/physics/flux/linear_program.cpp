// SPDX-License-Identifier: Apache-2.0
#include "data/physics/flux/linear_program.h"

#include <limits>
#include <string>

#include "data/base/error.h"
#include "data/physics/flux/highs_c.h"

namespace ecumene::data::physics::flux {
namespace {

// Status, format and sense of the C interface.
constexpr HighsInt kOk = 0;
constexpr HighsInt kWarning = 1;
constexpr HighsInt kColumnWise = 1;
constexpr HighsInt kMinimise = 1;
constexpr HighsInt kMaximise = -1;
// HighsModelStatus of the C interface.
constexpr HighsInt kModelEmpty = 6;
constexpr HighsInt kModelOptimal = 7;
constexpr HighsInt kModelInfeasible = 8;
constexpr HighsInt kModelUnboundedOrInfeasible = 9;
constexpr HighsInt kModelUnbounded = 10;
// Smallest magnitude of a coefficient that HiGHS can be told to keep; smaller ones would be dropped in silence.
constexpr double kSmallestCoefficient = 1e-12;
constexpr double kLargestCoefficient = 1e15;  // HiGHS refuses larger ones

void check(HighsInt result, const char* call) {
  if (result != kOk && result != kWarning) throw internalError(std::string("HiGHS refused ") + call);
}

HighsInt toHighs(std::size_t count) {
  if (count > static_cast<std::size_t>(std::numeric_limits<HighsInt>::max())) {
    throw Error("the network is too large for the solver").found(std::to_string(count) + " entries");
  }
  return static_cast<HighsInt>(count);
}

void* create() {
  void* highs = Highs_create();
  if (highs == nullptr) throw internalError("HiGHS could not be created");
  if (Highs_getSizeofHighsInt(highs) != static_cast<HighsInt>(sizeof(HighsInt))) {
    Highs_destroy(highs);
    throw Error("the HiGHS library was built with 64-bit indices", ErrorKind::kEnvironment)
        .expected("HighsInt of 4 bytes")
        .next("use a HiGHS built without HIGHSINT64, or the pinned highspy wheel");
  }
  return highs;
}

}  // namespace

LinearProgram::LinearProgram(const Problem& problem)
    : highs_(create(), &Highs_destroy), cost_(problem.cost), rows_(problem.rowLower.size()) {
  void* highs = highs_.get();
  check(Highs_setBoolOptionValue(highs, "output_flag", 0), "output_flag");
  check(Highs_setStringOptionValue(highs, "parallel", "off"), "parallel");
  check(Highs_setIntOptionValue(highs, "threads", 1), "threads");
  check(Highs_setStringOptionValue(highs, "solver", "simplex"), "solver");
  check(Highs_setDoubleOptionValue(highs, "primal_feasibility_tolerance", kTolerance), "primal tolerance");
  check(Highs_setDoubleOptionValue(highs, "dual_feasibility_tolerance", kTolerance), "dual tolerance");
  check(Highs_setDoubleOptionValue(highs, "small_matrix_value", kSmallestCoefficient), "small_matrix_value");

  std::vector<HighsInt> start, index;
  std::vector<double> value;
  start.reserve(problem.columns.size() + 1);
  for (const auto& column : problem.columns) {
    start.push_back(toHighs(index.size()));
    for (const auto& [row, coefficient] : column) {
      const double magnitude = coefficient < 0 ? -coefficient : coefficient;
      if (!(magnitude > kSmallestCoefficient && magnitude < kLargestCoefficient)) {
        throw Error("a coefficient is outside what the solver can tell from zero or infinity")
            .expected("a magnitude between 1e-12 and 1e15")
            .found(std::to_string(coefficient));
      }
      index.push_back(toHighs(row));
      value.push_back(coefficient);
    }
  }
  start.push_back(toHighs(index.size()));
  check(Highs_passLp(highs, toHighs(problem.cost.size()), toHighs(rows_), toHighs(index.size()), kColumnWise,
                     problem.maximise ? kMaximise : kMinimise, 0.0, problem.cost.data(), problem.lower.data(),
                     problem.upper.data(), problem.rowLower.data(), problem.rowUpper.data(), start.data(), index.data(),
                     value.data()),
        "the linear program");
}

void LinearProgram::setBounds(std::size_t column, double lower, double upper) {
  check(Highs_changeColBounds(highs_.get(), toHighs(column), lower, upper), "bounds");
}

void LinearProgram::setCost(std::size_t column, double cost) {
  check(Highs_changeColCost(highs_.get(), toHighs(column), cost), "a cost");
  cost_[column] = cost;
}

void LinearProgram::setSense(bool maximise) {
  check(Highs_changeObjectiveSense(highs_.get(), maximise ? kMaximise : kMinimise), "the sense");
}

Status LinearProgram::solve() {
  check(Highs_clearSolver(highs_.get()), "a cold start");
  return solveWarm();
}

Status LinearProgram::solveWarm() {
  check(Highs_run(highs_.get()), "to solve");
  switch (const HighsInt status = Highs_getModelStatus(highs_.get())) {
    case kModelOptimal:
    case kModelEmpty:
      return Status::kOptimal;
    case kModelInfeasible:
      return Status::kInfeasible;
    case kModelUnbounded:
      return Status::kUnbounded;
    case kModelUnboundedOrInfeasible:
      return statusWithoutCost();
    default:
      throw Error("the solver ended without an answer", ErrorKind::kInternal)
          .found("HiGHS model status " + std::to_string(status))
          .next("look for coefficients or bounds of very different size in the network");
  }
}

// Presolve may stop at "unbounded or infeasible"; whether any point is feasible tells them apart.
Status LinearProgram::statusWithoutCost() {
  for (std::size_t c = 0; c < cost_.size(); ++c) {
    if (cost_[c] != 0.0) check(Highs_changeColCost(highs_.get(), toHighs(c), 0.0), "a cost");
  }
  check(Highs_clearSolver(highs_.get()), "a cold start");
  check(Highs_run(highs_.get()), "to solve");
  const bool feasible = Highs_getModelStatus(highs_.get()) == kModelOptimal;
  for (std::size_t c = 0; c < cost_.size(); ++c) {
    if (cost_[c] != 0.0) check(Highs_changeColCost(highs_.get(), toHighs(c), cost_[c]), "a cost");
  }
  return feasible ? Status::kUnbounded : Status::kInfeasible;
}

std::vector<double> LinearProgram::values() const {
  std::vector<double> columns(cost_.size()), columnDuals(cost_.size()), rows(rows_), rowDuals(rows_);
  check(Highs_getSolution(highs_.get(), columns.data(), columnDuals.data(), rows.data(), rowDuals.data()),
        "to give its solution");
  for (double& x : columns) x += 0.0;  // -0.0 would be printed as a flux with a direction
  return columns;
}

}  // namespace ecumene::data::physics::flux
