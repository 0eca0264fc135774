# SPDX-License-Identifier: Apache-2.0
"""Rows of the outside NASA tables, read with Python's csv module: planets by name, in the archive's units.

usage: catalogue.py SHARED_DATA OUT.json     (any Python 3)
"""
import csv
import json
import pathlib
import sys

COLUMNS = ("pl_orbper", "pl_rade", "pl_bmasse", "pl_insol", "st_teff", "st_rad")
PLANETS = ("TRAPPIST-1 e", "K2-18 b", "WASP-39 b", "55 Cnc e", "Kepler-1167 b")
root = pathlib.Path(sys.argv[1]) / "catalogue"
out = {}
for path in sorted(root.glob("nasa_pscomppars*.csv")):
    lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
    rows = list(csv.DictReader(lines))
    entry = {"rows": len(rows), "filled": {c: sum(1 for r in rows if r.get(c)) for c in COLUMNS}, "planets": {}}
    for row in rows:
        if row["pl_name"] in PLANETS:
            entry["planets"][row["pl_name"]] = {c: float(row[c]) for c in COLUMNS if row.get(c)}
    out[f"catalogue/{path.name}"] = entry
pathlib.Path(sys.argv[2]).write_text(json.dumps(out, indent=1) + "\n")
