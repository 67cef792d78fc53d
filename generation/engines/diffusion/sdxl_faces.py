"""A face for each row of SDXL: what IP-Adapter reads of a person's photos, and attention that looks at it alone.

The stock pipeline hands every row of a batch all faces of the call, and has one weight for all; here a row has its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import torch
from diffusers.models.embeddings import IPAdapterPlusImageProjection
from torch import nn
from torch.nn.functional import scaled_dot_product_attention

CLIP_MEAN = (0.48145466, 0.4578275, 0.40821073)
CLIP_DEVIATION = (0.26862954, 0.26130258, 0.27577711)
"""Of the three colours, 0 to 1, as the image encoder was trained (arXiv 2103.00020)."""

LEAST_WEIGHT, MOST_WEIGHT = 0.3, 1.0
"""Of the face beside the words. Its makers call 0.5 a balance of both, and at 1 the face is nearly all that counts."""


def weight_of(likeness: float) -> float:
    """The adapter's scale for a job's likeness: evenly from 0.3 at 0 over 0.65 at 0.5 to 1 at 1."""
    return LEAST_WEIGHT + (MOST_WEIGHT - LEAST_WEIGHT) * likeness


def face_pixels(heads: Sequence[np.ndarray], side_px: int) -> torch.Tensor:
    """(N, 3, side, side) float32 for the image encoder, of N square (h, h, 3) uint8."""
    sized = [
        cv2.resize(head, (side_px, side_px), interpolation=cv2.INTER_AREA if len(head) > side_px else cv2.INTER_CUBIC)
        for head in heads
    ]
    pixels = (np.stack(sized).astype(np.float32) / 255 - CLIP_MEAN) / CLIP_DEVIATION
    return torch.from_numpy(pixels.astype(np.float32)).permute(0, 3, 1, 2).contiguous()


class FaceReader:
    """Photos of one person's face to the tokens that rows attend to. Runs on the model's device.

    Args:
        encoder: a CLIPVisionModelWithProjection.
        resampler: the adapter's own part, which makes a few tokens of the encoder's many.
    """

    def __init__(self, encoder: Any, resampler: IPAdapterPlusImageProjection) -> None:
        self.side_px: int = encoder.config.image_size
        self._encoder = encoder
        self._resampler = resampler

    def read(self, faces: torch.Tensor, most: int) -> torch.Tensor:
        """The tokens of all photos side by side.

        Attention weighs what it sees twice like what it sees once, if it sees all of it twice. So one photo stands
        there as often as `most` photos would, if that comes out even, and people with one photo and with four share
        a forward pass.

        Args:
            faces: (N, 3, side, side), see `face_pixels`.

        Returns:
            (1, N or `most` × tokens, C)
        """
        pixels = faces.to(self._encoder.device, self._encoder.dtype)
        seen = self._encoder(pixels, output_hidden_states=True).hidden_states[-2]
        tokens: torch.Tensor = self._resampler(seen).flatten(0, 1)[None]
        return tokens if most % len(faces) else tokens.repeat(1, most // len(faces), 1)


class FaceAttention(nn.Module):
    """IP-Adapter's attention (arXiv 2308.06721): to the words, and beside it to the row's own face, by its own weight.

    Args:
        to_k, to_v: the adapter's, of one layer.
    """

    def __init__(self, to_k: nn.Module, to_v: nn.Module) -> None:
        super().__init__()
        self.to_k = to_k
        self.to_v = to_v

    def forward(
        self,
        attn: Any,
        hidden_states: torch.Tensor,
        encoder_hidden_states: tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor]],
        attention_mask: None = None,
        temb: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Called by diffusers, which names the arguments.

        Args:
            hidden_states: (N, pixels, C)
            encoder_hidden_states: the words (N, T, D); and the faces (N, F, D) with their weights (N, 1, 1).
        """
        words, (faces, weights) = encoder_hidden_states
        query = attn.to_q(hidden_states)
        drawn = _attend(attn.heads, query, attn.to_k(words), attn.to_v(words))
        drawn = drawn + weights * _attend(attn.heads, query, self.to_k(faces), self.to_v(faces))
        to_out, dropout = attn.to_out
        mixed: torch.Tensor = dropout(to_out(drawn))
        return mixed


def look_at_own_faces(unet: Any) -> IPAdapterPlusImageProjection | None:
    """Have every row of a UNet that an IP-Adapter was loaded into attend to its own face.

    From then on the UNet takes, as `image_embeds`, tokens of FaceReader and weights instead of an encoder's output.

    Returns:
        The adapter's resampler, for a FaceReader; None if the adapter is not of the kind "plus".
    """
    (resampler,) = unet.encoder_hid_proj.image_projection_layers
    if not isinstance(resampler, IPAdapterPlusImageProjection):
        return None
    own = {
        name: FaceAttention(stock.to_k_ip[0], stock.to_v_ip[0]) if hasattr(stock, "to_k_ip") else stock
        for name, stock in unet.attn_processors.items()
    }
    unet.set_attn_processor(own)
    unet.encoder_hid_proj = nn.Identity()
    return resampler


def _attend(heads: int, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor) -> torch.Tensor:
    """(N, pixels, C)"""
    q, k, v = (each.view(*each.shape[:2], heads, -1).transpose(1, 2) for each in (query, key, value))
    return scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)
