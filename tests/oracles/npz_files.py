# SPDX-License-Identifier: Apache-2.0
"""Small archives as numpy writes them, for the reader of .npz: every type that it takes, stored and deflated, and what it refuses.

usage: npz_files.py FOLDER     (a Python with numpy)
"""
import pathlib
import sys

import numpy as np

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
arrays = {
    "f4": np.arange(24, dtype="<f4").reshape(2, 3, 4) / 8,
    "f8": np.array([1.5, -2.25, np.nan, np.inf]),
    "i8": np.array([-(2**40), 0, 7], dtype="<i8"),
    "i4": np.array([-5, 1759], dtype="<i4"),
    "u1": np.array([[0, 255]], dtype="u1"),
    "b1": np.array([True, False]),
    "scalar": np.float64(2.5),
    "empty": np.zeros((0, 5)),
    "U": np.array(["surface_temperature", "u_0", ""]),
    "S": np.array([b"olr", b"v_9"]),
}
np.savez(folder / "stored.npz", **arrays)
np.savez_compressed(folder / "deflated.npz", **arrays)
np.savez(folder / "object.npz", o=np.array([{"a": 1}, None], dtype=object), f4=arrays["f4"])
np.savez(folder / "fortran.npz", f=np.asfortranarray(np.arange(6.0).reshape(2, 3)))
np.savez(folder / "big_endian.npz", f=np.arange(3, dtype=">f4"))
np.savez(folder / "record.npz", f=np.zeros(2, dtype=[("x", "<f4"), ("y", "<i2")]))

# A whole archive of the ThousandWorlds layout, as small as it can be: one simulation, one field.
cells = np.indices((32, 64)).sum(axis=0)
np.savez_compressed(folder / "thousandworlds.npz", simulation_id=np.array([0], dtype="<i4"), field_names=np.array(["surface_temperature"]),
                    fields=(250.0 + cells % 50).astype("<f4")[None, None])
