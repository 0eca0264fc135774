# SPDX-License-Identifier: Apache-2.0
"""Small random checkpoints of the Llama family as transformers saves them, and their logits.

usage: hf_checkpoints.py FOLDER     (a Python with torch and transformers)

Each FOLDER/NAME holds what save_pretrained writes, and reference.json: token ids, logits of the last positions, the
mean cross-entropy of the next token over all.
"""
import json
import pathlib
import shutil
import sys

import torch
from transformers import LlamaConfig, LlamaForCausalLM, MistralConfig, MistralForCausalLM

COMMON = dict(vocab_size=64, hidden_size=32, intermediate_size=40, num_hidden_layers=2, num_attention_heads=4,
              num_key_value_heads=2, initializer_range=0.25, max_position_embeddings=64, attn_implementation="eager")

# Name: class, configuration beside COMMON, largest shard, positions of the input.
CASES = {
    "llama": (LlamaForCausalLM, LlamaConfig(**COMMON, rms_norm_eps=1e-6), "1MB", 24),
    "llama3_sharded": (LlamaForCausalLM, LlamaConfig(**COMMON, rope_theta=200.0, rope_scaling={
        "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
        "original_max_position_embeddings": 32}), "30KB", 48),
    "linear": (LlamaForCausalLM, LlamaConfig(**COMMON, rope_scaling={"rope_type": "linear", "factor": 4.0}), "1MB", 24),
    "dynamic": (LlamaForCausalLM, LlamaConfig(**{**COMMON, "max_position_embeddings": 16}, rope_scaling={
        "rope_type": "dynamic", "factor": 2.0}), "1MB", 40),
    "tied": (LlamaForCausalLM, LlamaConfig(**COMMON, head_dim=10, tie_word_embeddings=True), "1MB", 24),
    "mistral": (MistralForCausalLM, MistralConfig(**COMMON, sliding_window=7), "1MB", 24),
}


def main(folder):
    for seed, (name, (kind, config, shard, length)) in enumerate(CASES.items()):
        torch.manual_seed(seed)
        model = kind(config).eval()
        with torch.no_grad():
            for parameter in model.parameters():
                if parameter.dim() == 1:  # norms begin at one, where a forgotten one would not be seen
                    parameter.add_(torch.randn_like(parameter) * 0.2)
        ids = torch.randint(config.vocab_size, (1, length))
        with torch.no_grad():
            out = model(ids, labels=ids)
        place = pathlib.Path(folder) / name
        shutil.rmtree(place, ignore_errors=True)
        model.save_pretrained(place, max_shard_size=shard)
        (place / "generation_config.json").unlink(missing_ok=True)
        logits = [[float(f"{value:.7g}") for value in row] for row in out.logits[0, -8:].tolist()]
        with open(place / "reference.json", "w") as file:
            json.dump({"ids": ids[0].tolist(), "logits": logits, "loss": out.loss.item()}, file)
            file.write("\n")


main(sys.argv[1])
