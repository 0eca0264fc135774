// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "engine/optim/named_tensors.h"

namespace ecumene::engine::train {

/// Whether a folder is a model of Hugging Face's transformers, not a run.
bool isHuggingFace(const std::filesystem::path& folder);

/// The first folder that train.begin names.
std::filesystem::path firstFolder(const std::string& begin);

/// Throws Error, as beginningWeights() does, where a folder is neither a run nor of Hugging Face, or what it is to give
/// is numbered otherwise. Reads no weights: a run may yet be to be trained.
void requireBeginning(const std::string& begin, const std::string& tokeniserSha256,
                      const std::string& vocabularySha256);

/// The weights that train.begin names, by the names of the unified model: of each run the best ones (averaged where
/// there are averages) of the parts that it has trained, or of those named behind a colon; of a Hugging Face folder the
/// language part. Later folders go over earlier ones. The tokeniser of what gives a language part, and the reactions of
/// what gives a graph part, must have these SHA-256: their weights are numbered by them. Throws Error where a folder is
/// neither, gives nothing, or is numbered otherwise.
optim::NamedTensors beginningWeights(const std::string& begin, const std::string& tokeniserSha256,
                                     const std::string& vocabularySha256);

}  // namespace ecumene::engine::train
