"""SDXL image to image, row by row: the steps of diffusers' StableDiffusionXLImg2ImgPipeline with IP-Adapter and LCM.

The stock pipeline shows every row of a batch all the faces of the call; here a row sees its own.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch

from generation.engine import BatchedEngine
from generation.engines.diffusion.denoiser import Row
from generation.engines.diffusion.engine import ready
from generation.engines.diffusion.pixels import as_image, as_pixels
from generation.engines.diffusion.references import References
from generation.engines.diffusion.sdxl_faces import face_pixels, weight_of
from generation.engines.diffusion.sdxl_model import Parts, embed_all, load_parts
from generation.engines.diffusion.sdxl_steps import lcm_steps
from generation.engines.diffusion.sdxl_words import PARTS, said
from generation.job import Job
from generation.painter import Painter
from generation.styles.imagined import IMAGINE

__all__ = ["Sdxl", "embed_all", "load"]

TOKENS = 77
"""Of one part of a prompt."""


@dataclass(frozen=True, eq=False)
class Wish:
    """What one row needs, on the processor.

    Args:
        start: (H, W, 3) uint8, the photo that is painted over.
        faces: (N, 3, side, side) of one person.
        embeds, pooled: (1, T, D) and (1, P), what the words say.
        weight: of the face beside the words.
    """

    id: str
    start: np.ndarray
    faces: torch.Tensor
    embeds: torch.Tensor
    pooled: torch.Tensor
    strength: float
    weight: float
    seed: int


@dataclass(kw_only=True)
class SdxlRow(Row):
    """On the device but for the numbers of steps.

    Args:
        latents: (1, C, h, w) float32, the picture with the noise it has now.
        noise: (steps, C, h, w) float32, what each step adds; drawn beforehand, so that a step can be done again.
        times: (steps,) int64.
        onward: (steps, 3) float32, see sdxl_steps.
        faces: (1, F, D) tokens of this person's face.
        embeds, pooled: (1, T, D) and (1, P).
        sizes: (1, 6): the size as it was, what is cut off at its upper left, the size to be; height before width.
        weight: (1, 1, 1).
    """

    latents: torch.Tensor
    noise: torch.Tensor
    times: torch.Tensor
    onward: torch.Tensor
    faces: torch.Tensor
    embeds: torch.Tensor
    pooled: torch.Tensor
    sizes: torch.Tensor
    weight: torch.Tensor


class Sdxl:
    """A generation.engines.diffusion.denoiser.Denoiser of Wish and SdxlRow.

    A job's strength is image to image's: how much noise the photo is put under. Its likeness is the weight of the
    face beside the words (see sdxl_faces.weight_of). What a style avoids is not heard (see sdxl_words.said).

    Args:
        steps: as many at every strength.
        most_faces: how many photos of a person there are at most.
    """

    def __init__(self, parts: Parts, steps: int, most_faces: int) -> None:
        self._parts = parts
        self._steps = steps
        self._most_faces = most_faces
        self._schedule = lru_cache(maxsize=256)(lambda *key: lcm_steps(parts.scheduler, *key))

    def prepare(self, job: Job, references: References) -> Wish:
        """Raises WordsUnreadable."""
        words = self._parts.words.of(said(job.style), keep=job.style.name != IMAGINE)
        faces = face_pixels(references.heads, self._parts.faces.side_px)
        weight = weight_of(job.likeness)
        return Wish(job.id, references.start, faces, words["embeds"], words["pooled"], job.strength, weight, job.seed)

    def blank(self, references: References) -> Wish:
        config = self._parts.unet.config
        pooled = config.projection_class_embeddings_input_dim - 6 * config.addition_time_embed_dim
        return Wish(
            id="",
            start=references.start,
            faces=face_pixels(references.heads, self._parts.faces.side_px),
            embeds=torch.zeros(1, PARTS * TOKENS, config.cross_attention_dim),
            pooled=torch.zeros(1, pooled),
            strength=1.0,
            weight=1.0,
            seed=0,
        )

    @torch.no_grad()
    def begin(self, wish: Wish) -> SdxlRow:
        """Random numbers are drawn in the stock pipeline's order: for the photo's latents, for the start, for steps."""
        device, dtype = self._parts.device, self._parts.dtype
        steps = self._schedule(self._steps, wish.strength)
        generator = torch.Generator().manual_seed(wish.seed)
        photo = self._encoded(wish.start, generator)
        drawn = [torch.randn(photo.shape, generator=generator) for _ in steps.times]
        signal, noise = steps.start
        size = wish.start.shape[:2]
        return SdxlRow(
            id=wish.id,
            steps=len(steps.times),
            latents=signal * photo + noise * drawn[0].to(device),
            noise=torch.cat([*drawn[1:], torch.zeros_like(drawn[0])]).to(device),
            times=steps.times,
            onward=steps.onward,
            faces=self._parts.faces.read(wish.faces, self._most_faces).to(dtype),
            embeds=wish.embeds.to(device, dtype),
            pooled=wish.pooled.to(device, dtype),
            sizes=torch.tensor([[*size, 0, 0, *size]], dtype=torch.float32, device=device),
            weight=torch.full((1, 1, 1), wish.weight, dtype=dtype, device=device),
        )

    def bucket(self, row: SdxlRow) -> Hashable:
        return row.latents.shape, row.faces.shape, row.embeds.shape

    @torch.no_grad()
    def step(self, rows: Sequence[SdxlRow]) -> list[bool]:
        latents = torch.cat([row.latents for row in rows])
        faces = torch.cat([row.faces for row in rows]), torch.cat([row.weight for row in rows])
        heard = self._parts.unet(
            latents.to(self._parts.dtype),
            self._of_each(row.times[row.step] for row in rows),
            encoder_hidden_states=torch.cat([row.embeds for row in rows]),
            added_cond_kwargs={
                "text_embeds": torch.cat([row.pooled for row in rows]),
                "time_ids": torch.cat([row.sizes for row in rows]),
                "image_embeds": faces,
            },
            return_dict=False,
        )[0].float()
        of_x, of_said, of_noise = self._of_each(row.onward[row.step] for row in rows).T[..., None, None, None]
        noise = torch.stack([row.noise[row.step] for row in rows])
        latents = of_x * latents + of_said * heard + of_noise * noise
        sound: list[bool] = latents.isfinite().flatten(1).all(1).tolist()
        for row, own in zip(rows, latents.split(1), strict=True):
            row.latents = own
            row.step += 1
        return sound

    @torch.no_grad()
    def decode(self, rows: Sequence[SdxlRow]) -> list[np.ndarray | None]:
        vae = self._parts.vae
        latents = torch.cat([row.latents for row in rows]) / vae.config.scaling_factor
        return as_pixels(vae.decode(latents.to(vae.dtype), return_dict=False)[0])

    def _encoded(self, image: np.ndarray, generator: torch.Generator) -> torch.Tensor:
        """(1, C, h, w) float32 of (H, W, 3) uint8."""
        vae = self._parts.vae
        of = vae.encode(as_image(image, self._parts.device).to(vae.dtype)).latent_dist
        drawn = torch.randn(of.mean.shape, generator=generator).to(self._parts.device)
        encoded: torch.Tensor = (of.mean.float() + of.std.float() * drawn) * vae.config.scaling_factor
        return encoded

    def _of_each(self, numbers: Iterable[torch.Tensor]) -> torch.Tensor:
        """(N, …) on the device."""
        return torch.stack(list(numbers)).to(self._parts.device)


def load(painter: Painter, device: str, models: Path) -> BatchedEngine:
    """Raises PainterUnusable."""
    denoiser = Sdxl(load_parts(painter, device), painter.steps, painter.max_refs)
    engine = ready(denoiser, painter, device, models)
    if painter.compiled:
        torch.compiler.set_stance("eager_on_recompile")  # a form nobody tried out must not stop everybody for a minute
    return engine
