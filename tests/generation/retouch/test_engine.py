import cv2
import numpy as np
import pytest

from generation.engine import Rendering
from generation.engines.retouch.colour import to_canvas, to_pixels
from generation.engines.retouch.effects import load_effect, stages
from generation.engines.retouch.engine import RetouchEngine
from generation.engines.retouch.room import make_room
from generation.engines.retouch.salon import chair
from generation.engines.retouch.scene import FIELD_STEP_PX, Scene, follow, pull
from generation.errors import NoFace
from generation.face.face import Face
from generation.face.finder import FaceFinder
from generation.job import Job, Note
from generation.photo import Photo
from generation.styles.style import Step, Style, step


@pytest.fixture(scope="module")
def engine(finder: FaceFinder) -> RetouchEngine:
    return RetouchEngine(finder)


def style(*steps: Step) -> Style:
    return Style("try", "tests", "Try", "A try", "🧪", steps=steps)


def render(engine: RetouchEngine, pixels: np.ndarray, *steps: Step, strength: float = 1.0, seed: int = 7) -> Rendering:
    engine.forget()
    job = Job("1", style(*steps), (b"",), strength, seed)
    return engine.render(job, (Photo(pixels),), lambda share: None)


EVERYTHING = (
    step("reshape", eyes=0.5),
    step("hair_colour", colour="#2f62b4", ends="#d9699c"),
    step("background", place="neon_city"),
)


def test_strength_0_is_the_photo_itself(engine: RetouchEngine, astronaut: np.ndarray) -> None:
    assert np.array_equal(render(engine, astronaut, *EVERYTHING, strength=0).pixels, astronaut)


@pytest.mark.parametrize(
    "recipe", [step("hair_colour"), step("background"), step("blur_background"), step("background", place="neon_city")]
)
def test_a_stronger_picture_is_further_from_the_photo(
    engine: RetouchEngine, astronaut: np.ndarray, recipe: Step
) -> None:
    away = [
        np.abs(render(engine, astronaut, recipe, strength=strength).pixels.astype(float) - astronaut).mean()
        for strength in (0.001, 0.5, 1)
    ]
    assert away[0] < 0.01 * away[2]
    assert away[0] < away[1] < away[2]


def test_the_same_seed_gives_the_same_picture_and_the_same_size(engine: RetouchEngine, astronaut: np.ndarray) -> None:
    odd = astronaut[:491, 3:510]
    once, again = render(engine, odd, *EVERYTHING), render(engine, odd, *EVERYTHING)
    assert np.array_equal(once.pixels, again.pixels)
    assert once.pixels.shape == odd.shape
    assert once.pixels.dtype == np.uint8


def test_another_seed_gives_another_street(engine: RetouchEngine, astronaut: np.ndarray) -> None:
    recipe = step("background", place="neon_city")
    one, other = render(engine, astronaut, recipe, seed=1), render(engine, astronaut, recipe, seed=2)
    assert np.abs(one.pixels.astype(float) - other.pixels)[:100, :100].mean() > 3


def test_how_many_threads_work_does_not_show(engine: RetouchEngine, astronaut: np.ndarray) -> None:
    threads = cv2.getNumThreads()
    try:
        cv2.setNumThreads(1)
        alone = render(engine, astronaut, *EVERYTHING).pixels
        cv2.setNumThreads(3)
        together = render(engine, astronaut, *EVERYTHING).pixels
    finally:
        cv2.setNumThreads(threads)
    assert np.abs(alone.astype(int) - together).max() <= 1


def test_stages_notes_and_progress_are_told(engine: RetouchEngine, astronaut: np.ndarray) -> None:
    told: list[float] = []
    job = Job("1", style(*EVERYTHING), (b"",), 0.8, 1)
    engine.forget()
    rendering = engine.render(job, (Photo(astronaut),), told.append)
    assert [name for name, _ in rendering.stages if name != "room"] == [
        "face",
        "reshape",
        "hair",
        "hair_colour",
        "person",
        "foreground",
        "background",
        "blend",
    ]
    assert told == sorted(told)
    assert told[0] > 0
    assert told[-1] <= 1
    x0, y0, x1, y1 = rendering.face or (0, 0, 0, 0)
    assert 150 < x0 < x1 < 300
    assert 50 < y0 < y1 < 250


def test_an_effect_that_finds_nothing_is_left_out_and_noted(
    engine: RetouchEngine, astronaut: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chair, "LEAST", 1.0)  # as if no head had hair enough
    rendering = render(engine, astronaut, step("hair_colour"))
    assert Note.NO_HAIR in rendering.notes
    assert np.array_equal(rendering.pixels, astronaut)


def test_a_photo_without_a_face_is_refused(engine: RetouchEngine) -> None:
    with pytest.raises(NoFace):
        render(engine, np.full((300, 300, 3), 128, np.uint8), step("hair_colour"))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (step("hair_color"), 'no effect "hair_color".*hair_colour'),
        (step("hair_colour", hue=3), 'no parameter "hue"; there are: colour'),
        (step("hair_colour", lift="much"), "lift must be a number"),
        (step("hair_colour", colour=3), "colour must be a text"),
        (step("hair_colour", colour="pink"), "is not a colour"),
        (step("background", place="moon"), 'no place "moon"; there are: studio'),
        (step("__init__"), "no effect"),
    ],
)
def test_a_wrong_step_is_explained_to_whoever_wrote_it(engine: RetouchEngine, wrong: Step, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        engine.check(style(wrong))


def test_a_recipe_without_steps_is_explained(engine: RetouchEngine) -> None:
    with pytest.raises(ValueError, match="no steps"):
        engine.check(style())


def test_a_right_recipe_passes(engine: RetouchEngine) -> None:
    engine.check(style(*EVERYTHING))


def test_every_effect_can_be_loaded_and_draws_or_bends() -> None:
    for name in stages():
        effect = load_effect(name)
        assert hasattr(effect, "apply") != hasattr(effect, "bend"), name


def test_landmarks_follow_the_pixels_they_lie_on() -> None:
    random = np.random.default_rng(5)
    image = np.zeros((200, 240), np.float32)
    image[100, 120] = 1
    image = cv2.GaussianBlur(image, (0, 0), 3)
    field = np.zeros((200 // FIELD_STEP_PX + 1, 240 // FIELD_STEP_PX + 1, 2), np.float32)
    field += np.float32([5, -3]) + random.normal(0, 0.01, field.shape).astype(np.float32)
    moved = follow(np.float32([[120, 100]]), field)[0]
    bent = pull(image, field)
    at = np.unravel_index(bent.argmax(), bent.shape)
    assert moved == pytest.approx([115, 103], abs=0.1)
    assert (at[1], at[0]) == (115, 103)


def test_a_field_that_moves_nothing_changes_no_pixel(astronaut: np.ndarray) -> None:
    field = np.zeros((129, 129, 2), np.float32)
    assert np.array_equal(pull(astronaut, field), astronaut)


def test_a_bent_scene_keeps_its_mattes(astronaut: np.ndarray, astronaut_face: Face, finder: FaceFinder) -> None:
    scene = Scene(astronaut, astronaut_face, finder)
    field = np.zeros((129, 129, 2), np.float32)
    field[..., 0] = 4
    bent = scene.warped(field)
    assert np.abs(bent.hair[:, :-8] - scene.hair[:, 4:-4]).max() < 0.01
    assert bent.face.points - scene.face.points == pytest.approx(np.tile([-4.0, 0.0], (478, 1)), abs=0.01)


@pytest.mark.parametrize("needed", [40, 260])
def test_room_above_the_head_keeps_the_size_and_the_chin(
    astronaut: np.ndarray, astronaut_face: Face, finder: FaceFinder, needed: float
) -> None:
    low = Scene(astronaut[:330], astronaut_face, finder)
    roomy = make_room(low, needed)
    assert roomy.pixels.shape == low.pixels.shape
    assert roomy.face.points[152][1] < 330
    moved = roomy.face.height_px / low.face.height_px
    assert roomy.face.points[10][1] >= moved * (low.face.points[10][1] + needed) - 1
    found = finder.find(roomy.pixels)[0]
    assert np.abs(found.points - roomy.face.points).max() < 0.1 * low.face.height_px


def test_layers_cannot_leave_the_canvas_unclipped(astronaut: np.ndarray) -> None:
    canvas = to_canvas(astronaut)
    assert np.array_equal(to_pixels(canvas * 2 - 0.5), np.clip(np.rint((canvas * 2 - 0.5) * 255), 0, 255))
