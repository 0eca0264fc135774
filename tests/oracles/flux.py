# SPDX-License-Identifier: Apache-2.0
"""Flux balance reference values of a network, computed by COBRApy with GLPK.

usage: python flux.py tests/data/formats/fixtures/toy.xml tests/oracles/reference/flux_toy.json
"""

import json
import sys

import cobra
from cobra.flux_analysis import flux_variability_analysis, pfba

CONDITIONS = {
    "default": {},
    "no_oxygen": {"EX_o2_e": (0, 1000)},
    "more_oxygen": {"EX_o2_e": (-200, 1000)},
    "glucose_5": {"EX_glc__D_e": (-5, 1000)},
    "no_glucose": {"EX_glc__D_e": (0, 1000)},
    "half_lactate": {"EX_lac-L_e": (0, 2)},
    "high_maintenance": {"ATPM": (60, 1000)},
}


def growth(model):
    try:
        return model.slim_optimize(error_value=None)
    except cobra.exceptions.Infeasible:
        return "infeasible"


def main(source, target):
    model = cobra.io.read_sbml_model(source)
    out = {"source": f"cobra {cobra.__version__}, GLPK", "metabolites": [], "reactions": [], "conditions": {}}
    for m in model.metabolites:
        out["metabolites"].append(
            {"id": m.id, "name": m.name, "formula": m.formula, "charge": m.charge, "compartment": m.compartment})
    for r in model.reactions:
        imbalance = 0.0 if r.boundary else max([abs(x) for x in r.check_mass_balance().values()], default=0.0)
        out["reactions"].append(
            {"id": r.id, "name": r.name, "lower": r.lower_bound, "upper": r.upper_bound, "imbalance": imbalance,
             "stoichiometry": {m.id: c for m, c in r.metabolites.items()}, "genes": sorted(g.id for g in r.genes)})
    out["genes"] = [g.id for g in model.genes]
    for name, bounds in CONDITIONS.items():
        with model:
            for reaction, limits in bounds.items():
                model.reactions.get_by_id(reaction).bounds = limits
            out["conditions"][name] = {"bounds": bounds, "growth": growth(model)}
    fluxes = pfba(model).fluxes
    out["pfba_total"] = sum(abs(v) for v in fluxes)
    ranges = flux_variability_analysis(model, fraction_of_optimum=0.9, processes=1)
    for r in out["reactions"]:
        row = ranges.loc[r["id"]]
        r["fva_90"] = [row["minimum"], row["maximum"]]
    out["gene_knockouts"], out["reaction_knockouts"] = {}, {}
    for gene in model.genes:
        with model:
            gene.knock_out()
            out["gene_knockouts"][gene.id] = growth(model)
    for reaction in model.reactions:
        with model:
            reaction.bounds = (0, 0)
            out["reaction_knockouts"][reaction.id] = growth(model)
    with open(target, "w", encoding="utf-8") as file:
        json.dump(out, file, indent=1, default=float)
        file.write("\n")


main(*sys.argv[1:])
