"""The same jobs for the stock pipeline and for ours, beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from PIL import Image

from generation.engines.diffusion.embeddings import Embeddings
from generation.engines.diffusion.klein import Klein, KleinRow, Wish
from generation.engines.diffusion.klein_model import Parts
from generation.engines.diffusion.references import References

WORDS = 48
"""Tokens; fewer than the real 512, for speed."""


@dataclass(frozen=True)
class Order:
    """One person's picture. References are noise, drawn from `faces`."""

    prompt: str
    seed: int
    faces: tuple[int, ...]
    steps: int = 4
    canvas: tuple[int, int] = (64, 64)
    strength: float = 1.0

    @property
    def images(self) -> tuple[np.ndarray, ...]:
        return tuple(noise(face) for face in self.faces)


def noise(seed: int, width: int = 64, height: int = 80) -> np.ndarray:
    """(height, width, 3) uint8 in blocks, so that a VAE sees something."""
    blocks = np.random.default_rng(seed).integers(0, 256, (height // 16, width // 16, 3), dtype=np.uint8)
    return blocks.repeat(16, 0).repeat(16, 1)


def stock(pipeline: Any, *orders: Order, output: str = "latent", images: Sequence[np.ndarray] | None = None) -> Any:
    """What the stock pipeline makes of one order, or of several in one call."""
    pictures = images if images is not None else [image for order in orders for image in order.images]
    first = orders[0]
    return pipeline(
        image=[Image.fromarray(picture) for picture in pictures],
        prompt=[order.prompt for order in orders],
        height=first.canvas[1],
        width=first.canvas[0],
        num_inference_steps=first.steps,
        guidance_scale=1.0,
        generator=[torch.Generator().manual_seed(order.seed) for order in orders],
        max_sequence_length=WORDS,
        output_type=output,
    ).images


class Ours:
    """Our denoiser over the stock pipeline's own parts."""

    def __init__(self, pipeline: Any, dtype: torch.dtype = torch.float32) -> None:
        self._pipeline = pipeline
        words = Embeddings("none", None, None)
        self.parts = Parts(pipeline.transformer, pipeline.vae, pipeline.scheduler, words, torch.device("cpu"), dtype)
        self.klein = Klein(self.parts, steps=4)

    def wish(self, order: Order, job_id: str = "") -> Wish:
        with torch.no_grad():
            words, _ = self._pipeline.encode_prompt(order.prompt, max_sequence_length=WORDS)
        width, height = order.canvas
        start = noise(order.faces[0], width, height)
        references = References(order.canvas, start, order.images, (), None)
        return Wish(job_id, references, words, order.strength, order.seed)

    def row(self, order: Order) -> KleinRow:
        return Klein(self.parts, order.steps).begin(self.wish(order))

    def photo(self, order: Order) -> torch.Tensor:
        """(1, tokens, C): what the order's first photo is to the model, framed as the picture."""
        row = self.row(Order(order.prompt, order.seed, order.faces, order.steps, order.canvas, strength=0.0))
        return row.latents

    def drawn(self, *orders: Order) -> list[KleinRow]:
        """The rows of orders of one bucket, stepped together until each is done."""
        rows = [self.row(order) for order in orders]
        while left := [row for row in rows if not row.done]:
            self.klein.step(left)
        return rows


def apart(one: torch.Tensor, other: torch.Tensor) -> float:
    """The greatest difference anywhere."""
    return float((one - other).abs().max())
