"""The mark that the label uses unless an operator plugs another in: one secret, some key epochs. Knows no label."""

from collections.abc import Sequence

import numpy as np

from generation.label.mark.code import encode
from generation.label.mark.embed import lay_tile
from generation.label.mark.find import find_marks
from generation.label.mark.keys import derive_keys
from generation.label.mark.tile import draw_tile
from generation.label.mark.watermarker import Found, Payload


class TileMark:
    """A `Watermarker`.

    Args:
        secret: 32 bytes. Whoever has them can forge marks; without them no mark can be read any more.
        epochs: the key epochs to look for. Marks are laid with the epoch their payload names.
    """

    def __init__(self, secret: bytes, epochs: Sequence[int] = (0,)) -> None:
        self._secret = secret
        self._keys = [derive_keys(secret, epoch) for epoch in epochs]

    def embed(self, pixels: np.ndarray, payload: Payload) -> np.ndarray:
        keys = derive_keys(self._secret, payload.epoch)
        return lay_tile(pixels, draw_tile(encode(payload, keys), keys))

    def find(self, pixels: np.ndarray) -> list[Found]:
        return find_marks(pixels, self._keys)
