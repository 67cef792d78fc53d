import numpy as np
import pytest

from generation.engines.retouch import colour


@pytest.fixture
def noise() -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (40, 50, 3), np.uint8)


def test_a_canvas_gives_its_pixels_back(noise: np.ndarray) -> None:
    assert np.array_equal(colour.to_pixels(colour.to_canvas(noise)), noise)


def test_linear_light_of_bytes_and_of_floats_agrees(noise: np.ndarray) -> None:
    assert np.abs(colour.to_linear(noise) - colour.to_linear(colour.to_canvas(noise))).max() < 1e-5


def test_srgb_comes_back_from_linear_light_and_from_oklab(noise: np.ndarray) -> None:
    canvas = colour.to_canvas(noise)
    assert np.abs(colour.to_srgb(colour.to_linear(noise)) - canvas).max() < 1e-4
    assert np.abs(colour.from_oklab(colour.to_oklab(noise)) - canvas).max() < 1e-3


def test_oklab_of_the_primaries_is_what_its_author_published() -> None:
    assert colour.parse_colour("#ffffff") == pytest.approx([1, 0, 0], abs=2e-3)
    assert colour.parse_colour("#ff0000") == pytest.approx([0.628, 0.225, 0.126], abs=2e-3)
    assert colour.parse_colour("#0000ff") == pytest.approx([0.452, -0.032, -0.312], abs=2e-3)


@pytest.mark.parametrize("text", ["red", "#fff", "#gg0000", "ff0000", "#ff00001"])
def test_what_is_no_colour_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ValueError, match="is not a colour"):
        colour.parse_colour(text)


@pytest.mark.parametrize("sigma", [2.0, 9.0, 30.0])
def test_a_fast_blur_spreads_a_point_as_far_as_it_says(sigma: float) -> None:
    point = np.zeros((301, 301), np.float32)
    point[150, 150] = 1
    spread = colour.blur(point, sigma)
    at = np.arange(301) - 150
    across = spread.sum(0) / spread.sum()
    assert spread.sum() == pytest.approx(1, abs=0.02)
    assert float(np.sqrt((across * at**2).sum())) == pytest.approx(sigma, rel=0.08)


def test_smoothing_keeps_an_edge_and_flattens_small_noise() -> None:
    random = np.random.default_rng(2)
    step = np.repeat(np.float32([[0.2] * 40 + [0.8] * 40]), 60, 0)
    noisy = step + random.normal(0, 0.01, step.shape).astype(np.float32)
    smoothed = colour.smooth(noisy, 5, 0.05)
    assert smoothed[:, 10:30].std() < 0.4 * noisy[:, 10:30].std()
    assert np.abs(smoothed - step)[:, 36:44].max() < 0.08
