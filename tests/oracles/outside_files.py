# SPDX-License-Identifier: Apache-2.0
"""One number of each outside file that Ecumene imports, as other people's software read it: collected from what climate.py, climate_cf.py,
spectra.py, networks.py, catalogue.py and catalogue_tables.py wrote, and read here where they do not (texts with json; albedos and a
tutorial's spectrum with numpy).

usage: outside_files.py SHARED_DATA REFERENCE_FOLDER     (a Python with numpy); writes REFERENCE_FOLDER/outside_files.json
"""
import json
import pathlib
import re
import sys

import numpy as np

data, reference = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
out = []


def read(name):
    return json.loads((reference / name).read_text())


def add(path, quantity, value, reader, words=""):
    out.append({"path": path, "words": words, "quantity": quantity, "value": value, "reader": reader})


for path, truth in read("climate.json").items():
    if "surface_temperature" in truth.get("variables", {}):
        add(path, "mean surface temperature, K", truth["variables"]["surface_temperature"]["mean"], "netCDF4")
cf = read("climate_cf.json")["held_suarez_1200d.nc"]["surface_air_pressure"]["mean"]
add("climate/held_suarez_1200d.nc", "mean surface pressure, Pa", cf, "netCDF4")
for path, truth in read("networks.json")["outside"].items():
    if truth["objective"] == "infeasible":
        add(path, "sum of lower bounds, mmol/gDW/h", truth["sum_of_lower"], "COBRApy")
    else:
        add(path, "growth, 1/h", truth["objective"], "COBRApy")
for key, truth in read("spectra.json").items():
    path, _, words = key.partition(" ")
    add(path, "median, 1e-6", truth["median_depth_ppm"], "numpy, astropy", words)
for name in ("ArcheanEarth_geo_albedo.txt", "Hazy_ArcheanEarth_geo_albedo.txt"):
    add(f"spectra/model/{name}", "median, 1e-6", float(np.median(np.loadtxt(data / "spectra/model" / name)[:, 1]) * 1e6), "numpy")
add("spectra/model/taurex_quickstart.dat", "median, 1e-6",
    float(np.median(np.loadtxt(data / "spectra/model/taurex_quickstart.dat")[:, 1]) * 1e6), "numpy")
add("spectra/model/star_k2-18_k2.dat", "median, 1e-6",
    float(np.median(np.loadtxt(data / "spectra/model/star_k2-18_k2.dat", skiprows=1)[:, 1]) * 1e6), "numpy")


def radius(path, planets, reader):
    """Of the first planet of those kept that has one, in Earth radii."""
    name, value = next((n, v) for n, v in planets.items() if v is not None)
    add(path, f"radius of {name}, R_earth", value, reader)


for path, truth in read("catalogue.json").items():
    radius(path, {n: p.get("pl_rade") for n, p in truth["planets"].items()}, "csv")
tables = read("catalogue_tables.json")


def radii(table, values=lambda planet: planet):
    return {n: values(p).get("planet_radius", [None])[0] for n, p in table["planets"].items()}


radius("catalogue/nasa_q1_q17_dr25_koi_ipac.tbl", radii(tables["koi"]), "astropy")
radius("catalogue/nasa_toi_ipac_1row.tbl", radii(tables["toi"]), "astropy")
radius("catalogue/open_exoplanet_catalogue.csv.txt", radii(tables["oec_csv"]), "csv, astropy")
for name, truth in tables["oec_xml"].items():
    radius(f"catalogue/oec_systems/{name}", radii(truth, lambda planet: planet["values"]), "ElementTree, astropy")
blanks = re.compile(r"[ \t\n\v\f\r]+")
for path in sorted((data / "text").glob("*.jsonl")):
    texts = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
    length = sum(len(blanks.sub(" ", text[part]).strip(" ")) for text in texts for part in ("title", "summary"))
    add(f"text/{path.name}", "characters", length, "json")

(reference / "outside_files.json").write_text(json.dumps(out, indent=0) + "\n")
