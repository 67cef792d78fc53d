"""Draws a style's recipe on a photo, effect by effect. Knows no style by name and no effect's insides."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import cv2
import numpy as np

from generation.engine import Rendering, Report
from generation.engines.retouch.colour import parse_colour, to_canvas, to_pixels
from generation.engines.retouch.effects import Skip, load_effect
from generation.engines.retouch.layer import Layer, lay
from generation.engines.retouch.room import make_room
from generation.engines.retouch.scene import Scene, pull
from generation.face.finder import FaceFinder
from generation.face.gate import choose_face
from generation.job import Job, Note
from generation.label.kinds import Kind
from generation.styles.style import Step, Style, Value

if TYPE_CHECKING:
    from generation.photo import Photo

GIVEN = {"scene", "canvas", "seed"}
"""The parameters an effect gets from the engine, not from the recipe."""


class RetouchEngine:
    """Classical image processing on the CPU; the only nets are the face finder's."""

    def __init__(self, finder: FaceFinder) -> None:
        self.finder = finder

    def render(self, job: Job, photos: tuple[Photo, ...], report: Report) -> Rendering:
        """Draw the job's style on its first photo.

        Raises:
            PhotoError: the photo cannot be used (see generation.face.gate).
        """
        pixels = photos[0].pixels
        log = _Log(job.style, report)
        with log.stage("face"):
            face, notes = choose_face(pixels, self.finder.find(pixels))
        scene = Scene(pixels, face, self.finder)
        log.notes.extend(notes)
        if job.strength <= 0:
            return self._rendering(pixels, scene, log)
        with log.stage("room"):
            scene = _with_headroom(scene, job.style, log)
        canvas = to_canvas(scene.pixels)
        for step in job.style.steps:
            scene, canvas = self._draw(step, scene, canvas, job, log)
        return self._rendering(to_pixels(canvas), scene, log)

    def check(self, style: Style) -> None:
        """Raises ValueError, with a message for whoever wrote the pack, if this engine can't draw that style."""
        if not style.steps:
            raise ValueError(f"[{style.name}] has no steps.")
        for step in style.steps:
            try:
                _check_step(step)
            except ValueError as error:
                raise ValueError(f"[{style.name}] {step.effect}: {error}") from None

    def _draw(self, step: Step, scene: Scene, canvas: np.ndarray, job: Job, log: _Log) -> tuple[Scene, np.ndarray]:
        effect = load_effect(step.effect)
        try:
            for matte in getattr(effect, "NEEDS", ()):
                if matte not in scene.__dict__:
                    with log.stage(matte):
                        getattr(scene, matte)
            with log.stage(step.effect):
                if hasattr(effect, "bend"):
                    bend = effect.bend(scene, **step.params) * np.float32(job.strength)
                    return scene.warped(bend), pull(canvas, bend)
                drawn = effect.apply(scene, canvas, seed=job.seed, **step.params)
                for layer in _layers(drawn):
                    lay(canvas, layer, job.strength)
        except Skip as skip:
            log.notes.append(skip.note)
        return scene, canvas

    def _rendering(self, pixels: np.ndarray, scene: Scene, log: _Log) -> Rendering:
        low, high = scene.face.points.min(0), scene.face.points.max(0)
        return Rendering(
            pixels=pixels,
            kind=Kind.ENHANCED,
            face=(int(low[0]), int(low[1]), int(high[0]) + 1, int(high[1]) + 1),
            notes=tuple(dict.fromkeys(log.notes)),
            stages=tuple(log.stages),
        )


def load(device: str, models: Path) -> RetouchEngine:
    """The engine with its nets loaded. It always runs on the CPU, on as many threads as OpenCV may use here."""
    return RetouchEngine(FaceFinder(models, threads=max(1, cv2.getNumThreads())).load())


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


def _layers(drawn: Layer | list[Layer] | None) -> list[Layer]:
    if drawn is None:
        return []
    return [drawn] if isinstance(drawn, Layer) else drawn


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


def _check_step(step: Step) -> None:
    effect = load_effect(step.effect)
    signature = inspect.signature(_entry(effect))
    known = {name: parameter for name, parameter in signature.parameters.items() if name not in GIVEN}
    for name, value in step.params.items():
        if name not in known:
            raise ValueError(f'there is no parameter "{name}"; there are: {", ".join(known) or "none"}.')
        _check_value(name, value, known[name].default)
    if lacking := [name for name, parameter in known.items() if parameter.default is parameter.empty]:
        lacking = [name for name in lacking if name not in step.params]
        if lacking:
            raise ValueError(f"{', '.join(lacking)} must be given.")
    if hasattr(effect, "check"):
        effect.check(**step.params)


def _entry(effect: ModuleType) -> Callable[..., object]:
    entry: Callable[..., object] = effect.bend if hasattr(effect, "bend") else effect.apply
    return entry


def _check_value(name: str, value: Value, default: object) -> None:
    """The default tells what a value must be: a number, a text, a colour, a list of colours or numbers."""
    if default is inspect.Parameter.empty:
        return
    if isinstance(default, bool):
        right, what = isinstance(value, bool), "true or false"
    elif isinstance(default, int | float):
        right, what = isinstance(value, int | float) and not isinstance(value, bool), "a number"
    elif isinstance(default, str):
        right, what = isinstance(value, str), "a text in quotes"
    else:
        right, what = isinstance(value, list), "a list in square brackets"
    if not right:
        raise ValueError(f"{name} must be {what}, not {value!r}.")
    if isinstance(default, str) and default.startswith("#"):
        parse_colour(str(value))
