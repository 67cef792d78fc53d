"""What holds for every style of the catalogue, drawn by the whole engine: size, purity, and six complexions kept."""

import hashlib
import subprocess
import sys
from collections.abc import Mapping
from functools import cache

import cv2
import numpy as np
import pytest

from generation.engines.retouch.colour import from_oklab, to_oklab
from generation.engines.retouch.effects import stages
from generation.engines.retouch.engine import RetouchEngine
from generation.engines.retouch.scene import Scene
from generation.face.finder import FaceFinder
from generation.face.models import default_folder
from generation.job import Job
from generation.photo import Photo
from generation.styles import Style, read_catalogue

STYLES = list(read_catalogue())
TONES = {
    "very light": (0.90, 0.035),
    "light": (0.82, 0.050),
    "medium": (0.72, 0.070),
    "brown": (0.60, 0.080),
    "dark": (0.48, 0.072),
    "very dark": (0.37, 0.055),
}
"""OKLab lightness and chroma of six complexions."""
SIDE = 256
MADE_PALE = {"paint", "medium"}
"""Stages that may give a skin a colour of their own; for them the order of complexions is what must stay."""


def drawn(engine: RetouchEngine, pixels: np.ndarray, style: Style, strength: float | None = None) -> np.ndarray:
    job = Job("1", style, (b"",), style.strength if strength is None else strength, 5)
    return engine.render(job, (Photo(pixels),), lambda share: None).pixels


@cache
def small(tone: str | None = None) -> np.ndarray:
    """(300, 256, 3) uint8: the astronaut's head and shoulders, with another complexion."""
    from skimage import data

    pixels = cv2.resize(data.astronaut()[0:300, 95:351], (SIDE, 300), interpolation=cv2.INTER_AREA)
    if tone is None:
        return pixels
    finder = FaceFinder(default_folder()).load()
    (face, *_) = finder.find(pixels)
    scene = Scene(pixels, face, finder)
    own, (lightness, chroma) = scene.complexion.tone, TONES[tone]
    lab = to_oklab(pixels)
    moved = lab.copy()
    moved[..., 0] *= lightness / own[0]
    moved[..., 1:] *= chroma / float(np.hypot(own[1], own[2]))
    skin = np.clip((pixels[..., 0].astype(np.float32) - pixels[..., 2] - 8) / 20, 0, 1) * scene.person
    skin[scene.near.rows_cols] = np.maximum(skin[scene.near.rows_cols], scene.face_oval)
    skin[200:] = 0  # the suit
    return np.round(from_oklab(lab + skin[..., None] * (moved - lab)) * 255).astype(np.uint8)


@pytest.fixture(scope="module")
def cheeks(finder: FaceFinder) -> np.ndarray:
    """(300, 256) bool: skin of the cheeks and the nose's sides, which few things cover."""
    (face, *_) = finder.find(small())
    where = np.zeros(small().shape[:2], np.uint8)
    for point in face.points[[117, 118, 101, 36, 205, 50, 346, 347, 330, 266, 425, 280]]:
        cv2.circle(where, tuple(int(value) for value in point), 3, 1, -1)
    return where.astype(bool)


@pytest.fixture(scope="module")
def engines(models: object) -> Mapping[str, RetouchEngine]:
    """One for each complexion, so that each remembers its face."""
    finder = FaceFinder(default_folder()).load()
    return {tone: RetouchEngine(finder) for tone in TONES}


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_every_complexion_stays_itself(engines: Mapping[str, RetouchEngine], cheeks: np.ndarray, style: Style) -> None:
    before = {tone: np.median(to_oklab(small(tone))[cheeks], axis=0) for tone in TONES}
    after = {tone: np.median(to_oklab(drawn(engines[tone], small(tone), style))[cheeks], axis=0) for tone in TONES}
    lightness = [float(after[tone][0]) for tone in TONES]
    own = {stages()[step.effect] for step in style.steps}
    if own & MADE_PALE:
        assert lightness[0] - lightness[-1] > -0.05, "nobody is painted the other way round"
        return
    for tone in ("brown", "dark", "very dark"):
        assert after[tone][0] - before[tone][0] < 0.07, f"{tone} skin is lightened"
        assert after[tone][0] - before[tone][0] > -0.16, f"{tone} skin is crushed"
    assert all(one > other - 0.02 for one, other in zip(lightness, lightness[1:], strict=False)), "the order stays"
    assert lightness[0] - lightness[-1] > 0.3 * (before["very light"][0] - before["very dark"][0])


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_the_size_stays_and_strength_0_is_the_photo(engines: Mapping[str, RetouchEngine], style: Style) -> None:
    engine, photo = engines["medium"], small("medium")
    picture = drawn(engine, photo, style)
    assert (picture.shape, picture.dtype) == (photo.shape, np.uint8)
    assert not np.array_equal(picture, photo), "the style is seen"
    assert np.array_equal(drawn(engine, photo, style, 0.0), photo)
    assert np.array_equal(photo, small("medium")), "the photo is not written to"


def test_another_process_draws_the_same_pictures() -> None:
    code = "from tests.generation.test_every_style import fingerprints; print(fingerprints())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == fingerprints()


def fingerprints() -> str:
    """A hash of every style's picture, by an engine of its own."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    engine, photo = RetouchEngine(FaceFinder(default_folder(), threads=1).load()), small()
    try:
        return " ".join(
            f"{style.name}:{hashlib.sha256(drawn(engine, photo, style).data).hexdigest()[:12]}" for style in STYLES
        )
    finally:
        cv2.setNumThreads(threads)
