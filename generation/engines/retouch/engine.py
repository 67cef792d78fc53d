"""Draws a style's recipe on a photo, effect by effect. Knows no style by name and no effect's insides."""

from __future__ import annotations

import pickle
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from generation.engine import Rendering, Report
from generation.engines.retouch.colour import to_canvas, to_pixels
from generation.engines.retouch.effects import Skip, load_effect
from generation.engines.retouch.layer import Layer, as_layers, lay
from generation.engines.retouch.memory import Draft, FaceBox, Memory, after
from generation.engines.retouch.recipes import check_recipe, in_order, is_about_shape
from generation.engines.retouch.room import make_room
from generation.engines.retouch.scene import Field, Scene, pull
from generation.face.finder import FaceFinder
from generation.face.gate import choose_face
from generation.job import Job, Note
from generation.label.kinds import Kind
from generation.styles.style import Step, Style

if TYPE_CHECKING:
    from generation.photo import Photo

MOST_AT_ONCE = 4
"""Pictures, for each takes memory."""


class RetouchEngine:
    """Classical image processing on the CPU; the only nets are the face finder's. Threads may share one.

    Args:
        at_once: how many pictures it is worth drawing at once.
    """

    def __init__(self, finder: FaceFinder, at_once: int = 1) -> None:
        self.finder = finder
        self.at_once = at_once
        self._memory = Memory()

    def render(self, job: Job, photos: tuple[Photo, ...], report: Report) -> Rendering:
        """Draw the job's style on its first photo.

        Raises:
            PhotoError: the photo cannot be used (see generation.face.gate).
        """
        pixels = photos[0].pixels
        log = _Log(job.style, report)
        scene, notes = self._memory.scene(pixels, lambda: self._seen(pixels, log))
        if job.strength <= 0:
            return _rendering(pixels, _face_box(scene), notes, log)
        bend = job.strength if is_about_shape(job.style) else 1.0
        recipe = pickle.dumps((job.style.steps, job.seed, bend))
        draft = self._memory.draft(pixels, recipe, lambda: _drafted(scene, job, bend, log))
        with log.stage("blend"):
            blend = draft.at(job.strength)
        return _rendering(blend, draft.face, notes + draft.notes, log)

    def forget(self, older_than_s: float = 0.0) -> None:
        """Drop what is remembered of photos that were not drawn for that long; by default of all."""
        self._memory.forget(older_than_s)

    def check(self, style: Style) -> None:
        """Raises ValueError, with a message for whoever wrote the pack, if this engine can't draw that style."""
        check_recipe(style)

    def _seen(self, pixels: np.ndarray, log: _Log) -> tuple[Scene, tuple[Note, ...]]:
        with log.stage("face"):
            face, notes = choose_face(pixels, self.finder.find(pixels))
        return Scene(pixels, face, self.finder), notes


def load(device: str, models: Path) -> RetouchEngine:
    """The engine with its nets loaded. It always runs on the CPU, on as many threads as OpenCV may use here."""
    threads = max(1, cv2.getNumThreads())
    return RetouchEngine(FaceFinder(models, threads).load(), at_once=min(threads, MOST_AT_ONCE))


@dataclass
class _Log:
    """What happens while one job is rendered: notes, times, progress."""

    style: Style
    report: Report
    notes: list[Note] = field(default_factory=list)
    stages: list[tuple[str, float]] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.stages.append((name, time.perf_counter() - start))
        self.report(min(1.0, len(self.stages) / (len(self.style.steps) + 3)))


def _drafted(scene: Scene, job: Job, bend: float, log: _Log) -> Draft:
    """The style drawn from its first step to its last, its fields at the share `bend`."""
    with log.stage("room"):
        scene = _with_headroom(scene, job.style, log)
    canvases = _Canvases(scene, job.seed, bend)
    for step in in_order(job.style):
        try:
            canvases.draw(step, log)
        except Skip as skip:
            log.notes.append(skip.note)
    bent = canvases.bent if bend == 1.0 else None
    return Draft(canvases.bare_pixels(), to_pixels(canvases.full), bent, _face_box(canvases.scene), tuple(log.notes))


class _Canvases:
    """What a recipe is drawn on: `full`, and beside it `bare`, which only gets what is whole at any strength."""

    def __init__(self, scene: Scene, seed: int, bend: float) -> None:
        self.scene, self.full = scene, to_canvas(scene.pixels)
        self.bent: Field | None = None  # by everything that is not whole
        self._bare: np.ndarray | None = None  # the scene's pixels, until something whole lies on them
        self._seed, self._share = seed, bend

    def draw(self, step: Step, log: _Log) -> None:
        """Raises Skip."""
        effect = load_effect(step.effect)
        for matte in getattr(effect, "NEEDS", ()):
            if matte not in self.scene.__dict__:
                with log.stage(matte):
                    getattr(self.scene, matte)
        with log.stage(step.effect):
            if hasattr(effect, "bend"):
                self._bend(effect.bend(self.scene, **step.params), step)
            else:
                drawn = effect.apply(self.scene, self.full, seed=self._seed, **step.params)
                self._lay(as_layers(drawn), step)

    def bare_pixels(self) -> np.ndarray:
        return self.scene.pixels if self._bare is None else to_pixels(self._bare)

    def _bend(self, field: Field, step: Step) -> None:
        if not step.whole:
            field = field * np.float32(step.share * self._share)
            self.bent = field if self.bent is None else after(self.bent, field)
        self.scene, self.full = self.scene.warped(field), pull(self.full, field)
        if self._bare is not None:
            self._bare = pull(self._bare, field)

    def _lay(self, layers: list[Layer], step: Step) -> None:
        if step.whole and self._bare is None and layers:
            self._bare = to_canvas(self.scene.pixels)
        for layer in layers:
            lay(self.full, layer, 1.0 if step.whole else step.share)
            if step.whole and self._bare is not None:
                lay(self._bare, layer, 1.0)


def _rendering(pixels: np.ndarray, face: FaceBox, notes: tuple[Note, ...], log: _Log) -> Rendering:
    return Rendering(
        pixels=pixels,
        kind=Kind.ENHANCED,
        face=face,
        notes=tuple(dict.fromkeys(notes)),
        stages=tuple(log.stages),
    )


def _face_box(scene: Scene) -> FaceBox:
    low, high = scene.face.points.min(0), scene.face.points.max(0)
    return int(low[0]), int(low[1]), int(high[0]) + 1, int(high[1]) + 1


def _with_headroom(scene: Scene, style: Style, log: _Log) -> Scene:
    """The scene moved down if some effect needs more room above the head than there is."""
    needed = 0.0
    for step in style.steps:
        effect = load_effect(step.effect)
        if hasattr(effect, "headroom"):
            needed = max(needed, float(effect.headroom(scene, **step.params)))
    if needed < 1:
        return scene
    log.notes.append(Note.NO_HEADROOM)
    return make_room(scene, needed)
