"""The same jobs for the stock SDXL pipeline with an IP-Adapter and for ours, beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import LCMScheduler, StableDiffusionXLImg2ImgPipeline
from PIL import Image

from generation.engines.diffusion.references import References
from generation.engines.diffusion.sdxl import Sdxl, SdxlRow, Wish
from generation.engines.diffusion.sdxl_faces import face_pixels, weight_of
from generation.engines.diffusion.sdxl_lora import fuse
from generation.engines.diffusion.sdxl_model import Parts
from generation.job import Job
from generation.styles.style import Style
from tests.engines.tiny_sdxl import LCM, PLUS_FACE
from tests.generation.diffusion.rows import noise

MOST_FACES = 4


@dataclass(frozen=True)
class Order:
    """One person's picture. The photo and the faces are noise, drawn from `faces`."""

    prompt: str
    seed: int
    faces: tuple[int, ...]
    steps: int = 4
    canvas: tuple[int, int] = (64, 64)
    strength: float = 1.0
    likeness: float = 0.5

    @property
    def photo(self) -> np.ndarray:
        return noise(self.faces[0], *self.canvas)

    @property
    def heads(self) -> tuple[np.ndarray, ...]:
        return tuple(noise(face, 64, 64) for face in self.faces)


class Stock:
    """The pipeline of diffusers, with the same adapter and LoRA, and LCM's scheduler."""

    def __init__(self, folder: Path) -> None:
        self.pipeline = StableDiffusionXLImg2ImgPipeline.from_pretrained(folder)
        fuse(self.pipeline.unet, folder / "lcm" / LCM)
        self.pipeline.load_ip_adapter(str(folder / "ip"), subfolder="", weight_name=PLUS_FACE)
        self.pipeline.scheduler = LCMScheduler.from_config(self.pipeline.scheduler.config)
        self.pipeline.set_progress_bar_config(disable=True)

    def faces(self, *orders: Order) -> torch.Tensor:
        """(orders, photos, T, D), what the image encoder makes of each one's faces."""
        side = self.pipeline.image_encoder.config.image_size
        seen = [self.pipeline.encode_image(face_pixels(each.heads, side), "cpu", 1, True)[0] for each in orders]
        return torch.stack(seen)

    @torch.no_grad()
    def draw(self, *orders: Order, faces: torch.Tensor | None = None, output: str = "latent") -> Any:
        """One order, or several in one call. Orders of less than full strength say by that how many steps there are."""
        first = orders[0]
        self.pipeline.set_ip_adapter_scale(weight_of(first.likeness))
        return self.pipeline(
            prompt=[order.prompt for order in orders],
            image=[Image.fromarray(order.photo) for order in orders],
            ip_adapter_image_embeds=[self.faces(*orders) if faces is None else faces],
            generator=[torch.Generator().manual_seed(order.seed) for order in orders],
            num_inference_steps=round(first.steps / first.strength),
            strength=first.strength,
            guidance_scale=1.0,
            output_type=output,
        ).images


class Ours:
    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.sdxl = Sdxl(parts, 4, MOST_FACES)

    def wish(self, order: Order, job_id: str = "") -> Wish:
        style = Style("a", "p", "A", "", "", prompt=order.prompt)
        job = Job(job_id, style, (b"",), order.strength, order.seed, likeness=order.likeness)
        return self.sdxl.prepare(job, References(order.canvas, order.photo, (), order.heads, None))

    def row(self, order: Order, job_id: str = "") -> SdxlRow:
        return Sdxl(self.parts, order.steps, MOST_FACES).begin(self.wish(order, job_id))

    def drawn(self, *orders: Order) -> list[SdxlRow]:
        """The rows of orders of one bucket, stepped together until each is done."""
        rows = [self.row(order) for order in orders]
        self.finish(rows)
        return rows

    def finish(self, rows: Sequence[SdxlRow]) -> None:
        while left := [row for row in rows if not row.done]:
            self.sdxl.step(left)


def apart(one: torch.Tensor, other: torch.Tensor) -> float:
    """The greatest difference anywhere, as a share of the greatest latent.

    A random UNet removes no noise, so that latents grow to 40 where a trained one's stay below 5.
    """
    return float((one - other).abs().max() / other.abs().max())
