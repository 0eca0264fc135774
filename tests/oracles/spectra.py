# SPDX-License-Identifier: Apache-2.0
"""Points, wavelength range, median depth and median sigma of the outside spectra, each file read by its own explicit recipe with
numpy and astropy; what a column means comes from the papers and the data's README, not from Ecumene.

usage: spectra.py SHARED_DATA OUT.json     (a Python with numpy, astropy and netCDF4)
"""
import json
import pathlib
import sys

import netCDF4
import numpy as np
from astropy.table import Table


def stats(low, high, depth, sigma=None):
    keep = np.isfinite(depth)
    out = {"points": int(keep.sum()), "range_um": [float(low[keep].min()), float(high[keep].max())],
           "median_depth_ppm": float(np.median(depth[keep]) * 1e6)}
    if sigma is not None:
        out["median_sigma_ppm"] = float(np.median(sigma[keep]) * 1e6)
    return out


root = pathlib.Path(sys.argv[1]) / "spectra"
out = {}
for path in sorted(root.glob("observed/TRAPPIST-1e*")):
    w, lo, hi, d, e = np.loadtxt(path, unpack=True)
    out[f"spectra/observed/{path.name}"] = stats(w - lo, w + hi, d * 1e-6, e * 1e-6)
for path in sorted(root.glob("observed/K2-18b_ni*")):
    w, h, d, e = np.loadtxt(path, skiprows=1, unpack=True)
    out[f"spectra/observed/{path.name}"] = stats(w - h, w + h, d, e)
for name, skip in (("CMADF-WASP_39b_NIRISS_transmission_spectrum_R300.csv", 5), ("NE-WASP_39b_NIRISS_transmission_spectrum.csv", 1)):
    w, h, d, e, order, quality = np.loadtxt(root / "observed" / name, delimiter=",", skiprows=skip, unpack=True)
    good = quality == 0
    out[f"spectra/observed/{name}"] = stats((w - h)[good], (w + h)[good], d[good] * 1e-6, e[good] * 1e-6)
name = "ZR-WASP_39b_NIRISS_transmission_spectrum_highres.txt"
w, full, d, e, order = np.loadtxt(root / "observed" / name, skiprows=5, unpack=True)
out[f"spectra/observed/{name}"] = stats(w - full / 2, w + full / 2, d * 1e-6, e * 1e-6)
name = "WASP-39b_Wakeford_2018_AJ.csv"
w, h, r, e = np.genfromtxt(root / "observed" / name, delimiter=",", skip_header=1, unpack=True)
out[f"spectra/observed/{name}"] = stats(w - h, w + h, r * r, 2 * r * e)
name = "obs_wasp39b_transit_jwst.dat"
rows = [line.split() for line in (root / "observed" / name).read_text().split("@DATA")[1].splitlines() if line.strip()]
d, e, w, h = np.array([[float(x) for x in row[:4]] for row in rows if not row[0].startswith("#")]).T
out[f"spectra/observed/{name}"] = stats(w - h, w + h, d * 1e-6, e * 1e-6)
name = "TRAPPIST-1b_NIRISS_SOSS_Visit1_Order1And2.spec"
t = Table.read(root / "observed" / name, format="ascii.ecsv")
out[f"spectra/observed/{name} units.wavelength=mm"] = stats(
    np.array(t["waveMin"]) * 1e3, np.array(t["waveMax"]) * 1e3, np.array(t["yval"]) * 1e-6,
    0.5 * (np.array(t["yerrLow"]) + np.array(t["yerrUpp"])) * 1e-6)
name = "GJ1214b_miri_phasecurve_spectral_results.txt"
t = Table.read(root / "observed" / name, format="ascii.commented_header")
r = np.array(t["RpRs_med"])
out[f"spectra/observed/{name} columns.depth=RpRs_med"] = stats(
    np.array(t["min_wavelength"]), np.array(t["max_wavelength"]), r * r, r * np.array(t["RpRs_lower_err"] + t["RpRs_upper_err"]))
out[f"spectra/observed/{name} columns.depth=Fp_med kind=emission"] = stats(
    np.array(t["min_wavelength"]), np.array(t["max_wavelength"]), np.array(t["Fp_med"]),
    0.5 * np.array(t["Fp_lower_err"] + t["Fp_upper_err"]))
# Model spectra are given at wavelengths without bins: only points and median depth are compared.
for name in ("WASP-39b_PICASO_clear_R300.spec", "WASP-39b_ATMO_cloudy_R300.spec"):
    w, d = np.loadtxt(root / "model" / name, unpack=True)
    out[f"spectra/model/{name}"] = {"points": len(w), "median_depth_ppm": float(np.median(d))}
w, d = np.loadtxt(root / "model" / "hot_earth_spectra.dat", skiprows=2, unpack=True)
out["spectra/model/hot_earth_spectra.dat"] = {"points": len(w), "median_depth_ppm": float(np.median(d)) * 1e4}
name = "profile_eq_planet_300_grav_4.5_mh_+2.0_CO_2.0_sm_0.0486_v_0.5_.nc"
with netCDF4.Dataset(root / "model" / name) as file:
    w, d = np.array(file["wavelength"][:]), np.array(file["transit_depth"][:])
    out[f"spectra/model/{name}"] = {"points": len(w), "median_depth_ppm": float(np.median(d) * 1e6)}


def column(path, index, low=0.0, high=np.inf, comments="#"):
    """Points and median (times 1e6) of a column without a header, of the rows whose wavelength is in [low, high]."""
    table = np.loadtxt(root / "model" / path, comments=comments)
    rows = table[(table[:, 0] >= low) & (table[:, 0] <= high)]
    return {"points": len(rows), "median_depth_ppm": float(np.median(rows[:, index]) * 1e6)}


def told(columns, depth="1"):
    return f" columns.wavelength=1 columns.depth={columns} units.wavelength=um units.depth={depth}"


name = "earth_avg_hitran2012_300_100000cm.trnst"
out[f"spectra/model/{name}{told(4)}"] = column(name, 3)
name = "earth_avg_hitran2012_300_100000cm_toa.rad"
out[f"spectra/model/{name}{told(4, 'W/m2/um')} kind=planet_flux"] = column(name, 3)
out[f"spectra/model/{name}{told(3, 'W/m2/um')} kind=stellar_flux"] = column(name, 2)
name = "earth_quadrature_radiance_refl.dat"
out[f"spectra/model/{name}{told(4)} kind=reflectance wavelengths=0.2..20"] = column(name, 3, 0.2, 20.0, ";")
name = "Venus_geo_albedo.txt"
out[f"spectra/model/{name}{told(2)} kind=geometric_albedo wavelengths=0.2..4"] = column(name, 1, 0.2, 4.0)
name = "Mars_geo_albedo.txt"
out[f"spectra/model/{name}{told(2)} kind=geometric_albedo"] = column(name, 1)
for name in ("ArcheanEarth_geo_albedo.txt", "Hazy_ArcheanEarth_geo_albedo.txt"):
    out[f"spectra/model/{name}{told(2)} kind=geometric_albedo"] = column(name, 1)
name = "taurex_quickstart.dat"
out[f"spectra/model/{name}{told(2)} columns.error=3"] = column(name, 1)
for name in ("star_trappist1_trap.dat", "star_k2-18_k2.dat"):
    w, f = np.loadtxt(root / "model" / name, skiprows=1, unpack=True)
    out[f"spectra/model/{name} kind=stellar_flux units.depth=1"] = {"points": len(w), "median_depth_ppm": float(np.median(f) * 1e6)}
pathlib.Path(sys.argv[2]).write_text(json.dumps(out, indent=1) + "\n")
