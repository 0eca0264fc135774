# SPDX-License-Identifier: Apache-2.0
"""The outside climates that ExoPlaSim did not write, on T21 and ten sigma levels, and dates of the CF calendars, computed with
netCDF4, cftime and numpy and none of Ecumene's code.

usage: climate_cf.py SHARED_DATA OUT.json     (a Python with numpy and netCDF4)
"""
import json
import pathlib
import sys

import cftime
import netCDF4
import numpy as np

SIGMA = np.array([0.0383, 0.1191, 0.2108, 0.3168, 0.4368, 0.5668, 0.6994, 0.8233, 0.9241, 0.9833])
NODES, WEIGHTS = np.polynomial.legendre.leggauss(32)
TARGET_SINES = np.concatenate([[-1.0], -1.0 + np.cumsum(WEIGHTS)])
TARGET_LONS = -2.8125 + 5.625 * np.arange(65)


def overlaps(targets, sources):
    """[target, source] share of each target interval; sources may wrap by 360."""
    low = np.maximum(targets[:-1, None], sources[None, :-1])
    high = np.minimum(targets[1:, None], sources[None, 1:])
    return np.clip(high - low, 0.0, None) / (targets[1:] - targets[:-1])[:, None]


def regrid(values, lat, lon):
    """Conservative mean of [..., lat, lon], lat ascending by even steps, lon ascending by even steps from about 0."""
    dlat, dlon = lat[1] - lat[0], lon[1] - lon[0]
    sines = np.sin(np.deg2rad(np.clip(np.concatenate([lat - dlat / 2, [lat[-1] + dlat / 2]]), -90, 90)))
    edges = np.concatenate([lon - dlon / 2, [lon[-1] + dlon / 2]])
    rows = overlaps(TARGET_SINES, sines)
    columns = sum(overlaps(TARGET_LONS, edges + turn) for turn in (-360.0, 0.0, 360.0))
    assert np.allclose(rows.sum(axis=1), 1.0) and np.allclose(columns.sum(axis=1), 1.0)
    return np.einsum("yr,xc,...rc->...yx", rows, columns, values)


def to_sigma(log_p, values, log_ps):
    """Linear in ln p onto SIGMA; levels first and ascending in pressure; the ends are held."""
    out = np.empty((len(SIGMA),) + values.shape[1:])
    for y in range(values.shape[1]):
        for x in range(values.shape[2]):
            out[:, y, x] = np.interp(np.log(SIGMA) + log_ps[y, x], log_p[:, y, x], values[:, y, x])
    return out


def summary(field):
    weights = WEIGHTS / 2.0
    mean = (field.mean(axis=-1) * weights).sum(axis=-1)
    return {"min": field.min(), "max": field.max(), "mean": float(np.mean(mean)), "probe": float(field[..., 3, 10].flat[-1])}


def held_suarez(path):
    data = netCDF4.Dataset(path)
    lat, lon = np.asarray(data["latitude"][:], float), np.asarray(data["longitude"][:], float)
    pressure = np.asarray(data["air_pressure"][:], float)
    theta = np.asarray(data["air_potential_temperature"][:], float)
    temperature = theta * (pressure / 1e5) ** (287.05 / 1005.0)
    log_p = np.log(regrid(pressure, lat, lon))
    ps = np.exp(log_p[0])
    out = {"surface_air_pressure": summary(ps[None])}
    out["air_temperature"] = summary(to_sigma(log_p[::-1], regrid(temperature, lat, lon)[::-1], log_p[0]))
    heights, wind_heights = np.asarray(data["level_height"][:]), np.asarray(data["level_height_0"][:])
    inside = wind_heights <= heights[-1]
    wind_log_p = np.empty((inside.sum(),) + ps.shape)
    for k, height in enumerate(wind_heights[inside]):
        above = np.searchsorted(heights, height)
        w = (height - heights[above - 1]) / (heights[above] - heights[above - 1])
        wind_log_p[k] = (1 - w) * log_p[above - 1] + w * log_p[above]
    for name, source in (("eastward_wind", "x_wind"), ("northward_wind", "y_wind")):
        values = regrid(np.asarray(data[source][:], float), lat, lon)[inside]
        out[name] = summary(to_sigma(wind_log_p[::-1], values[::-1], log_p[0]))
    return out


def dates():
    cases = [("days since 1850-01-01", "standard", 43829.0), ("days since 1582-10-04", "standard", 1.0),
             ("days since 1500-03-01 06:00:00", "gregorian", 0.25), ("days since 1582-10-16", "standard", -2.0),
             ("hours since 1970-01-01 00:00:00", "gregorian", 312993.0), ("days since 0001-01-01", "proleptic_gregorian", 730000.5),
             ("days since 1999-12-31", "julian", 61.0), ("days since 0001-01-01", "noleap", 59.0),
             ("days since 2000-01-01", "noleap", -1.0), ("days since 0001-02-29", "all_leap", 366.0),
             ("days since 2000-01-30", "360_day", 30.0), ("days since 1900-03-01", "standard", -1.0),
             ("days since 2000-03-01", "standard", -1.0), ("minutes since 1850-01-01 12:30:00", "standard", 1e8),
             ("seconds since 2001-01-01", "standard", 1e9), ("days since -0004-03-01", "julian", 1461.0)]
    out = []
    for units, calendar, value in cases:
        got = cftime.num2date(value, units, calendar, only_use_cftime_datetimes=True, has_year_zero=True)
        day = got.day + (got.hour + (got.minute + got.second / 60) / 60) / 24
        out.append({"units": units, "calendar": calendar, "value": value, "year": got.year, "month": got.month, "day": day})
    return out


root = pathlib.Path(sys.argv[1]) / "climate"
result = {"held_suarez_1200d.nc": held_suarez(root / "held_suarez_1200d.nc"), "dates": dates()}
pathlib.Path(sys.argv[2]).write_text(json.dumps(result, indent=1, default=float) + "\n")
