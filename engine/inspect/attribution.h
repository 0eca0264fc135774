// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/inspect/opened_run.h"
#include "engine/inspect/token.h"

// Shape letters: I inputs.
namespace ecumene::engine::inspect {

/// One number that the model says of a sample. Throws Error at a name that is none of viable, habitable, f_hab, h050,
/// regime:<planet::name(Regime)>.
class Target {
 public:
  explicit Target(const std::string& name);
  /// Scalar tensor: the logit of viable or habitable, the logarithm of the regime's probability, the expected share.
  [[nodiscard]] torch::Tensor of(const models::fusion::Prediction& said) const;
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::string unit() const;  ///< "logit", "ln probability", "share"

 private:
  enum class Kind { kViable, kHabitable, kRegime, kFHab, kH050 };
  std::string name_;
  Kind kind_ = Kind::kViable;
  std::int64_t regime_ = 0;
};

/// What a sample gives the model, in pieces that can be attributed to and taken away: patches of the cube as the
/// climate part's tokens, nodes of the network, patches of the spectrum, different word pieces of the text (each with
/// all places where it stands), scalars. Views that the sample has not are not among them; hidden ones are.
struct Inputs {
  std::vector<Token> tokens;
  std::vector<bool> shown;  ///< not hidden: the model reads it
  /// Where each view's inputs begin, in the order of fusion::View, and their end.
  std::array<std::size_t, models::fusion::kViewCount + 1> first{};
  /// What stands behind each token: number of a patch, node, patch, piece in the vocabulary, scalar.
  std::vector<std::int64_t> index;
};
/// Of a subject's first sample.
Inputs inputsOf(const OpenedRun& run, const Subject& subject);

/// Gradient times input [I], in the target's unit: the change of the target, to first order, if the input were scaled
/// from what it is by a factor, per unit of it. Numbers count in the model's units, so that zero is the mean of the
/// train planets; of word pieces their embedding. In float32, without random numbers. Zero for what is hidden.
std::vector<float> gradientTimesInput(OpenedRun& run, const Subject& subject, const Inputs& inputs,
                                      const Target& target);
/// How much fusion's queries read each input [I]: mean over layers, heads and queries; nodes through the pooling that
/// makes tokens of them. A sum over all inputs of 1, if any view is shown.
std::vector<float> fusionAttention(OpenedRun& run, const Subject& subject, const Inputs& inputs);

/// What the model says of the subject with some inputs taken away: patches hidden as for the reconstruction, nodes cut
/// out of the network (the encodings of the others stay), bins and scalars absent, pieces cut out of the text.
double withoutInputs(OpenedRun& run, const Subject& subject, const Inputs& inputs,
                     const std::vector<std::size_t>& removed, const Target& target);

/// A ranking put to the test: the target without its first k inputs, beside k random ones of those shown.
struct Deletion {
  std::vector<std::size_t> removed;  ///< highest ranked first
  double before = 0.0, after = 0.0;
  double expectedChange = 0.0;  ///< to first order: minus the sum of their gradient times input
  std::vector<double> random;   ///< the target without k random inputs, one for each draw
};
/// Ranks by the absolute value of `ranking` [I] (equal ones in their order). k at least 1; at most as many inputs are
/// removed as are shown. The draws depend on (seed, number of the draw, sample) alone.
Deletion deletionTest(OpenedRun& run, const Subject& subject, const Inputs& inputs, const Target& target,
                      const std::vector<float>& ranking, std::size_t k, std::size_t draws, std::uint64_t seed);

}  // namespace ecumene::engine::inspect
