# SPDX-License-Identifier: Apache-2.0
"""Writes a small safetensors file with the format's own package: python tests/oracles/safetensors_file.py OUTPUT.

Every type that Ecumene keeps, a scalar, an empty tensor and a name that is not ASCII. Value i of a tensor is i - 3 in signed and
real types, i in U8, i % 2 in BOOL; the test makes the same tensors."""
import sys

import torch
from safetensors.torch import save_file

TYPES = {
    "f64": torch.float64, "f32": torch.float32, "f16": torch.float16, "bf16": torch.bfloat16, "i64": torch.int64,
    "i32": torch.int32, "i16": torch.int16, "i8": torch.int8, "u8": torch.uint8, "bool": torch.bool,
}


def values(dtype: torch.dtype, shape: tuple[int, ...]) -> torch.Tensor:
    counts = torch.arange(torch.Size(shape).numel(), dtype=torch.int64).reshape(shape)
    if dtype == torch.bool:
        return counts % 2 == 1
    return (counts if dtype == torch.uint8 else counts - 3).to(dtype)


def main() -> None:
    tensors = {f"{name}.weight": values(dtype, (2, 3)) for name, dtype in TYPES.items()}
    tensors["b"] = values(torch.float32, (5,))
    tensors["a.scalar"] = values(torch.float32, ())
    tensors["none"] = values(torch.float32, (0, 4))
    tensors["Größe/µ"] = values(torch.float32, (1, 2, 1, 2))
    save_file(tensors, sys.argv[1], metadata={"made by": 'the package "safetensors"'})


main()
