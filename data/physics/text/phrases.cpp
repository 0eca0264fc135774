// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "data/physics/text/grammar.h"

namespace ecumene::data::physics::text {
namespace {

// Titles, discovery, survey.
constexpr auto kTitle = std::to_array<std::string_view>({"The planet <planet> and its host", "<find.noun> of <planet>",
                                                         "Properties of the planet <planet>", "A new look at <planet>",
                                                         "<planet> revisited: star, orbit and radius",
                                                         "Characterising the transiting planet <planet>"});
constexpr auto kTitleStar = std::to_array<std::string_view>(
    {"<planet>: <size.any> planet of a(n) <type> star", "The <type>-type host <host> and its planet"});
constexpr auto kTitleMetabolism = std::to_array<std::string_view>(
    {"A metabolic scenario for <planet>", "<planet> as a test case for metabolic modelling",
     "Which metabolisms should be considered for <planet>?", "Energy metabolism on <planet>: a hypothetical case",
     "<find.noun> of <planet>, with a metabolic case study"});
constexpr auto kFindNoun = std::to_array<std::string_view>({"Discovery", "Detection", "Validation", "Confirmation"});
constexpr auto kSizeAny =
    std::to_array<std::string_view>({"a small", "a rocky", "a terrestrial-sized", "an Earth-sized", "a likely rocky"});
constexpr auto kFoundBy = std::to_array<std::string_view>(
    {"announced", "reported", "discovered", "identified", "found", "validated", "confirmed"});
constexpr auto kMission = std::to_array<std::string_view>(
    {"TESS", "Kepler", "the K2 mission", "SPECULOOS", "MEarth", "NGTS", "a dedicated ground-based transit survey",
     "a space-based photometric survey", "an all-sky transit survey", "a nearby-star monitoring programme"});
constexpr auto kSpectrograph =
    std::to_array<std::string_view>({"HARPS", "ESPRESSO", "CARMENES", "NIRPS", "HIRES",
                                     "a high-resolution spectrograph", "a stabilised echelle spectrograph"});
constexpr auto kDiscovery = std::to_array<std::string_view>(
    {"we report the <find.lower> of <planet>, <size.any> planet transiting the star <host>",
     "<planet> was <found.by> in photometry from <mission>", "<planet> is <size.any> planet <found.by> by <mission>",
     "using light curves from <mission>, we <find.verb> <planet> around <host>",
     "periodic dips in the light of <host> seen by <mission> led to the <find.lower> of <planet>",
     "the transit signal of <planet> was first <found.by> in data from <mission>",
     "<planet>, <size.any> companion of <host>, was <found.by> through the transit method",
     "radial velocities from <spectrograph> support the planetary nature of <planet>, first seen by <mission>",
     "we present <planet>, a planet of <host> <found.by> with <mission>"});
constexpr auto kFindLower = std::to_array<std::string_view>({"discovery", "detection", "validation", "confirmation"});
constexpr auto kFindVerb = std::to_array<std::string_view>({"detect", "validate", "confirm", "recover", "identify"});
constexpr auto kSurvey = std::to_array<std::string_view>(
    {"the target belongs to a(n) <sample> of a(n) <survey.kind>",
     "it is part of the <survey.kind> carried out with <spectrograph>", "<host> was observed within a(n) <survey.kind>",
     "follow-up with <spectrograph> is <follow.state>",
     "imaging rules out <contaminant> within the photometric aperture",
     "the system is scheduled for further visits in the coming observing seasons",
     "statistical validation leaves <contaminant> as an unlikely explanation of the signal",
     "the ephemeris was refined with additional transits from <mission>",
     "the planet enters the <sample> used for population studies"});
constexpr auto kSample =
    std::to_array<std::string_view>({"volume-limited sample", "magnitude-limited sample", "uniform catalogue",
                                     "homogeneous sample", "input catalogue"});
constexpr auto kSurveyKind =
    std::to_array<std::string_view>({"nearby-star survey", "small-planet programme", "radial-velocity survey",
                                     "transit follow-up programme", "unbiased survey of cool and Sun-like stars"});
constexpr auto kFollowState = std::to_array<std::string_view>({"ongoing", "under way", "planned", "complete"});
constexpr auto kContaminant = std::to_array<std::string_view>(
    {"a bound companion", "a background eclipsing binary", "a blended neighbour", "a nearby eclipsing pair"});

// Star.
constexpr auto kStarM = std::to_array<std::string_view>(
    {"the host is a(n) <m.star>", "<host> is a(n) <m.star>", "its star, <host>, is a(n) <m.star>",
     "the planet orbits a(n) <m.star>", "the stellar spectrum is that of a(n) <m.star>"});
constexpr auto kMStar =
    std::to_array<std::string_view>({"M dwarf", "red dwarf", "cool M-type star", "low-mass red star",
                                     "M-type main-sequence star", "cool, low-mass dwarf"});
constexpr auto kStarK = std::to_array<std::string_view>(
    {"the host is a(n) <k.star>", "<host> is a(n) <k.star>", "its star, <host>, is a(n) <k.star>",
     "the planet orbits a(n) <k.star>", "the stellar spectrum is that of a(n) <k.star>"});
constexpr auto kKStar =
    std::to_array<std::string_view>({"K dwarf", "orange dwarf", "K-type star", "K-type main-sequence star",
                                     "star somewhat smaller than the Sun, of type K"});
constexpr auto kStarG = std::to_array<std::string_view>(
    {"the host is a(n) <g.star>", "<host> is a(n) <g.star>", "its star, <host>, is a(n) <g.star>",
     "the planet orbits a(n) <g.star>", "the stellar spectrum is that of a(n) <g.star>"});
constexpr auto kGStar = std::to_array<std::string_view>(
    {"G dwarf", "Sun-like star", "solar-type star", "G-type main-sequence star", "yellow dwarf"});
constexpr auto kStarF = std::to_array<std::string_view>(
    {"the host is a(n) <f.star>", "<host> is a(n) <f.star>", "its star, <host>, is a(n) <f.star>",
     "the planet orbits a(n) <f.star>", "the stellar spectrum is that of a(n) <f.star>"});
constexpr auto kFStar = std::to_array<std::string_view>(
    {"F dwarf", "F-type star", "star hotter than the Sun, of type F", "F-type main-sequence star"});
constexpr auto kStarTemperature = std::to_array<std::string_view>(
    {"we derive an effective temperature of <teff> K for <host>", "the photosphere of <host> has <teff> K",
     "spectral synthesis gives a stellar effective temperature of <teff> K",
     "broadband photometry implies <teff> K for the star",
     "the stellar temperature, <teff> K, was taken from the catalogue"});
constexpr auto kAgeYoung = std::to_array<std::string_view>(
    {"lithium and rotation point to a young star", "gyrochronology indicates a young system",
     "the host is young, as its fast rotation shows", "kinematics place <host> in a young moving group",
     "isochrones favour an age well below that of the Sun"});
constexpr auto kAgeMiddle = std::to_array<std::string_view>(
    {"gyrochronology gives an intermediate age", "isochrones place the system at a middle age",
     "the star is of intermediate age", "the age of <host> is comparable with that of the Sun",
     "no youth indicator is seen, and the kinematics are those of the thin disc"});
constexpr auto kAgeOld = std::to_array<std::string_view>(
    {"the slow rotation of <host> implies an old star", "kinematics associate the star with an old population",
     "the system is old according to its isochrones", "the star is a(n) old member of the disc",
     "its age exceeds that of the Sun by a wide margin"});
constexpr auto kActivityQuiet = std::to_array<std::string_view>(
    {"the star is magnetically quiet", "no flare was recorded in the available photometry",
     "chromospheric indices show little activity", "<host> is photometrically quiet over all sectors",
     "X-ray observations yield no detection of the host"});
constexpr auto kActivityModerate = std::to_array<std::string_view>(
    {"the star is moderately active", "a few flares were recorded",
     "rotational modulation by spots is visible but weak",
     "chromospheric emission is at an average level for its class", "occasional flares appear in the light curve"});
constexpr auto kActivityActive = std::to_array<std::string_view>(
    {"<host> is an active star that flares often", "frequent flares were seen in the photometry",
     "strong chromospheric emission marks an active star", "spot modulation dominates the light curve",
     "the host is magnetically active, and its flares complicate the analysis"});

// Orbit and planet.
constexpr auto kOrbitPeriod =
    std::to_array<std::string_view>({"the orbital period is <period> days", "the planet transits every <period> days",
                                     "one orbit takes <period> days", "transits repeat with a period of <period> days",
                                     "we measure a period of <period> days", "a(n) <period>-day period is found"});
constexpr auto kOrbitFlux = std::to_array<std::string_view>(
    {"it receives <flux> times the flux that Earth receives from the Sun",
     "the incident stellar flux amounts to <flux> of the terrestrial value",
     "in units of the solar constant, the insolation is <flux>",
     "at its distance the planet intercepts <flux> times the solar constant per unit area",
     "the stellar irradiation is <flux> times that of Earth"});
constexpr auto kPlanetRadius = std::to_array<std::string_view>(
    {"its radius is <radius> Earth radii", "the transit depth implies a radius of <radius> Earth radii",
     "we find a planetary radius of <radius> times that of Earth", "<planet> measures <radius> Earth radii",
     "with the stellar radius adopted here, the planet has <radius> Earth radii"});
constexpr auto kOrbitEccentricity = std::to_array<std::string_view>(
    {"the fitted eccentricity is <eccentricity>", "radial velocities give an eccentricity of <eccentricity>",
     "an orbital eccentricity of <eccentricity> is preferred", "the orbit has an eccentricity of <eccentricity>"});
constexpr auto kObservation = std::to_array<std::string_view>(
    {"transmission spectra were taken with <instruments>", "we observed <visits> of the planet with <instruments>",
     "the atmosphere was probed in transmission with <instruments>", "spectroscopy with <instruments> covers <visits>",
     "<visits> were observed with <instruments>", "the data set includes spectra from <instruments>"});
constexpr auto kVisits = std::to_array<std::string_view>(
    {"several transits", "repeated transits", "a handful of transits", "multiple transits"});

// Metabolism.
constexpr auto kMetabolism = std::to_array<std::string_view>(
    {"as a hypothetical case we consider <name>, with <donor> as electron donor and <acceptor> as acceptor",
     "the metabolism under consideration is that of <name>: <donor> is oxidised with <acceptor>",
     "we ask what <name> would need: <donor> as the donor and <acceptor> as the acceptor of electrons",
     "for the modelling we adopt <name>, which couple <donor> to <acceptor>",
     "the case study uses <name>, whose energy comes from <donor> and <acceptor>",
     "flux-balance calculations assume <name> with <donor> as donor and <acceptor> as acceptor"});
constexpr auto kNameMethanogen = std::to_array<std::string_view>(
    {"methanogens", "hydrogenotrophic methanogens", "methane-producing microbes", "methane producers"});
constexpr auto kDonorMethanogen = std::to_array<std::string_view>({"molecular hydrogen", "hydrogen", "dihydrogen"});
constexpr auto kAcceptorMethanogen = std::to_array<std::string_view>({"carbon dioxide", "inorganic carbon"});
constexpr auto kNameAcetogen = std::to_array<std::string_view>(
    {"acetogens", "homoacetogenic microbes", "acetate producers of the Wood-Ljungdahl pathway"});
constexpr auto kDonorAcetogen = std::to_array<std::string_view>({"molecular hydrogen", "hydrogen", "dihydrogen"});
constexpr auto kAcceptorAcetogen = std::to_array<std::string_view>(
    {"carbon dioxide reduced to acetate", "bicarbonate turned into acetate", "carbon dioxide by way of acetate"});
constexpr auto kNameSulfate =
    std::to_array<std::string_view>({"sulfate reducers", "sulfate-reducing microbes", "microbes that breathe sulfate"});
constexpr auto kDonorSulfate = std::to_array<std::string_view>({"molecular hydrogen", "hydrogen", "dihydrogen"});
constexpr auto kAcceptorSulfate = std::to_array<std::string_view>({"sulfate", "dissolved sulfate", "seawater sulfate"});
constexpr auto kNameHeterotroph = std::to_array<std::string_view>(
    {"aerobic heterotrophs", "aerobic consumers of organic matter", "respiring heterotrophs"});
constexpr auto kDonorHeterotroph =
    std::to_array<std::string_view>({"organic carbon", "dissolved organic matter", "reduced organic compounds"});
constexpr auto kOxygen = std::to_array<std::string_view>({"molecular oxygen", "oxygen", "dioxygen"});
constexpr auto kNameMethanotroph =
    std::to_array<std::string_view>({"methanotrophs", "aerobic methane oxidisers", "methane-consuming microbes"});
constexpr auto kDonorMethanotroph = std::to_array<std::string_view>({"methane", "dissolved methane"});
constexpr auto kNameAnoxygenic = std::to_array<std::string_view>(
    {"anoxygenic phototrophs", "phototrophs that release no oxygen", "light-driven anoxygenic microbes"});
constexpr auto kDonorAnoxygenic = std::to_array<std::string_view>(
    {"reduced sulfur or hydrogen", "hydrogen sulfide or hydrogen", "reduced gases such as hydrogen sulfide"});
constexpr auto kAcceptorPhoto = std::to_array<std::string_view>(
    {"carbon dioxide fixed by light", "inorganic carbon, driven by light", "carbon dioxide in photosynthesis"});
constexpr auto kNameOxygenic = std::to_array<std::string_view>(
    {"oxygenic phototrophs", "cyanobacteria-like phototrophs", "oxygen-releasing phototrophs"});
constexpr auto kDonorOxygenic = std::to_array<std::string_view>({"water", "water split by light"});
constexpr auto kNameIron =
    std::to_array<std::string_view>({"iron oxidisers", "iron-oxidising microbes", "chemolithotrophic iron oxidisers"});
constexpr auto kDonorIron = std::to_array<std::string_view>({"ferrous iron", "dissolved ferrous iron", "reduced iron"});
constexpr auto kWindowNumbers =
    std::to_array<std::string_view>({"their growth window runs from <low> to <high> degrees Celsius",
                                     "growth in culture is known between <low> and <high> degrees Celsius",
                                     "such strains grow from <low> to <high> degrees Celsius",
                                     "the assumed limits of growth are <low> and <high> degrees Celsius"});
constexpr auto kWindowWords = std::to_array<std::string_view>(
    {"the strains considered are <thermal>", "their cultivated relatives are <thermal>",
     "the assumed growth window is that of microbes that are <thermal>", "in culture they are <thermal>"});
constexpr auto kThermalCold = std::to_array<std::string_view>({"cold-adapted", "psychrophilic", "at home in the cold"});
constexpr auto kThermalMild =
    std::to_array<std::string_view>({"mesophilic", "adapted to moderate warmth", "at home at room temperature"});
constexpr auto kThermalWarm = std::to_array<std::string_view>(
    {"moderately thermophilic", "adapted to warm water", "thermophilic to a moderate degree"});
constexpr auto kThermalHot = std::to_array<std::string_view>({"thermophilic", "heat-loving", "adapted to hot water"});

// Statements as papers make them on redox state and ocean; right four times in five (hints.h).
constexpr auto kScenarioReducing = std::to_array<std::string_view>(
    {"<argument> <favour> a reducing atmosphere that holds hydrogen",
     "a hydrogen-bearing, reducing secondary atmosphere is <plausible>",
     "<argument> <favour> outgassing from a reduced mantle",
     "if the mantle is as reduced as <argument.short> suggest, hydrogen should persist in the air",
     "reduced volcanic gases are expected to dominate the redox budget"});
constexpr auto kScenarioNeutral =
    std::to_array<std::string_view>({"<argument> <favour> a weakly oxidised atmosphere of carbon dioxide and nitrogen",
                                     "a redox-neutral carbon dioxide atmosphere is <plausible>",
                                     "<argument> <favour> outgassing that is neither reducing nor oxidising",
                                     "carbon dioxide from a moderately oxidised mantle should set the composition",
                                     "neutral volcanic gases are expected to dominate the redox budget"});
constexpr auto kScenarioArchean =
    std::to_array<std::string_view>({"<argument> <favour> an analogue of the Archean Earth, anoxic and with methane",
                                     "an anoxic atmosphere like that of the Archean Earth is <plausible>",
                                     "<argument> <favour> methane beside carbon dioxide without free oxygen",
                                     "the early Earth before its oxygenation is the closest analogue",
                                     "a methane-bearing anoxic atmosphere is expected, without organic haze"});
constexpr auto kScenarioOxic =
    std::to_array<std::string_view>({"<argument> <favour> an oxidised atmosphere with free oxygen",
                                     "an oxygen-bearing atmosphere with an ozone layer is <plausible>",
                                     "<argument> <favour> an oxygenated state like that of the present Earth",
                                     "free oxygen is expected to have built up over the age of the system",
                                     "the redox balance is thought to have tipped towards oxygen"});
constexpr auto kScenarioThin = std::to_array<std::string_view>(
    {"<argument> <favour> a tenuous atmosphere after strong escape", "a thin remnant atmosphere is <plausible>",
     "<argument> <favour> a low surface pressure", "much of the primordial air has presumably been lost",
     "escape is expected to have left little air behind"});
constexpr auto kScenarioDense = std::to_array<std::string_view>(
    {"<argument> <favour> a massive atmosphere of outgassed volatiles", "a dense secondary atmosphere is <plausible>",
     "<argument> <favour> a high surface pressure", "a large volatile inventory should sustain a thick envelope",
     "outgassing is expected to have outpaced every loss, so that the air is thick"});
constexpr auto kArgument =
    std::to_array<std::string_view>({"interior models", "outgassing models", "escape calculations", "formation models",
                                     "abundances of the host star", "comparisons with similar planets"});
constexpr auto kArgumentShort =
    std::to_array<std::string_view>({"interior models", "stellar abundances", "formation models"});
constexpr auto kFavour =
    std::to_array<std::string_view>({"favour", "point to", "suggest", "are consistent with", "argue for"});
constexpr auto kPlausible = std::to_array<std::string_view>({"plausible", "the favoured case", "the working hypothesis",
                                                             "preferred by <argument>", "consistent with <argument>"});
constexpr auto kOceanYes = std::to_array<std::string_view>(
    {"<argument> <favour> a substantial inventory of water at the surface",
     "delivery of water-rich bodies should have provided an ocean", "a surface ocean is <plausible>",
     "the bulk density leaves room for a water layer", "the planet is thought to have kept its water"});
constexpr auto kOceanNo = std::to_array<std::string_view>(
    {"<argument> <favour> a dry surface", "the planet presumably formed dry, inside the snow line",
     "a desert world without ocean is <plausible>", "the bulk density leaves no room for a water layer",
     "most of the water is thought to have been lost"});

constexpr auto kRules = std::to_array<Rule>({{"title", kTitle},
                                             {"title.star", kTitleStar},
                                             {"title.metabolism", kTitleMetabolism},
                                             {"find.noun", kFindNoun},
                                             {"size.any", kSizeAny},
                                             {"found.by", kFoundBy},
                                             {"mission", kMission},
                                             {"spectrograph", kSpectrograph},
                                             {"discovery", kDiscovery},
                                             {"find.lower", kFindLower},
                                             {"find.verb", kFindVerb},
                                             {"survey", kSurvey},
                                             {"sample", kSample},
                                             {"survey.kind", kSurveyKind},
                                             {"follow.state", kFollowState},
                                             {"contaminant", kContaminant},
                                             {"star.M", kStarM},
                                             {"m.star", kMStar},
                                             {"star.K", kStarK},
                                             {"k.star", kKStar},
                                             {"star.G", kStarG},
                                             {"g.star", kGStar},
                                             {"star.F", kStarF},
                                             {"f.star", kFStar},
                                             {"star.temperature", kStarTemperature},
                                             {"age.young", kAgeYoung},
                                             {"age.middle", kAgeMiddle},
                                             {"age.old", kAgeOld},
                                             {"activity.quiet", kActivityQuiet},
                                             {"activity.moderate", kActivityModerate},
                                             {"activity.active", kActivityActive},
                                             {"orbit.period", kOrbitPeriod},
                                             {"orbit.flux", kOrbitFlux},
                                             {"planet.radius", kPlanetRadius},
                                             {"orbit.eccentricity", kOrbitEccentricity},
                                             {"observation", kObservation},
                                             {"visits", kVisits},
                                             {"metabolism", kMetabolism},
                                             {"name.methanogen", kNameMethanogen},
                                             {"donor.methanogen", kDonorMethanogen},
                                             {"acceptor.methanogen", kAcceptorMethanogen},
                                             {"name.acetogen", kNameAcetogen},
                                             {"donor.acetogen", kDonorAcetogen},
                                             {"acceptor.acetogen", kAcceptorAcetogen},
                                             {"name.sulfate_reducer", kNameSulfate},
                                             {"donor.sulfate_reducer", kDonorSulfate},
                                             {"acceptor.sulfate_reducer", kAcceptorSulfate},
                                             {"name.aerobic_heterotroph", kNameHeterotroph},
                                             {"donor.aerobic_heterotroph", kDonorHeterotroph},
                                             {"acceptor.aerobic_heterotroph", kOxygen},
                                             {"name.methanotroph", kNameMethanotroph},
                                             {"donor.methanotroph", kDonorMethanotroph},
                                             {"acceptor.methanotroph", kOxygen},
                                             {"name.anoxygenic_phototroph", kNameAnoxygenic},
                                             {"donor.anoxygenic_phototroph", kDonorAnoxygenic},
                                             {"acceptor.anoxygenic_phototroph", kAcceptorPhoto},
                                             {"name.oxygenic_phototroph", kNameOxygenic},
                                             {"donor.oxygenic_phototroph", kDonorOxygenic},
                                             {"acceptor.oxygenic_phototroph", kAcceptorPhoto},
                                             {"name.iron_oxidiser", kNameIron},
                                             {"donor.iron_oxidiser", kDonorIron},
                                             {"acceptor.iron_oxidiser", kOxygen},
                                             {"window.numbers", kWindowNumbers},
                                             {"window.words", kWindowWords},
                                             {"thermal.cold", kThermalCold},
                                             {"thermal.mild", kThermalMild},
                                             {"thermal.warm", kThermalWarm},
                                             {"thermal.hot", kThermalHot},
                                             {"scenario.reducing", kScenarioReducing},
                                             {"scenario.neutral_co2", kScenarioNeutral},
                                             {"scenario.archean", kScenarioArchean},
                                             {"scenario.oxic", kScenarioOxic},
                                             {"scenario.thin", kScenarioThin},
                                             {"scenario.dense", kScenarioDense},
                                             {"argument", kArgument},
                                             {"argument.short", kArgumentShort},
                                             {"favour", kFavour},
                                             {"plausible", kPlausible},
                                             {"ocean.yes", kOceanYes},
                                             {"ocean.no", kOceanNo}});

}  // namespace

std::span<const Rule> phrases() {
  return kRules;
}

}  // namespace ecumene::data::physics::text
