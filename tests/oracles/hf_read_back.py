# SPDX-License-Identifier: Apache-2.0
"""Logits that transformers computes from a folder somebody else saved.

usage: hf_read_back.py FOLDER IDS     (a Python with torch and transformers; IDS like 1,2,3)

Prints {"logits": [...]} of the last position. Fails where a weight is missing or left over.
"""
import json
import sys

import torch
from transformers import AutoModelForCausalLM

ids = torch.tensor([[int(word) for word in sys.argv[2].split(",")]])
model, info = AutoModelForCausalLM.from_pretrained(sys.argv[1], dtype=torch.float32, attn_implementation="eager",
                                                   output_loading_info=True)
left = {key: sorted(map(str, info[key])) for key in ("missing_keys", "unexpected_keys", "mismatched_keys") if info[key]}
if left:
    sys.exit(f"{sys.argv[1]}: {left}")
with torch.no_grad():
    print(json.dumps({"logits": model.eval()(ids).logits[0, -1].tolist()}))
