# SPDX-License-Identifier: Apache-2.0
"""Losses, their gradients, optimiser steps and learning rates, computed with PyTorch and none of Ecumene's code.

usage: training.py OUT.json     (a Python with torch)
"""
import json
import math
import sys

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)


def wave(shape, phase, size=1.0):
    """Numbers without pattern that need no random generator."""
    n = math.prod(shape)
    return (size * torch.sin(torch.arange(n, dtype=torch.float64) ** 2 * 0.7 + phase)).reshape(shape)


def focal_many(logits, labels, gamma):
    log = F.log_softmax(logits, -1)[torch.arange(len(labels)), labels]
    return (-((1 - log.exp()) ** gamma) * log).mean()


def focal_two(logits, labels, alpha, gamma):
    """Lin et al. 2017, eq. 5."""
    p = torch.sigmoid(logits)
    p_t = torch.where(labels > 0, p, 1 - p)
    alpha_t = torch.where(labels > 0, torch.full_like(p, alpha), torch.full_like(p, 1 - alpha))
    return (-alpha_t * (1 - p_t) ** gamma * torch.log(p_t)).mean()


def losses():
    regime = wave((5, 6), 0.3, 3.0).requires_grad_()
    regime_labels = torch.tensor([4, 0, -1, 2, 5])
    binary = wave((6,), 1.1, 4.0).requires_grad_()
    binary_labels = torch.tensor([1.0, 0.0, float("nan"), 1.0, 0.0, 0.0])
    known = ~binary_labels.isnan()
    seen = regime_labels >= 0
    result = {"regime_logits": regime.tolist(), "regime_labels": regime_labels.tolist(),
              "binary_logits": binary.tolist(),
              "binary_labels": [None if math.isnan(x) else x for x in binary_labels.tolist()], "cases": []}
    for smoothing, alpha, gamma in [(0.0, 0, 0), (0.05, 0, 0), (0.3, 0, 0), (None, 0.25, 2.0), (None, 0.6, 1.0)]:
        if smoothing is None:
            many = focal_many(regime[seen], regime_labels[seen], gamma)
            two = focal_two(binary[known], binary_labels[known], alpha, gamma)
        else:
            many = F.cross_entropy(regime, regime_labels, ignore_index=-1, label_smoothing=smoothing)
            # A logit is the second of two classes whose first has logit zero.
            pair = torch.stack([torch.zeros_like(binary), binary], 1)
            two = F.cross_entropy(pair[known], binary_labels[known].long(), label_smoothing=smoothing)
        case = {"smoothing": smoothing, "alpha": alpha, "gamma": gamma, "regime": many.item(), "binary": two.item()}
        case["regime_gradient"] = torch.autograd.grad(many, regime)[0].tolist()
        case["binary_gradient"] = torch.autograd.grad(two, binary)[0].tolist()
        result["cases"].append(case)
    return result


def adamw():
    first, second = torch.nn.Parameter(wave((3, 2), 0.2)), torch.nn.Parameter(wave((4,), 2.0))
    result = {"first": first.tolist(), "second": second.tolist(), "rate": 0.01, "rate_factor": 0.5,
              "betas": [0.8, 0.95], "decay_first": 0.1, "decay_second": 0.0, "steps": []}
    optimiser = torch.optim.AdamW([{"params": [first], "lr": 0.01, "weight_decay": 0.1},
                                   {"params": [second], "lr": 0.005, "weight_decay": 0.0}], betas=(0.8, 0.95), eps=1e-8)
    for step in range(6):
        first.grad = wave((3, 2), 3.0 + step)
        second.grad = None if step == 2 else wave((4,), 5.0 + step, 10.0 ** (step - 3))
        optimiser.step()
        result["steps"].append({"first_gradient": first.grad.tolist(),
                                "second_gradient": None if second.grad is None else second.grad.tolist(),
                                "first": first.tolist(), "second": second.tolist()})
    return result


def rates(make, steps):
    optimiser = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.02)
    scheduler = make(optimiser)
    result = []
    for _ in range(steps):
        result.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        scheduler.step()
    return result


def schedules():
    s = torch.optim.lr_scheduler
    return {
        "peak": 0.02, "low": 0.001,
        "onecycle_100": rates(lambda o: s.OneCycleLR(o, max_lr=0.02, total_steps=100), 99),
        "onecycle_37": rates(lambda o: s.OneCycleLR(o, max_lr=0.02, total_steps=37), 36),
        "cosine_80": rates(lambda o: s.CosineAnnealingLR(o, T_max=80, eta_min=0.001), 80),
        "restarts_4_by_25": rates(lambda o: s.CosineAnnealingWarmRestarts(o, T_0=25, eta_min=0.001), 100),
        # Warm-up over the first 20 of 100 steps, then 80 along the cosine.
        "warm_cosine_100": rates(lambda o: s.SequentialLR(o, [
            s.LinearLR(o, start_factor=1 / 21, end_factor=1.0, total_iters=20),
            s.CosineAnnealingLR(o, T_max=80, eta_min=0.001)], milestones=[20]), 100),
    }


if __name__ == "__main__":
    torch.use_deterministic_algorithms(True)
    with open(sys.argv[1], "w") as out:
        json.dump({"torch": torch.__version__.split("+")[0], "losses": losses(), "adamw": adamw(),
                   "schedules": schedules()}, out, indent=1)
        out.write("\n")
