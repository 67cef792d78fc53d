"""What the label wants of an invisible mark, so that another one can be plugged in. Knows nothing of how it is done."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np

EPOCHS = 16  # numbers of key epochs that a payload can name
IDS = 1 << 40


@dataclass(frozen=True, slots=True)
class Payload:
    """What a mark says.

    Args:
        epoch: which of the operator's keys made it, 0 to 15.
        id: of the picture, 40 bits, random: it says nothing about anyone.
    """

    epoch: int
    id: int

    def __post_init__(self) -> None:
        if not (0 <= self.epoch < EPOCHS and 0 <= self.id < IDS):
            raise ValueError(f"{self} does not fit into a mark: the epoch has 4 bits, the id 40.")


@dataclass(frozen=True, slots=True)
class Found:
    """A mark in a picture.

    Args:
        payload: what it says.
        sure: the mark alone proves that it was made with our key. If not, it is ours only if its id was issued.
        to_work: rows a, b, c and d, e, f of the map (x, y) -> (a x + b y + c, d x + e y + f) from px of the picture
            that was looked at to the picture as it was issued, in work px (canvas.py), up to whole tiles of 128.
            `bind.match_picture` compares the two pictures along it.
        strength: for the bench and for logs, not for people: whoever may ask for it can try until a forgery passes.
    """

    payload: Payload
    sure: bool
    to_work: tuple[float, float, float, float, float, float]
    strength: float


class Watermarker(Protocol):
    def embed(self, pixels: "np.ndarray", payload: Payload) -> "np.ndarray":
        """The picture with the mark in it; the same bytes whenever picture, key and payload are the same.

        Args:
            pixels: (H, W, 3) uint8 sRGB, or (H, W, 4) with alpha, which is kept; not changed.
        """

    def find(self, pixels: "np.ndarray") -> list[Found]:
        """The marks in a picture, surest first; empty if there is none that can be read.

        Args:
            pixels: (H, W, 3 or 4) uint8 sRGB, of any size.
        """
