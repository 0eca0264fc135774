# SPDX-License-Identifier: Apache-2.0
"""Metabolic networks in every dialect, as COBRApy reads them.

usage: networks.py SHARED_DATA tests/data/formats/metabolism/fixtures tests/oracles/reference/networks.json

Writes the toy network of tests/data/formats/fixtures/toy.xml in the other dialects: Level 2 with bounds in kinetic laws
and notes, Level 3 with fbc version 1, COBRA JSON. Then what COBRApy says of these and of the outside networks: counts,
optimum, which reactions do not balance and by how much, and which reactions stop when genes are deleted.
"""

import json
import logging
import math
import pathlib
import random
import sys

import cobra

logging.getLogger("cobra").setLevel(logging.CRITICAL)


HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: Apache-2.0. tests/oracles/networks.py made this of toy.xml. -->
"""
UNIT = """<listOfUnitDefinitions><unitDefinition id="flux"><listOfUnits>
<unit kind="mole" exponent="1" scale="-3" multiplier="1"{offset}/>
<unit kind="gram" exponent="-1" scale="0" multiplier="1"{offset}/>
<unit kind="second" exponent="-1" scale="0" multiplier="3600"{offset}/>
</listOfUnits></unitDefinition></listOfUnitDefinitions>
"""


def sid(name):
    return "".join(c if c.isalnum() or c == "_" else f"__{ord(c)}__" for c in name)


def references(model, reaction, side, boundary):
    constant = "" if boundary else ' constant="true"'
    rows = [(sid(m.id), c) for m, c in reaction.metabolites.items() if c * side > 0]
    if boundary and side > 0 and reaction.boundary:
        rows = [(sid(m.id[:-2] + "_b"), -c) for m, c in reaction.metabolites.items()]
    text = "".join(f'<speciesReference species="M_{i}" stoichiometry="{abs(c):.17g}"{constant}/>' for i, c in rows)
    name = "listOfProducts" if side > 0 else "listOfReactants"
    return f"<{name}>{text}</{name}>" if text else ""


def level_2(model):
    """As the first genome-scale networks were given out: notes, kinetic laws, and species that end outside."""
    text = HEAD + '<sbml xmlns="http://www.sbml.org/sbml/level2" level="2" version="1" '
    text += 'xmlns:html="http://www.w3.org/1999/xhtml">\n<model id="toy" name="Toy sugar eater">\n'
    text += UNIT.format(offset=' offset="0"') + "<listOfCompartments>"
    text += "".join(f'<compartment id="{c}" name="{name}"/>' for c, name in model.compartments.items())
    text += "</listOfCompartments>\n<listOfSpecies>\n"
    for m in model.metabolites:
        text += f'<species id="M_{sid(m.id)}" name="{m.name}" compartment="{m.compartment}" charge="{m.charge}" '
        text += f'boundaryCondition="false"><notes><html:p>FORMULA: {m.formula}</html:p></notes></species>\n'
    for r in model.exchanges:
        m = next(iter(r.metabolites))
        text += f'<species id="M_{sid(m.id[:-2] + "_b")}" name="{m.name}" compartment="e" boundaryCondition="true">'
        text += f"<notes><html:p>FORMULA: {m.formula}</html:p><html:p>CHARGE: {m.charge}</html:p></notes></species>\n"
    text += "</listOfSpecies>\n<listOfReactions>\n"
    for r in model.reactions:
        text += f'<reaction id="R_{sid(r.id)}" name="{r.name}" reversible="{str(r.lower_bound < 0).lower()}">\n'
        text += f"<notes><html:p>GENE_ASSOCIATION: {r.gene_reaction_rule}</html:p>"
        text += f"<html:p>SUBSYSTEM: {r.subsystem}</html:p></notes>\n"
        text += references(model, r, -1, True) + references(model, r, 1, True) + "\n"
        text += '<kineticLaw><math xmlns="http://www.w3.org/1998/Math/MathML"><ci>FLUX_VALUE</ci></math>'
        text += "<listOfParameters>"
        for name, value in (("LOWER_BOUND", r.lower_bound), ("UPPER_BOUND", r.upper_bound)):
            text += f'<parameter id="{name}" value="{value:g}" units="flux"/>'
        text += f'<parameter id="OBJECTIVE_COEFFICIENT" value="{r.objective_coefficient:g}"/>'
        text += '<parameter id="FLUX_VALUE" value="0" units="flux"/></listOfParameters></kineticLaw></reaction>\n'
    return text + "</listOfReactions>\n</model>\n</sbml>\n"


def fbc_1(model):
    text = HEAD + '<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1" '
    text += 'xmlns:fbc="http://www.sbml.org/sbml/level3/version1/fbc/version1" fbc:required="false">\n'
    text += '<model id="toy" name="Toy sugar eater">\n' + UNIT.format(offset="") + "<listOfCompartments>"
    text += "".join(f'<compartment id="{c}" name="{n}" constant="true"/>' for c, n in model.compartments.items())
    text += "</listOfCompartments>\n<listOfSpecies>\n"
    for m in model.metabolites:
        text += f'<species id="M_{sid(m.id)}" name="{m.name}" compartment="{m.compartment}" boundaryCondition="false" '
        text += f'constant="false" hasOnlySubstanceUnits="false" fbc:charge="{m.charge}" '
        text += f'fbc:chemicalFormula="{m.formula}"/>\n'
    text += "</listOfSpecies>\n<listOfReactions>\n"
    for r in model.reactions:
        text += f'<reaction id="R_{sid(r.id)}" name="{r.name}" reversible="{str(r.lower_bound < 0).lower()}" '
        text += 'fast="false">\n<notes><html xmlns="http://www.w3.org/1999/xhtml">'
        text += f"<p>GENE ASSOCIATION: {r.gene_reaction_rule}</p><p>SUBSYSTEM: {r.subsystem}</p></html></notes>\n"
        text += references(model, r, -1, False) + references(model, r, 1, False) + "</reaction>\n"
    text += "</listOfReactions>\n"
    text += '<fbc:listOfObjectives fbc:activeObjective="growth"><fbc:objective fbc:id="growth" fbc:type="maximize">'
    text += "<fbc:listOfFluxObjectives>"
    for r in model.reactions:
        if r.objective_coefficient:
            text += f'<fbc:fluxObjective fbc:reaction="R_{sid(r.id)}" fbc:coefficient="{r.objective_coefficient:g}"/>'
    text += "</fbc:listOfFluxObjectives></fbc:objective></fbc:listOfObjectives>\n<fbc:listOfFluxBounds>\n"
    for r in model.reactions:
        for operation, value in (("greaterEqual", r.lower_bound), ("lessEqual", r.upper_bound)):
            text += f'<fbc:fluxBound fbc:reaction="R_{sid(r.id)}" fbc:operation="{operation}" fbc:value="{value:g}"/>\n'
    return text + "</fbc:listOfFluxBounds>\n</model>\n</sbml>\n"


def make_fixtures(toy, folder):
    model = cobra.io.read_sbml_model(str(toy))
    (folder / "toy_level2.xml").write_text(level_2(model), encoding="utf-8")
    (folder / "toy_fbc1.xml").write_text(fbc_1(model), encoding="utf-8")
    cobra.io.save_json_model(model, str(folder / "toy.json"), pretty=True)


def read(path):
    return cobra.io.load_json_model(str(path)) if path.suffix == ".json" else cobra.io.read_sbml_model(str(path))


def optimum(model):
    value = model.slim_optimize()
    return "infeasible" if math.isnan(value) else value


def unbalanced(model):
    """Reactions that are not boundary ones: by how much, where it can be known."""
    out = {}
    for r in model.reactions:
        if len(r.metabolites) < 2:
            continue
        sums = r.check_mass_balance()
        if any(not m.formula for m in r.metabolites):
            sums = {k: v for k, v in sums.items() if k == "charge"}
        if any(m.charge is None for m in r.metabolites):
            sums.pop("charge", None)
        sums = {k: v for k, v in sums.items() if abs(v) > 1e-6}
        if sums:
            out[r.id] = sums
    return out


def deletions(model):
    """Twenty seeded sets of genes, and the reactions whose rule fails without them."""
    draw = random.Random(7)
    genes = sorted(g.id for g in model.genes)
    out = []
    for _ in range(20 if genes else 0):
        gone = draw.sample(genes, min(len(genes), draw.randint(1, 12)))
        stopped = [r.id for r in model.reactions if r.gene_reaction_rule and not r.gpr.eval(set(gone))]
        out.append({"genes": gone, "stopped": sorted(stopped)})
    return out


def described(path):
    model = read(path)
    return {
        "id": model.id,
        "metabolites": len(model.metabolites),
        "reactions": len(model.reactions),
        "genes": len(model.genes),
        "compartments": sorted(model.compartments),
        "with_rule": sum(1 for r in model.reactions if r.gene_reaction_rule),
        "nonzeros": sum(len(r.metabolites) for r in model.reactions),
        "sum_of_lower": math.fsum(r.lower_bound for r in model.reactions),
        "sum_of_upper": math.fsum(r.upper_bound for r in model.reactions),
        "with_formula": sum(1 for m in model.metabolites if m.formula),
        "charge": sum(m.charge or 0 for m in model.metabolites),
        "objective": optimum(model),
        "unbalanced": unbalanced(model),
        "deletions": deletions(model),
    }


def main(shared, fixtures, target):
    shared, fixtures = pathlib.Path(shared), pathlib.Path(fixtures)
    toy = fixtures.parent.parent / "fixtures" / "toy.xml"
    make_fixtures(toy, fixtures)
    out = {"source": f"cobra {cobra.__version__}, GLPK", "toy": {}, "outside": {}}
    for path in (toy, *sorted(fixtures.glob("toy*"))):
        out["toy"][path.name] = described(path)
    for name in ("metabolism/textbook.xml.gz", "metabolism/iJO1366.xml.gz", "bio/metabolic/mini.json",
                 "bio/metabolic/mini_cobra.xml"):
        out["outside"][name] = described(shared / name)
    with open(target, "w", encoding="utf-8") as file:
        json.dump(out, file, separators=(",", ":"))
        file.write("\n")


main(*sys.argv[1:])
