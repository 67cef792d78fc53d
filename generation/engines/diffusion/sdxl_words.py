"""Prompts as SDXL's two text encoders read them. Knows no job and no picture."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch

from generation.engines.diffusion.embeddings import Embedding
from generation.styles.style import Style

PARTS = 2
"""The encoders read 77 tokens, some 50 words; a longer prompt is read in this many parts, and what is beyond is cut."""


def said(style: Style) -> str:
    """The prompt: the style's words and no more.

    What the style avoids is left out. A negative prompt needs guidance, with which LCM's steps do not go; and to name a
    thing to these encoders is to call for it, "avoid" or not. (klein is told in a sentence, which it understands.) How
    much of the person is kept, which klein is told, too, is the weight of the face here.
    """
    return style.prompt.strip()


def all_said(styles: Iterable[Style]) -> list[str]:
    """Every prompt of styles with words, each once."""
    return list(dict.fromkeys(filter(None, map(said, styles))))


def reader(pipeline: Any, device: str) -> Callable[[str], Embedding]:
    """Reads a prompt to "embeds" (1, 2 × 77, D) and "pooled" (1, P), float32 on the processor.

    A short prompt stands there twice, which attention weighs like once, so that all are of one length.
    """
    encoders = [pipeline.text_encoder, pipeline.text_encoder_2]
    for encoder in encoders:
        encoder.eval().requires_grad_(False).to(device)

    @torch.no_grad()
    def read(prompt: str) -> Embedding:
        parts = divided(prompt, pipeline.tokenizer)
        embeds, _, pooled, _ = pipeline.encode_prompt(
            (parts * PARTS)[:PARTS], device=encoders[0].device, do_classifier_free_guidance=False
        )
        return {"embeds": embeds.float().cpu().flatten(0, 1)[None], "pooled": pooled[:1].float().cpu()}

    return read


def divided(prompt: str, tokenizer: Any) -> list[str]:
    """Parts that the tokenizer has room for, divided between words; one at least."""
    parts = [""]
    for word in prompt.split():
        longer = f"{parts[-1]} {word}".strip()
        if parts[-1] and len(tokenizer(longer).input_ids) > tokenizer.model_max_length:
            parts.append(word)
        else:
            parts[-1] = longer
    return parts
