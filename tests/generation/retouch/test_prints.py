import numpy as np
import pytest

from generation.engines.retouch.effects.medium.pop_art import knifed

Cut = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


@pytest.fixture
def cut() -> Cut:
    """Skin, hair, person and what could be skin: a head of hair, a face, a shirt, and a lamp's light on a cheek."""
    skin, hair, person = (np.zeros((200, 200), np.float32) for _ in range(3))
    person[10:, 20:180] = 1
    hair[10:60, 20:180] = 1
    skin[60:150, 20:180] = 1
    skin[90:110, 90:110] = 0
    return skin, hair, person, np.ones(skin.shape, bool)


def test_a_light_on_a_cheek_is_printed_as_skin(cut: Cut) -> None:
    skin, _ = knifed(*cut, 100)
    assert skin[92:108, 92:108].min() > 0.9


def test_a_dark_lens_is_no_skin(cut: Cut) -> None:
    cut[3][90:110, 90:110] = False
    skin, _ = knifed(*cut, 100)
    assert skin[95:105, 95:105].max() < 0.1


def test_a_shirt_stays_a_shirt(cut: Cut) -> None:
    skin, hair = knifed(*cut, 100)
    assert max(skin[155:].max(), hair[155:].max()) < 0.1


def test_no_seam_of_cloth_stays_between_hair_and_skin(cut: Cut) -> None:
    cut[0][60:62] = 0
    skin, hair = knifed(*cut, 100)
    assert (skin + hair)[60:62, 30:170].min() > 0.5
