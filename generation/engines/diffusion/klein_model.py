"""FLUX.2 klein's parts, loaded from a hub's id or a folder; and its prompts embedded. Knows no job and no batch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from diffusers import Flux2KleinPipeline

from generation.engines.diffusion.embeddings import Embedding, Embeddings
from generation.engines.diffusion.folders import UNREADABLE, config_of, hush, need_folder
from generation.engines.diffusion.fp8 import multiplies_in_8_bits, quantise
from generation.engines.diffusion.prompt import all_worded
from generation.painter import Dtype, Painter, PainterUnusable
from generation.styles.style import Style

TEXT_TOKENS = 512
"""Every prompt is cut or filled up to this many, as in training: rows of one length share a forward pass."""

LAYERS = (9, 18, 27)
"""The text encoder's layers that the transformer reads."""

AMPERE = (8, 0)
"""The first graphics cards whose units multiply in bfloat16, which the faster attention needs."""


@dataclass(frozen=True, eq=False)
class Parts:
    """Args:
    dtype: what the transformer and the VAE compute in, whatever the weights are held in.
    """

    transformer: Any
    vae: Any
    scheduler: Any
    words: Embeddings
    device: torch.device
    dtype: torch.dtype


def load_parts(painter: Painter, device: str) -> Parts:
    """Raises PainterUnusable, with a sentence for the operator."""
    folder = _folder(painter)
    pipeline = load_pipeline(folder, painter, with_text=painter.text_device != "none")
    return parts_of(pipeline, painter, device, folder.name)


def parts_of(pipeline: Any, painter: Painter, device: str, snapshot: str) -> Parts:
    """A pipeline's parts on their device; the text encoder where the painter says, if there is one.

    Args:
        snapshot: which weights of the painter's model these are: the commit, if they came from the hub.

    Raises:
        PainterUnusable: with a sentence for the operator.
    """
    dtype = _dtype(painter)
    transformer, vae = (part.eval().requires_grad_(False) for part in (pipeline.transformer, pipeline.vae))
    cast = painter.dtype is Dtype.FP8 and not multiplies_in_8_bits(device)
    if cast:
        transformer.enable_layerwise_casting(storage_dtype=torch.float8_e4m3fn, compute_dtype=dtype)
    elif painter.dtype is Dtype.FP8:
        quantise(transformer)
    try:
        transformer.to(device)
        vae.to(device)
        words = _words(painter, pipeline, device, snapshot)
    except RuntimeError as error:
        raise PainterUnusable(f"{painter.model} could not be put on {device}: {error}") from error
    if device.startswith("cuda") and dtype is torch.bfloat16 and torch.cuda.get_device_capability(device) >= AMPERE:
        transformer.set_attention_backend("_native_cudnn")
    if painter.compiled and not cast:  # what casts weights as they are needed cannot be compiled whole
        torch._dynamo.config.recompile_limit = 64
        transformer.compile_repeated_blocks(fullgraph=True, dynamic=False)
    return Parts(transformer, vae, pipeline.scheduler, words, torch.device(device), dtype)


def embed_all(painter: Painter, device: str, styles: Iterable[Style]) -> int:
    """Read the words of styles and keep them in the painter's cache, so that it can paint without its text encoder.

    Returns:
        How many were not there yet.

    Raises:
        PainterUnusable: the text encoder cannot be loaded.
    """
    folder = _folder(painter)
    pipeline = load_pipeline(folder, painter, with_text=True, transformer=None, vae=None)
    return _words(painter, pipeline, device, folder.name).embed_all(all_worded(styles))


def load_pipeline(folder: Path, painter: Painter, *, with_text: bool, **left_out: None) -> Any:
    """The stock pipeline on the processor. We use its parts, not its loop.

    Raises:
        PainterUnusable: parts of it are missing or damaged.
    """
    hush()
    if not with_text:
        left_out |= {"text_encoder": None, "tokenizer": None}
    try:
        return Flux2KleinPipeline.from_pretrained(folder, dtype=_dtype(painter), **left_out)
    except UNREADABLE as error:
        raise PainterUnusable(f"{painter.model} cannot be loaded; parts of it may be missing: {error}") from error


def _folder(painter: Painter) -> Path:
    folder = need_folder(painter.model, painter.revision)
    config = config_of(painter.model, folder)
    if config.get("_class_name") != Flux2KleinPipeline.__name__:
        raise PainterUnusable(f"{painter.model} is a {config.get('_class_name')}, not a FLUX.2 klein.")
    if not config.get("is_distilled"):
        raise PainterUnusable(f"{painter.model} is an undistilled base model, which needs guidance and many steps.")
    return folder


def _words(painter: Painter, pipeline: Any, device: str, snapshot: str) -> Embeddings:
    dtype = _dtype(painter)
    model = "\n".join((painter.model, snapshot, str(TEXT_TOKENS), str(dtype)))
    if pipeline.text_encoder is None:
        return Embeddings(model, None, painter.text_cache)
    encoder = pipeline.text_encoder.eval().requires_grad_(False).to(device if painter.text_device == "cuda" else "cpu")

    @torch.no_grad()
    def encode(prompt: str) -> Embedding:
        embeds, _ = pipeline.encode_prompt(
            prompt, encoder.device, max_sequence_length=TEXT_TOKENS, text_encoder_out_layers=LAYERS
        )
        return {"embeds": embeds.cpu()}

    return Embeddings(model, encode, painter.text_cache)


def _dtype(painter: Painter) -> torch.dtype:
    return torch.float32 if painter.dtype is Dtype.FP32 else torch.bfloat16
