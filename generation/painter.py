"""What paints pictures from words: which model, how large, in how many steps. A value; loads nothing."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

PAINTERS = "generation.engines.diffusion"
"""The package of the engines that paint; its `load(painter, device, models)` gives the one that is asked for."""


class PainterUnusable(Exception):
    """The model cannot be loaded, or may not be; the text tells the operator why and what to do."""


class PainterName(StrEnum):
    """The engines that paint from words; each is a module of generation.engines.diffusion."""

    FLUX2_KLEIN = "flux2-klein"
    SDXL_IP = "sdxl-ip"


class Dtype(StrEnum):
    """How weights are held. fp8 holds them in 8 bits and computes in bf16; fp32 is for CPUs and proofs."""

    BF16 = "bf16"
    FP8 = "fp8"
    FP32 = "fp32"


@dataclass(frozen=True, slots=True)
class Painter:
    """Args:
    model: a hub id, or a folder that `save_pretrained` wrote.
    revision: a commit, branch or tag of a hub id; "" for its newest.
    adapter, lora: sdxl-ip only: where its IP-Adapter and its LCM-LoRA are; "" for the usual ones, which a folder
        has in its subfolders `ip` and `lcm`.
    steps: denoising steps at full strength.
    size_px: side of a square as large as the picture; the picture has the photo's nearest of a few shapes.
    ref_side_px: side of a square as large as each reference.
    max_refs: how many photos of a person it looks at.
    max_batch: how many people's pictures go through the model together.
    compiled: compile the model's blocks at the start, for minutes.
    text_cache: a folder for the embeddings of prompts; None: they are kept in memory only.
    text_device: where free words are read: "cpu", "cuda", or "none" for a card that has no room: styles only then.
    accepts_noncommercial: the operator said yes to a licence that forbids commercial use.
    """

    name: PainterName
    model: str
    revision: str = ""
    adapter: str = ""
    lora: str = ""
    dtype: Dtype = Dtype.BF16
    steps: int = 4
    size_px: int = 1024
    ref_side_px: int = 768
    max_refs: int = 4
    max_batch: int = 4
    compiled: bool = False
    text_cache: Path | None = None
    text_device: str = "cpu"
    accepts_noncommercial: bool = False
