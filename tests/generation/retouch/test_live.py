"""A style follows the face from frame to frame as if each were drawn by itself."""

from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from generation.engines.retouch.engine import RetouchEngine
from generation.engines.retouch.live import Live
from generation.face.finder import FaceFinder
from generation.job import Job
from generation.photo import Photo
from generation.styles import read_catalogue
from generation.styles.mixing import mix
from generation.styles.style import Style

STYLES = read_catalogue().styles
SIZE = 360, 300


def style(words: str) -> Style:
    return mix([STYLES[name] for name in words.split("+")])


@pytest.fixture(scope="module")
def film(astronaut: np.ndarray) -> list[np.ndarray]:
    """Twelve frames of a head that moves, tilts and comes closer."""
    frames = []
    for number in range(12):
        way = cv2.getRotationMatrix2D((220.0, 120.0), 0.8 * number, 1.4 + 0.01 * number)
        way[:, 2] += (-40 + 1.5 * number, 30 + number)
        frames.append(cv2.warpAffine(astronaut, way, SIZE, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REFLECT))
    return frames


def alone(finder: FaceFinder, pixels: np.ndarray, drawn: Style) -> np.ndarray:
    job = Job("1", drawn, (b"",), drawn.strength, 0)
    return RetouchEngine(finder).render(job, (Photo(pixels),), lambda share: None).pixels


def far(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one.astype(int) - other).mean())


@pytest.mark.parametrize("words", ["red-lips", "pink-hair", "sunglasses", "red-lips+sunglasses"])
def test_each_frame_looks_as_if_it_were_drawn_by_itself(finder: FaceFinder, film: list[np.ndarray], words: str) -> None:
    drawn = style(words)
    with Live(finder, drawn, every=4) as live:
        shown = [live.draw(frame) for frame in film]
    for number in (0, 5, 11):
        wanted = alone(finder, film[number], drawn)
        assert far(shown[number], wanted) < 0.25 * far(film[number], wanted), number


def test_what_was_drawn_is_carried_along_and_not_left_behind(finder: FaceFinder, film: list[np.ndarray]) -> None:
    drawn = style("sunglasses")
    with Live(finder, drawn, every=100) as live:
        for frame in film:
            shown = live.draw(frame)
    assert far(shown, alone(finder, film[-1], drawn)) < 0.35 * far(film[-1], alone(finder, film[-1], drawn))


def test_the_same_film_gives_the_same_pictures(finder: FaceFinder, film: list[np.ndarray]) -> None:
    runs = []
    for _ in range(2):
        with Live(finder, style("glam"), every=3) as live:
            runs.append([live.draw(frame) for frame in film[:8]])
    assert all(np.array_equal(one, other) for one, other in zip(*runs, strict=True))


def test_frames_without_a_face_are_left_as_they_are_and_a_face_that_comes_back_is_drawn(
    finder: FaceFinder, film: list[np.ndarray]
) -> None:
    wall = np.full_like(film[0], 140)
    with Live(finder, style("red-lips")) as live:
        assert np.array_equal(live.draw(wall), wall)
        assert far(live.draw(film[0]), film[0]) > 0.1
        assert np.array_equal(live.draw(wall), wall)
        assert far(live.draw(film[1]), film[1]) > 0.1


def test_a_frame_is_never_written_to_and_its_size_stays(finder: FaceFinder, film: list[np.ndarray]) -> None:
    with Live(finder, style("goth")) as live:
        for frame in film[:3]:
            before = frame.copy()
            shown = live.draw(frame)
            assert np.array_equal(frame, before)
            assert (shown.shape, shown.dtype) == (frame.shape, np.uint8)


def test_strength_says_how_much(finder: FaceFinder, film: list[np.ndarray]) -> None:
    away = []
    for strength in (0.0, 0.5, 1.0):
        with Live(finder, style("red-lips"), strength) as live:
            away.append(far(live.draw(film[0]), film[0]))
    assert away[0] < 0.01
    assert away[1] == pytest.approx(away[2] / 2, rel=0.15)


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    yield
    cv2.setNumThreads(threads)
