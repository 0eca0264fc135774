# SPDX-License-Identifier: Apache-2.0
"""IPAC tables by astropy.io.ascii and the Open Exoplanet Catalogue by Python's ElementTree and csv: planets by name, with
units converted by astropy.

usage: catalogue_tables.py SHARED_DATA tests/oracles/reference/catalogue_tables.json     (astropy 8)
"""

import csv
import json
import pathlib
import sys
import xml.etree.ElementTree as ElementTree

import numpy
from astropy import units
from astropy.io import ascii

JUPITER_RADIUS = units.R_jup.to(units.R_earth)
# What of each table is kept: our scalar, the column, its companions for errors.
KOI = {"stellar_temperature": "koi_steff", "stellar_radius": "koi_srad", "planet_radius": "koi_prad",
       "orbital_period": "koi_period", "stellar_flux": "koi_insol"}
TOI = {"stellar_temperature": "st_teff", "stellar_radius": "st_rad", "planet_radius": "pl_rade",
       "orbital_period": "pl_orbper", "stellar_flux": "pl_insol"}
EARTH_FLUX = 1361.0  # W m-2


def ipac(path, columns, joint, name_of):
    table = ascii.read(path, format="ipac")
    planets = {}
    for row in table:
        values = {}
        for scalar, column in columns.items():
            if numpy.ma.is_masked(row[column]):
                continue
            scale = EARTH_FLUX if scalar == "stellar_flux" else 1.0
            errors = [row[column + joint + e] for e in ("err1", "err2")]
            errors = [abs(float(e)) for e in errors if not numpy.ma.is_masked(e)]
            values[scalar] = [float(row[column]) * scale, sum(errors) / len(errors) * scale if errors else 0.0, 0]
        planets[name_of(row)] = values
    return {"rows": len(table), "planets": planets}


def number(text):
    return float(text) if text and text.strip() else None


def element(body, name, scale=1.0):
    """[value, sigma, limit] as the catalogue defines its attributes; None where nothing is stated."""
    found = body.find(name)
    if found is None:
        return None
    value, up, low = number(found.text), number(found.get("upperlimit")), number(found.get("lowerlimit"))
    if value is None:
        return [up * scale, 0.0, 1] if up is not None else [low * scale, 0.0, -1] if low is not None else None
    errors = [abs(float(found.get(e))) for e in ("errorplus", "errorminus") if found.get(e)]
    return [value * scale, sum(errors) / len(errors) * scale if errors else 0.0, 0]


def oec_xml(path):
    planets = {}
    root = ElementTree.parse(path).getroot()
    parents = {child: parent for parent in root.iter() for child in parent}
    for planet in root.iter("planet"):
        star = parents[planet]
        values = {"planet_radius": element(planet, "radius", JUPITER_RADIUS), "orbital_period": element(planet, "period"),
                  "eccentricity": element(planet, "eccentricity")}
        if star.tag == "star":
            values["stellar_temperature"] = element(star, "temperature")
            values["stellar_radius"] = element(star, "radius")
        names = [n.text.strip() for n in planet.findall("name")]
        planets[names[0]] = {"names": names, "host": star.findtext("name"),
                             "values": {k: v for k, v in values.items() if v is not None}}
    return {"rows": len(planets), "planets": planets}


def oec_csv(path):
    columns = {"planet_radius": ("radius", JUPITER_RADIUS), "orbital_period": ("period", 1.0),
               "eccentricity": ("eccentricity", 1.0), "stellar_temperature": ("hoststar_temperature", 1.0),
               "stellar_radius": ("hoststar_radius", 1.0)}
    chosen = {"TRAPPIST-1 e", "Kepler-16 (AB) b", "WASP-39 b", "Kepler-1032 b", "HD 154857 c", "Earth"}
    rows = list(csv.DictReader(path.open(encoding="utf-8", newline="")))
    kept = [r for r in rows if "Retracted" not in r["list"]]
    planets = {r["name"]: {s: [float(r[c]) * k, 0.0, 0] for s, (c, k) in columns.items() if r[c]}
               for r in kept if r["name"] in chosen}
    filled = {s: sum(1 for r in kept if r[c]) for s, (c, _) in columns.items()}
    return {"rows": len(rows), "retracted": len(rows) - len(kept), "filled": filled, "planets": planets}


def main(shared, target):
    folder = pathlib.Path(shared) / "catalogue"
    out = {
        "koi": ipac(folder / "nasa_q1_q17_dr25_koi_ipac.tbl", KOI, "_", lambda r: str(r["kepler_name"])),
        "toi": ipac(folder / "nasa_toi_ipac_1row.tbl", TOI, "", lambda r: "TOI-" + str(r["toi"])),
        "oec_csv": oec_csv(folder / "open_exoplanet_catalogue.csv.txt"),
        "oec_xml": {path.name: oec_xml(path) for path in sorted((folder / "oec_systems").glob("*.xml"))},
    }
    with open(target, "w", encoding="utf-8") as file:
        json.dump(out, file, separators=(",", ":"))
        file.write("\n")


main(*sys.argv[1:])
