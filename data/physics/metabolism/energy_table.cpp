// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "data/physics/metabolism/vocabulary.h"

namespace ecumene::data::physics::metabolism {
namespace {

// Energy metabolism. A row of subsystem "electron transport", "photosynthesis", "sodium" or "ATP synthase" may move
// charge across the membrane; every other transport is electroneutral, so that no energy comes from nothing.
// "[e]" is also the periplasm and the thylakoid lumen.
constexpr auto kEnergy = std::to_array<ReactionRow>({
    {"ATPM", "ATP for maintenance", "maintenance", "atp + h2o -> adp + pi + h"},
    {"ATPS", "ATP synthase, 4 H+", "ATP synthase", "adp + pi + 4 h[e] <=> atp + h2o + 3 h"},
    {"ATPS3", "ATP synthase, 3 H+", "ATP synthase", "adp + pi + 3 h[e] <=> atp + h2o + 2 h"},
    {"ATPSNA", "ATP synthase, 4 Na+", "ATP synthase", "adp + pi + h + 4 na[e] <=> atp + h2o + 4 na"},
    {"NHA", "sodium/proton antiporter", "sodium", "na + h[e] <=> na[e] + h"},
    {"ADK", "adenylate kinase", "nucleotide energy", "amp + atp <=> 2 adp"},
    {"PPA", "diphosphatase", "nucleotide energy", "ppi + h2o -> 2 pi + h"},
    {"HPPA", "proton-pumping diphosphatase", "ATP synthase", "ppi + h2o + h -> 2 pi + 2 h[e]"},
    {"THD2", "transhydrogenase, proton-driven", "electron transport", "nadh + nadp + h[e] -> nad + nadph + h"},
    {"NADTRHD", "transhydrogenase, soluble", "nucleotide energy", "nadph + nad -> nadp + nadh"},
    {"NFN", "transhydrogenase, bifurcating", "nucleotide energy", "nadh + fdred + 2 nadp + h -> nad + fdox + 2 nadph"},
    // Respiratory chain.
    {"NDH1", "complex I", "electron transport", "nadh + q + 5 h <=> nad + qh2 + 4 h[e]"},
    {"NDH1M", "complex I (menaquinone)", "electron transport", "nadh + mq + 3 h <=> nad + mqh2 + 2 h[e]"},
    {"NDH2", "type II NADH dehydrogenase", "electron transport", "nadh + q + h -> nad + qh2"},
    {"CYTBC", "complex III", "electron transport", "qh2 + 2 cytox + 2 h <=> q + 2 cytred + 4 h[e]"},
    {"CYTAA3", "cytochrome c oxidase aa3", "electron transport", "4 cytred + o2 + 8 h -> 4 cytox + 2 h2o + 4 h[e]"},
    {"CYTCBB3", "cytochrome c oxidase cbb3", "electron transport", "4 cytred + o2 + 6 h -> 4 cytox + 2 h2o + 2 h[e]"},
    {"CYTBO3", "quinol oxidase bo3", "electron transport", "2 qh2 + o2 + 8 h -> 2 q + 2 h2o + 8 h[e]"},
    {"CYTBD", "quinol oxidase bd", "electron transport", "2 qh2 + o2 + 4 h -> 2 q + 2 h2o + 4 h[e]"},
    {"NARQ", "nitrate reductase, membrane", "electron transport", "no3 + qh2 + 2 h -> no2 + h2o + q + 2 h[e]"},
    {"NIRK", "nitrite reductase (NO-forming)", "denitrification", "no2 + cytred + 2 h -> no + h2o + cytox"},
    {"NOR", "nitric oxide reductase", "denitrification", "2 no + 2 cytred + 2 h -> n2o + h2o + 2 cytox"},
    {"NOS", "nitrous oxide reductase", "denitrification", "n2o + 2 cytred + 2 h -> n2 + h2o + 2 cytox"},
    {"RNF", "Rnf complex, sodium", "electron transport", "fdred + nad + h + 2 na <=> fdox + nadh + 2 na[e]"},
    {"RNFH", "Rnf complex, proton", "electron transport", "fdred + nad + 3 h <=> fdox + nadh + 2 h[e]"},
    {"FPO", "F420H2 dehydrogenase", "electron transport", "f420h2 + mq + 2 h -> f420 + mqh2 + 2 h[e]"},
    // Hydrogenases.
    {"HYDBIF", "bifurcating hydrogenase (NAD)", "hydrogenase", "2 h2 + fdox + nad -> fdred + nadh + 3 h"},
    {"HYDBIFP", "bifurcating hydrogenase (NADP)", "hydrogenase", "2 h2 + fdox + nadp -> fdred + nadph + 3 h"},
    {"ECH", "energy-converting hydrogenase, proton", "electron transport", "fdred + 4 h <=> fdox + h2 + 2 h[e]"},
    {"EHA", "energy-converting hydrogenase, sodium", "electron transport",
     "fdred + 2 h + 2 na <=> fdox + h2 + 2 na[e]"},
    {"HYDFD", "ferredoxin hydrogenase", "hydrogenase", "fdred + 2 h -> fdox + h2"},
    {"HYDN", "NAD-reducing hydrogenase", "hydrogenase", "h2 + nad <=> nadh + h"},
    {"HYDP", "NADP-reducing hydrogenase", "hydrogenase", "h2 + nadp <=> nadph + h"},
    {"HYDQ", "uptake hydrogenase (ubiquinone)", "hydrogenase", "h2 + q -> qh2"},
    {"HYDM", "uptake hydrogenase (menaquinone)", "hydrogenase", "h2 + mq -> mqh2"},
    {"HYDQRC", "periplasmic hydrogenase with Qrc", "electron transport", "h2 + mq + 2 h -> mqh2 + 2 h[e]"},
    // Sulfur.
    {"SAT", "sulfate adenylyltransferase", "sulfate reduction", "so4 + atp + h <=> aps + ppi"},
    {"APRM", "APS reductase with Qmo", "electron transport", "aps + mqh2 -> amp + so3 + mq + 2 h[e]"},
    {"DSRM", "sulfite reductase with DsrMKJOP", "electron transport",
     "so3 + 3 mqh2 + 4 h -> h2s + 3 h2o + 3 mq + 2 h[e]"},
    {"DSRMX", "sulfite reductase, uncoupled", "sulfate reduction", "so3 + 3 mqh2 + 2 h -> h2s + 3 h2o + 3 mq"},
    {"SQR", "sulfide:quinone oxidoreductase", "sulfur oxidation", "h2s + q -> s0 + qh2"},
    {"RDSR", "reverse dissimilatory sulfite reductase", "sulfur oxidation", "s0 + 3 h2o + 2 q -> so3 + 2 qh2 + 2 h"},
    {"RAPR", "reverse APS reductase", "sulfur oxidation", "so3 + amp + q + 2 h -> aps + qh2"},
    {"SOX", "sulfite dehydrogenase", "sulfur oxidation", "so3 + h2o + 2 cytox -> so4 + 2 cytred + 2 h"},
    {"APSK", "APS kinase", "sulfur assimilation", "aps + atp -> paps + adp + h"},
    {"PAPSR", "PAPS reductase", "sulfur assimilation", "paps + nadph -> pap + so3 + nadp + h"},
    {"APSRA", "APS reductase, assimilatory", "sulfur assimilation", "aps + nadph -> amp + so3 + nadp + h"},
    {"PAPP", "bisphosphate nucleotidase", "sulfur assimilation", "pap + h2o -> amp + pi"},
    {"SULR", "sulfite reductase, assimilatory", "sulfur assimilation", "so3 + 3 nadph + 5 h -> h2s + 3 h2o + 3 nadp"},
    {"SULRF", "sulfite reductase, ferredoxin", "sulfur assimilation", "so3 + 3 fdred + 8 h -> h2s + 3 h2o + 3 fdox"},
    // Iron (Ferguson & Ingledew 2008, BBA 1777, 1471). The blue copper protein is rusticyanin.
    {"CYC2", "iron:rusticyanin oxidoreductase", "electron transport", "fe2[e] + pcox -> fe3[e] + pcred"},
    {"RUSAA3", "rusticyanin oxidase aa3", "electron transport", "4 pcred + o2 + 4 h -> 4 pcox + 2 h2o"},
    {"RUSBC", "bc1 complex, uphill", "electron transport", "2 pcred + q + 4 h[e] -> 2 pcox + qh2 + 2 h"},
    {"FEO", "iron uptake", "transport", "fe2[e] + 2 h <=> fe2 + 2 h[e]"},
    // Light.
    {"PSII", "photosystem II", "photosynthesis", "2 h2o + 4 photon + 2 pq + 4 h -> o2 + 2 pqh2 + 4 h[e]"},
    {"CYTB6F", "cytochrome b6f", "photosynthesis", "pqh2 + 2 pcox + 2 h -> pq + 2 pcred + 4 h[e]"},
    {"PSI", "photosystem I", "photosynthesis", "2 pcred + 2 photon + fdox -> 2 pcox + fdred"},
    {"FNR", "ferredoxin:NADP reductase", "photosynthesis", "fdred + nadp + h -> fdox + nadph"},
    {"CEF", "cyclic electron flow", "photosynthesis", "fdred + pq + 2 h -> fdox + pqh2"},
    {"NDHF", "photosynthetic complex I", "photosynthesis", "fdred + pq + 4 h -> fdox + pqh2 + 2 h[e]"},
    {"COXPQ", "plastoquinol oxidase", "electron transport", "2 pqh2 + o2 -> 2 pq + 2 h2o"},
    {"COXPC", "plastocyanin oxidase", "electron transport", "4 pcred + o2 + 8 h -> 4 pcox + 2 h2o + 4 h[e]"},
    {"NDHPQ", "NADPH dehydrogenase (plastoquinone)", "electron transport", "nadph + pq + 5 h -> nadp + pqh2 + 4 h[e]"},
    {"RC2", "purple reaction centre", "photosynthesis", "2 photon + 2 cytred + q + 2 h -> 2 cytox + qh2"},
    {"RC1", "green sulfur reaction centre", "photosynthesis", "2 photon + qh2 + fdox -> q + fdred + 2 h[e]"},
    {"FEPIO", "photoferrotrophic iron oxidation", "electron transport", "fe2[e] + cytox -> fe3[e] + cytred"},
    // Nitrogen.
    {"NIT", "nitrogenase", "nitrogen", "n2 + 4 fdred + 16 atp + 16 h2o -> 2 nh4 + h2 + 4 fdox + 16 adp + 16 pi + 6 h"},
    {"FDNAD", "NADH:ferredoxin oxidoreductase, proton-driven (Fix)", "electron transport",
     "nadh + fdox + 2 h[e] -> nad + fdred + 3 h"},
    {"NRA", "nitrate reductase, assimilatory", "nitrogen", "no3 + nadph + h -> no2 + h2o + nadp"},
    {"NIRA", "nitrite reductase, assimilatory", "nitrogen", "no2 + 3 nadph + 5 h -> nh4 + 2 h2o + 3 nadp"},
    {"GDHP", "glutamate dehydrogenase (NADP)", "nitrogen", "akg + nh4 + nadph + h <=> glu + nadp + h2o"},
    {"GDHN", "glutamate dehydrogenase (NAD)", "nitrogen", "akg + nh4 + nadh + h <=> glu + nad + h2o"},
    {"GLNS", "glutamine synthetase", "nitrogen", "glu + nh4 + atp -> gln + adp + pi + h"},
    {"GOGAT", "glutamate synthase (NADP)", "nitrogen", "akg + gln + nadph + h -> 2 glu + nadp"},
    {"GOGATF", "glutamate synthase (ferredoxin)", "nitrogen", "akg + gln + fdred + 2 h -> 2 glu + fdox"},
    // Defence.
    {"SPODM", "superoxide dismutation, lumped with NADPH oxidation", "defence", "nadph + o2 + h -> nadp + h2o2"},
    {"CAT", "catalase", "defence", "2 h2o2 -> 2 h2o + o2"},
    {"GTHP", "glutathione peroxidase", "defence", "2 gthrd + h2o2 -> gthox + 2 h2o"},
    {"GTHO", "glutathione reductase", "defence", "gthox + nadph + h -> 2 gthrd + nadp"},
    {"NOX", "NADH oxidase", "defence", "2 nadh + o2 + 2 h -> 2 nad + 2 h2o"},
});

// What crosses the membrane by itself or with the ions named; each external species has one exchange reaction.
constexpr auto kTransport = std::to_array<ReactionRow>({
    {"H2Ot", "water diffusion", "transport", "h2o[e] <=> h2o"},
    {"CO2t", "CO2 diffusion", "transport", "co2[e] <=> co2"},
    {"O2t", "O2 diffusion", "transport", "o2[e] <=> o2"},
    {"H2t", "H2 diffusion", "transport", "h2[e] <=> h2"},
    {"N2t", "N2 diffusion", "transport", "n2[e] <=> n2"},
    {"CH4t", "CH4 diffusion", "transport", "ch4[e] <=> ch4"},
    {"COt", "CO diffusion", "transport", "co[e] <=> co"},
    {"H2St", "H2S diffusion", "transport", "h2s[e] <=> h2s"},
    {"N2Ot", "N2O diffusion", "transport", "n2o[e] <=> n2o"},
    {"S0t", "sulfur deposition", "transport", "s0 -> s0[e]"},
    {"NH4t", "ammonia diffusion, as NH4+ against H+", "transport", "nh4[e] + h <=> nh4 + h[e]"},
    {"NO3t", "nitrate symport", "transport", "no3[e] + h[e] <=> no3 + h"},
    {"NO2t", "nitrite symport", "transport", "no2[e] + h[e] <=> no2 + h"},
    {"PIt", "phosphate symport", "transport", "pi[e] + 2 h[e] <=> pi + 2 h"},
    {"SO4t", "sulfate symport", "transport", "so4[e] + 2 h[e] <=> so4 + 2 h"},
    {"SO4abc", "sulfate ABC transport", "transport", "so4[e] + atp + h2o + 2 h[e] -> so4 + adp + pi + 3 h"},
    {"HCO3t", "bicarbonate symport", "transport", "hco3[e] + na[e] <=> hco3 + na"},
    {"ACt", "acetate symport", "transport", "ac[e] + h[e] <=> ac + h"},
    {"FORt", "formate symport", "transport", "for[e] + h[e] <=> for + h"},
    {"LACt", "lactate symport", "transport", "lac[e] + h[e] <=> lac + h"},
    {"PYRt", "pyruvate symport", "transport", "pyr[e] + h[e] <=> pyr + h"},
    {"SUCCt", "succinate symport", "transport", "succ[e] + 2 h[e] <=> succ + 2 h"},
    {"BUTt", "butyrate symport", "transport", "but[e] + h[e] <=> but + h"},
    {"GLYCLTt", "glycolate symport", "transport", "glyclt[e] + h[e] <=> glyclt + h"},
    {"ETOHt", "ethanol diffusion", "transport", "etoh[e] <=> etoh"},
    {"MEOHt", "methanol diffusion", "transport", "meoh[e] <=> meoh"},
    {"GLCt", "glucose facilitated diffusion", "transport", "glc[e] <=> glc"},
    {"GLCabc", "glucose ABC transport", "transport", "glc[e] + atp + h2o -> glc + adp + pi + h"},
    {"GLCpts", "glucose phosphotransferase system", "transport", "glc[e] + pep -> g6p + pyr"},
    {"PHOTt", "light harvesting", "transport", "photon[e] -> photon"},
});

}  // namespace

std::span<const ReactionRow> energyRows() {
  return kEnergy;
}
std::span<const ReactionRow> transportRows() {
  return kTransport;
}

}  // namespace ecumene::data::physics::metabolism
