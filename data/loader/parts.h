// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "data/planet/planet.h"
#include "data/store/store.h"

namespace ecumene::data::loader {

/// What a store holds without a climate and a model can read all the same, as one sample.
struct Part {
  enum class Kind {
    kNetwork,  ///< one imported network, of no archetype
    kSpectra,  ///< the transmission spectra of a planet, with its scalars and the texts that name it
    kText,     ///< a collected text that names no planet of kSpectra
  };
  Kind kind{};
  std::string id;           ///< of the sample, unlike that of any planet's: "<planet>/network 0", "text 17/<its id>"
  planet::Planet contents;  ///< with this part alone; without climate, labels and archetype metabolisms
};

/// All that quality checks do not leave out, in one order for one content of the store: by planet, then the texts as
/// they were collected. Scalars and texts are joined as Store::get() does.
std::vector<Part> partsOf(const store::Store& store);

/// Metabolites and reactions of its network; 0 without one.
std::uint32_t nodesOf(const Part& part);

/// "1 network, 2 planets with a measured spectrum, 130 collected texts"; empty for none.
std::string wordsOf(std::span<const Part> parts);

}  // namespace ecumene::data::loader
