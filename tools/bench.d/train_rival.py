# SPDX-License-Identifier: Apache-2.0
"""The language part's rival in `tools/bench train`: transformers' Llama with sdpa attention and fused AdamW.

usage: train_rival.py make FOLDER SIZE          (a random checkpoint of 1m, 10m or 100m parameters)
       train_rival.py steps FOLDER BATCH LENGTH [compile]

`steps` reads counts from standard input and answers as tests/bench/bench_train.cpp does, on the same tokens.
"""
import json
import resource
import sys
import time

import torch
from transformers import LlamaConfig, LlamaForCausalLM

SIZES = {
    "1m": dict(vocab_size=1024, hidden_size=128, intermediate_size=344, num_hidden_layers=4, num_attention_heads=4,
               num_key_value_heads=2),
    "10m": dict(vocab_size=1024, hidden_size=320, intermediate_size=768, num_hidden_layers=8, num_attention_heads=5,
                num_key_value_heads=5),
    "100m": dict(vocab_size=10000, hidden_size=768, intermediate_size=2048, num_hidden_layers=12,
                 num_attention_heads=12, num_key_value_heads=12),
}
LEARNING_RATE = 1e-3


def make(folder, size):
    torch.manual_seed(1)
    LlamaForCausalLM(LlamaConfig(**SIZES[size], max_position_embeddings=2048)).save_pretrained(folder)


def tokens(step, batch, length, vocabulary):
    i = torch.arange(batch * length)
    return ((i * 7 + i * i // 3 + step) % vocabulary).view(batch, length)


def resident_megabytes():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 2**20


def steps(folder, batch, length, compiled):
    model = LlamaForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="sdpa").train()
    vocabulary = model.config.vocab_size
    optimiser = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, betas=(0.9, 0.999), weight_decay=0.01,
                                  fused=True)
    forward = torch.compile(model) if compiled else model
    loaded = resident_megabytes()
    step = 0
    for line in sys.stdin:
        seconds, losses = [], []
        for _ in range(int(line)):
            ids = tokens(step, batch, length, vocabulary)
            begin = time.perf_counter()
            optimiser.zero_grad(set_to_none=True)
            loss = forward(input_ids=ids, labels=ids, use_cache=False).loss
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
            seconds.append(time.perf_counter() - begin)
            step += 1
        print(json.dumps({"seconds": seconds, "losses": losses}), flush=True)
    print(json.dumps([resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, loaded]))


torch.set_num_threads(1)
if sys.argv[1] == "make":
    make(sys.argv[2], sys.argv[3])
else:
    steps(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5:] == ["compile"])
