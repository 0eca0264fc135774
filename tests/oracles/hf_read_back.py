# SPDX-License-Identifier: Apache-2.0
"""Logits that transformers computes from folders somebody else saved.

usage: hf_read_back.py FOLDER IDS [FOLDER IDS]...     (a Python with torch and transformers; IDS like 1,2,3)

Prints {"logits": [[...], ...]}, of the last position, one list a folder. Fails where a weight is missing or left over.
"""
import json
import sys

import torch
from transformers import AutoModelForCausalLM


def last_logits(folder, ids):
    model, info = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager",
                                                       output_loading_info=True)
    left = {key: sorted(map(str, info[key])) for key in ("missing_keys", "unexpected_keys", "mismatched_keys")
            if info[key]}
    if left:
        sys.exit(f"{folder}: {left}")
    with torch.no_grad():
        return model.eval()(torch.tensor([ids])).logits[0, -1].tolist()


print(json.dumps({"logits": [last_logits(folder, [int(word) for word in ids.split(",")])
                             for folder, ids in zip(sys.argv[1::2], sys.argv[2::2])]}))
