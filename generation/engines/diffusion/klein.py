"""FLUX.2 klein, row by row: the steps of diffusers' Flux2KleinPipeline, with every row's own sigma and references.

The stock pipeline shows every row of a batch all the references of the call; here a row sees its own.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers.pipelines.flux2.pipeline_flux2_klein import compute_empirical_mu
from torch.nn.functional import pixel_shuffle, pixel_unshuffle

from generation.engine import BatchedEngine
from generation.engines.diffusion.denoiser import Row
from generation.engines.diffusion.engine import ready
from generation.engines.diffusion.klein_model import TEXT_TOKENS, Parts, embed_all, load_parts
from generation.engines.diffusion.pixels import as_image, as_pixels
from generation.engines.diffusion.prompt import worded
from generation.engines.diffusion.references import References
from generation.job import Job
from generation.painter import Painter
from generation.styles.imagined import IMAGINE

__all__ = ["Klein", "embed_all", "load"]

Size = tuple[int, int]
"""(height, width), in tokens of 16 × 16 px."""

LEAST_STRENGTH = 1e-3
"""Softer than this is the photo itself; at 0 the schedule's formula divides by 0."""

REFERENCE_TIME = 10
"""References lie at 10, 20, … on the first axis of positions, the picture at 0."""


@dataclass(frozen=True, eq=False)
class Wish:
    """What one row needs, on the processor. words: (1, T, D)."""

    id: str
    references: References
    words: torch.Tensor
    strength: float
    seed: int


@dataclass(kw_only=True)
class KleinRow(Row):
    """Args:
    latents: (1, h·w, C) float32, packed: the picture at its present sigma.
    seen: (1, all tokens, C) the references' latents, one after the other.
    canvas, shapes: the picture's size, and each reference's.
    words: (1, T, D).
    sigmas: (steps + 1,) float32 on the processor.
    ready: on a graphics card, when its references are encoded.
    """

    latents: torch.Tensor
    seen: torch.Tensor
    canvas: Size
    shapes: tuple[Size, ...]
    words: torch.Tensor
    sigmas: torch.Tensor
    ready: torch.cuda.Event | None = None


class Klein:
    """A generation.engines.diffusion.denoiser.Denoiser of Wish and KleinRow."""

    def __init__(self, parts: Parts, steps: int) -> None:
        self._parts = parts
        self._steps = steps
        cuda = parts.device.type == "cuda"
        self._beside = torch.cuda.Stream(parts.device) if cuda else None  # type: ignore[no-untyped-call]
        norm = parts.vae.bn
        self._mean = norm.running_mean.view(1, -1, 1, 1)
        self._deviation = torch.sqrt(norm.running_var.view(1, -1, 1, 1) + parts.vae.config.batch_norm_eps)
        self._positions = lru_cache(maxsize=64)(lambda canvas, shapes: _positions(canvas, shapes).to(parts.device))
        self._text_positions = lru_cache(maxsize=4)(lambda tokens: _text_positions(tokens).to(parts.device))
        self._schedule = lru_cache(maxsize=256)(lambda *key: schedule(parts.scheduler, *key))

    def prepare(self, job: Job, references: References) -> Wish:
        """Raises WordsUnreadable."""
        words = self._parts.words.of(worded(job.style, job.likeness), keep=job.style.name != IMAGINE)
        return Wish(job.id, references, words["embeds"], job.strength, job.seed)

    def blank(self, references: References) -> Wish:
        width = self._parts.transformer.config.joint_attention_dim
        return Wish("", references, torch.zeros(1, TEXT_TOKENS, width), strength=1.0, seed=0)

    @torch.no_grad()
    def begin(self, wish: Wish) -> KleinRow:
        """References are encoded on a stream of their own, beside the steps of others."""
        if self._beside is None:
            return self._row(wish)
        main = torch.cuda.current_stream(self._parts.device)
        self._beside.wait_stream(main)
        with torch.cuda.stream(self._beside):
            row = self._row(wish)
        row.ready = self._beside.record_event()
        for tensor in (row.latents, row.seen, row.words):
            tensor.record_stream(main)
        return row

    def bucket(self, row: KleinRow) -> Hashable:
        return row.canvas, row.shapes, row.words.shape[1]

    @torch.no_grad()
    def step(self, rows: Sequence[KleinRow]) -> list[bool]:
        """Flow matching by Euler's method: x += (next sigma - sigma) · v(x, sigma)."""
        first, dtype = rows[0], self._parts.dtype
        for row in rows:
            if row.ready is not None:
                torch.cuda.current_stream(self._parts.device).wait_event(row.ready)
        latents = torch.cat([row.latents for row in rows])
        seen = torch.cat([row.seen for row in rows])
        velocity = self._parts.transformer(
            hidden_states=torch.cat([latents.to(dtype), seen], dim=1),
            timestep=self._of_each(row.sigmas[row.step] for row in rows),
            guidance=None,
            encoder_hidden_states=torch.cat([row.words for row in rows]),
            txt_ids=self._text_positions(first.words.shape[1]),
            img_ids=self._positions(first.canvas, first.shapes),
            return_dict=False,
        )[0][:, : latents.shape[1]]
        onward = self._of_each(row.sigmas[row.step + 1] - row.sigmas[row.step] for row in rows)
        latents = latents + onward.view(-1, 1, 1) * velocity.float()
        sound: list[bool] = latents.isfinite().flatten(1).all(1).tolist()
        for row, own in zip(rows, latents.split(1), strict=True):
            row.latents = own
            row.step += 1
        return sound

    @torch.no_grad()
    def decode(self, rows: Sequence[KleinRow]) -> list[np.ndarray | None]:
        return as_pixels(self._parts.vae.decode(self.unpacked(rows), return_dict=False)[0])

    def unpacked(self, rows: Sequence[KleinRow]) -> torch.Tensor:
        """(N, C / 4, 2 h, 2 w): the rows' latents as the VAE has them."""
        height, width = rows[0].canvas
        latents = torch.cat([row.latents for row in rows]).to(self._parts.vae.dtype)
        latents = latents.transpose(1, 2).reshape(len(rows), -1, height, width)
        return pixel_shuffle(latents * self._deviation.to(latents) + self._mean.to(latents), 2)

    def _row(self, wish: Wish) -> KleinRow:
        device, dtype = self._parts.device, self._parts.dtype
        width_px, height_px = wish.references.canvas
        cell = 2 ** len(self._parts.vae.config.block_out_channels)
        canvas = height_px // cell, width_px // cell
        sigmas = self._schedule(self._steps, canvas[0] * canvas[1], max(LEAST_STRENGTH, min(1.0, wish.strength)))
        encoded = [self._encoded(image) for image in wish.references.images]
        return KleinRow(
            id=wish.id,
            steps=self._steps,
            latents=self._start(wish, canvas, float(sigmas[0])),
            seen=torch.cat([_packed(each) for each in encoded], dim=1).to(dtype),
            canvas=canvas,
            shapes=tuple((each.shape[2], each.shape[3]) for each in encoded),
            words=wish.words.to(device, dtype),
            sigmas=sigmas,
        )

    def _start(self, wish: Wish, canvas: Size, sigma: float) -> torch.Tensor:
        """Noise; below full strength the photo under so much noise (SDEdit, arXiv 2108.01073)."""
        channels = self._parts.transformer.config.in_channels
        noise = torch.randn((1, channels, *canvas), generator=torch.Generator().manual_seed(wish.seed))
        noise = _packed(noise.to(self._parts.device))
        if wish.strength >= 1:
            return noise
        return (1 - sigma) * _packed(self._encoded(wish.references.start)).float() + sigma * noise

    def _encoded(self, image: np.ndarray) -> torch.Tensor:
        """(1, C, h, w) of (H, W, 3) uint8."""
        vae = self._parts.vae
        pixels = as_image(image, self._parts.device)
        latents = pixel_unshuffle(vae.encode(pixels.to(vae.dtype)).latent_dist.mode(), 2)
        encoded: torch.Tensor = (latents - self._mean.to(latents)) / self._deviation.to(latents)
        return encoded

    def _of_each(self, sigmas: Any) -> torch.Tensor:
        """(N,) float32 on the device."""
        return torch.stack(list(sigmas)).to(self._parts.device)


def load(painter: Painter, device: str, models: Path) -> BatchedEngine:
    """Raises PainterUnusable."""
    engine = ready(Klein(load_parts(painter, device), painter.steps), painter, device, models)
    if painter.compiled:
        torch.compiler.set_stance("eager_on_recompile")  # a form nobody tried out must not stop everybody for a minute
    return engine


def schedule(scheduler: Any, steps: int, tokens: int, strength: float) -> torch.Tensor:
    """(steps + 1,) float32 sigmas from the strength's down to 0.

    The stock pipeline's at strength 1. Below, the same number of steps begins later: at the sigma that the schedule of
    full strength has at that share of its way, as image-to-image pipelines of diffusers have it.

    Args:
        tokens: of the picture; the larger it is, the longer the schedule stays at much noise.
    """
    own = type(scheduler).from_config(scheduler.config)
    sigmas = np.linspace(strength, strength / steps, steps)
    own.set_timesteps(sigmas=sigmas, mu=compute_empirical_mu(image_seq_len=tokens, num_steps=steps))
    shifted: torch.Tensor = own.sigmas
    return shifted


def _packed(latents: torch.Tensor) -> torch.Tensor:
    """(N, C, h, w) to (N, h·w, C)."""
    return latents.flatten(2).transpose(1, 2)


def _positions(canvas: Size, shapes: tuple[Size, ...]) -> torch.Tensor:
    """(1, all image tokens, 4): time, row, column and layer of each token, the picture's first."""
    parts = [_grid(0, canvas), *(_grid(REFERENCE_TIME * (at + 1), shape) for at, shape in enumerate(shapes))]
    return torch.cat(parts)[None]


def _grid(time: int, size: Size) -> torch.Tensor:
    one = torch.arange(1)
    return torch.cartesian_prod(one + time, torch.arange(size[0]), torch.arange(size[1]), one)


def _text_positions(tokens: int) -> torch.Tensor:
    one = torch.arange(1)
    return torch.cartesian_prod(one, one, one, torch.arange(tokens))[None]
