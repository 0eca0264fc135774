# SPDX-License-Identifier: Apache-2.0
"""The scripts of tools/bench.d as modules."""
import importlib.machinery
import importlib.util
import os
import sys

FOLDER = os.path.join("tools", "bench.d")
sys.path.insert(0, FOLDER)
sys.dont_write_bytecode = True


def script(name):
    loader = importlib.machinery.SourceFileLoader("bench_" + name, os.path.join(FOLDER, name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module
