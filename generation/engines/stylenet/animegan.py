"""The generator of AnimeGANv2 (Chen, Liu, Chen 2020) as its PyTorch weights name it. Knows no file.

2.14 million parameters: two halvings, four inverted residual blocks, two doublings. Pictures are RGB, -1 to 1.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F


class AnimeGenerator(nn.Module):
    """(N, 3, H, W) to the same, H and W multiples of 4."""

    def __init__(self) -> None:
        super().__init__()
        self.block_a = nn.Sequential(_stage(3, 32, side=7), _stage(32, 64, halves=True), _stage(64, 64))
        self.block_b = nn.Sequential(_stage(64, 128, halves=True), _stage(128, 128))
        self.block_c = nn.Sequential(
            _stage(128, 128), _Inverted(128, 256), *(_Inverted(256, 256) for _ in range(3)), _stage(256, 128)
        )
        self.block_d = nn.Sequential(_stage(128, 128), _stage(128, 128))
        self.block_e = nn.Sequential(_stage(128, 64), _stage(64, 64), _stage(64, 32, side=7))
        self.out_layer = nn.Sequential(nn.Conv2d(32, 3, 1, bias=False), nn.Tanh())

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        half = self.block_a(x)
        quarter = self.block_c(self.block_b(half))
        up = self.block_d(_grown(quarter, half))
        drawn: torch.Tensor = self.out_layer(self.block_e(_grown(up, x)))
        return drawn


class _Inverted(nn.Module):
    """Twice as wide inside, each channel by itself; added to what came in if that is as wide as what goes out."""

    def __init__(self, channels: int, out: int) -> None:
        super().__init__()
        wide = 2 * channels
        self.layers = nn.Sequential(
            _stage(channels, wide, side=1),
            _stage(wide, wide, groups=wide),
            nn.Conv2d(wide, out, 1, bias=False),
            nn.GroupNorm(1, out),
        )
        self._adds = channels == out

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y: torch.Tensor = self.layers(x)
        return x + y if self._adds else y


def _stage(channels: int, out: int, side: int = 3, halves: bool = False, groups: int = 1) -> nn.Sequential:
    """Mirrored border, convolution, normalisation over all channels, leaky ReLU."""
    border = (0, 1, 0, 1) if halves else (side // 2,) * 4
    return nn.Sequential(
        nn.ReflectionPad2d(border),
        nn.Conv2d(channels, out, side, stride=2 if halves else 1, groups=groups, bias=groups > 1),
        nn.GroupNorm(1, out),
        nn.LeakyReLU(0.2, inplace=True),
    )


def _grown(x: torch.Tensor, like: torch.Tensor) -> torch.Tensor:
    return F.interpolate(x, like.shape[-2:], mode="bilinear", align_corners=True)
