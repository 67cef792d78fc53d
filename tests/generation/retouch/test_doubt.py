import numpy as np
import pytest

from generation.engines.retouch.mattes.doubt import told_by_colour, without_doubted_holes

GOLD, NIGHT, SHIRT = (205, 160, 70), (8, 8, 20), (60, 120, 190)
SLEEVE, SHADE, ODD = (slice(40, 60), slice(10, 30)), (slice(70, 90), slice(72, 92)), (slice(8, 20), slice(8, 20))


@pytest.fixture
def doubted() -> tuple[np.ndarray, np.ndarray]:
    """Somebody in gold and blue at night; the net doubts a sleeve, a piece of the night, and a red lamp."""
    image = np.full((100, 100, 3), NIGHT, np.uint8)
    image[:, 30:70] = SHIRT
    image[:30, 30:70] = GOLD
    image[SLEEVE] = GOLD
    image[ODD] = (220, 20, 20)
    likely = np.zeros((100, 100), np.float32)
    likely[:, 30:70] = 1
    for place in (SLEEVE, SHADE, ODD):
        likely[place] = 0.4
    return likely, image


def test_a_doubted_sleeve_in_the_persons_colours_is_the_person(doubted: tuple[np.ndarray, np.ndarray]) -> None:
    assert told_by_colour(*doubted, 1)[SLEEVE].mean() > 0.8


def test_a_doubted_piece_of_the_night_is_the_night(doubted: tuple[np.ndarray, np.ndarray]) -> None:
    assert told_by_colour(*doubted, 1)[SHADE].mean() < 0.1


def test_a_colour_that_neither_side_has_tells_nothing(doubted: tuple[np.ndarray, np.ndarray]) -> None:
    assert told_by_colour(*doubted, 1)[11:17, 11:17] == pytest.approx(0.4)


def test_what_the_net_is_sure_of_stays_whatever_its_colour(doubted: tuple[np.ndarray, np.ndarray]) -> None:
    likely, image = doubted
    image[50:60, 40:50] = NIGHT
    told = told_by_colour(likely, image, 1)
    sure = (likely == 0) | (likely == 1)
    assert np.array_equal(told[sure], likely[sure])


def test_without_doubt_or_without_two_sides_nothing_is_told(doubted: tuple[np.ndarray, np.ndarray]) -> None:
    likely, image = doubted
    sure = np.round(likely)
    assert np.array_equal(told_by_colour(sure, image, 1), sure)
    nobody = np.full_like(likely, 0.5)
    assert np.array_equal(told_by_colour(nobody, image, 1), nobody)


@pytest.fixture
def body() -> np.ndarray:
    person = np.zeros((100, 100), np.float32)
    person[20:, 20:80] = 1
    return person


def test_a_hole_that_the_net_doubts_is_closed(body: np.ndarray) -> None:
    body[50:60, 40:50] = 0.35
    assert without_doubted_holes(body, body, np.zeros_like(body))[50:60, 40:50].min() > 0.95


def test_the_gap_between_arm_and_body_stays(body: np.ndarray) -> None:
    body[50:60, 40:50] = 0
    body[70:75, 40:45] = 0.4  # something else is closed
    closed = without_doubted_holes(body, body, np.zeros_like(body))
    assert closed[50:60, 40:50].max() == 0
    assert closed[70:75, 40:45].min() > 0.95


def test_a_gap_between_locks_of_hair_stays(body: np.ndarray) -> None:
    hair = np.zeros_like(body)
    hair[20:62, 20:80] = 1
    body[50:60, 40:50] = 0.35
    assert np.array_equal(without_doubted_holes(body, body, hair), body)


def test_what_lies_at_the_pictures_side_is_no_hole(body: np.ndarray) -> None:
    body[:] = 1
    body[:10] = 0  # what is behind the head
    body[50:60, :10] = 0.35  # and beside the neck
    assert np.array_equal(without_doubted_holes(body, body, np.zeros_like(body)), body)
