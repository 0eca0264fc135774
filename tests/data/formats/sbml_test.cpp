// SPDX-License-Identifier: Apache-2.0
#include "data/formats/metabolism/sbml.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/base/random.h"
#include "data/formats/common/inflate.h"
#include "data/formats/metabolism/sbml_id.h"
#include "data/formats/metabolism/sbml_text.h"
#include "data/formats/registry.h"
#include "tests/support/import_text.h"
#include "tests/support/temp_folder.h"

namespace ecumene::data::formats {
namespace {

const char* const kToy = "tests/data/formats/fixtures/toy.xml";

std::string toy() {
  return readFile(kToy);
}

// The toy with one piece of its text replaced; the piece must be there.
std::string edited(const std::string& from, const std::string& to) {
  std::string text = toy();
  const std::size_t place = text.find(from);
  EXPECT_NE(place, std::string::npos) << "the fixture has no " << from;
  return text.replace(place, from.size(), to);
}

std::string gzip(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

planet::Import importModel(const std::string& text, const ImportOptions& options = {}) {
  return test::importText(text, options, "model.xml");
}

planet::MetabolicNetwork network(const std::string& text, const ImportOptions& options = {}) {
  return importModel(text, options).planet.networks.at(0);
}

std::string refusal(const std::string& text, const ImportOptions& options = {}) {
  return test::refusalOf(text, options, "model.xml");
}

// What was assumed. That growth, the objective, takes matter out is no assumption, and networks_test.cpp is about it.
std::vector<std::string> assumed(const planet::Import& import) {
  std::vector<std::string> out = import.assumptions;
  std::erase_if(out, [](const std::string& line) { return line.starts_with("unbalanced: reaction BIOMASS"); });
  return out;
}

const planet::Reaction& reaction(const planet::MetabolicNetwork& n, const std::string& id) {
  return n.reactions.at(n.reactionIndex(id).value());
}

TEST(SbmlId, DecodesAsCobrapyPrints) {
  EXPECT_EQ(sbmlId("M_glc__D_e", "M_"), "glc__D_e");
  EXPECT_EQ(sbmlId("M_lac__45__L_c", "M_"), "lac-L_c");
  EXPECT_EQ(sbmlId("R_LDH__40__L__41__", "R_"), "LDH(L)");
  EXPECT_EQ(sbmlId("G_cyo__SBML_DOT__1", "G_"), "cyo.1");
  EXPECT_EQ(sbmlId("M_x__SBML_DOT__1", "M_"), "x__SBML_DOT__1");  // genes only
  EXPECT_EQ(sbmlId("PGI", "R_"), "PGI");
  EXPECT_EQ(sbmlId("R_R_PGI", "R_"), "R_PGI");
  EXPECT_EQ(sbmlId("M_a__946__", "M_"), "a\xCE\xB2");                 // beta
  EXPECT_EQ(sbmlId("M_a__99999999999__", "M_"), "a__99999999999__");  // no such character
  EXPECT_EQ(sbmlId("M_a__12", "M_"), "a__12");
  EXPECT_EQ(sbmlId("M_", "M_"), "");
  for (const char* control : {"__27__", "__127__", "__155__"}) {
    EXPECT_EQ(sbmlId(std::string("M_a") + control, "M_"), std::string("a") + control);
  }
}

TEST(Sbml, GroupsOfOneGenePartAreThatPart) {
  const std::string any =
      "            <fbc:or>\n              <fbc:geneProductRef fbc:geneProduct=\"G_g3\"/>\n"
      "              <fbc:geneProductRef fbc:geneProduct=\"G_g4\"/>\n            </fbc:or>\n";
  for (const char* kind : {"and", "or"}) {
    const std::string one = "<fbc:" + std::string(kind) + ">" + any + "</fbc:" + kind + ">";
    EXPECT_EQ(reaction(network(edited(any, one)), "GLY").geneRule, "g1 and g2 and (g3 or g4)") << kind;
  }
  const std::string gene = "<fbc:geneProductRef fbc:geneProduct=\"G_g1\"/>";
  EXPECT_EQ(reaction(network(edited(gene, "<fbc:or>" + gene + "</fbc:or>")), "GLY").geneRule,
            "g1 and g2 and (g3 or g4)");
}

TEST(Sbml, FormulasAndChargesThatFbcCannotHoldAreReadFromNotes) {
  const std::string species = "fbc:chemicalFormula=\"C6H12O6\"";
  const std::string text = toy();
  const std::size_t at = text.find(species);
  ASSERT_NE(at, std::string::npos);
  const std::size_t end = text.find("/>", at);
  std::string edited = text;
  edited.replace(at, end + 2 - at,
                 "><notes><body xmlns=\"http://www.w3.org/1999/xhtml\"><p>FORMULA: C6.5H12O6</p><p>CHARGE: "
                 "-0.5</p></body></notes></species>");
  const planet::Import import = importModel(edited);
  const planet::MetabolicNetwork& n = import.planet.networks.at(0);
  const auto found = std::find_if(n.metabolites.begin(), n.metabolites.end(),
                                  [](const planet::Metabolite& m) { return m.formula == "C6.5H12O6"; });
  ASSERT_NE(found, n.metabolites.end());
  EXPECT_EQ(found->charge, -0.5);
  EXPECT_TRUE(test::says(import, "formulas or charges of 1 species were read from notes"));
}

TEST(Sbml, ToyHasTheContentOfItsFile) {
  const planet::Import import = importFile(kToy, {});
  EXPECT_EQ(import.kind, planet::ImportKind::kNetwork);
  EXPECT_EQ(assumed(import), std::vector<std::string>{});
  EXPECT_EQ(import.planet.origin, planet::Origin::kNetworkOnly);
  EXPECT_EQ(import.planet.name, "toy");
  ASSERT_EQ(import.planet.networks.size(), 1U);
  const planet::MetabolicNetwork& n = import.planet.networks[0];
  EXPECT_EQ(n.id, "toy");
  EXPECT_EQ(n.name, "Toy sugar eater");
  EXPECT_TRUE(n.maximise);
  EXPECT_EQ(n.compartments, (std::vector<std::string>{"c", "e"}));
  EXPECT_EQ(n.genes.size(), 13U);
  EXPECT_EQ(n.exchanges().size(), 6U);
  EXPECT_EQ(reaction(n, "TCA").geneRule, "(p1 and p2) or (p3 and p4)");
  EXPECT_EQ(reaction(n, "GLY").geneRule, "g1 and g2 and (g3 or g4)");
  EXPECT_EQ(reaction(n, "RESP").geneRule, "cyo.1");
  EXPECT_EQ(reaction(n, "RESP").subsystem, "Energy");
  EXPECT_EQ(reaction(n, "ATPM").subsystem, "Maintenance");
  EXPECT_EQ(reaction(n, "BIOMASS").objective, 1.0);
  const planet::Metabolite& atp = n.metabolites.at(n.metaboliteIndex("atp_c").value());
  EXPECT_EQ(atp.formula, "C10H12N5O13P3");
  EXPECT_EQ(atp.charge, -4.0);
}

TEST(Sbml, GzipGivesTheSameNetwork) {
  const planet::MetabolicNetwork plain = network(toy());
  EXPECT_EQ(network(gzip(toy())), plain);
  EXPECT_EQ(network(gzip(toy().substr(0, 5000)) + gzip(toy().substr(5000))), plain);  // several members are one text
}

TEST(Sbml, MinimisedObjectiveIsKept) {
  EXPECT_FALSE(network(edited("fbc:type=\"maximize\"", "fbc:type=\"minimize\"")).maximise);
}

TEST(Sbml, SpeciesOnBothSidesAreNetted) {
  const planet::MetabolicNetwork n =
      network(edited("<speciesReference species=\"M_glc__D_e\" stoichiometry=\"1\" constant=\"true\"/>\n        "
                     "</listOfReactants>\n        <listOfProducts>",
                     "<speciesReference species=\"M_glc__D_e\" stoichiometry=\"1\" constant=\"true\"/>\n"
                     "<speciesReference species=\"M_h_e\" stoichiometry=\"3\" constant=\"true\"/>\n"
                     "<speciesReference species=\"M_o2_e\" stoichiometry=\"2\" constant=\"true\"/></listOfReactants>"
                     "<listOfProducts><speciesReference species=\"M_h_e\" stoichiometry=\"1\" constant=\"true\"/>\n"
                     "<speciesReference species=\"M_o2_e\" stoichiometry=\"2\" constant=\"true\"/>\n"));
  const planet::Reaction& r = reaction(n, "GLCt");
  ASSERT_EQ(r.stoichiometry.size(), 3U);
  for (const auto& [metabolite, coefficient] : r.stoichiometry) {
    if (n.metabolites[metabolite].id == "h_e") {
      EXPECT_EQ(coefficient, -2.0);
    }
    EXPECT_NE(n.metabolites[metabolite].id, "o2_e");
  }
}

TEST(Sbml, BoundarySpeciesGetAnExchangeAndItIsSaid) {
  const std::string inside = "compartment=\"c\" hasOnlySubstanceUnits=\"false\" boundaryCondition=";
  const planet::Import import = importModel(edited(inside + "\"false\"", inside + "\"true\""));
  ASSERT_EQ(assumed(import).size(), 1U);
  EXPECT_NE(assumed(import)[0].find("1 species with boundaryCondition"), std::string::npos) << assumed(import)[0];
  const planet::Reaction& exchange = reaction(import.planet.networks[0], "EX_glc__D_c");
  EXPECT_EQ(exchange.lowerBound, -1000.0);
  EXPECT_EQ(exchange.upperBound, 1000.0);
  EXPECT_TRUE(exchange.isBoundary());
  // EX_glc__D_e is there already.
  EXPECT_NE(refusal(edited("boundaryCondition=\"false\"", "boundaryCondition=\"true\"")).find("id is taken"),
            std::string::npos);
}

TEST(Sbml, ModelWithoutObjectiveIsTakenAndItIsSaid) {
  std::string text = toy();
  const std::string end = "</fbc:listOfObjectives>";
  const std::size_t begin = text.find("<fbc:listOfObjectives");
  text.erase(begin, text.find(end) + end.size() - begin);
  const planet::Import import = importModel(text);
  ASSERT_EQ(assumed(import).size(), 1U);
  EXPECT_NE(assumed(import)[0].find("no objective"), std::string::npos) << assumed(import)[0];
  for (const planet::Reaction& r : import.planet.networks[0].reactions) EXPECT_EQ(r.objective, 0.0);
}

TEST(Sbml, GeneRulesOfNotesAreNotTakenAndItIsSaid) {
  const planet::Import import =
      importModel(edited("<p>SUBSYSTEM: Maintenance</p>", "<p>SUBSYSTEM: </p><p> GENE_ASSOCIATION : (a and\n b)</p>"));
  ASSERT_EQ(assumed(import).size(), 1U);
  EXPECT_NE(assumed(import)[0].find("gene rules"), std::string::npos);
  EXPECT_EQ(reaction(import.planet.networks[0], "ATPM").subsystem, "");
}

TEST(Sbml, WhatTheFileDoesNotSayIsReported) {
  struct Row {
    std::string from, to;
    std::map<std::string, std::string> set;
    std::string assumption;
  };
  const std::vector<Row> rows{
      {" id=\"toy\"", "", {}, "no id"},
      {"value=\"1000\" units=\"flux\"", "value=\"1000\"", {}, "name no unit"},
      {" fbc:lowerFluxBound=\"zero\"", "", {{"bounds.missing", "unlimited"}}, "1 missing flux bounds"},
      {"multiplier=\"3600\"", "multiplier=\"0.00027777\"", {{"units.flux", "mmol/gDW/h"}}, "units.flux"},
  };
  for (const Row& row : rows) {
    const planet::Import import = importModel(edited(row.from, row.to), {row.set});
    ASSERT_EQ(assumed(import).size(), 1U) << row.from;
    EXPECT_NE(assumed(import)[0].find(row.assumption), std::string::npos) << assumed(import)[0];
  }
}

TEST(Sbml, MissingBoundsFollowReversibilityWhenTheUserSaysSo) {
  const ImportOptions unlimited{{{"bounds.missing", "unlimited"}}};
  const planet::MetabolicNetwork one = network(edited(" fbc:lowerFluxBound=\"zero\"", ""), unlimited);
  EXPECT_EQ(one.reactions[5].lowerBound, 0.0);
  const planet::MetabolicNetwork other =
      network(edited(" fbc:lowerFluxBound=\"oxygen_uptake\" fbc:upperFluxBound=\"unlimited\"", ""), unlimited);
  EXPECT_EQ(reaction(other, "EX_o2_e").lowerBound, -1000.0);
  EXPECT_EQ(reaction(other, "EX_o2_e").upperBound, 1000.0);
}

TEST(Sbml, DamagedFilesAreRefusedWithElementAndLine) {
  struct Row {
    std::string from, to;
    std::vector<std::string> says;
  };
  const std::string glc = "<speciesReference species=\"M_glc__D_e\" stoichiometry=\"1\" constant=\"true\"/>";
  const std::vector<Row> rows{
      {"id=\"M_pyr_c\"", "id=\"M pyr c\"", {"line 32"}},
      {"id=\"M_pyr_c\"", "id=\"M_nad_c\"", {"M_nad_c"}},
      {"id=\"M_pyr_c\"", "id=\"nad_c\"", {"species M_nad_c (line 34)", "same id"}},
      {"compartment=\"c\" has", "compartment=\"x\" has", {"species M_glc__D_c (line 27)", "'x'"}},
      {"M_glc__D_e\" stoichiometry", "M_glucose\" stoichiometry", {"reaction R_EX_glc__D_e (line 49)", "'M_glucose'"}},
      {glc, "<speciesReference species=\"M_glc__D_e\" constant=\"true\"/>", {"R_EX_glc__D_e", "M_glc__D_e", "missing"}},
      {glc, "<speciesReference species=\"M_glc__D_e\" stoichiometry=\"NaN\" constant=\"true\"/>", {"not finite"}},
      {glc, "<speciesReference species=\"M_glc__D_e\" stoichiometry=\"1\" constant=\"false\"/>", {"computed"}},
      {glc, "<speciesReference species=\"M_glc__D_e\" stoichiometry=\"one\" constant=\"true\"/>", {"line 51"}},
      {" fbc:upperFluxBound=\"unlimited\"",
       "",
       {"reaction R_EX_glc__D_e (line 49)", "upper", "bounds.missing=unlimited"}},
      {"fbc:lowerFluxBound=\"zero\"", "fbc:lowerFluxBound=\"none\"", {"R_EX_lac__45__L_e", "'none'"}},
      {"id=\"zero\" value=\"0\"", "id=\"zero\"", {"parameter zero (line 43)", "no value"}},
      {"id=\"zero\" value=\"0\"", "id=\"zero\" value=\"NaN\"", {"parameter zero (line 43)", "no value"}},
      {"id=\"zero\" value=\"0\" units=\"flux\" constant=\"true\"",
       "id=\"zero\" value=\"0\" constant=\"false\"",
       {"parameter zero (line 43)", "computed"}},
      {"value=\"-10\"", "value=\"2000\"", {"R_EX_glc__D_e", "crossed"}},
      {"multiplier=\"3600\"", "multiplier=\"60\"", {"unitDefinition flux (line 8)", "units.flux"}},
      {"kind=\"gram\"", "kind=\"litre\"", {"unitDefinition flux (line 8)", "units.flux"}},
      {"fbc:geneProduct=\"G_t1\"",
       "fbc:geneProduct=\"G_t9\"",
       {"'G_t9'", "reaction R_GLCt (line 79), geneProductRef (line 88)"}},
      {"fbc:id=\"G_t1\"", "fbc:id=\"G_t1__32__x\"", {"geneProduct G_t1__32__x", "gene rule"}},
      {"fbc:reaction=\"R_BIOMASS\"", "fbc:reaction=\"R_GROWTH\"", {"'R_GROWTH'"}},
      {"fbc:activeObjective=\"growth\"", "fbc:activeObjective=\"other\"", {"objective"}},
      {"fbc/version2", "fbc/version1", {"reaction R_EX_glc__D_e (line 49)", "no lower flux bound"}},
      {" xmlns:fbc=\"http://www.sbml.org/sbml/level3/version1/fbc/version2\" fbc:required=\"false\"", "", {"line"}},
      {"groups:required=\"false\"", "groups:required=\"true\"", {"groups"}},
      {"fbc:required=\"false\"",
       "fbc:required=\"false\" xmlns:comp=\"http://www.sbml.org/sbml/level3/version1/comp/version1\" "
       "comp:required=\"true\"",
       {"comp", "depends on an SBML package"}},
      {"fbc:required=\"false\"",
       "fbc:required=\"false\" xmlns:new=\"http://www.sbml.org/sbml/level3/version1/new/version1\" "
       "new:required=\"true\"",
       {"line 5", "package"}},
      {"</listOfSpecies>", "</listOfSpecie>", {"line 39"}},
      {"<listOfSpecies>", "<listOfSpecies><?xml", {"line 20"}},
      {"encoding=\"UTF-8\"", "encoding=\"ISO-8859-1\"", {"UTF-8", "iso-8859-1"}},
      {"<!-- SPDX", "<!DOCTYPE sbml [<!ENTITY x \"y\">]><!-- SPDX", {"line 2", "document type"}},
  };
  for (const Row& row : rows) {
    const std::string said = refusal(edited(row.from, row.to));
    EXPECT_NE(said, "") << row.from << " -> " << row.to << " was taken";
    for (const std::string& part : row.says) EXPECT_NE(said.find(part), std::string::npos) << part << " in: " << said;
  }
}

TEST(Sbml, OtherLevelsAreRefusedWithAWayOut) {
  const std::string said = refusal(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sbml xmlns=\"http://www.sbml.org/sbml/level1\" level=\"1\" "
      "version=\"2\"><model name=\"m\"/></sbml>\n");
  EXPECT_NE(said.find("Level 1"), std::string::npos) << said;
  EXPECT_NE(said.find("write_sbml_model"), std::string::npos) << said;
}

TEST(Sbml, WrongOptionsAreUsageErrors) {
  for (const auto& [key, value] : {std::pair{"bounds.missing", "zero"}, std::pair{"units.flux", "mol/s"}}) {
    try {
      importModel(toy(), {{{key, value}}});
      FAIL() << key;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kUsage) << key;
    }
  }
}

TEST(Sbml, EveryTruncationIsRefused) {
  const std::string text = toy();
  const std::string packed = gzip(text);
  const std::size_t last = text.rfind('>');
  std::size_t tried = 0;
  for (std::size_t length = 200; length <= last; length += 499, ++tried) {
    EXPECT_NE(refusal(text.substr(0, length)), "") << "cut at " << length;
  }
  for (std::size_t length = 3; length < packed.size(); length += 97, ++tried) {
    EXPECT_NE(refusal(packed.substr(0, length)), "") << "compressed, cut at " << length;
  }
  EXPECT_NE(refusal(packed.substr(0, packed.size() - 1)), "");
  EXPECT_GT(tried, 50U);
}

TEST(Sbml, DamagedCompressionIsRefused) {
  const std::string packed = gzip(toy());
  for (std::size_t i = 10; i < packed.size(); i += 61) {
    std::string damaged = packed;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    EXPECT_NE(refusal(damaged), "") << "bit flipped in byte " << i;
  }
  EXPECT_NE(refusal(packed + "garbage").find("damaged"), std::string::npos);
  EXPECT_NE(refusal("\x1f\x8b and then text"), "");
}

// Random damage is either refused with an Error or leaves a file that is still a valid network.
TEST(Sbml, RandomDamageEndsInAnErrorOrAValidNetwork) {
  const std::string text = toy();
  std::size_t refused = 0;
  constexpr std::size_t kFiles = 300;
  for (std::size_t file = 0; file < kFiles; ++file) {
    Random random(2026, "sbml damage", file);
    const auto place = [&](const std::string& in) { return random.below(static_cast<std::uint32_t>(in.size())); };
    std::string damaged = text;
    for (std::uint32_t edits = 1 + random.below(4); edits > 0; --edits) {
      switch (random.below(4)) {
        case 0:
          damaged[place(damaged)] = static_cast<char>(static_cast<unsigned char>(random.below(256)));
          break;
        case 1:
          damaged.erase(place(damaged), random.below(60));
          break;
        case 2:
          damaged.insert(place(damaged), text, place(text), random.below(200));
          break;
        default:
          damaged.insert(place(damaged), std::string(random.below(40), "<>&\"'/="[random.below(7)]));
      }
    }
    if (!refusal(damaged).empty()) ++refused;  // importFile validates what it gives
  }
  EXPECT_GT(refused, kFiles / 2);
  EXPECT_LT(refused, kFiles);
}

TEST(SbmlText, InflationIsBounded) {
  const std::string packed = gzip(std::string(std::size_t{8} << 20U, ' '));
  EXPECT_LT(packed.size(), std::size_t{100} << 10U);
  try {
    inflateGzip(packed, std::size_t{1} << 20U, true);
    FAIL() << "8 MiB passed a limit of 1 MiB";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("1 MiB"), std::string::npos) << error.what();
  }
  EXPECT_EQ(inflateGzip(packed, std::size_t{8} << 20U, true).size(), std::size_t{8} << 20U);
}

TEST(SbmlText, EntitiesEncodingsAndDepthAreRefusedBeforeParsing) {
  const std::string root = "<sbml xmlns=\"http://www.sbml.org/sbml/level3/version1/core\" level=\"3\" version=\"1\">";
  std::string bomb = "<!DOCTYPE sbml [<!ENTITY a \"aaaaaaaaaa\">";
  for (char c = 'b'; c < 'k'; ++c) {
    std::string ten;
    for (int i = 0; i < 10; ++i) ten += std::string("&") + static_cast<char>(c - 1) + ";";
    bomb += std::string("<!ENTITY ") + c + " \"" + ten + "\">";
  }
  std::string deep = root;
  for (int i = 0; i < 100000; ++i) deep += "<notes>";
  const std::vector<std::pair<std::string, std::string>> rows{
      {bomb + "]>" + root + "&j;</sbml>", "document type"},
      {"<!DOCTYPE sbml SYSTEM \"file:///etc/passwd\">" + root + "</sbml>", "document type"},
      {"<!-- a --><?b c?>\n<!DOCTYPE sbml [<!ENTITY x SYSTEM \"http://127.0.0.1/\">]>" + root + "&x;</sbml>", "line 2"},
      {deep, "nest"},
      {root + std::string(1, '\0') + "</sbml>", "UTF-8"},
      {root + "<!-- never closed", "comment"},
      {root + "<model id=\"x", "tag"},
  };
  for (const auto& [text, part] : rows) {
    const std::string said = refusal(text);
    EXPECT_NE(said.find(part), std::string::npos) << part << " in: " << said;
  }
  const test::TempFolder folder;
  writeFileAtomically(folder / "utf16.xml", std::string("\xFF\xFE<\0s\0", 6));
  EXPECT_THROW(readSbmlText(folder / "utf16.xml"), Error);
}

TEST(SbmlText, MarkupInsideTextAndAttributesIsNoMarkup) {
  const std::string said =
      refusal(edited("name=\"Toy sugar eater\"",
                     "name=\"a > b\"><notes><p xmlns=\"http://www.w3.org/1999/xhtml\"><![CDATA[<!DOCTYPE "
                     "<a><b>]]></p></notes><!-- <!DOCTYPE --><annotation /> </model><model id=\"toy2\""));
  EXPECT_EQ(said.find("document type"), std::string::npos) << said;
}

TEST(Sbml, SniffKnowsItsFilesByContent) {
  const auto match = [](const std::string& head) { return sbmlFormat().sniff("x.dat", head).match; };
  EXPECT_EQ(match(toy()), Match::kCertain);
  EXPECT_EQ(match(gzip(toy())), Match::kCertain);
  EXPECT_EQ(match(gzip(toy()).substr(0, 1500)), Match::kCertain);
  EXPECT_EQ(match("<?xml version=\"1.0\"?><svg/>"), Match::kNear);
  EXPECT_EQ(match("\x1f\x8b"), Match::kNo);
  EXPECT_EQ(match(gzip("wavelength,depth\n1,2\n")), Match::kNo);
}

}  // namespace
}  // namespace ecumene::data::formats
