#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Growth of generated networks by COBRApy with GLPK, the reference of tests/data/physics/metabolism/oracle_test.cpp.

The networks come from that test: run it with ECUMENE_NETWORK_DIR naming an empty folder (it fails where the reference
is old, and writes them all the same), then
    python tests/oracles/metabolism_growth.py FOLDER > tests/oracles/reference/metabolism_growth.json
in a virtual environment with cobra 0.32.1.
"""
import json
import logging
import pathlib
import sys

import cobra

logging.disable(logging.CRITICAL)
growth = {}
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.json")):
    model = cobra.io.load_json_model(str(path))
    model.solver = "glpk"
    model.tolerance = 1e-9
    growth[model.id] = round(model.slim_optimize(error_value=0.0), 9)
json.dump({"program": f"COBRApy {cobra.__version__}, GLPK", "unit": "1/h", "growth": growth}, sys.stdout, indent=1)
print()
