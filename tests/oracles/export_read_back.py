# SPDX-License-Identifier: Apache-2.0
"""Reads a folder that `ecumene-data export` wrote with netCDF4, astropy and cobra, and prints what they find as JSON.

usage: export_read_back.py FOLDER     (a Python with netCDF4, astropy and cobra==0.32.1)
"""
import json
import logging
import pathlib
import sys

import cobra.io
import netCDF4
import numpy as np
from astropy.table import Table

logging.getLogger("cobra").setLevel(logging.ERROR)
folder = pathlib.Path(sys.argv[1])

climate = netCDF4.Dataset(folder / "climate.nc")
area = np.diff(np.sin(np.deg2rad(climate["lat_bnds"][:])), axis=1)[:, 0]
area /= area.sum()
variables = {}
for name, variable in climate.variables.items():
    if "time" not in variable.dimensions or "lat" not in variable.dimensions:
        continue
    values = variable[:].astype("f8")
    rows = values.mean(axis=tuple(i for i, d in enumerate(variable.dimensions) if d != "lat"))
    variables[name] = {"units": variable.units, "standard_name": variable.standard_name, "area_mean": float((rows * area).sum()),
                       "minimum": float(values.min())}

table = Table.read(folder / "spectrum-1.ecsv", format="ascii.ecsv")
value = table.colnames[3]

path = sorted(folder.glob("network-n*.xml"))[0]
model, errors = cobra.io.validate_sbml_model(str(path))

print(json.dumps({
    "climate": {"Conventions": climate.Conventions, "variables": variables},
    "spectrum": {"points": len(table), "wavelength_unit": str(table["wavelength"].unit), "first": float(table[value][0]),
                 "last_error": float(table[value + "_error_upper"][-1])},
    "network": {"reactions": len(model.reactions), "metabolites": len(model.metabolites), "genes": len(model.genes),
                "sbml_errors": sum(len(errors[kind]) for kind in ("SBML_FATAL", "SBML_ERROR", "COBRA_FATAL", "COBRA_ERROR")),
                "bounds": {r.id: [r.lower_bound, r.upper_bound] for r in model.reactions}},
    "texts": len([json.loads(line) for line in (folder / "texts.jsonl").read_text().splitlines()]),
}))
