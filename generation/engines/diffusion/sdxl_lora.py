"""A LoRA added to a UNet's weights for good, so that painting costs no more for it. Knows no painter.

diffusers does this with a package more, which we do without.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file

PREFIXES = ("lora_unet_", "unet.")
"""Before a layer's name: kohya's, and diffusers' own."""

DOWN = (".lora_down.weight", ".lora_A.weight", ".lora.down.weight")
UP = (".lora_up.weight", ".lora_B.weight", ".lora.up.weight")
"""Behind it, each at the place of its counterpart."""


def fuse(unet: Any, file: Path) -> int:
    """W += alpha / rank · up · down, for each layer of the file (arXiv 2106.09685).

    Returns:
        How many layers that were.

    Raises:
        OSError, safetensors.SafetensorError: the file cannot be read.
        ValueError: it is not a LoRA of this UNet.
    """
    layers = {name.replace(".", "_"): module for name, module in unet.named_modules()}
    additions = list(_additions(load_file(file)))
    for name, delta in additions:
        weight = getattr(layers.get(name), "weight", None)
        if weight is None or weight.numel() != delta.numel():
            raise ValueError(f"{file.name} has a layer {name}, which the model has not")
        weight.data = (weight.data.float() + delta.view_as(weight)).to(weight.dtype)
    if not additions:
        raise ValueError(f"{file.name} is no LoRA of a UNet")
    return len(additions)


def _additions(tensors: Mapping[str, torch.Tensor]) -> Iterator[tuple[str, torch.Tensor]]:
    """(layer's name with _ for ., what to add), float32; of a convolution, too, whose `up` is 1 × 1 px."""
    for key, tensor in tensors.items():
        for down, up in zip(DOWN, UP, strict=True):
            if key.endswith(down):
                name = key.removesuffix(down)
                rank = len(tensor)
                alpha = float(tensors.get(f"{name}.alpha", rank))
                yield _plain(name), alpha / rank * (tensors[name + up].float().flatten(1) @ tensor.float().flatten(1))


def _plain(name: str) -> str:
    for prefix in PREFIXES:
        name = name.removeprefix(prefix)
    return name.replace(".", "_")
