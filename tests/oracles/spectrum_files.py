# SPDX-License-Identifier: Apache-2.0
"""Small spectra written by astropy as FITS and ECSV, and what astropy reads in the outside data's FITS and ECSV tables.

usage: spectrum_files.py SHARED_DATA OUT_FOLDER     (a Python with numpy and astropy)

OUT_FOLDER gets NAME.fits.gz and NAME.ecsv, spectra whose numbers are those of `spectrum()`, and tables.json: of each column
of numbers of the outside tables how many values there are, how many are finite, their sum and the first one.
"""
import gzip
import io
import json
import pathlib
import sys

import astropy.units as u
import numpy as np
from astropy.io import fits
from astropy.table import MaskedColumn, QTable, Table
from astropy.units import cds

shared, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
out.mkdir(parents=True, exist_ok=True)


def spectrum():
    """Five bins: centres (um), half widths (um), depths (ppm), uncertainties (ppm). All exact in float32."""
    return (np.array([1.0, 1.5, 2.0, 2.5, 3.0]), np.full(5, 0.25), np.array([5000.0, 5125.0, 5250.0, 5500.0, 5000.0]),
            np.array([10.0, 20.0, 30.0, 40.0, 50.0]))


w, half, depth, error = spectrum()


def save(name, *units):
    primary = fits.PrimaryHDU()
    primary.header["TARGNAME"] = "WASP-39"
    primary.header["INSTRUME"] = "NIRSPEC"
    primary.header["TELESCOP"] = "JWST"
    stream = io.BytesIO()
    fits.HDUList([primary, *units]).writeto(stream, checksum=False)
    (out / f"{name}.fits.gz").write_bytes(gzip.compress(stream.getvalue(), mtime=0))


def table(columns, name, **header):
    unit = fits.BinTableHDU.from_columns(columns, name=name)
    for key, value in header.items():
        unit.header[key] = value
    return unit


col = fits.Column
# One number a cell; whole numbers scaled by TSCAL and TZERO; TNULL in the fourth row.
whole = ((depth - 4000.0) / 0.5).astype("i4")
rows = table([col("WAVELENGTH", "D", unit="um", array=w), col("HALF_WIDTH", "E", unit="um", array=half),
              col("DEPTH", "J", unit="ppm", null=-1, array=whole), col("ERROR", "E", unit="ppm", array=error),
              col("GOOD", "L", array=[True] * 5), col("NOTE", "4A", array=["a"] * 5)], "SPECTRUM", TSCAL3=0.5, TZERO3=4000.0)
save("rows", rows)
raw = bytearray(gzip.decompress((out / "rows.fits.gz").read_bytes()))
row_bytes, before = 8 + 4 + 4 + 4 + 1 + 4, 8 + 4
start = raw.index(b"XTENSION") // 2880 * 2880
start += (raw[start:].index(b"END" + b" " * 77) // 2880 + 1) * 2880
raw[start + 3 * row_bytes + before:start + 3 * row_bytes + before + 4] = (-1).to_bytes(4, "big", signed=True)
(out / "rows_null.fits.gz").write_bytes(gzip.compress(bytes(raw), mtime=0))
# One row of lists, as many archives have it, in Angstrom.
one = [col("WAVE", "5D", unit="Angstrom", array=[w * 1e4]), col("DEPTH", "5D", unit="percent", array=[depth * 1e-4]),
       col("ERR", "5D", unit="percent", array=[error * 1e-4]), col("SIDE", "2D", array=[[1.0, 2.0]])]
save("lists", table(one, "SPECTRUM"))
# Lists of their own lengths in the heap, two rows: two spectra.
variable = [col("WAVELENGTH", "PD()", unit="um", array=np.array([w, w[:3]], dtype=object)),
            col("DEPTH", "PE()", unit="ppm", array=np.array([depth, depth[:3]], dtype=object))]
save("variable", table(variable, "SPECTRA"))
# Two tables with wavelengths, beside one without; fluxes in Jy with flags of data quality, as the JWST pipeline gives them.
x1d = [col("WAVELENGTH", "D", unit="um", array=w), col("FLUX", "D", unit="Jy", array=depth * 1e-3),
       col("FLUX_ERROR", "D", unit="Jy", array=error * 1e-3), col("FLUX_VAR_POISSON", "D", unit="Jy^2", array=error),
       col("BKGD_ERROR", "D", unit="Jy", array=error), col("DQ", "J", array=[0, 0, 1, 0, 0])]
save("x1d", table(x1d, "EXTRACT1D", EXTVER=1), table(x1d, "EXTRACT1D", EXTVER=2), table([col("a", "J", array=[1])], "ASDF"))
# An ASCII table, of wavenumbers.
wavenumber = 1e4 / w
ascii_table = fits.TableHDU.from_columns(
    [col("WAVENUMBER", "D25.17", unit="cm-1", array=wavenumber), col("ALBEDO", "F8.4", array=[0.1, 0.2, 0.3, 0.4, 0.5])], name="REFL")
save("ascii", ascii_table)
# An image only.
save("image", fits.ImageHDU(np.zeros((3, 3), dtype="f4"), name="SCI"))

meta = {"target": "WASP-39 b", "instrument": "NIRSpec", "reference": "someone 2026", "deep": {"list": [1, 2]}}
quantities = QTable({"wave": w * u.um, "planet_flux": depth * u.Unit("W/m2/um"), "planet_flux_err": error * u.Unit("W/m2/um"),
                     "quality": [0, 0, 1, 0, 0]}, meta=meta)
quantities.write(out / "quantities.ecsv", format="ascii.ecsv", overwrite=True)
masked = Table({"wavelength": w, "transit_depth": MaskedColumn(depth, mask=[False, True, False, False, False]), "error": error,
                "instrument": ["A b", "A b", "A b", "C", "C"]}, meta={"target": "WASP-39 b"})
masked["wavelength"].unit, masked["transit_depth"].unit, masked["error"].unit = u.nm, cds.ppm, cds.ppm
masked["wavelength"] *= 1000.0
masked.write(out / "masked.ecsv", format="ascii.ecsv", delimiter=",", overwrite=True)
QTable({"wavelength": [w] * u.um, "transit_depth": [depth] * cds.ppm}).write(out / "lists.ecsv", format="ascii.ecsv", overwrite=True)


def summary(values):
    numbers = np.ma.filled(np.ma.asarray(values).astype(float), np.nan).ravel()
    finite = numbers[np.isfinite(numbers)]
    return {"values": len(numbers), "finite": len(finite), "sum": float(finite.sum()), "first": float(finite[0]) if len(finite) else None}


def undefined(path, unit, index):
    """Which rows of an ASCII table have the text of TNULL in a field."""
    raw, width = path.read_bytes(), unit.header["NAXIS1"]
    rows = [raw[unit.fileinfo()["datLoc"] + r * width:][:width].decode() for r in range(unit.header["NAXIS2"])]
    start = unit.header[f"TBCOL{index + 1}"] - 1
    length = int(unit.header[f"TFORM{index + 1}"][1:].split(".")[0])
    return [row[start:start + length].strip() == unit.header[f"TNULL{index + 1}"].strip() for row in rows]


tables = {}
for path in sorted((shared / "lightcurves").rglob("*.fits*")):
    with fits.open(path) as units:
        for number, unit in enumerate(units):
            if not isinstance(unit, (fits.BinTableHDU, fits.TableHDU)) or len(unit.data) == 0:
                continue
            for index, column in enumerate(unit.columns):
                data = unit.data[column.name]
                key = f"{path.relative_to(shared)} {number} {index}"
                if data.dtype == object:
                    data = np.concatenate([np.asarray(cell, dtype=float) for cell in data])
                if data.dtype.kind in "iufb" and column.dim is None:
                    # astropy shows TNULL of whole numbers as the number itself, of ASCII tables as 0.
                    null = column.null if isinstance(column.null, int) else None
                    data = np.where(data == null, np.nan, data) if null is not None else data
                    if isinstance(unit, fits.TableHDU) and isinstance(column.null, str):
                        data = np.where(undefined(path, unit, index), np.nan, data)
                    tables[key] = summary(data)
path = shared / "lightcurves" / "fits_tables" / "subtypes.ecsv"
read = Table.read(path, format="ascii.ecsv")
for name in read.colnames:
    if read[name].ndim == 1 and read[name].dtype.kind in "iufb":
        tables[f"{path.relative_to(shared)} {name}"] = summary(read[name])
(out / "tables.json").write_text(json.dumps(tables, indent=1) + "\n")
