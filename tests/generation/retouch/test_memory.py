"""What the engine remembers makes the next picture quick, and never another picture."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from generation.engine import Rendering
from generation.engines.retouch.effects import load_effect
from generation.engines.retouch.engine import RetouchEngine
from generation.engines.retouch.memory import DRAFTS, KEEP_S, MOST_BYTES, Draft, Memory, after, bent_back
from generation.engines.retouch.scene import Scene, pull
from generation.face.face import Face
from generation.face.finder import FaceFinder
from generation.job import Job
from generation.photo import Photo
from generation.styles import read_catalogue
from generation.styles.mixing import mix

STYLES = read_catalogue().styles


@pytest.fixture
def engine(finder: FaceFinder) -> RetouchEngine:
    return RetouchEngine(finder)


def render(engine: RetouchEngine, pixels: np.ndarray, words: str, strength: float, seed: int = 7) -> Rendering:
    style = mix([STYLES[name] for name in words.split("+")])
    return engine.render(Job("1", style, (b"",), strength, seed), (Photo(pixels),), lambda share: None)


def done(rendering: Rendering) -> list[str]:
    return [stage for stage, _ in rendering.stages]


@pytest.mark.parametrize("words", ["goth", "goth+pink-hair+round-glasses"])
def test_another_strength_is_blended_without_drawing(engine: RetouchEngine, astronaut: np.ndarray, words: str) -> None:
    render(engine, astronaut, words, 0.9)
    softer = render(engine, astronaut, words, 0.5)
    assert done(softer) == ["blend"]
    engine.forget()
    afresh = render(engine, astronaut, words, 0.5)
    assert "face" in done(afresh)
    assert np.array_equal(softer.pixels, afresh.pixels)
    assert (softer.face, softer.notes, softer.kind) == (afresh.face, afresh.notes, afresh.kind)


def test_another_style_looks_for_no_face_and_cuts_nobody_out_again(
    engine: RetouchEngine, astronaut: np.ndarray
) -> None:
    render(engine, astronaut, "pink-hair", 1)
    second = render(engine, astronaut, "blue-hair", 1)
    assert "hair_colour" in done(second)
    assert not {"face", "hair", "person"} & set(done(second))
    engine.forget()
    assert np.array_equal(second.pixels, render(engine, astronaut, "blue-hair", 1).pixels)


def test_pictures_drawn_at_once_are_the_same_as_one_by_one_and_share_what_was_seen(
    engine: RetouchEngine, astronaut: np.ndarray
) -> None:
    names = ["paper-cut", "goth", "comic", "pink-hair"]
    with ThreadPoolExecutor(2) as threads:
        together = list(threads.map(lambda name: render(engine, astronaut, name, 1), names))
    assert sum("face" in done(each) for each in together) == 1
    engine.forget()
    for name, each in zip(names, together, strict=True):
        assert np.array_equal(render(engine, astronaut, name, 1).pixels, each.pixels)


def test_another_photo_or_seed_is_drawn_itself(engine: RetouchEngine, astronaut: np.ndarray) -> None:
    first = render(engine, astronaut, "freckles", 1, seed=1)
    assert "freckles" in done(render(engine, astronaut, "freckles", 1, seed=2))
    other = astronaut.copy()
    other[0, 0] ^= 1
    rendering = render(engine, other, "freckles", 1, seed=1)
    assert "face" in done(rendering)
    assert not np.array_equal(rendering.pixels, first.pixels)


def test_what_is_worn_stays_whole_however_soft_the_rest_is(engine: RetouchEngine, astronaut: np.ndarray) -> None:
    soft = render(engine, astronaut, "goth+sunglasses", 0.2).pixels.astype(int)
    alone = render(engine, astronaut, "sunglasses", 1).pixels.astype(int)
    loud = render(engine, astronaut, "goth+sunglasses", 1).pixels.astype(int)
    dark = (alone.sum(2) < 200) & (np.abs(alone - astronaut).max(2) > 60)  # the lenses
    assert dark.sum() > 300
    assert np.abs(soft - alone)[dark].mean() < 6
    assert np.abs(soft - alone).mean() < 0.4 * np.abs(loud - alone).mean()


def test_a_strength_between_lies_between(engine: RetouchEngine, astronaut: np.ndarray) -> None:
    away = [
        np.abs(render(engine, astronaut, "goth", strength).pixels.astype(int) - astronaut).mean()
        for strength in (0.2, 0.4, 0.6, 0.8, 1.0)
    ]
    steps = np.diff(away)
    assert steps.min() > 0.5 * steps.max() > 0


def test_a_bent_picture_is_bent_back_to_any_strength(
    finder: FaceFinder, astronaut: np.ndarray, astronaut_face: Face
) -> None:
    scene = Scene(astronaut, astronaut_face, finder)
    field = after(load_effect("reshape").bend(scene, eyes=0.7), load_effect("reshape").bend(scene, jaw=0.7))
    whole = pull(astronaut, field)
    for strength in (0.25, 0.5, 0.75):
        wanted = pull(astronaut, np.float32(strength) * field).astype(int)
        got = pull(whole, bent_back(field, strength)).astype(int)
        moved = np.abs(whole.astype(int) - wanted).max(2) > 12
        assert moved.sum() > 200
        assert np.abs(got - wanted)[moved].mean() < 0.25 * np.abs(whole - wanted)[moved].mean()


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def draft(side: int = 8) -> Draft:
    return Draft(np.zeros((side, side, 3), np.uint8), np.zeros((side, side, 3), np.uint8), None, (0, 0, 1, 1), ())


def test_nothing_is_remembered_for_longer_than_promised() -> None:
    clock = Clock()
    memory, photo, made = Memory(clock), np.zeros((4, 4, 3), np.uint8), []

    def make() -> Draft:
        made.append(draft())
        return made[-1]

    memory.draft(photo, "goth", make)
    clock.now = KEEP_S - 1
    memory.draft(photo, "goth", make)
    assert len(made) == 1
    clock.now += KEEP_S
    memory.draft(photo, "goth", make)
    assert len(made) == 2
    memory.forget()
    memory.draft(photo, "goth", make)
    assert len(made) == 3


def test_only_what_was_not_used_for_a_while_is_forgotten() -> None:
    clock = Clock()
    memory, photo, old, new = Memory(clock), np.zeros((4, 4, 3), np.uint8), draft(), draft()
    memory.draft(photo, "old", lambda: old)
    clock.now = 10
    memory.draft(photo, "new", lambda: new)
    memory.forget(older_than_s=5)
    assert memory.draft(photo, "new", draft) is new
    assert memory.draft(photo, "old", draft) is not old


@pytest.mark.parametrize("side", [8, int((MOST_BYTES / 6) ** 0.5 * 0.6)])
def test_memory_is_bounded_by_number_and_size(side: int) -> None:
    memory, photo = Memory(), np.zeros((4, 4, 3), np.uint8)
    drafts = [draft(side) for _ in range(DRAFTS + 3)]
    for number, each in enumerate(drafts):
        memory.draft(photo, number, lambda each=each: each)  # type: ignore[misc]
    kept = [memory.draft(photo, number, draft) is each for number, each in reversed(list(enumerate(drafts)))]
    count = sum(kept)
    assert kept[0]
    assert kept[:count] == [True] * count
    assert count <= min(DRAFTS, MOST_BYTES // (6 * side * side))
