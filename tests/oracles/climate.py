# SPDX-License-Identifier: Apache-2.0
"""Means, extremes and f_hab of the outside ExoPlaSim runs, computed with netCDF4 and numpy and none of Ecumene's code.

usage: climate.py SHARED_DATA OUT.json     (a Python with numpy and netCDF4)
"""
import json
import pathlib
import sys

import netCDF4
import numpy as np

NAMES = {"ta": "air_temperature", "hus": "specific_humidity", "ua": "eastward_wind", "va": "northward_wind",
         "ts": "surface_temperature", "ps": "surface_air_pressure", "clt": "cloud_area_fraction",
         "sic": "sea_ice_area_fraction", "rst": "toa_net_shortwave", "rlut": "toa_outgoing_longwave"}
FACTOR = {"ps": 100.0, "rlut": -1.0}


def weights(latitudes_deg):
    nodes, w = np.polynomial.legendre.leggauss(len(latitudes_deg))
    order = np.argsort(np.sin(np.deg2rad(latitudes_deg)))
    assert np.allclose(np.sort(np.sin(np.deg2rad(latitudes_deg))), nodes, atol=1e-6)
    out = np.empty(len(w))
    out[order] = w / 2.0
    return out


def summary(path):
    data = netCDF4.Dataset(path)
    data.set_auto_mask(False)
    w = weights(np.asarray(data["lat"][:], dtype=float))
    result = {"variables": {}}
    for short, name in NAMES.items():
        values = np.asarray(data[short][:], dtype=np.float64) * FACTOR.get(short, 1.0)
        row_means = values.mean(axis=-1).reshape(-1, len(w)).mean(axis=0)
        # A canonical index (month 3, second latitude from the south, longitude 5, level 2): catches a wrong flip or order.
        probe = values[3, 2, -2, 5] if values.ndim == 4 else values[3, -2, 5]
        result["variables"][name] = {"min": values.min(), "max": values.max(), "mean": float((row_means * w).sum()),
                                     "probe": float(probe)}
    ts = np.asarray(data["ts"][:], dtype=np.float64)

    def share(mask):
        return float((mask.mean(axis=(0, 2)) * w).sum())

    result["f_hab"] = share((ts >= 273.0) & (ts <= 373.0))
    result["h050"] = share((ts >= 273.15) & (ts <= 323.15))
    land = np.asarray(data["lsm"][:], dtype=np.float64).mean(axis=0)
    result["land"] = float((land.mean(axis=1) * w).sum())
    sg = np.asarray(data["sg"][:], dtype=np.float64).mean(axis=0)
    result["geopotential_mean"] = float((sg.mean(axis=1) * w).sum())
    return result


root = pathlib.Path(sys.argv[1]) / "climate"
out = {}
for path in sorted(root.glob("exoplasim*/*/MOST.*.nc")):
    out[str(path.relative_to(root.parent))] = summary(path)
pathlib.Path(sys.argv[2]).write_text(json.dumps(out, indent=1, default=float) + "\n")
