# SPDX-License-Identifier: Apache-2.0
"""What results were made by: programs by version and content, presets by content. Results of two programs, or of two states of a preset,
never share a folder."""
import contextlib
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time

BIN = os.environ["ECUMENE_BIN"]
RECORD = "made_by.json"


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def identity(programs, preset, **also):
    """Says each program (a name in ECUMENE_BIN), the preset's file, and whatever else decides over the results."""
    made = {name: sha256(os.path.join(BIN, name)) for name in programs}
    made["version"] = subprocess.run([os.path.join(BIN, programs[0]), "--version"], check=True, capture_output=True,
                                     text=True).stdout.strip()
    made[f"preset {preset}"] = sha256(os.path.join("resources", "presets", preset + ".toml"))
    return made | {name: str(value) for name, value in also.items()}


def key(identity):
    return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:12]


def claim(folder, identity, bench):
    """Makes the folder, or ends the program where it holds results of something else."""
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, RECORD)
    if os.path.exists(path):
        with open(path) as file:
            there = json.load(file)
        names = [name for name in {**there, **identity} if there.get(name) != identity.get(name)]
        if names:
            sys.exit(f"tools/bench {bench}: {folder} holds results of another state of: {', '.join(names)}; "
                     "remove it or choose another --folder")
        return
    if os.listdir(folder):
        sys.exit(f"tools/bench {bench}: {folder} holds something that does not say what it was made by; "
                 "remove it or choose another --folder")
    with open(path + ".new", "w") as file:
        json.dump(identity, file, indent=2, sort_keys=True)
    os.replace(path + ".new", path)


def generator():
    """Name and version of the generator, as it writes them beside its planets; asked by one planet."""
    with tempfile.TemporaryDirectory(prefix="ecumene-bench-") as folder:
        store = os.path.join(folder, "store")
        subprocess.run([os.path.join(BIN, "ecumene-data"), "generate", "--planets", "1", "--seed", "1", "--store", store, "--json"],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with contextlib.closing(sqlite3.connect(os.path.join(store, "catalogue.sqlite"))) as catalogue:
            return catalogue.execute("SELECT generator FROM generation").fetchone()[0]


def planets(folder, count, seed, tell):
    """The store of `count` generated planets below `folder`, made or finished where it is not whole; by generator, count and seed.
    Gives its folder and the seconds that making it took, then or earlier."""
    name = f"planets-{count}-seed-{seed}-{generator().replace(' ', '-')}"
    store, made = os.path.join(folder, name), os.path.join(folder, name + ".complete")
    if not os.path.exists(made):
        tell(f"making {count} planets in {store}")
        begin = time.monotonic()
        os.makedirs(folder, exist_ok=True)
        words = ["generate", "--planets", str(count), "--seed", str(seed), "--store", store, "--json"]
        code = subprocess.run([os.path.join(BIN, "ecumene-data"), *words], stdout=subprocess.DEVNULL).returncode
        if code != 0:
            sys.exit(f"tools/bench: 'ecumene-data {' '.join(words)}' ended with {code}; run it again to go on")
        with open(made + ".new", "w") as file:
            json.dump({"seconds": time.monotonic() - begin}, file)
        os.replace(made + ".new", made)
    with open(made) as file:
        return store, json.load(file)["seconds"]
