"""Arbitrary style transfer: a predictor turns a picture into a style vector, a transformer draws a photo by it.

After Ghiasi and others, "Exploring the structure of a real-time, arbitrary neural artistic stylization network" (2017):
strength is the blend of the photo's own vector with the style's. Knows no face.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

from generation.engines.stylenet.canvas import padded, resized
from generation.engines.stylenet.graphs import Graph, read_weights
from generation.engines.stylenet.recipe import NetUnusable
from generation.errors import PhotoError
from generation.face.nets import Net
from generation.photo import read_photo
from generation.styles.nets import find_predictor, find_transformer

PREDICTOR_PX = 256
MULTIPLE = 4
WHOLE_FROM = 0.35
"""Below this strength the photo itself is blended in: its own vector does not quite give it back."""

GRAIN = 4.0
"""Standard deviation, in grey values, of the grain a photo is given: on a plain wall the net would otherwise draw the
steps between one grey and the next, as rings. Of 0, 2, 4 and 7 the least that leaves none."""

MOST_VECTORS = 512

Predict = Callable[[np.ndarray], np.ndarray]


class TransferNet:
    """The two nets of one folder. Raises NetUnusable, like everything it calls, where a file is to blame."""

    def __init__(self, folder: Path, threads: int) -> None:
        self._predict = _load_predictor(find_predictor(folder), threads)
        self._transformer = Graph(find_transformer(folder), threads)
        self._photo_first = _takes_photo_first(self._transformer)
        self._vectors: dict[bytes, np.ndarray] = {}  # of style pictures, by their content; never of a photo

    def draw(self, pixels: np.ndarray, picture: Path, strength: float) -> tuple[np.ndarray, float]:
        """Args:
            pixels: (H, W, 3) uint8 sRGB, the photo.
            picture: the file that is the style.

        Returns:
            drawn: (H, W, 3) uint8.
            opacity: how much of it should be seen over the photo, 0 to 1.
        """
        own, style = self._vector(pixels), self._vector_of(picture)
        return self._transform(pixels, own + np.float32(strength) * (style - own)), min(1.0, strength / WHOLE_FROM)

    def _transform(self, pixels: np.ndarray, vector: np.ndarray) -> np.ndarray:
        photo = _grained(padded(pixels, MULTIPLE))[None]
        answer = self._transformer(*((photo, vector) if self._photo_first else (vector, photo)))
        if answer.shape != photo.shape:
            raise NetUnusable(
                f"{self._transformer.file} makes {answer.shape} of {photo.shape}; a picture of the same size is wanted."
            )
        height, width = pixels.shape[:2]
        return np.asarray(np.clip(np.round(answer[0, :height, :width] * 255), 0, 255), np.uint8)

    def _vector_of(self, picture: Path) -> np.ndarray:
        data = read_weights(picture)
        key = hashlib.sha256(data).digest()
        if key not in self._vectors:
            if len(self._vectors) >= MOST_VECTORS:
                self._vectors.clear()
            self._vectors[key] = self._vector(_decoded(picture, data))
        return self._vectors[key]

    def _vector(self, pixels: np.ndarray) -> np.ndarray:
        square = resized(pixels, PREDICTOR_PX, PREDICTOR_PX).astype(np.float32) / np.float32(255)
        return self._predict(square[None])


def _grained(pixels: np.ndarray) -> np.ndarray:
    """(H, W, 3) uint8 to float32, 0 to 1, with the same grain for every photo of that size."""
    grain = np.random.default_rng(0).standard_normal((*pixels.shape[:2], 1), np.float32)
    return np.asarray(np.clip((pixels + np.float32(GRAIN) * grain) / np.float32(255), 0, 1))


def _load_predictor(file: Path, threads: int) -> Predict:
    if file.suffix.lower() == ".onnx":
        return Graph(file, threads)
    try:
        net = Net(read_weights(file), threads)
        net(np.zeros((1, PREDICTOR_PX, PREDICTOR_PX, 3), np.float32))
    except (ValueError, RuntimeError) as error:
        raise NetUnusable(f"{file} is no LiteRT net that takes a picture of {PREDICTOR_PX} px: {error}") from error
    return lambda square: net(square)[0]


def _takes_photo_first(transformer: Graph) -> bool:
    """By the axis of three colours: a photo is (1, H, W, 3)."""
    photos = [len(port.shape) == 4 and port.shape[3] == 3 and port.shape[1] is None for port in transformer.inputs]
    if sorted(photos) != [False, True]:
        raise NetUnusable(f"{transformer.file} must take a photo of any size, (1, height, width, 3), and a vector.")
    return photos[0]


def _decoded(picture: Path, data: bytes) -> np.ndarray:
    try:
        return read_photo(data).pixels
    except PhotoError as error:
        raise NetUnusable(f"{picture} cannot be read as a picture: {error}") from error
