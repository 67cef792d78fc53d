"""Draws eyes, brows, nose and mouth as a cartoonist does, where the mesh has them. Reads no picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from generation.engines.retouch.colour import from_oklab, smoothstep
from generation.engines.retouch.lids import Eye
from generation.engines.retouch.media.board import Board, ellipse, fading
from generation.face.regions import LIPS_INNER, LIPS_OUTER, spline

UPPER_LIP, LOWER_LIP = (
    (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308),
    (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308),
)
BROWS = (((70, 63, 105, 66, 107), (46, 53, 52, 65, 55)), ((300, 293, 334, 296, 336), (276, 283, 282, 295, 285)))


@dataclass(frozen=True, slots=True)
class Colours:
    """The person's, (3,) OKLab each. line: of the pen on skin. crease: 0 to 1, how plain the folds of the lids are.

    lashes: 0 to 1, from the thin line of bare pale lashes to the heavy wing of painted ones.
    """

    skin: np.ndarray
    line: np.ndarray
    iris: np.ndarray
    brow: np.ndarray
    lips: np.ndarray
    crease: float
    lashes: float = 1.0


@dataclass(frozen=True, slots=True)
class Mouth:
    """gap: between the lips in face heights. light: share of what shows between them that is teeth."""

    gap: float
    light: float


def rgb(lab: np.ndarray, lighter: float = 0.0, chroma: float = 1.0) -> np.ndarray:
    """OKLab (3,) as sRGB (3,)."""
    moved = np.asarray([np.clip(lab[0] + lighter, 0, 1), lab[1] * chroma, lab[2] * chroma], np.float32)
    return np.asarray(from_oklab(moved[None, None])[0, 0])


def draw_eye(board: Board, eye: Eye, colours: Colours, size: float) -> None:
    """One eye, its opening `size` times larger: lids keep their own shape and slant, the gaze its direction."""
    half = eye.width_px / 2
    up = eye.up
    middle = (eye.upper[0] + eye.upper[-1]) / 2

    def coordinates(points: np.ndarray) -> np.ndarray:
        away = points - middle
        return np.stack([away @ eye.out, away @ up], 1) / half

    def place(coordinate: np.ndarray) -> np.ndarray:
        at: np.ndarray = middle + half * (coordinate[:, :1] * eye.out + coordinate[:, 1:] * up)
        return at.astype(np.float32)

    upper, lower = coordinates(eye.upper), coordinates(eye.lower)
    opening = float(upper[:, 1].max() - lower[:, 1].min())
    taller = float(np.clip(1 + (size - 1) * (1.7 - 1.1 * (opening - 0.45)), 1.05, 1 + 1.9 * (size - 1)))
    wider = 1 + 0.30 * (size - 1)
    upper = upper * (wider, 1) + np.stack([np.zeros(9), upper[:, 1] * (taller * 1.04 - 1)], 1)
    lower = lower * (wider, 1) + np.stack([np.zeros(9), lower[:, 1] * (taller * 0.94 - 1)], 1)
    top, bottom = spline(place(upper), closed=False), spline(place(lower), closed=False)
    if eye.closed:
        _shut(board, bottom, eye, colours)
        return
    outline = np.vstack([top, bottom[::-1]])
    white = np.asarray([np.clip(colours.skin[0] + 0.33, 0.82, 0.965), 0.0, 0.004], np.float32)
    board.fill(outline, rgb(white))
    gaze = coordinates(eye.iris[None])[0]
    tall = float(upper[:, 1].max() - lower[:, 1].min())
    radius = half * float(np.clip(0.60 * tall, 1.15 * eye.iris_px / half, 1.55 * eye.iris_px / half))
    level = 0.55 * (upper[:, 1].max() + lower[:, 1].min()) / 2 + 0.45 * gaze[1] + 0.03
    centre = place(np.asarray([[np.clip(gaze[0], -0.45, 0.45), level]]))[0]
    _iris(board, centre, radius, up, outline, colours.iris)
    _lashes(board, top, bottom, eye, colours, outline)


def _iris(
    board: Board, centre: np.ndarray, radius: float, up: np.ndarray, outline: np.ndarray, colour: np.ndarray
) -> None:
    """Dark above, glowing below, two highlights: an eye looks wet by them."""
    tall = radius * 1.13
    disc = ellipse(centre, up, tall, radius)
    level = float(np.clip(colour[0] + 0.05, 0.36, 0.64))
    tone = np.asarray([level, *(colour[1:] * 1.55)], np.float32)
    ramp = np.stack(
        [rgb(tone, -0.62 * level, 0.6), rgb(tone, -0.42 * level, 0.9), rgb(tone, 0.0), rgb(tone, 0.17, 1.05)]
    )
    board.fill(disc, rgb(tone, -0.70 * level, 0.5), inside=outline)
    board.shade(ellipse(centre, up, tall * 0.91, radius * 0.90), ramp, up, outline)
    board.fill(
        ellipse(centre + up * tall * 0.04, up, tall * 0.42, radius * 0.40),
        rgb(tone, -0.75 * level, 0.4),
        inside=outline,
    )
    right = np.asarray([-up[1], up[0]], np.float32)
    glow = ellipse(centre - up * tall * 0.50, right, radius * 0.55, tall * 0.22)
    board.fill(glow, rgb(tone, 0.30, 0.8), 0.55, 0.06 * radius, outline)
    lamp = right if right[0] < 0 else -right  # light from the upper left, in both eyes
    board.fill(
        ellipse(centre + up * tall * 0.42 + lamp * radius * 0.34, up, tall * 0.25, radius * 0.25),
        np.ones(3, np.float32),
        inside=outline,
    )
    board.fill(
        ellipse(centre - up * tall * 0.38 - lamp * radius * 0.36, up, tall * 0.11, radius * 0.12),
        np.ones(3, np.float32),
        0.85,
        inside=outline,
    )


def _lashes(board: Board, top: np.ndarray, bottom: np.ndarray, eye: Eye, colours: Colours, outline: np.ndarray) -> None:
    """The upper lash line, heavy towards the outer corner, with a small wing; the lower one light; the lid's fold."""
    width = eye.width_px
    dark = np.asarray([0.17, 0.018, 0.008], np.float32)
    shadow = np.vstack([top, (top - eye.up * width * 0.085)[::-1]])
    board.fill(shadow, rgb(colours.skin, -0.42, 0.7), 0.42, inside=outline)
    t = np.linspace(0, 1, len(top))[:, None]
    thick = (
        width
        * (0.55 + 0.45 * colours.lashes)
        * (0.030 + 0.075 * np.clip(1 - t, 0, 1) ** 0.9 * smoothstep(t.astype(np.float32), -0.04, 0.16))
        * (1 - 0.45 * t**3)
    )
    outer = top + eye.up * thick
    wing = top[:1] + (eye.out * 0.10 + eye.up * 0.045) * width * (0.30 + 0.70 * colours.lashes)
    board.fill(np.vstack([wing, outer, (top - eye.up * width * 0.012)[::-1]]).astype(np.float32), rgb(dark))
    count = len(bottom)
    board.line(bottom[: int(0.72 * count) : 6], width * 0.030, rgb(dark, 0.06), fading, 0.35 + 0.50 * colours.lashes)
    board.line(bottom[::8], width * 0.016, rgb(colours.line), alpha=0.6)
    if colours.crease > 0.05:
        fold = top[4:-6:7] + eye.up * (thick[4:-6:7] + width * 0.085)
        board.line(fold, width * 0.022, rgb(colours.line), alpha=0.75 * colours.crease)


def _shut(board: Board, lower: np.ndarray, eye: Eye, colours: Colours) -> None:
    """A closed eye: one heavy line."""
    board.line(lower[::8], eye.width_px * 0.085, rgb(np.asarray([0.17, 0.018, 0.008], np.float32)))
    wing = np.vstack([lower[6:7], lower[:1], lower[:1] + (eye.out - 0.35 * eye.up) * eye.width_px * 0.10])
    board.line(wing, eye.width_px * 0.055, rgb(colours.line, -0.1), fading)


def draw_brow(board: Board, points: np.ndarray, side: int, colours: Colours) -> None:
    """A brow as one brush stroke; its own place, slant and thickness."""
    above, below = (points[list(line)] for line in BROWS[side])
    centre = spline(above * 0.52 + below * 0.48, closed=False)
    thick = np.interp(np.linspace(0, 4, len(centre)), np.arange(5), np.linalg.norm(above - below, axis=1))
    thickness = float(thick.mean())

    def weight(t: np.ndarray) -> np.ndarray:
        return np.asarray(np.clip(0.10 + 1.5 * t, 0, 1) * np.clip((1.03 - t) / 0.10, 0.35, 1) * 0.86)

    board.line(centre[::4], thickness, rgb(colours.brow), weight, 0.94)


def draw_nose(board: Board, points: np.ndarray, unit_px: float, colours: Colours) -> None:
    """Nostrils and wings, no more: shading does the rest."""
    for wing, outer, inner in ((64, 98, 97), (294, 327, 326)):
        line = np.stack(
            [points[wing] * 0.55 + points[outer] * 0.45, points[outer], points[inner] * 0.8 + points[outer] * 0.2]
        )
        board.line(line, unit_px * 0.0125, rgb(colours.line, -0.05), alpha=0.9)
        side = {64: (129, 102, 64), 294: (358, 331, 294)}[wing]
        curve = points[[side[0], side[2]]]
        board.line(np.vstack([curve, line[:1]]), unit_px * 0.0065, rgb(colours.line), fading, 0.28)
    base = np.stack([points[97] * 0.45 + points[2] * 0.55, points[2], points[326] * 0.45 + points[2] * 0.55])
    board.line(base, unit_px * 0.006, rgb(colours.line), alpha=0.35)


def draw_mouth(board: Board, points: np.ndarray, unit_px: float, colours: Colours, mouth: Mouth) -> None:
    """Lips in their own colour; teeth where the photo shows some."""
    upper, lower = spline(points[list(UPPER_LIP)], closed=False), spline(points[list(LOWER_LIP)], closed=False)
    lips = spline(points[list(LIPS_OUTER)])
    lip = colours.lips
    board.fill(lips, rgb(lip), 0.88, 0.0035 * unit_px)
    bottom = np.vstack(
        [lower, spline(points[[308, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146, 61, 78]], closed=False)]
    )
    board.fill(bottom, rgb(lip, 0.045), 0.75, 0.003 * unit_px)
    shine = points[[181, 84, 17, 314, 405]] * 0.5 + points[[178, 87, 14, 317, 402]] * 0.5
    board.line(shine, unit_px * 0.014, rgb(lip, 0.17, 0.8), alpha=0.55)
    dark = np.asarray([0.24, 0.06, 0.025], np.float32)
    if mouth.gap > 0.012:
        hole = spline(points[list(LIPS_INNER)])
        board.fill(hole, rgb(dark))
        if mouth.light > 0.12:
            depth = float(np.clip(2.0 * mouth.light, 0.30, 0.95))
            teeth = np.vstack([upper, (upper + (lower - upper) * depth)[::-1]])
            board.fill(teeth, rgb(np.asarray([np.clip(colours.skin[0] + 0.36, 0.84, 0.97), 0.002, 0.008])), inside=hole)
        if mouth.gap > 0.07:
            tongue = ellipse(
                points[14] * 0.75 + points[13] * 0.25,
                np.asarray([1, 0], np.float32),
                0.075 * unit_px,
                0.35 * mouth.gap * unit_px,
            )
            board.fill(tongue, rgb(np.asarray([0.55, 0.12, 0.045])), 0.0 if mouth.light > 0.30 else 0.9, inside=hole)
        board.line(upper[::8], unit_px * 0.011, rgb(dark))
        board.line(lower[::8], unit_px * 0.007, rgb(dark, 0.08))
    else:
        seam = np.vstack([points[61:62], (upper + lower)[8:-8:8] / 2, points[291:292]])
        board.line(seam, unit_px * 0.0135, rgb(dark, 0.02), _parted)
    under = points[[84, 17, 314]] - (points[17] - points[14]) * -0.35
    board.line(under, unit_px * 0.009, rgb(colours.line), alpha=0.45)


def _parted(t: np.ndarray) -> np.ndarray:
    """Heavy near the corners and at the middle, as lips meet."""
    return np.asarray((0.55 + 0.45 * np.abs(np.cos(np.pi * t)) ** 0.8) * np.clip(np.minimum(t, 1 - t) / 0.06, 0.25, 1))
