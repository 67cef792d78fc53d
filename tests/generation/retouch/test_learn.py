import numpy as np
import pytest

from generation.engines.retouch.mattes.learn import FAR, Waves, mixture_of


@pytest.fixture
def two_clouds() -> np.ndarray:
    random = np.random.default_rng(6)
    dark, light = random.normal((20, 5, 5), 2, (400, 3)), random.normal((70, 0, 10), 2, (400, 3))
    return np.concatenate([dark, light]).astype(np.float32)


def test_a_mixture_is_near_its_own_samples_and_far_between_them(two_clouds: np.ndarray) -> None:
    mixture = mixture_of(two_clouds, 2, (1, 1, 1))
    near = mixture.distance(np.float32([[20, 5, 5], [70, 0, 10]]))
    between = mixture.distance(np.float32([[45, 2, 7]]))
    assert between[0] > near.max() + 100


def test_a_mixture_is_the_same_every_time(two_clouds: np.ndarray) -> None:
    one, other = mixture_of(two_clouds, 4, (6, 2, 2)), mixture_of(two_clouds, 4, (6, 2, 2))
    assert np.array_equal(one.distance(two_clouds), other.distance(two_clouds))


def test_too_few_samples_are_far_from_everything() -> None:
    mixture = mixture_of(np.zeros((5, 3), np.float32), 4, (6, 2, 2))
    assert mixture.distance(np.zeros((2, 2, 3), np.float32)).min() == FAR


def test_waves_learn_a_ring_that_no_line_divides() -> None:
    random = np.random.default_rng(7)
    at = random.uniform(-1, 1, (3000, 2)).astype(np.float32)
    inside = np.hypot(*at.T) < 0.6
    examples = [np.flatnonzero(inside)[:150], np.flatnonzero(~inside)[:150]]
    chances = Waves(at).classify(examples)
    assert np.abs(chances.sum(1) - 1).max() < 1e-3
    assert float(((chances[:, 0] > 0.5) == inside).mean()) > 0.93


def test_a_class_without_examples_gets_no_chances() -> None:
    at = np.random.default_rng(8).normal(0, 1, (500, 3)).astype(np.float32)
    above = at[:, 0] > 0
    chances = Waves(at).classify([np.flatnonzero(above), np.zeros(0, int), np.flatnonzero(~above)])
    assert chances[:, 1].max() < 0.05
