"""SDXL with an IP-Adapter and an LCM-LoRA, loaded from hub ids or folders; prompts embedded. Knows no job or batch."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from diffusers import StableDiffusionXLImg2ImgPipeline

from generation.engines.diffusion import sdxl_words
from generation.engines.diffusion.embeddings import Embeddings
from generation.engines.diffusion.folders import UNREADABLE, config_of, hush, need_folder
from generation.engines.diffusion.sdxl_faces import FaceReader, look_at_own_faces
from generation.engines.diffusion.sdxl_lora import fuse
from generation.engines.diffusion.sdxl_steps import PREDICTIONS
from generation.painter import Dtype, Painter, PainterUnusable
from generation.styles.style import Style
from generation.weights.origin import folder_of
from generation.weights.registry import Role, read_registry

log = logging.getLogger(__name__)

FAMILY = ("StableDiffusionXLPipeline", "StableDiffusionXLImg2ImgPipeline")

PLUS_FACE = ("sdxl_models/ip-adapter-plus-face*.safetensors", "*.safetensors")
ENCODERS = ("models/image_encoder", "image_encoder")
"""Where an adapter's folder has its weights and its image encoder: as its makers publish them, or side by side."""

LORA = ("pytorch_lora_weights.safetensors", "*.safetensors")

AMPERE = (8, 0)
"""The first graphics cards whose units multiply in bfloat16; older ones do in float16."""


@dataclass(frozen=True, eq=False)
class Parts:
    """Args:
    dtype: what the UNet computes in, whatever the weights are held in.
    """

    unet: Any
    vae: Any
    scheduler: Any
    faces: FaceReader
    words: Embeddings
    device: torch.device
    dtype: torch.dtype


def load_parts(painter: Painter, device: str) -> Parts:
    """Everything on its device; the text encoders where the painter says, or not at all.

    Raises:
        PainterUnusable: with a sentence for the operator.
    """
    folder = _folder(painter)
    dtype = compute_dtype(painter, device)
    pipeline = _load(painter, folder, dtype, with_text=painter.text_device != "none")
    unet = pipeline.unet
    _add_lora(painter, folder, unet)
    faces = _add_adapter(painter, folder, pipeline)
    pipeline.image_encoder.to(dtype)
    for part in (unet, pipeline.vae, pipeline.image_encoder):
        part.eval().requires_grad_(False)
    if painter.dtype is Dtype.FP8:
        unet.enable_layerwise_casting(storage_dtype=torch.float8_e4m3fn, compute_dtype=dtype)
    try:
        for part in (unet, pipeline.vae, pipeline.image_encoder):
            part.to(device)
        words = _words(painter, pipeline, device, folder)
    except RuntimeError as error:
        raise PainterUnusable(f"{painter.model} could not be put on {device}: {error}") from error
    if painter.compiled and painter.dtype is not Dtype.FP8:  # weights cast as they are needed cannot be compiled whole
        torch._dynamo.config.recompile_limit = 64
        unet.compile_repeated_blocks(fullgraph=True, dynamic=False)
    return Parts(unet, pipeline.vae, pipeline.scheduler, faces, words, torch.device(device), dtype)


def embed_all(painter: Painter, device: str, styles: Iterable[Style]) -> int:
    """Read the words of styles and keep them in the painter's cache, so that it can paint without its text encoders.

    Returns:
        How many were not there yet.

    Raises:
        PainterUnusable: the text encoders cannot be loaded.
    """
    folder = _folder(painter)
    pipeline = _load(painter, folder, compute_dtype(painter, device), with_text=True, unet=None, vae=None)
    return _words(painter, pipeline, device, folder).embed_all(sdxl_words.all_said(styles))


def compute_dtype(painter: Painter, device: str) -> torch.dtype:
    """float32 if the painter says so; else bfloat16, or float16 on graphics cards without it."""
    if painter.dtype is Dtype.FP32:
        return torch.float32
    old = device.startswith("cuda") and torch.cuda.get_device_capability(device) < AMPERE
    return torch.float16 if old else torch.bfloat16


def _folder(painter: Painter) -> Path:
    folder = need_folder(painter.model, painter.revision)
    config = config_of(painter.model, folder)
    if config.get("_class_name") not in FAMILY:
        raise PainterUnusable(f"{painter.model} is a {config.get('_class_name')}, not an SDXL.")
    if config.get("requires_aesthetics_score"):
        raise PainterUnusable(f"{painter.model} is SDXL's refiner, which only finishes what its base has begun.")
    return folder


def _load(painter: Painter, folder: Path, dtype: torch.dtype, *, with_text: bool, **left_out: None) -> Any:
    """The stock pipeline on the processor, whose loop is not used: only its parts are."""
    hush()
    if not with_text:
        left_out |= dict.fromkeys(("text_encoder", "text_encoder_2", "tokenizer", "tokenizer_2"))
    on_card = painter.text_device == "cuda"
    dtypes = {
        "default": dtype,
        "vae": torch.float32 if dtype is torch.float16 else dtype,  # SDXL's overflows in float16
        "text_encoder": dtype if on_card else torch.float32,  # few processors are quick in 16 bits
        "text_encoder_2": dtype if on_card else torch.float32,
    }
    halves = any(folder.glob("unet/*.fp16.safetensors")) and not any(folder.glob("unet/*model.safetensors"))
    try:
        pipeline = StableDiffusionXLImg2ImgPipeline.from_pretrained(
            folder, dtype=dtypes, variant="fp16" if halves else None, **left_out
        )
    except UNREADABLE as error:
        raise PainterUnusable(f"{painter.model} cannot be loaded; parts of it may be missing: {error}") from error
    _check(painter, pipeline)
    return pipeline


def _check(painter: Painter, pipeline: Any) -> None:
    if pipeline.scheduler.config.get("prediction_type", PREDICTIONS[0]) not in PREDICTIONS:
        raise PainterUnusable(f"{painter.model} predicts neither noise nor velocity.")
    if pipeline.unet is not None and pipeline.unet.config.time_cond_proj_dim is not None:
        raise PainterUnusable(f"{painter.model} takes its guidance as an input. Take SDXL itself with an LCM-LoRA.")


def _add_lora(painter: Painter, folder: Path, unet: Any) -> None:
    """What is set, else what lies in the model's folder, else what we recommend; without any, a line in the log."""
    at = need_folder(painter.lora) if painter.lora else _usual(Role.LORA, painter, folder)
    if at is None:
        log.warning(
            "%s paints without an LCM-LoRA. Unless it was made for few steps itself, its pictures are mud: "
            "selfiebot models get lcm-lora",
            painter.model,
        )
        return
    try:
        fuse(unet, _first(at, LORA))
    except UNREADABLE as error:
        raise PainterUnusable(f"The LCM-LoRA in {at} cannot be used: {error}") from error


def _add_adapter(painter: Painter, folder: Path, pipeline: Any) -> FaceReader:
    at = need_folder(painter.adapter) if painter.adapter else _usual(Role.ADAPTER, painter, folder)
    if at is None:
        raise PainterUnusable(
            f"{painter.model} can't keep anybody's face without an IP-Adapter. Run: selfiebot models get ip-adapter"
        )
    try:
        file = _first(at, PLUS_FACE).relative_to(at).as_posix()
        encoder = next((name for name in ENCODERS if (at / name).is_dir()), ENCODERS[0])
        pipeline.load_ip_adapter(str(at), subfolder="", weight_name=file, image_encoder_folder=encoder)
        resampler = look_at_own_faces(pipeline.unet)
    except UNREADABLE as error:
        raise PainterUnusable(f"The IP-Adapter in {at} cannot be used: {error}") from error
    if resampler is None:
        raise PainterUnusable(f"{file} in {at} is no IP-Adapter of the kind “plus”. Take plus-face, for SDXL.")
    return FaceReader(pipeline.image_encoder, resampler)


def _usual(role: Role, painter: Painter, folder: Path) -> Path | None:
    """In the subfolder of the operator's own folder; for a hub's id where `selfiebot models get` puts it."""
    weights = next(one for one in read_registry().weights if (one.engine, one.role) == (painter.name, role))
    inside = folder / weights.subfolder
    if inside.is_dir():
        return inside
    return None if Path(painter.model).is_dir() else folder_of(weights)


def _first(folder: Path, patterns: Iterable[str]) -> Path:
    """Raises FileNotFoundError."""
    for pattern in patterns:
        for file in sorted(folder.glob(pattern)):
            return file
    raise FileNotFoundError("there are no .safetensors in it")


def _words(painter: Painter, pipeline: Any, device: str, folder: Path) -> Embeddings:
    """Of no dtype's own: they are kept in float32."""
    model = "\n".join((painter.model, folder.name, str(sdxl_words.PARTS)))  # the name is the commit, if it has one
    if pipeline.text_encoder is None:
        return Embeddings(model, None, painter.text_cache)
    return Embeddings(
        model, sdxl_words.reader(pipeline, device if painter.text_device == "cuda" else "cpu"), painter.text_cache
    )
