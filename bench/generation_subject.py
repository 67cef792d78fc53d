"""What the bench of painting runs on: klein of full size with random weights, a tiny one, or an operator's own."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from diffusers import AutoencoderKLFlux2, Flux2KleinPipeline, Flux2Transformer2DModel
from PIL import Image
from transformers import Qwen3Config, Qwen3ForCausalLM
from transformers.utils.logging import disable_progress_bar

from generation.engines.diffusion.klein import Klein
from generation.engines.diffusion.klein_model import load_pipeline, parts_of
from generation.engines.diffusion.references import SQUARE, References, size_of
from generation.job import Job
from generation.painter import Dtype, Painter, PainterName
from generation.styles.style import Style
from generation.weights.places import find_folder
from generation.worker import WARM_PHOTO
from tests.engines.tiny_models import save_tiny_klein, tiny_klein

VIKING = Style("viking", "bench", "Viking", "", "", prompt="Make this person a viking on a ship. Keep the face.")

PHOTO_PX = 1280
"""Of a selfie's side, as chats send them."""

Size = tuple[int, int]


@dataclass(frozen=True)
class Plan:
    """What is asked of the bench.

    Args:
        model: a folder or a hub id that is on this machine; "": random weights of full size, or tiny ones.
        ref_sides: px, of squares as large as each reference.
        refs: references of each picture.
        batches: how many pictures go through the model together.
        jobs: pictures for each figure.
        faces: the folder of the face models.
        loads: arrivals, in percent of what the engine can do.
        within_s: a picture that takes longer than this is late.
        spell_s: how long one rate of the card is measured.
    """

    device: str
    tiny: bool
    model: str
    size_px: int
    ref_sides: tuple[int, ...]
    refs: int
    steps: int
    batches: tuple[int, ...]
    jobs: int
    compiled: bool
    fp8: bool
    faces: Path
    loads: tuple[int, ...]
    within_s: float
    spell_s: float

    @property
    def on_card(self) -> bool:
        return self.device.startswith("cuda")

    @property
    def painter(self) -> Painter:
        return Painter(
            PainterName.FLUX2_KLEIN,
            self.model or "random weights",
            dtype=Dtype.FP8 if self.fp8 else Dtype.BF16 if self.on_card else Dtype.FP32,
            steps=self.steps,
            size_px=self.size_px,
            ref_side_px=self.ref_sides[0],
            max_refs=self.refs,
            max_batch=max(self.batches),
            compiled=self.compiled,
            text_device="cuda" if self.on_card else "cpu",
        )

    def __str__(self) -> str:
        weights = self.model or ("tiny random weights" if self.tiny else "4B random weights")
        on = torch.cuda.get_device_name(self.device) if self.on_card else "a processor"
        how = f"{self.painter.dtype}, {'compiled' if self.compiled else 'eager'}"
        return f"klein, {weights}, {how}, on {on}; {self.size_px} px, {self.steps} steps; torch {torch.__version__}"


@dataclass(frozen=True)
class Subject:
    """The stock pipeline on its device, and what we make of its parts."""

    pipeline: Any
    plan: Plan

    def stock(self) -> Any:
        """Before `ours`, which changes the parts it takes over."""
        self.pipeline.set_progress_bar_config(disable=True)
        return self.pipeline.to(self.plan.device)

    def ours(self, steps: int | None = None) -> Klein:
        parts = parts_of(self.pipeline, self.plan.painter, self.plan.device, snapshot="bench")
        return Klein(parts, steps or self.plan.steps)


def load_subject(plan: Plan, *, weightless: bool = False) -> Subject:
    """Args:
    weightless: random weights of full size need not be there, only their shapes.
    """
    disable_progress_bar()
    if plan.model:
        folder = find_folder(plan.model, "")
        if folder is None:
            raise SystemExit(f"{plan.model} is not on this machine. Run: selfiebot models get {plan.model}")
        return Subject(load_pipeline(folder, plan.painter, with_text=True), plan)
    if plan.tiny:
        with TemporaryDirectory() as place:
            return Subject(load_pipeline(save_tiny_klein(Path(place)), plan.painter, with_text=True), plan)
    if not (plan.on_card or weightless):
        raise SystemExit("Random weights of full size want a CUDA card. What runs anywhere: --tiny --device cpu")
    return Subject(full_size("meta" if weightless else plan.device), plan)


def full_size(device: str) -> Flux2KleinPipeline:
    """FLUX.2 klein 4B in bfloat16 with the random numbers its classes begin with; the tiny one's tokenizer.

    Speed does not depend on the weights' values, only power does a little. On the device "meta" it weighs nothing.
    """
    small = tiny_klein()
    torch.manual_seed(0)
    with torch.device(device), _in(torch.bfloat16):
        transformer = Flux2Transformer2DModel(
            num_layers=5,
            num_single_layers=20,
            num_attention_heads=24,
            attention_head_dim=128,
            joint_attention_dim=7680,
            guidance_embeds=False,
        )
        vae = AutoencoderKLFlux2()
        text_encoder = Qwen3ForCausalLM(
            Qwen3Config(
                vocab_size=151_936,
                hidden_size=2560,
                intermediate_size=9728,
                num_hidden_layers=36,
                num_attention_heads=32,
                num_key_value_heads=8,
                head_dim=128,
                tie_word_embeddings=True,
            )
        )
    return Flux2KleinPipeline(
        scheduler=small.scheduler,
        vae=vae.eval(),
        text_encoder=text_encoder.eval(),
        tokenizer=small.tokenizer,
        transformer=transformer.eval(),
        is_distilled=True,
    )


def noise_references(plan: Plan, side_px: int) -> References:
    """Squares of noise, which a model works at as hard as at a face."""
    canvas, side = size_of(SQUARE, plan.size_px), size_of(SQUARE, side_px)
    images = tuple(_noise(side, number) for number in range(plan.refs))
    return References(canvas, _noise(canvas, plan.refs), images, (), None)


def order(number: int, photos: tuple[bytes, ...] = (), within_s: float = 60.0) -> Job:
    return Job(f"job {number}", VIKING, photos, strength=1.0, seed=number, within_s=within_s)


def selfie(plan: Plan) -> bytes:
    """A JPEG with a face, in the public domain."""
    if plan.tiny:
        return WARM_PHOTO.read_bytes()
    file = io.BytesIO()
    with Image.open(WARM_PHOTO) as photo:
        photo.resize((PHOTO_PX, PHOTO_PX), Image.Resampling.LANCZOS).save(file, "JPEG", quality=90)
    return file.getvalue()


def _noise(size: Size, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)


@contextmanager
def _in(dtype: torch.dtype) -> Iterator[None]:
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    yield
    torch.set_default_dtype(before)
