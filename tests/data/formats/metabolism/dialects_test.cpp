// SPDX-License-Identifier: Apache-2.0
// Dialects of networks beside Level 3 with fbc version 2, which sbml_test.cpp is about.
#include <bzlib.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/base/random.h"
#include "tests/support/import_text.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;

const std::string kFolder = "tests/data/formats/metabolism/fixtures/";

std::string level2() {
  return readFile(kFolder + "toy_level2.xml");
}
std::string fbc1() {
  return readFile(kFolder + "toy_fbc1.xml");
}
std::string cobra() {
  return readFile(kFolder + "toy.json");
}

std::string edited(std::string text, const std::string& from, const std::string& to) {
  const std::size_t place = text.find(from);
  EXPECT_NE(place, std::string::npos) << "the fixture has no " << from;
  return place == std::string::npos ? text : text.replace(place, from.size(), to);
}

planet::Import imported(const std::string& text, const std::map<std::string, std::string>& set = {}) {
  return test::importText(text, {set}, text.starts_with('{') ? "model.json" : "model.xml");
}

std::string refusal(const std::string& text, const std::map<std::string, std::string>& set = {}) {
  return test::refusalOf(text, {set}, text.starts_with('{') ? "model.json" : "model.xml");
}

void expectIn(const std::string& said, const std::vector<std::string>& words) {
  for (const std::string& word : words) EXPECT_NE(said.find(word), std::string::npos) << word << " in: " << said;
}

const planet::Reaction& reaction(const planet::Import& import, const std::string& id) {
  const planet::MetabolicNetwork& n = import.planet.networks.at(0);
  return n.reactions.at(n.reactionIndex(id).value());
}

std::string gzipped(const std::string& text) {
  const test::TempFolder folder;
  const gzFile file = gzopen((folder / "a.gz").c_str(), "wb");
  gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
  gzclose(file);
  return readFile(folder / "a.gz");
}

std::string bzipped(std::string text) {
  std::string out(text.size() + 1000, '\0');
  auto size = static_cast<unsigned>(out.size());
  EXPECT_EQ(BZ2_bzBuffToBuffCompress(out.data(), &size, text.data(), static_cast<unsigned>(text.size()), 9, 0, 0),
            BZ_OK);
  out.resize(size);
  return out;
}

TEST(Dialects, GiveOneNetwork) {
  const planet::MetabolicNetwork truth =
      formats::importFile("tests/data/formats/fixtures/toy.xml", {}).planet.networks.at(0);
  for (const std::string& text : {level2(), fbc1(), cobra()}) {
    const planet::Import import = imported(text);
    for (const planet::Reaction& r : truth.reactions) {
      const planet::Reaction& same = reaction(import, r.id);
      EXPECT_EQ(same.geneRule, r.geneRule) << r.id;
      // COBRApy, which made the fixtures, does not read a subsystem in notes where the file has groups.
      EXPECT_EQ(same.subsystem, r.id == "ATPM" ? "" : r.subsystem) << r.id;
      EXPECT_EQ(same.name, r.name) << r.id;
      EXPECT_EQ(same.lowerBound, r.lowerBound) << r.id;
      EXPECT_EQ(same.upperBound, r.upperBound) << r.id;
      EXPECT_EQ(same.objective, r.objective) << r.id;
    }
    for (const planet::Metabolite& m : truth.metabolites) {
      const planet::MetabolicNetwork& n = import.planet.networks.at(0);
      EXPECT_EQ(n.metabolites.at(n.metaboliteIndex(m.id).value()), m);
    }
  }
}

TEST(Dialects, NotesAreTextNotXml) {
  const std::string notes = "GENE_ASSOCIATION: t1 or t2</html:p><html:p>SUBSYSTEM: </html:p>";
  const planet::Import import = imported(
      edited(level2(), notes,
             "GENE_ASSOCIATION: t1 &amp; t2 &#38; t3</html:p><html:p>SUBSYSTEM: Alanine &amp; &lt;Aspartate&gt; "
             "&quot;&apos; &#946;&#x3b2;</html:p>"));
  const std::vector<planet::Reaction>& all = import.planet.networks.at(0).reactions;
  const auto changed =
      std::find_if(all.begin(), all.end(), [](const planet::Reaction& r) { return !r.geneRule.empty(); });
  ASSERT_NE(changed, all.end());
  EXPECT_EQ(changed->geneRule, "t1 and t2 and t3");
  EXPECT_EQ(changed->subsystem, "Alanine & <Aspartate> \"' \xce\xb2\xce\xb2");
}

TEST(Dialects, CompressedFilesGiveTheSameNetwork) {
  for (const std::string& text : {level2(), fbc1(), cobra()}) {
    const planet::MetabolicNetwork plain = imported(text).planet.networks.at(0);
    for (const std::string& packed :
         {gzipped(text), bzipped(text), bzipped(text.substr(0, 3000)) + bzipped(text.substr(3000))}) {
      EXPECT_EQ(test::importText(packed, {}, "model.packed").planet.networks.at(0), plain);
      EXPECT_NE(test::refusalOf(packed.substr(0, packed.size() - 5), {}, "model.packed"), "");
      std::string damaged = packed;
      damaged[packed.size() / 2] = static_cast<char>(damaged[packed.size() / 2] ^ 0x10);
      EXPECT_NE(test::refusalOf(damaged, {}, "model.packed"), "");
    }
  }
}

// A block of bzip2 comes as a whole: a file's head, 64 KiB, gives nothing of one that does not compress.
TEST(Dialects, Bzip2IsKnownByItsFirstBlock) {
  std::string noise;
  Random random(7, "noise", 0);
  while (noise.size() < 400'000) noise += static_cast<char>('a' + random.below(26));
  const std::string text = edited(level2(), "<model ", "<!-- " + noise + " -->\n<model ");
  const std::string packed = bzipped(text);
  ASSERT_GT(packed.size(), std::size_t{200'000});
  EXPECT_EQ(test::importText(packed, {}, "model.packed").planet.networks.at(0),
            imported(level2()).planet.networks.at(0));
}

TEST(Dialects, WhatWasDecidedIsSaid) {
  const planet::Import old = imported(level2());
  EXPECT_TRUE(test::says(old, "6 species with boundaryCondition"));
  EXPECT_TRUE(test::says(old, "6 gene rules were read from notes"));
  EXPECT_TRUE(test::says(old, "unbalanced: reaction BIOMASS (of the objective): C -30, H -35, O -30, charge +15"));
  EXPECT_NE(old.provenance.conversions.find("Level 2 version 1 without fbc"), std::string::npos);
  EXPECT_TRUE(test::says(imported(fbc1()), "fbc version 1 has none"));
  EXPECT_TRUE(test::says(imported(cobra()), "name no unit"));
  EXPECT_FALSE(test::says(imported(cobra(), {{"units.flux", "mmol/gDW/h"}}), "name no unit"));
}

TEST(Level2, DamageIsRefusedWithElementAndLine) {
  expectIn(
      refusal(edited(level2(), R"(id="LOWER_BOUND" value="-10" units="flux")", R"(id="LOWER_BOUND" units="flux")")),
      {"reaction R_EX_glc__D_e (line", "LOWER_BOUND", "no value"});
  expectIn(refusal(edited(level2(), R"(<parameter id="UPPER_BOUND" value="1000" units="flux"/>)", "")),
           {"reaction R_EX_glc__D_e", "upper flux bound", "bounds.missing=unlimited"});
  expectIn(refusal(edited(level2(), R"(value="-10")", R"(value="2000")")), {"R_EX_glc__D_e", "crossed"});
  expectIn(refusal(edited(level2(), "(p1 and p2) or", "(p1 and p2 or")), {"reaction R_TCA", "GENE_ASSOCIATION", "')'"});
  expectIn(refusal(edited(level2(), R"(multiplier="3600")", R"(multiplier="60")")),
           {"unitDefinition flux", "units.flux"});
  expectIn(
      refusal(edited(
          level2(), R"(stoichiometry="2.5"/>)",
          R"(><stoichiometryMath><math xmlns="http://www.w3.org/1998/Math/MathML"><ci>x</ci></math></stoichiometryMath></speciesReference>)")),
      {"reaction R_RESP", "computed, not constant"});
  expectIn(
      refusal(edited(level2(), R"(id="OBJECTIVE_COEFFICIENT" value="0")", R"(id="OBJECTIVE_COEFFICIENT" value="NaN")")),
      {"reaction R_EX_glc__D_e", "coefficient is missing"});
}

TEST(Level2, StoichiometryIsOneWhereNothingIsStatedAndBoundsMayBeInfinite) {
  const planet::Import import =
      imported(edited(edited(level2(), R"( stoichiometry="1")", ""), R"(value="-10")", R"(value="-INF")"));
  EXPECT_EQ(reaction(import, "EX_glc__D_e").stoichiometry.front().second, -1.0);
  EXPECT_EQ(reaction(import, "EX_glc__D_e").lowerBound, -HUGE_VAL);
  EXPECT_TRUE(test::says(import, "1 flux bounds are infinite"));
  expectIn(refusal(edited(level2(), R"(value="-10")", R"(value="INF")")), {"R_EX_glc__D_e", "crossed"});
}

TEST(Level2, ChargesInNotesThatAreNoNumbersStayAbsent) {
  const planet::Import import = imported(edited(level2(), "CHARGE: 0", "CHARGE: NA"));
  EXPECT_TRUE(test::says(import, "1 charges in notes are no numbers"));
  EXPECT_TRUE(test::says(import, "1 cannot be judged for the balance of charge"));
}

TEST(SbmlWithoutFbc, IsRefusedUnlessTheUserHasItUnlimited) {
  const std::string core =
      R"(<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"><model id="rates">
<listOfCompartments><compartment id="c" constant="true"/></listOfCompartments>
<listOfSpecies><species id="a" compartment="c" hasOnlySubstanceUnits="false" boundaryCondition="false" constant="false"/>
<species id="b" compartment="c" hasOnlySubstanceUnits="false" boundaryCondition="false" constant="false"/></listOfSpecies>
<listOfReactions><reaction id="r" reversible="false">
<listOfReactants><speciesReference species="a" stoichiometry="1" constant="true"/></listOfReactants>
<listOfProducts><speciesReference species="b" stoichiometry="2" constant="true"/></listOfProducts>
<kineticLaw><math xmlns="http://www.w3.org/1998/Math/MathML"><ci>a</ci></math></kineticLaw>
</reaction></listOfReactions></model></sbml>
)";
  expectIn(refusal(core), {"no flux bound", "rates in time", "bounds.missing=unlimited"});
  const planet::Import import = imported(core, {{"bounds.missing", "unlimited"}});
  EXPECT_EQ(reaction(import, "r").lowerBound, 0.0);
  EXPECT_EQ(reaction(import, "r").upperBound, 1000.0);
  for (const char* words :
       {"1 kinetic laws are rates", "no objective", "2 missing flux bounds", "formulas are missing"}) {
    EXPECT_TRUE(test::says(import, words)) << words;
  }
}

TEST(Fbc1, BoundsAndRulesComeFromTheirLists) {
  const std::string bound = R"(<fbc:fluxBound fbc:reaction="R_GLY" fbc:operation="lessEqual" fbc:value="1000"/>)";
  const std::string other = R"(<fbc:fluxBound fbc:reaction="R_GLY" fbc:operation=")";
  EXPECT_EQ(
      reaction(imported(edited(fbc1(), bound, bound + other + R"(lessEqual" fbc:value="7"/>)")), "GLY").upperBound,
      7.0);
  EXPECT_EQ(reaction(imported(edited(fbc1(), bound, bound + other + R"(equal" fbc:value="3"/>)")), "GLY").lowerBound,
            3.0);
  expectIn(refusal(edited(fbc1(), bound, "")), {"reaction R_GLY", "upper flux bound"});
  expectIn(refusal(edited(fbc1(), bound, edited(bound, "R_GLY", "R_NONE"))), {"R_NONE", "does not exist"});
  expectIn(refusal(edited(fbc1(), bound, edited(bound, "1000", "NaN"))), {"R_GLY", "no value"});
  const std::string rules =
      R"(<model id="toy" name="Toy sugar eater"><annotation><listOfGeneAssociations xmlns="http://www.sbml.org/sbml/level3/version1/fbc/version1">
<geneAssociation id="x" reaction="R_GLY"><and><gene reference="G_g1"/><or><gene reference="g2"/><gene reference="g3"/></or></and></geneAssociation>
</listOfGeneAssociations></annotation>)";
  const planet::Import import = imported(edited(fbc1(), R"(<model id="toy" name="Toy sugar eater">)", rules));
  EXPECT_EQ(reaction(import, "GLY").geneRule, "g1 and (g2 or g3)");
  EXPECT_EQ(reaction(import, "RESP").geneRule, "cyo.1");  // of the notes
}

TEST(CobraJson, DamageIsRefusedWithItsElement) {
  expectIn(refusal(edited(cobra(), R"("id": "GLY")", R"("id": "TCA")")), {"(TCA)", "same id"});
  expectIn(refusal(edited(cobra(), R"("id": "pyr_c")", R"("id": "nad_c")")), {"metabolites[", "(nad_c)", "same id"});
  expectIn(refusal(edited(cobra(), R"("adp_c": -2.0)", R"("adp_x": -2.0)")), {"reactions[", "(GLY)", "'adp_x'"});
  expectIn(refusal(edited(cobra(), R"("adp_c": -2.0)", R"("adp_c": "two")")), {"(GLY)", "adp_c", "no number"});
  expectIn(refusal(edited(cobra(), R"("lower_bound": 2.0)", R"("lower_bound": "nan")")), {"(ATPM)", "lower_bound"});
  expectIn(refusal(edited(cobra(), R"("lower_bound": 2.0)", R"("lower_bound": 2000)")), {"(ATPM)", "crossed"});
  expectIn(refusal(edited(cobra(), R"("lower_bound": 2.0,)", "")), {"(ATPM)", "bounds.missing=unlimited"});
  expectIn(refusal(edited(cobra(), R"("lower_bound": 2.0)", R"("lower_bound": 2.0,"lower_bound": 1.0)")), {"twice"});
  expectIn(refusal(edited(cobra(), "(p1 and p2)", "(p1 and )")), {"(TCA)", "gene_reaction_rule"});
  expectIn(refusal(edited(cobra(), R"("reactions": [)", R"("reactions": 3,"x": [)")), {"no list of reactions"});
  expectIn(refusal(cobra().substr(0, 3000)), {"not valid JSON", "line"});
  expectIn(refusal("{\"metabolites\":[" + std::string(200000, '[')), {"nests too deeply"});
  expectIn(refusal(edited(cobra(), R"("lower_bound": 2.0)", R"("lower_bound": NaN)")), {"no NaN", "line"});
  expectIn(refusal(edited(cobra(), R"("lower_bound": 2.0)", R"("lower_bound": -Infinity)")), {"no Infinity", "line"});
}

TEST(CobraJson, ANetworkWithoutReactionsIsRefused) {
  expectIn(refusal(R"({"id": "m", "compartments": {}, "genes": [], "metabolites": [], "reactions": []})"),
           {"m: the network has no reactions"});
}

TEST(CobraJson, FormulasThatCannotBeReadAreNamed) {
  const planet::Import import = imported(edited(cobra(), R"("formula": "C6H12O6")", R"("formula": "Xx12(")"));
  EXPECT_TRUE(test::says(import, "1 formulas cannot be read as symbols and numbers, and stay words: "));
  EXPECT_TRUE(test::says(import, "'Xx12('"));
}

TEST(CobraJson, ACompressedOneWithAWrongChecksumIsDamaged) {
  std::string packed = gzipped(cobra());
  packed[packed.size() - 8] = static_cast<char>(packed[packed.size() - 8] ^ 1);
  expectIn(test::refusalOf(packed, {}, "model.json.gz"), {"the compressed file is damaged"});
}

TEST(CobraJson, ControlCharactersAreRefusedInIdsAndMadeBlanksInNames) {
  const std::string escape = "\\u001b", csi = "\\u009b";
  for (const auto& [from, to, place] : std::vector<std::array<std::string, 3>>{
           {R"("id": "GLY")", R"("id": "G)" + escape + R"(LY")", "reactions["},
           {R"("id": "pyr_c")", R"("id": "pyr)" + csi + R"(_c")", "metabolites["},
           {"(p1 and p2)", "(p1 and p" + escape + "2)", "gene_reaction_rule"},
           {R"("compartments": {)", R"("compartments": {"x)" + escape + R"(": "", )", "compartments"},
           {R"("compartment": "c")", R"("compartment": "c)" + escape + R"(")", "metabolites["}}) {
    expectIn(refusal(edited(cobra(), from, to)), {place, "holds a control character", "code "});
  }
  const planet::Import import = imported(edited(cobra(), R"("name": "D-Glucose)", R"("name": "D\n)" + csi));
  EXPECT_TRUE(test::says(import, "control characters in 1 names")) << import.assumptions.size();
  for (const planet::Metabolite& m : import.planet.networks.at(0).metabolites) {
    EXPECT_EQ(m.name.find_first_of("\n\x1b"), std::string::npos) << m.name;
  }
}

TEST(Level2, ControlCharactersOfGeneRulesAndNamesAreNotKept) {
  const std::string rule = "GENE_ASSOCIATION: ";
  const std::size_t at = level2().find(rule);
  ASSERT_NE(at, std::string::npos);
  std::string text = level2();
  expectIn(refusal(text.insert(at + rule.size(), "p\xc2\x9bq or ")),
           {"line ", "GENE_ASSOCIATION", "control character"});
  const planet::Import import = imported(edited(level2(), "name=\"", "name=\"&#10;&#127;"));
  EXPECT_TRUE(test::says(import, "control characters in 1 names"));
}

TEST(CobraJson, BoundsMayBeWordsAndGenesMayStandInRulesOnly) {
  const planet::Import import = imported(
      edited(edited(cobra(), R"("lower_bound": -10.0)", R"("lower_bound": "-inf")"), "(p1 and p2)", "(p1 and pX)"));
  EXPECT_EQ(reaction(import, "EX_glc__D_e").lowerBound, -HUGE_VAL);
  EXPECT_TRUE(test::says(import, "1 flux bounds are infinite"));
  EXPECT_TRUE(test::says(import, "1 genes stand in gene rules only"));
}

}  // namespace
