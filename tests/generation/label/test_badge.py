"""The pill: readable on anything, high enough, inside the picture, away from the face."""

import numpy as np
import pytest

from generation.label.badge import CAP_HEIGHT, PAD_X, draw_badge, draw_pill, place_pill
from generation.label.kinds import Kind

WORDS = sorted({kind.words.badge for kind in Kind})
SIZES = [(1920, 1080), (1350, 1080), (1080, 1080), (1080, 1920), (512, 512), (910, 512), (512, 910)]  # H, W


def luminance(pixels):
    """WCAG 2.1's relative luminance of (..., 3) uint8 sRGB."""
    share = np.asarray(pixels, np.float64) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def backgrounds(height, width):
    noise = np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)
    stripes = np.zeros((height, width, 3), np.uint8)
    stripes[:, ::2] = 255
    return [np.full((height, width, 3), 255, np.uint8), np.zeros((height, width, 3), np.uint8), noise, stripes]


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("number", range(4), ids=["white", "black", "noise", "stripes"])
def test_text_has_a_contrast_of_at_least_seven_on_any_background(word, number):
    pixels = backgrounds(1350, 1080)[number]
    pill = draw_pill(1080, word)
    left, top = place_pill(1350, 1080, pill, ())
    shown = luminance(draw_badge(pixels, word)[top : top + pill.height_px, left : left + pill.width_px])
    inside = np.s_[6:-6, 30:-30]  # without outline and round corners
    shown, through = shown[inside], pill.see_through[..., 0][inside]
    letters, plate = shown[through == 0], shown[through == through.max()]  # without the letters' smoothed edges
    assert letters.size > 2000
    assert plate.size > 10000
    assert (letters.min() + 0.05) / (plate.max() + 0.05) >= 7


@pytest.mark.parametrize(("height", "width"), SIZES)
def test_capitals_are_a_twentieth_of_the_short_side_high(height, width):
    pill = draw_pill(min(height, width), "MODIFIED")
    first = pill.see_through[:, pill.height_px // 4 : round(PAD_X * min(height, width)) + pill.height_px // 3, 0]
    letters = first[pill.height_px // 10 : -(pill.height_px // 10)]  # "A" without the outline
    rows = np.flatnonzero(letters.min(1) < 0.1)
    assert rows[-1] - rows[0] + 1 >= CAP_HEIGHT * min(height, width)


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize(("height", "width"), [*SIZES, (64, 64)])
def test_the_pill_is_inside_at_the_top_right_and_nothing_else_changes(word, height, width):
    pixels = np.full((height, width, 3), 200, np.uint8)
    changed = np.argwhere((draw_badge(pixels, word) != pixels).any(2))
    (top, left), (bottom, right) = changed.min(0), changed.max(0)
    inset = round(0.03 * min(height, width))
    assert top == inset
    assert right == width - 1 - inset
    assert bottom < height * 0.25
    assert left >= inset or min(height, width) < 128
    assert (right - left) < 0.45 * min(height, width)


def test_the_photo_handed_in_is_not_drawn_on():
    pixels = np.full((300, 300, 3), 200, np.uint8)
    draw_badge(pixels, "MODIFIED")
    assert (pixels == 200).all()


def left_edge(*faces):
    return place_pill(1350, 1080, draw_pill(1080, "MODIFIED"), faces)[0]


RIGHT, LEFT = 1080 - 32 - draw_pill(1080, "MODIFIED").width_px, 32


@pytest.mark.parametrize(
    ("face", "corner"),
    [
        ((300, 300, 800, 900), RIGHT),  # below the pill
        ((600, 50, 1000, 600), LEFT),  # under the right corner
        ((50, 50, 400, 600), RIGHT),  # under the left corner
        ((100, 20, 800, 900), RIGHT),  # under both, less of it at the right
        ((300, 20, 1000, 900), LEFT),  # under both, less of it at the left
        ((0, 0, 1080, 1350), RIGHT),  # everywhere
    ],
)
def test_the_pill_goes_where_it_covers_least_of_the_face(face, corner):
    assert left_edge(face) == corner


def test_several_faces_are_all_kept_free():
    assert left_edge((600, 50, 700, 600), (50, 50, 60, 60)) == LEFT
