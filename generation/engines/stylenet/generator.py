"""Nets that are one style each, by ONNX or PyTorch. Knows layouts and ranges, not faces."""

from __future__ import annotations

from typing import Protocol

import cv2
import numpy as np

from generation.engines.stylenet.canvas import padded, resized
from generation.engines.stylenet.graphs import Graph
from generation.engines.stylenet.recipe import Generator, Layout, NetUnusable, Range

MULTIPLE = 32
"""Of both sides: nets halve a picture up to five times."""

SCALES: dict[Range, tuple[float, float]] = {Range.SIGNED: (2 / 255, -1), Range.UNIT: (1 / 255, 0), Range.BYTES: (1, 0)}
"""What a byte is multiplied by, and what is added, to come into a net's range."""


class Forward(Protocol):
    """One picture through a net: (1, ., ., .) float32 in, the same out."""

    def __call__(self, picture: np.ndarray, /) -> np.ndarray: ...


class GeneratorNet:
    """Raises NetUnusable where the file is to blame."""

    def __init__(self, recipe: Generator, threads: int) -> None:
        self._recipe = recipe
        self._forward, self._layout, self._fixed = _load(recipe, threads)

    def draw(self, pixels: np.ndarray) -> np.ndarray:
        """(H, W, 3) uint8 sRGB to the same."""
        height, width = pixels.shape[:2]
        shown = padded(pixels, MULTIPLE) if self._fixed is None else _squeezed(pixels, self._fixed)
        factor, shift = SCALES[self._recipe.range]
        x = shown.astype(np.float32) * np.float32(factor) + np.float32(shift)
        answer = self._picture(self._forward(self._ordered(x)[None]))
        factor, shift = SCALES[self._recipe.range_out]
        drawn = np.asarray(np.clip(np.round((answer - np.float32(shift)) / np.float32(factor)), 0, 255), np.uint8)
        drawn = resized(drawn, *shown.shape[:2])
        return resized(drawn, height, width) if self._fixed else drawn[:height, :width]

    def _ordered(self, x: np.ndarray) -> np.ndarray:
        return np.ascontiguousarray(x.transpose(2, 0, 1)) if self._layout is Layout.NCHW else x

    def _picture(self, answer: np.ndarray) -> np.ndarray:
        """(h, w, 3) of a net's answer."""
        if answer.ndim == 4 and len(answer) == 1:
            picture = answer[0].transpose(1, 2, 0) if self._layout is Layout.NCHW else answer[0]
            if picture.shape[2] == 3:
                return np.asarray(picture)
        raise NetUnusable(f"{self._recipe.file} answers with {answer.shape}, which is no picture in {self._layout}.")


Loaded = tuple[Forward, Layout, tuple[int, int] | None]
"""The net, its layout, and the only height and width it takes; None: any."""


def _load(recipe: Generator, threads: int) -> Loaded:
    if recipe.file.suffix.lower() == ".onnx":
        return _load_graph(recipe, threads)
    try:
        from generation.engines.stylenet.torched import load_forward
    except ModuleNotFoundError as error:
        raise NetUnusable(f"{recipe.file} needs PyTorch ({error}). Run: pip install 'selfiebot[diffusion]'") from error
    return load_forward(recipe, threads), Layout.NCHW, None


def _load_graph(recipe: Generator, threads: int) -> Loaded:
    graph = Graph(recipe.file, threads)
    if len(graph.inputs) != 1 or len(graph.inputs[0].shape) != 4:
        raise NetUnusable(f"{recipe.file} must take one picture, with four axes, and nothing else.")
    shape = graph.inputs[0].shape
    layout = _layout_of(recipe, shape)
    height, width = shape[1:3] if layout is Layout.NHWC else shape[2:4]
    return graph, layout, (height, width) if height and width else None


def _layout_of(recipe: Generator, shape: tuple[int | None, ...]) -> Layout:
    if recipe.layout is not Layout.AUTO:
        return recipe.layout
    if shape[3] == 3 and shape[1] != 3:
        return Layout.NHWC
    if shape[1] == 3 and shape[3] != 3:
        return Layout.NCHW
    raise NetUnusable(
        f'{recipe.file} does not say the order of its axes: write layout = "nhwc" or "nchw" in its .toml.'
    )


def _squeezed(pixels: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """For a net of one size only: the whole photo in it."""
    return cv2.resize(pixels, size[::-1], interpolation=cv2.INTER_AREA)
