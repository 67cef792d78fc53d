"""Matrices in 8 bits: how a transformer's weights are held in half the memory, and multiplied twice as fast."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

LARGEST = 448.0
"""Of float8_e4m3fn."""

LEAST = 1e-12
"""A row of zeros has some scale, too."""

HOPPER = (9, 0)
"""The first graphics cards whose units multiply in 8 bits with a scale for each row."""


class Fp8Linear(nn.Module):
    """A linear layer in float8_e4m3fn, weights and inputs: a scale for each output, and one for each token.

    So a token's result depends on no other token, and no picture on those beside it.

    Args:
        linear: the layer it takes the place of.
    """

    weight: torch.Tensor
    scale: torch.Tensor

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        weight, scale = _rounded(linear.weight.data)
        self.register_buffer("weight", weight)  # (out, in)
        self.register_buffer("scale", scale.t().contiguous())  # (1, out)
        self.bias = linear.bias

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(…, in) bfloat16 to (…, out)."""
        tokens, scale = _rounded(x.flatten(0, -2))
        y = torch._scaled_mm(
            tokens, self.weight.t(), scale_a=scale, scale_b=self.scale, out_dtype=x.dtype, use_fast_accum=True
        )
        return (y if self.bias is None else y + self.bias).reshape(*x.shape[:-1], -1)


def multiplies_in_8_bits(device: str) -> bool:
    """Whether that device is faster in 8 bits than in 16."""
    return device.startswith("cuda") and torch.cuda.get_device_capability(device) >= HOPPER


def quantise(transformer: Any) -> None:
    """Put an Fp8Linear in the place of every linear layer of a transformer's blocks, where nearly all its weights are.

    Args:
        transformer: of diffusers, with its `_repeated_blocks`, in bfloat16.
    """
    for block in [module for module in transformer.modules() if type(module).__name__ in transformer._repeated_blocks]:
        for name, module in list(block.named_modules()):
            if isinstance(module, nn.Linear):
                block.set_submodule(name, Fp8Linear(module))


def _rounded(rows: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """(N, M) float8_e4m3fn and (N, 1) float32: each row divided by its scale."""
    scale = rows.abs().amax(1, keepdim=True).float().clamp(min=LEAST) / LARGEST
    return (rows.float() / scale).to(torch.float8_e4m3fn), scale
