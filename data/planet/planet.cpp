// SPDX-License-Identifier: Apache-2.0
#include "data/planet/planet.h"

#include <algorithm>
#include <cctype>
#include <string>

#include "data/base/error.h"
#include "data/base/hash.h"
#include "data/planet/collection.h"

namespace ecumene::data::planet {
namespace {

constexpr std::array<std::string_view, kRegimeCount> kRegimes{"runaway", "snowball", "ice_free",
                                                              "eyeball", "belt",     "caps"};
constexpr std::array<std::string_view, 5> kOrigins{"generated", "gcm", "observed", "network", "other"};
constexpr std::array<std::string_view, 6> kSplits{"train", "validation", "test", "real", "observed", "parts"};
constexpr std::array<std::string_view, 5> kImportKinds{"climate", "network", "spectrum", "catalogue", "text"};
constexpr std::size_t kMaxNameLength = 200;
constexpr std::size_t kMaxIdLength = 64;
constexpr std::size_t kMaxNameId = 48;

bool isIdCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

}  // namespace

std::string_view name(Regime regime) {
  return kRegimes.at(static_cast<std::size_t>(regime));
}
std::string_view name(Origin origin) {
  return kOrigins.at(static_cast<std::size_t>(origin));
}
std::string_view name(Split split) {
  return kSplits.at(static_cast<std::size_t>(split));
}

std::string_view name(ImportKind kind) {
  return kImportKinds.at(static_cast<std::size_t>(kind));
}

Split splitOf(std::string_view key) {
  // 32 bits of the hash as a number in [0, 100).
  const double percent = 100.0 * static_cast<double>(std::stoul(sha256(key).substr(0, 8), nullptr, 16)) / 4294967296.0;
  if (percent < 70.0) return Split::kTrain;
  return percent < 80.0 ? Split::kValidation : Split::kTest;
}

Split splitOf(Origin origin, std::string_view systemKey) {
  switch (origin) {
    case Origin::kGcm:
      return Split::kReal;
    case Origin::kObserved:
      return Split::kObserved;
    case Origin::kNetworkOnly:
    case Origin::kOther:
      return Split::kParts;
    case Origin::kGenerated:
      break;
  }
  return splitOf(systemKey);
}

std::vector<LabelDefinition> labelDefinitions() {
  return {
      {"f_hab", "1",
       "Area- and time-mean of [273.0 <= ts <= 373.0 K] at any pressure (Spiegel et al. 2008), so seas that boil "
       "count; 0 for a runaway. All labels are of the last epoch, the present, where a climate has several."},
      {"h050", "1", "Area- and time-mean of [273.15 <= ts <= 323.15 K] (Silva et al. 2017); 0 for a runaway."},
      {"t_mean_K", "K", "Area- and time-mean of the surface temperature ts."},
      {"t_min_K", "K", "Smallest ts over cells and months."},
      {"t_max_K", "K", "Largest ts over cells and months."},
      {"ice_fraction", "1",
       "Area- and time-mean of f_ice(ts) over all surfaces: 0 above 273.15 K, 1 below 263.15 K, 1 - exp((ts - "
       "273.15)/10) "
       "between."},
      {"open_fraction", "1", "Area fraction whose orbit-mean ts exceeds 263.15 K."},
      {"regime", "class",
       "runaway; else snowball (open < 0.01); else ice_free (open > 0.99); else eyeball if synchronous; else belt if "
       "|lat| < 30 is less open than the rest; else caps. Open counts from 263.15 K, so ice_free may be below 273.15 K "
       "everywhere; and in the orbit's mean, so a snowball may have f_hab above 0 in a warm season."},
      {"habitable", "bool", "f_hab >= 0.01, not runaway, and ocean fraction or soil moisture above zero."},
      {"runaway_margin", "W m-2", "Largest OLR(T, pCO2) minus absorbed flux; negative beyond the runaway limit."},
      {"stratospheric_h2o", "1",
       "Volume mixing ratio of water at the cold trap of the area-mean profile; absent where that lies above the "
       "levels of another climate model."},
      {"ocean_loss", "Gyr",
       "Time to lose the hydrogen of one Earth ocean at the diffusion limit, from 2 H2O + 4 CH4 + 2 H2 in the "
       "stratosphere; 10000 stands for that and more."},
      {"viable", "bool",
       "Flux balance optimal with mu > 1e-6 /h, W >= 0.01, water there, and dG(T_w) of the catabolism below the "
       "threshold (-10 kJ/mol by default), in the planet's own environment."},
      {"viable.window", "1", "W: share of area and time inside the growth window and 273..373 K; 0 for a runaway."},
      {"viable.window_temperature", "K", "T_w: mean ts over those cells and months; absent if W = 0."},
      {"viable.window_light", "W m-2", "Mean toa_net_shortwave over those cells and months; absent if W = 0."},
      {"viable.growth", "h-1",
       "mu: optimum of the flux balance with the planet's exchange bounds (Michaelis-Menten uptake at T_w, inhibited "
       "by O2 where "
       "the archetype is; plankton at the mean light of its mixed layer) and maintenance; absent without a solution or "
       "without liquid water in the window."},
      {"viable.catabolic_energy", "kJ mol-1",
       "dG of the archetype's catabolism at T_w and the planet's gases; absent without liquid water in the window, or "
       "where a substrate is absent, so that no dG exists and the metabolism is not viable."},
  };
}

bool isValidId(std::string_view id) {
  if (id.empty() || id.size() > kMaxIdLength) return false;
  if (std::isalnum(static_cast<unsigned char>(id.front())) == 0) return false;
  for (const char c : id) {
    if (!isIdCharacter(c)) return false;
  }
  return true;
}

std::string idFromName(std::string_view name) {
  std::string id;
  for (const char c : name) {
    const char lower = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (isIdCharacter(lower)) {
      id += lower;
    } else if (!id.empty() && id.back() != '-') {
      id += '-';
    }
    if (id.size() == kMaxNameId) break;
  }
  while (!id.empty() && std::isalnum(static_cast<unsigned char>(id.back())) == 0) id.pop_back();
  while (!id.empty() && std::isalnum(static_cast<unsigned char>(id.front())) == 0) id.erase(id.begin());
  return id.empty() ? "unnamed" : id;
}

void validate(const Planet& planet) {
  if (!planet.id.empty() && !isValidId(planet.id)) {
    throw Error("the id is not valid").on(planet.id).expected("a-z, 0-9, '.', '_', '-', at most 64 characters");
  }
  const auto printable = [](const std::string& text) {
    return text.size() <= kMaxNameLength && std::none_of(text.begin(), text.end(), [](char c) {
             return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
           });
  };
  if (!printable(planet.name) || !std::all_of(planet.aliases.begin(), planet.aliases.end(), printable)) {
    throw Error("the name of the planet cannot be shown")
        .expected("at most " + std::to_string(kMaxNameLength) + " bytes without control characters");
  }
  const auto part = [&](const std::string& name, const auto& value) {
    try {
      validate(value);
    } catch (Error& error) {
      throw error.within("in " + name + " of planet '" + (planet.id.empty() ? planet.name : planet.id) + "'");
    }
  };
  if (planet.climate) part("the climate", *planet.climate);
  for (std::size_t i = 0; i < planet.spectra.size(); ++i) part("spectrum " + std::to_string(i), planet.spectra[i]);
  for (const MetabolismCase& c : planet.metabolisms) part("a metabolism", c.metabolism.network);
  for (const MetabolicNetwork& n : planet.networks) part("a network", n);
}

}  // namespace ecumene::data::planet
