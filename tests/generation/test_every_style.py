"""What holds for every style of the catalogue, drawn by the whole engine: size, purity, and six complexions kept."""

import hashlib
import subprocess
import sys
from collections.abc import Mapping
from functools import cache

import cv2
import numpy as np
import pytest

from generation.engine import Rendering
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
ELSEWHERE = {"pop-art"}
"""Four small prints: the face is not where it was. tests/generation/retouch/test_media.py measures them."""
IN_PLACE = [style for style in STYLES if style.name not in ELSEWHERE]
MADE_PALE = {"paint", "medium"}
"""Stages that may give a skin a colour of their own; for them the order of complexions is what must stay."""


def rendered(engine: RetouchEngine, pixels: np.ndarray, style: Style, strength: float | None = None) -> Rendering:
    job = Job("1", style, (b"",), style.strength if strength is None else strength, 5)
    return engine.render(job, (Photo(pixels),), lambda share: None)


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
def skin(finder: FaceFinder) -> np.ndarray:
    """(N, 2) px: points of bare skin all over the face."""
    (face, *_) = finder.find(small())
    scene = Scene(small(), face, finder)
    return np.argwhere(scene.skin > 0.8)[::3, ::-1] + scene.near.origin


def tone_of(skin: np.ndarray, photo: Rendering, picture: Rendering) -> np.ndarray:
    """OKLab of the face in a picture, (3,). A hat may have moved the face, so its box tells where the skin is now."""
    assert photo.face is not None
    assert picture.face is not None
    was, now = np.asarray(photo.face, float), np.asarray(picture.face, float)
    at = (skin - was[:2]) / (was[2:] - was[:2]) * (now[2:] - now[:2]) + now[:2]
    x, y = np.round(at).astype(int).T
    return np.asarray(np.median(to_oklab(picture.pixels)[np.clip(y, 0, 299), np.clip(x, 0, SIDE - 1)], axis=0))


@pytest.fixture(scope="module")
def engines(models: object) -> Mapping[str, RetouchEngine]:
    """One for each complexion, so that each remembers its face."""
    finder = FaceFinder(default_folder()).load()
    return {tone: RetouchEngine(finder) for tone in TONES}


@pytest.mark.parametrize(
    "style", [style for style in STYLES if style.name not in ELSEWHERE], ids=lambda style: style.name
)
def test_every_complexion_stays_itself(engines: Mapping[str, RetouchEngine], skin: np.ndarray, style: Style) -> None:
    before, after = {}, {}
    for tone, engine in engines.items():
        photo = rendered(engine, small(tone), style, 0.0)
        before[tone] = tone_of(skin, photo, photo)
        after[tone] = tone_of(skin, photo, rendered(engine, small(tone), style))
    lightness = [float(after[tone][0]) for tone in TONES]
    if {stages()[step.effect] for step in style.steps} & MADE_PALE:
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
    picture = rendered(engine, photo, style)
    assert (picture.pixels.shape, picture.pixels.dtype) == (photo.shape, np.uint8)
    assert picture.notes or not np.array_equal(picture.pixels, photo), "the style is seen, or it is said why not"
    assert np.array_equal(rendered(engine, photo, style, 0.0).pixels, photo)
    assert np.array_equal(photo, small("medium")), "the photo is not written to"


def test_another_process_draws_the_same_pictures() -> None:
    code = "from tests.generation.test_every_style import fingerprints; print(fingerprints())"
    other = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    ours = fingerprints()
    theirs, _ = other.communicate(timeout=100)
    assert theirs.split() == ours.split()


def fingerprints() -> str:
    """Hashes of pictures by an engine of its own, of so many styles that every effect is among them."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    engine, photo = RetouchEngine(FaceFinder(default_folder(), threads=1).load()), small()
    try:
        return " ".join(
            f"{style.name}:{hashlib.sha256(rendered(engine, photo, style).pixels.data).hexdigest()[:12]}"
            for style in enough()
        )
    finally:
        cv2.setNumThreads(threads)


def enough() -> list[Style]:
    """Few styles that have every effect of the catalogue between them."""
    missing = {step.effect for style in STYLES for step in style.steps}
    chosen = []
    while missing:
        best = max(STYLES, key=lambda style: len(missing & {step.effect for step in style.steps}))
        missing -= {step.effect for step in best.steps}
        chosen.append(best)
    return chosen
