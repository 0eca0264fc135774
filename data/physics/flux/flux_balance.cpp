// SPDX-License-Identifier: Apache-2.0
#include "data/physics/flux/flux_balance.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "data/base/error.h"
#include "data/physics/flux/linear_program.h"

namespace ecumene::data::physics::flux {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

void checkBounds(const std::string& reaction, double lower, double upper) {
  if (lower <= upper && lower < kInfinity && upper > -kInfinity) return;
  throw Error("the bounds hold no flux")
      .on("reaction " + reaction)
      .expected("lower <= upper")
      .found(std::to_string(lower) + " and " + std::to_string(upper));
}

Problem steadyState(const planet::MetabolicNetwork& network) {
  Problem problem;
  problem.maximise = network.maximise;
  problem.rowLower.assign(network.metabolites.size(), 0.0);
  problem.rowUpper.assign(network.metabolites.size(), 0.0);
  for (const planet::Reaction& r : network.reactions) {
    checkBounds(r.id, r.lowerBound, r.upperBound);
    problem.cost.push_back(r.objective);
    problem.lower.push_back(r.lowerBound);
    problem.upper.push_back(r.upperBound);
    problem.columns.push_back(r.stoichiometry);
  }
  return problem;
}

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

// The problem with one more row that keeps the objective at `target` or better.
Problem holdObjective(Problem problem, double target) {
  const std::size_t row = problem.rowLower.size();
  for (std::size_t c = 0; c < problem.cost.size(); ++c) {
    if (problem.cost[c] != 0.0) problem.columns[c].emplace_back(row, problem.cost[c]);
  }
  problem.rowLower.push_back(problem.maximise ? target : -kInfinity);
  problem.rowUpper.push_back(problem.maximise ? kInfinity : target);
  return problem;
}

// min sum |v|: a flux that may have both signs is split into v = forward - backward, both >= 0.
struct Split {
  Problem problem;
  std::vector<std::pair<std::size_t, std::size_t>> backward;  // (column of the flux, column of its backward part)
};

Split splitBySign(Problem problem) {
  Split split;
  const std::size_t count = problem.cost.size();
  for (std::size_t c = 0; c < count; ++c) {
    if (problem.lower[c] >= 0.0) {
      problem.cost[c] = 1.0;
    } else if (problem.upper[c] <= 0.0) {
      problem.cost[c] = -1.0;
    } else {
      split.backward.emplace_back(c, problem.cost.size());
      problem.cost[c] = 1.0;
      problem.cost.push_back(1.0);
      problem.upper.push_back(-problem.lower[c]);
      problem.lower.push_back(0.0);
      problem.lower[c] = 0.0;
      auto column = problem.columns[c];
      for (auto& [row, coefficient] : column) coefficient = -coefficient;
      problem.columns.push_back(std::move(column));
    }
  }
  problem.maximise = false;
  split.problem = std::move(problem);
  return split;
}

}  // namespace

struct FluxBalance::State {
  explicit State(const planet::MetabolicNetwork& network) : problem(steadyState(network)), program(problem) {
    for (const planet::Reaction& r : network.reactions) ids.push_back(r.id);
  }
  void checkIndex(std::size_t reaction) const {
    if (reaction < ids.size()) return;
    throw internalError("reaction " + std::to_string(reaction) + " of a network of " + std::to_string(ids.size()));
  }

  Problem problem;  // what `program` holds now
  LinearProgram program;
  std::vector<std::string> ids;
};

std::string_view name(Status status) {
  switch (status) {
    case Status::kOptimal:
      return "optimal";
    case Status::kInfeasible:
      return "infeasible";
    case Status::kUnbounded:
      return "unbounded";
  }
  throw internalError("unknown status of a flux balance");
}

FluxBalance::FluxBalance(const planet::MetabolicNetwork& network) {
  planet::validate(network);
  try {
    state_ = std::make_unique<State>(network);
  } catch (Error& error) {
    throw error.within("while setting up the flux balance of " + network.id);
  }
}

FluxBalance::~FluxBalance() = default;
FluxBalance::FluxBalance(FluxBalance&&) noexcept = default;
FluxBalance& FluxBalance::operator=(FluxBalance&&) noexcept = default;

std::size_t FluxBalance::reactionCount() const {
  return state_->ids.size();
}

double FluxBalance::lowerBound(std::size_t reaction) const {
  state_->checkIndex(reaction);
  return state_->problem.lower[reaction];
}

double FluxBalance::upperBound(std::size_t reaction) const {
  state_->checkIndex(reaction);
  return state_->problem.upper[reaction];
}

void FluxBalance::setBounds(std::size_t reaction, double lower, double upper) {
  state_->checkIndex(reaction);
  checkBounds(state_->ids[reaction], lower, upper);
  state_->problem.lower[reaction] = lower;
  state_->problem.upper[reaction] = upper;
  state_->program.setBounds(reaction, lower, upper);
}

void FluxBalance::setObjective(std::size_t reaction, bool maximise) {
  state_->checkIndex(reaction);
  for (std::size_t c = 0; c < state_->problem.cost.size(); ++c) {
    const double cost = c == reaction ? 1.0 : 0.0;
    if (state_->problem.cost[c] == cost) continue;
    state_->problem.cost[c] = cost;
    state_->program.setCost(c, cost);
  }
  state_->problem.maximise = maximise;
  state_->program.setSense(maximise);
}

Solution FluxBalance::solve() {
  Solution solution;
  solution.status = state_->program.solve();
  if (solution.status != Status::kOptimal) return solution;
  solution.fluxes = state_->program.values();
  solution.objective = dot(state_->problem.cost, solution.fluxes);
  return solution;
}

Solution FluxBalance::solveParsimonious() {
  Solution solution = solve();
  if (solution.status != Status::kOptimal) return solution;
  const Split split = splitBySign(holdObjective(state_->problem, solution.objective));
  LinearProgram program(split.problem);
  if (program.solve() != Status::kOptimal) {
    throw internalError("no state at the optimum that was just found (parsimonious flux balance)");
  }
  std::vector<double> fluxes = program.values();
  for (const auto& [forward, backward] : split.backward) fluxes[forward] -= fluxes[backward];
  fluxes.resize(state_->ids.size());
  solution.fluxes = std::move(fluxes);
  solution.objective = dot(state_->problem.cost, solution.fluxes);
  return solution;
}

std::vector<FluxRange> FluxBalance::variability(double fraction) {
  if (!(fraction >= 0.0 && fraction <= 1.0)) {
    throw Error("the fraction of the optimum is out of range", ErrorKind::kUsage)
        .expected("0 to 1")
        .found(std::to_string(fraction));
  }
  const Solution optimum = solve();
  if (optimum.status != Status::kOptimal) return {};
  Problem held = holdObjective(state_->problem, fraction * optimum.objective);
  std::fill(held.cost.begin(), held.cost.end(), 0.0);
  LinearProgram program(held);
  std::vector<FluxRange> ranges(state_->ids.size());
  for (std::size_t r = 0; r < ranges.size(); ++r) {
    program.setCost(r, 1.0);
    for (const bool maximise : {false, true}) {
      program.setSense(maximise);
      const Status status = program.solveWarm();
      if (status == Status::kInfeasible) throw internalError("no state at the optimum (flux variability)");
      const double limit = maximise ? kInfinity : -kInfinity;
      (maximise ? ranges[r].maximum : ranges[r].minimum) = status == Status::kUnbounded ? limit : program.values()[r];
    }
    program.setCost(r, 0.0);
  }
  return ranges;
}

Solution solve(const planet::MetabolicNetwork& network) {
  return FluxBalance(network).solve();
}

Solution solveParsimonious(const planet::MetabolicNetwork& network) {
  return FluxBalance(network).solveParsimonious();
}

double totalAbsoluteFlux(std::span<const double> fluxes) {
  double sum = 0.0;
  for (const double v : fluxes) sum += std::abs(v);
  return sum;
}

}  // namespace ecumene::data::physics::flux
