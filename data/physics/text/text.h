// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/base/random.h"
#include "data/physics/text/hints.h"
#include "data/planet/network.h"
#include "data/planet/planet.h"
#include "data/planet/scalars.h"
#include "data/planet/system.h"

/// Descriptions of planets as abstracts make them. They speak of discovery, star, orbit, observation, survey and of a
/// metabolism under consideration; never of climate, amounts of gas or labels, which the argument does not hold.
namespace ecumene::data::physics::text {

enum class AgeClass { kYoung, kMiddle, kOld };
/// From an age in Gyr as a survey dates it: 30 % error; young below 2, old above 7 Gyr.
AgeClass observedAge(double ageGyr, Random& random);

enum class Activity { kQuiet, kModerate, kActive };
/// Younger and cooler stars flare more; drawn, since no planet property follows from it.
Activity drawActivity(planet::StarType type, AgeClass age, Random& random);

/// Who is said to have seen the planet first: of a generated planet invented, like the planet.
struct Discovery {
  std::string mission;       ///< "TESS", "an all-sky transit survey"
  std::string spectrograph;  ///< of the radial velocities
};
Discovery drawDiscovery(Random& random);

/// A metabolism in words: which, and the temperatures it grows at.
struct MetabolismFacts {
  planet::Archetype archetype{};
  double growthMinK = 0.0, growthMaxK = 0.0;
};

/// All that a text may know. What is absent or empty gets no sentence; names and discovery every text needs.
struct TextFacts {
  std::string planetName;  ///< "ECU-0042 b"
  std::string hostName;    ///< "ECU-0042"
  Discovery discovery;
  std::optional<planet::StarType> starType;
  std::optional<AgeClass> age;
  std::optional<Activity> activity;
  planet::Scalars scalars;               ///< as observed; limits are not quoted
  std::vector<std::string> instruments;  ///< of all spectra that may go with the text, as they stand in a sentence
  std::optional<MetabolismFacts> metabolism;
  Hints hints;  ///< already drawn: what the text claims, right or not
};

/// A text of about 3 to 15 sentences. The hint statements are drawn after all else, so the same facts and stream with
/// empty hints give the same text without them. `id` and `metabolism` index are the caller's; source "generated",
/// licence "CC0-1.0". Throws Error without names, without discovery or with a growth window that is none.
planet::Text generateText(const TextFacts& facts, Random& random);

/// The same text with its hint statements left out (for the test that nothing else leaks).
planet::Text generateTextWithoutHints(TextFacts facts, Random& random);

}  // namespace ecumene::data::physics::text
