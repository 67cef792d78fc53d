"""Pictures into a model's decoder and out of it: bytes here, numbers from -1 to 1 there. Knows no model."""

from __future__ import annotations

import numpy as np
import torch


def as_image(pixels: np.ndarray, device: torch.device) -> torch.Tensor:
    """(1, 3, H, W) float32 of (H, W, 3) uint8."""
    return torch.from_numpy(pixels).to(device).permute(2, 0, 1)[None].float() / 255 * 2 - 1


def as_pixels(images: torch.Tensor) -> list[np.ndarray | None]:
    """(H, W, 3) uint8 of each of (N, 3, H, W); None: its numbers are not all finite."""
    images = images.float()
    sound = images.isfinite().flatten(1).all(1).tolist()
    pixels = ((images / 2 + 0.5).clamp(0, 1) * 255).round().to(torch.uint8)
    return [
        np.ascontiguousarray(own) if fine else None
        for own, fine in zip(pixels.permute(0, 2, 3, 1).cpu().numpy(), sound, strict=True)
    ]
