// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "data/physics/metabolism/vocabulary.h"

namespace ecumene::data::physics::metabolism {
namespace {

// Nucleotides, lipids, wall and the polymers of a cell (Nelson & Cox). The composition of dry biomass is that of
// Escherichia coli B/r (Neidhardt, Ingraham & Schaechter 1990, Physiology of the Bacterial Cell, table 4.1): amino
// acids 5.081, RNA 0.630, DNA 0.100, phospholipid 0.129, wall 0.0276, glycogen 0.154 mmol/g, and 4.3 ATP for each
// peptide bond.
constexpr auto kNucleotide = std::to_array<ReactionRow>({
    {"PRPPS", "ribose-phosphate diphosphokinase", "purines", "r5p + atp -> prpp + amp + h"},
    {"PRAMS", "amidophosphoribosyltransferase", "purines", "prpp + gln + h2o -> pram + glu + ppi"},
    {"GARS", "GAR synthetase", "purines", "pram + gly + atp -> gar + adp + pi + h"},
    {"GARFT", "GAR formyltransferase", "purines", "gar + fthf -> fgar + thf + h"},
    {"FGAMS", "FGAM synthetase", "purines", "fgar + gln + atp + h2o -> fgam + glu + adp + pi + h"},
    {"AIRS", "AIR synthetase", "purines", "fgam + atp -> air + adp + pi + 2 h"},
    {"AIRC", "AIR carboxylase", "purines", "air + co2 -> cair + h"},
    {"SAICARS", "SAICAR synthetase", "purines", "cair + asp + atp -> saicar + adp + pi + h"},
    {"SAICARL", "SAICAR lyase", "purines", "saicar -> aicar + fum"},
    {"AICARFT", "AICAR formyltransferase", "purines", "aicar + fthf -> faicar + thf"},
    {"IMPC", "IMP cyclohydrolase", "purines", "faicar -> imp + h2o"},
    {"ADSS", "adenylosuccinate synthetase", "purines", "imp + asp + gtp -> asuc + gdp + pi + 2 h"},
    {"ADSL", "adenylosuccinate lyase", "purines", "asuc -> amp + fum"},
    {"IMPD", "IMP dehydrogenase", "purines", "imp + nad + h2o -> xmp + nadh + h"},
    {"GMPS", "GMP synthetase", "purines", "xmp + gln + atp + h2o -> gmp + glu + amp + ppi + 2 h"},
    {"GMPK", "GMP kinase", "purines", "gmp + atp <=> gdp + adp"},
    {"NDKG", "nucleoside-diphosphate kinase (GDP)", "purines", "gdp + atp <=> gtp + adp"},
    {"ACT", "aspartate carbamoyltransferase", "pyrimidines", "cbp + asp -> cbasp + pi + h"},
    {"DHO", "dihydroorotase", "pyrimidines", "cbasp + h -> dhor + h2o"},
    {"DHODN", "dihydroorotate dehydrogenase (NAD)", "pyrimidines", "dhor + nad -> orot + nadh + h"},
    {"DHODQ", "dihydroorotate dehydrogenase (quinone)", "pyrimidines", "dhor + q -> orot + qh2"},
    {"ORPT", "orotate phosphoribosyltransferase", "pyrimidines", "orot + prpp -> omp + ppi"},
    {"OMPDC", "OMP decarboxylase", "pyrimidines", "omp + h -> ump + co2"},
    {"UMPK", "UMP kinase", "pyrimidines", "ump + atp <=> udp + adp"},
    {"NDKU", "nucleoside-diphosphate kinase (UDP)", "pyrimidines", "udp + atp <=> utp + adp"},
    {"CTPS", "CTP synthetase", "pyrimidines", "utp + gln + atp + h2o -> ctp + glu + adp + pi + 2 h"},
    {"CMPK", "CMP kinase", "pyrimidines", "cmp + atp <=> cdp + adp"},
    {"NDKC", "nucleoside-diphosphate kinase (CDP)", "pyrimidines", "cdp + atp <=> ctp + adp"},
    {"RNRA", "ribonucleotide reductase (ATP)", "deoxynucleotides", "atp + nadph + h -> datp + nadp + h2o"},
    {"RNRG", "ribonucleotide reductase (GTP)", "deoxynucleotides", "gtp + nadph + h -> dgtp + nadp + h2o"},
    {"RNRC", "ribonucleotide reductase (CTP)", "deoxynucleotides", "ctp + nadph + h -> dctp + nadp + h2o"},
    {"RNRU", "ribonucleotide reductase (UTP)", "deoxynucleotides", "utp + nadph + h -> dutp + nadp + h2o"},
    {"DUTPP", "dUTP diphosphatase", "deoxynucleotides", "dutp + h2o -> dump + ppi + h"},
    {"TMDS", "thymidylate synthase", "deoxynucleotides", "dump + mlthf -> dtmp + dhf"},
    {"DHFR", "dihydrofolate reductase", "deoxynucleotides", "dhf + nadph + h -> thf + nadp"},
    {"DTMPK", "dTMP kinases", "deoxynucleotides", "dtmp + 2 atp -> dttp + 2 adp"},
    // Lipids of bacteria and archaea.
    {"ACCC", "acetyl-CoA carboxylase", "lipids", "accoa + hco3 + atp -> malcoa + adp + pi + h"},
    {"FAS", "fatty acid synthase, to palmitoyl-CoA", "lipids",
     "accoa + 7 malcoa + 14 nadph + 21 h -> pmcoa + 7 co2 + 7 coa + 14 nadp + 7 h2o"},
    {"FACOAL", "palmitate-CoA ligase", "lipids", "palm + atp + coa -> pmcoa + amp + ppi"},
    {"TESA", "palmitoyl-CoA thioesterase", "lipids", "pmcoa + h2o -> palm + coa + h"},
    {"G3PD", "glycerol-3-phosphate dehydrogenase (NADP)", "lipids", "dhap + nadph + h -> glyc3p + nadp"},
    {"G3PDN", "glycerol-3-phosphate dehydrogenase (NAD)", "lipids", "dhap + nadh + h <=> glyc3p + nad"},
    {"PLSBC", "glycerophosphate acyltransferases", "lipids", "glyc3p + 2 pmcoa -> pa + 2 coa"},
    {"CDS", "CDP-diacylglycerol synthase", "lipids", "pa + ctp + h -> cdpdag + ppi"},
    {"PSSA", "phosphatidylserine synthase", "lipids", "cdpdag + ser -> ps + cmp + h"},
    {"PSD", "phosphatidylserine decarboxylase", "lipids", "ps + h -> pe + co2"},
    {"HMGS", "HMG-CoA synthase", "isoprenoids", "aacoa + accoa + h2o -> hmgcoa + coa + h"},
    {"HMGR", "HMG-CoA reductase", "isoprenoids", "hmgcoa + 2 nadph + 2 h -> mev + coa + 2 nadp"},
    {"MVAK", "mevalonate to isopentenyl diphosphate", "isoprenoids", "mev + 3 atp -> ipp + 3 adp + pi + co2 + h"},
    {"DXS", "deoxyxylulose-phosphate synthase", "isoprenoids", "g3p + pyr + h -> dxp + co2"},
    {"MEP", "methylerythritol phosphate pathway", "isoprenoids",
     "dxp + 3 nadph + ctp + atp + 2 h -> ipp + 3 nadp + cmp + adp + ppi + 2 h2o"},
    {"IDI", "isopentenyl diphosphate isomerase", "isoprenoids", "ipp <=> dmapp"},
    {"GGPS", "geranylgeranyl diphosphate synthase", "isoprenoids", "dmapp + 3 ipp -> ggpp + 3 ppi"},
    {"AOLS", "archaetidic acid synthesis and saturation", "lipids",
     "glyc3p + 2 ggpp + 8 nadph + 8 h -> aol + 2 ppi + 8 nadp"},
    // Wall and storage.
    {"GFAT", "glucosamine-6-phosphate synthase", "wall", "f6p + gln -> gam6p + glu"},
    {"GLMU", "glucosamine phosphate acetylation", "wall", "gam6p + accoa -> acgam1p + coa + h"},
    {"UAGDP", "UDP-N-acetylglucosamine diphosphorylase", "wall", "acgam1p + utp + h -> udpgnac + ppi"},
    {"MURAB", "UDP-N-acetylmuramate synthesis", "wall", "udpgnac + pep + nadph + h -> udpmur + nadp + pi"},
    {"MURCF", "pentapeptide ligases", "wall", "udpmur + 3 ala + glu + dap + 5 atp -> udpmurp + 5 adp + 5 pi + 5 h"},
    {"GLGC", "glucose-1-phosphate adenylyltransferase", "storage", "g1p + atp + h -> adpglc + ppi"},
    // Polymers: 1 unit is the share of 1 g of dry biomass.
    {"PROT", "protein", "biomass",
     "0.488 ala + 0.281 arg + 0.229 asn + 0.229 asp + 0.087 cys + 0.25 gln + 0.25 glu + 0.582 gly + 0.09 his + 0.276 "
     "ile + 0.428 leu + 0.326 lys + 0.146 met + 0.176 phe + 0.21 pro + 0.205 ser + 0.241 thr + 0.054 trp + 0.131 tyr "
     "+ 0.402 val + 21.85 atp + 16.769 h2o -> prot + 21.85 adp + 21.85 pi + 21.85 h"},
    {"RNA", "RNA", "biomass", "0.165 atp + 0.126 ctp + 0.203 gtp + 0.136 utp -> rna + 0.63 ppi"},
    {"DNA", "DNA", "biomass",
     "0.1377 atp + 0.1377 h2o + 0.0247 datp + 0.0254 dctp + 0.0254 dgtp + 0.0247 dttp -> dna + 0.1002 ppi + 0.1377 "
     "adp + 0.1377 pi + 0.1377 h"},
    {"LIP", "bacterial membrane", "biomass", "0.129 pe -> lip"},
    {"LIPA", "archaeal membrane", "biomass", "0.129 aol + 0.129 ctp + 0.129 ser -> lipa + 0.129 cmp + 0.129 ppi"},
    {"WALL", "murein", "biomass",
     "0.0276 udpmurp + 0.0276 udpgnac + 0.0276 h2o -> wall + 0.0276 udp + 0.0276 ump + 0.0276 pi + 0.0276 ala + "
     "0.0552 h"},
    {"GLYN", "glycogen", "biomass", "0.154 adpglc -> glyn + 0.154 adp + 0.154 h"},
    {"BIOMASS", "bacterial growth", "biomass",
     "1.08 prot + 1.08 rna + 1.08 dna + 1.08 lip + 1.08 wall + 1.08 glyn + 25 atp + 25 h2o -> biomass + 25 adp + 25 "
     "pi + 25 h"},
    {"BIOMASSA", "archaeal growth", "biomass",
     "1.09 prot + 1.09 rna + 1.09 dna + 1.09 lipa + 1.09 glyn + 25 atp + 25 h2o -> biomassa + 25 adp + 25 pi + 25 h"},
    // Lumped pathways.
    {"L_AICAR", "AICAR, lumped", "nucleotides, lumped",
     "L_SER + SHMT + PRAMS + GARS + GARFT + FGAMS + AIRS + AIRC + ASPT + SAICARS + SAICARL"},
    {"L_IMP", "IMP, lumped", "nucleotides, lumped", "PRPPS + L_AICAR + AICARFT + IMPC"},
    {"L_AMP", "AMP, lumped", "nucleotides, lumped", "ASPT + ADSS + ADSL + NDKG"},
    {"L_GTP", "GTP, lumped", "nucleotides, lumped", "IMPD + GMPS + GMPK + NDKG"},
    {"L_UMP", "UMP, lumped", "nucleotides, lumped", "CBPS + ASPT + ACT + DHO + DHODN + PRPPS + ORPT + OMPDC"},
    {"L_UTP", "UTP, lumped", "nucleotides, lumped", "L_UMP + UMPK + NDKU"},
    {"L_CTP", "CTP, lumped", "nucleotides, lumped", "L_UTP + CTPS"},
    {"L_DTTP", "dTTP, lumped", "nucleotides, lumped", "RNRU + DUTPP + TMDS + DHFR + DTMPK"},
    {"L_PE", "phosphatidylethanolamine, lumped", "lipids, lumped",
     "14 ACCC + 2 FAS + G3PD + PLSBC + CDS + PSSA + PSD + CMPK + NDKC"},
    {"L_IPP", "isopentenyl diphosphate, lumped", "lipids, lumped", "THL + HMGS + HMGR + MVAK"},
    {"L_AOL", "archaetidic acid, lumped", "lipids, lumped", "8 L_IPP + 2 IDI + 2 GGPS + G3PD + AOLS"},
    {"L_WALLP", "murein precursors, lumped", "wall, lumped", "2 GFAT + 2 GLMU + 2 UAGDP + MURAB + MURCF"},
    {"L_PROT", "protein, lumped", "biomass, lumped",
     "PROT + 0.488 ALAT + 0.281 L_ARG + 0.229 L_ASN + 1.499 ASPT + 0.087 L_CYS + 0.276 L_ILE + 0.428 L_LEU + 0.326 "
     "L_LYS + 0.146 L_MET + 0.361 L_CHOR + 0.176 L_PHE + 0.21 L_PRO + 0.928 L_SER + 0.582 SHMT + 0.517 L_THR + 0.054 "
     "L_TRP + 0.131 L_TYR + 0.402 L_VAL + 0.09 L_HIS + 0.144 PRPPS"},
    {"L_RNA", "RNA, lumped", "biomass, lumped",
     "RNA + 0.255 L_AMP + 0.203 L_GTP + 0.126 L_CTP + 0.136 L_UTP + 0.368 L_IMP + 0.09 AICARFT + 0.09 IMPC"},
    {"L_DNA", "DNA, lumped", "biomass, lumped",
     "DNA + 0.0247 RNRA + 0.0254 RNRC + 0.0254 RNRG + 0.0247 L_DTTP + 0.0247 L_AMP + 0.0254 L_GTP + 0.0254 L_CTP + "
     "0.0247 L_UTP + 0.0501 L_IMP"},
    {"L_LIP", "bacterial membrane, lumped", "biomass, lumped", "LIP + 0.129 L_PE + 0.129 L_SER"},
    {"L_LIPA", "archaeal membrane, lumped", "biomass, lumped",
     "LIPA + 0.129 L_AOL + 0.129 L_SER + 0.129 CMPK + 0.129 NDKC"},
    {"L_WALL", "murein, lumped", "biomass, lumped",
     "WALL + 0.0276 L_WALLP + 0.0276 L_DAP + 0.0276 ASPT + 0.0552 ALAT + 0.0276 UMPK + 0.0552 NDKU"},
    {"L_GLYN", "glycogen, lumped", "biomass, lumped", "GLYN + 0.154 GLGC + -0.154 PGMT"},
    {"L_BIOMASS", "bacterial growth, lumped", "biomass, lumped",
     "BIOMASS + 1.08 L_PROT + 1.08 L_RNA + 1.08 L_DNA + 1.08 L_LIP + 1.08 L_WALL + 1.08 L_GLYN + 1.000296 MTHFDP + "
     "-1.000296 MTHFC + 0.15768 MTHFR + 0.052272 L_SER + 0.052272 SHMT + 0.052272 GCV + 1.057104 FUM + 1.057104 MDH + "
     "0.55512 ACS + 2.591028 CA + 3.574476 PPA + 2.598804 ADK"},
    {"L_BIOMASSA", "archaeal growth, lumped", "biomass, lumped",
     "BIOMASSA + 1.09 L_PROT + 1.09 L_RNA + 1.09 L_DNA + 1.09 L_LIPA + 1.09 L_GLYN + 1.009558 MTHFDP + -1.009558 MTHFC "
     "+ 0.15914 MTHFR + 0.052756 L_SER + 0.052756 SHMT + 0.052756 GCV + 1.066892 FUM + 1.066892 MDH + 0.56026 ACS + "
     "0.646479 CA + 4.672285 PPA + 2.622867 ADK"},
});

}  // namespace

std::span<const ReactionRow> nucleotideRows() {
  return kNucleotide;
}

}  // namespace ecumene::data::physics::metabolism
