"""Draws a photo by a style net, then mends skin and features. Knows no style by name and keeps nothing of a photo."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

import cv2
import numpy as np

from generation.engine import Rendering, Report
from generation.engines.stylenet.canvas import blended, bounded, brought_back, resized
from generation.engines.stylenet.generator import GeneratorNet
from generation.engines.stylenet.mend import mended
from generation.engines.stylenet.oklab import to_oklab
from generation.engines.stylenet.person import features, find_person
from generation.engines.stylenet.recipe import Generator, Recipe, Transfer, read_recipe
from generation.engines.stylenet.transfer import TransferNet
from generation.face.finder import FaceFinder
from generation.face.gate import choose_face
from generation.job import Job
from generation.label.kinds import Kind

if TYPE_CHECKING:
    from generation.face.face import Face
    from generation.photo import Photo
    from generation.styles.style import Style

Key = TypeVar("Key", bound=Hashable)
Net = TypeVar("Net")

MOST_NETS = 3
"""Of each kind that stay loaded."""
STAGES = 5
ON_SKIN = np.float32(0.7)
"""Of what is kept at eyes, brows and lips, the share that is kept on bare skin: strokes on a cheek look like a rash
when they are as strong as those on a wall."""

TRIAL = np.full((64, 96, 3), 128, np.uint8)
"""What a net is shown when a style is checked."""


class StyleNetEngine:
    """Renders on the CPU, on so many threads.

    Raises NetUnusable, for the log and for `check`, where a file of the operator's is to blame.
    """

    def __init__(self, finder: FaceFinder, threads: int) -> None:
        self.finder = finder
        self._transfers = _Kept[Path, TransferNet](lambda folder: TransferNet(folder, threads))
        self._generators = _Kept[Generator, GeneratorNet](lambda generator: GeneratorNet(generator, threads))

    def render(self, job: Job, photos: tuple[Photo, ...], report: Report) -> Rendering:
        """Draw the job's style on its first photo.

        Raises:
            PhotoError: the photo cannot be used (see generation.face.gate).
        """
        pixels, log = photos[0].pixels, _Log(report)
        with log.stage("face"):
            face, notes = choose_face(pixels, self.finder.find(pixels))
        picture, kind = pixels, Kind.ENHANCED
        if job.strength > 0:
            picture, kind = self._drawn(pixels, face, read_recipe(job.style), job.strength, log), Kind.GENERATED
        return Rendering(picture, kind, _box(face), notes, tuple(log.stages))

    def check(self, style: Style) -> None:
        """Raises ValueError, with a message for whoever wrote the style, if this engine can't draw it."""
        self._net_draws(read_recipe(style).drawn_by, TRIAL, 1.0)

    def _drawn(self, pixels: np.ndarray, face: Face, recipe: Recipe, strength: float, log: _Log) -> np.ndarray:
        small = bounded(pixels, recipe.look.side_px)
        with log.stage("net"):
            drawn, opacity = self._net_draws(recipe.drawn_by, small, strength)
        with log.stage("person"):
            lab = to_oklab(small)
            person = find_person(small, lab, _scaled(face, small.shape[0] / pixels.shape[0]), self.finder)
        with log.stage("tone"):
            drawn = mended(lab, drawn, person, recipe.look.tone)
        with log.stage("blend"):
            skin = np.clip(resized(person.skin, *pixels.shape[:2]), 0, 1)
            kept = np.maximum(ON_SKIN * skin, features(pixels.shape, face))
            share = np.float32(opacity) * (1 - np.float32(recipe.look.keep) * kept)
            return blended(pixels, brought_back(pixels, small, drawn), share)

    def _net_draws(self, what: Transfer | Generator, pixels: np.ndarray, strength: float) -> tuple[np.ndarray, float]:
        """The drawing, (H, W, 3) uint8, and how much of it is to be seen, 0 to 1."""
        if isinstance(what, Transfer):
            return self._transfers.get(what.net).draw(pixels, what.picture, strength)
        return self._generators.get(what).draw(pixels), strength


def load(models: Path) -> StyleNetEngine:
    """On as many threads as OpenCV may use here."""
    threads = max(1, cv2.getNumThreads())
    return StyleNetEngine(FaceFinder(models, threads).load(), threads)


class _Kept(Generic[Key, Net]):
    """The nets used last, each loaded when it is first asked for."""

    def __init__(self, load: Callable[[Key], Net]) -> None:
        self._load = load
        self._nets: OrderedDict[Key, Net] = OrderedDict()

    def get(self, key: Key) -> Net:
        net = self._nets.pop(key) if key in self._nets else self._load(key)
        self._nets[key] = net
        if len(self._nets) > MOST_NETS:
            self._nets.popitem(last=False)
        return net


@dataclass
class _Log:
    """How long each stage of one job took."""

    report: Report
    stages: list[tuple[str, float]] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.stages.append((name, time.perf_counter() - start))
        self.report(min(1.0, len(self.stages) / STAGES))


def _scaled(face: Face, scale: float) -> Face:
    return replace(face, landmarks=face.landmarks * np.float32(scale))


def _box(face: Face) -> tuple[int, int, int, int]:
    low, high = face.points.min(0), face.points.max(0)
    return int(low[0]), int(low[1]), int(high[0]) + 1, int(high[1]) + 1
