"""A skull painted on the face: bone, dark sockets, a nose, teeth over the lips; with flowers, a sugar skull."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.layer import Layer
from generation.engines.retouch.painting.pigments import sheet_for, worn
from generation.engines.retouch.painting.sheet import RIGHT, Sheet
from generation.engines.retouch.painting.strokes import (
    along,
    both,
    disc,
    discs,
    heart,
    mirrored,
    petal,
    placed,
    smooth,
    stroke,
)

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

NEEDS = ("hair",)
FACE = ((0, -0.45), (-0.24, -0.42), (-0.45, -0.27), (-0.55, -0.06), (-0.56, 0.16), (-0.50, 0.36), (-0.39, 0.55))
CHIN = ((-0.22, 0.68), (0, 0.735), (0.22, 0.68))
SOCKET = ((-0.055, -0.01), (-0.085, -0.11), (-0.20, -0.145), (-0.32, -0.10), (-0.355, 0.02), (-0.30, 0.125))
SOCKET_BELOW = ((-0.19, 0.15), (-0.09, 0.10))
EYE = (-0.195, 0.005)
NOSE = ((-0.004, 0.135), (-0.05, 0.205), (-0.092, 0.285), (-0.055, 0.318), (-0.010, 0.285))
CHEEK = ((-0.56, 0.15), (-0.44, 0.235), (-0.32, 0.275), (-0.20, 0.315), (-0.225, 0.375), (-0.31, 0.46), (-0.45, 0.44))
GRIN = ((-0.40, 0.365), (-0.29, 0.425), (-0.15, 0.432), (0, 0.423), (0.15, 0.432), (0.29, 0.425), (0.40, 0.365))
TEETH = 12
TURNED = 1.35
"""A side of the face seen so many times wider than the other gets the half skull."""
UPPER, LOWER = 0.088, 0.088
"""How tall the teeth are above and below the line where they meet, in face heights."""


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    bone: str = "#f8f1e4",
    ink: str = "#14100f",
    shade: str = "#6a5a50",
    petals: str = "#c2185b",
    leaf: str = "#00897b",
    flowers: float = 0.0,
    half: bool = False,
    amount: float = 0.95,
) -> Layer:
    """Paint the skull.

    Args:
        shade: colour of the hollows. petals, leaf: colours of the ornaments.
        flowers: 0 a bare skull, 1 a sugar skull, with petals around the eyes and flowers on brow and chin.
        half: on one side of the face only, the one more in view.
        amount: 0 to 1, how opaque.
    """
    sheet = sheet_for(scene)
    _bone(sheet, bone, shade, 1 - 0.65 * flowers)
    if flowers:
        _petals(sheet, petals, leaf, ink)
    _sockets(sheet, ink)
    sheet.fill([smooth(shape) for shape in both(np.asarray(NOSE, np.float32))], ink, 0.97, 0.003)
    _teeth(sheet, bone, ink, shade)
    if flowers:
        _ornaments(sheet, petals, leaf, ink)
    else:
        _cracks(sheet, ink, np.random.default_rng(seed))
    if half:
        sheet.erase([_other_half(scene)], 1.0, 0.0025)
    return worn(scene, canvas, sheet, amount)


def _other_half(scene: Scene) -> np.ndarray:
    """What stays bare: the person's left, or their right where the face turns that side away."""
    across = (scene.face.points[[234, 4, 454]] - scene.face.points[4]) @ scene.face.right
    side = np.asarray([(0.004, -1), (RIGHT + 1, -1), (RIGHT + 1, 2), (0.004, 2)], np.float32)
    return mirrored(side) if across[2] > TURNED * -across[0] else side


def _bone(sheet: Sheet, bone: str, shade: str, depth: float) -> None:
    """White over the whole face, thin at its edge; shade where bone is hollow: temples, below the cheek bones, jaw."""
    side = np.asarray(FACE, np.float32)
    outline = smooth(np.vstack([side, CHIN, mirrored(side[1:][::-1])]))
    sheet.fill(outline, bone, 0.9, 0.022)
    hollow = smooth(CHEEK)
    sheet.fill(both(hollow), shade, 0.85 * depth + 0.1, 0.022)
    sheet.fill(both(hollow * (0.97, 0.985) + (-0.012, 0.0)), "#1c1614", 0.9 * depth, 0.024)
    for sign in (-1, 1):
        sheet.spot((sign * 0.50, -0.10), (0.055, 0.13), shade, 0.75 * depth, 12 * sign)
        sheet.spot((sign * 0.19, 0.60), (0.14, 0.035), shade, 0.5 * depth, -22 * sign)
        sheet.spot((sign * 0.035, 0.06), (0.014, 0.06), shade, 0.5 * depth)
        sheet.spot((sign * 0.20, -0.20), (0.09, 0.018), shade, 0.35 * depth, -6 * sign)
    sheet.spot((0, 0.555), (0.09, 0.014), shade, 0.5 * depth)


def _sockets(sheet: Sheet, ink: str) -> None:
    socket = smooth(np.vstack([SOCKET, SOCKET_BELOW]))
    sheet.fill(both(socket), ink, 0.80, 0.016)
    sheet.fill(both((socket - EYE) * 0.9 + np.asarray(EYE)), ink, 0.93, 0.012)


def _teeth(sheet: Sheet, bone: str, ink: str, shade: str) -> None:
    """Two rows of teeth drawn over lips and cheeks; the farther back, the smaller."""
    line = along(GRIN, 61)
    sizes = np.interp(np.abs(line[:, 0]), (0, 0.16, 0.31, 0.40), (1.0, 1.0, 0.55, 0.0))
    up, down = line - np.stack([0 * sizes, UPPER * sizes], 1), line + np.stack([0 * sizes, LOWER * sizes], 1)
    gums = np.vstack([up, down[::-1]])
    sheet.fill(gums, ink, 0.9, 0.010)
    at = np.tanh(np.linspace(-1.15, 1.15, TEETH + 1)) / np.tanh(1.15) * 0.285
    for left, right in zip(at[:-1], at[1:], strict=True):
        middle, half = (left + right) / 2, (right - left) / 2 * 0.86
        centre = float(np.interp(middle, line[:, 0], line[:, 1]))
        size = float(np.interp(abs(middle), (0, 0.16, 0.31), (0.92, 0.88, 0.48)))
        for way, tall in ((-1.0, UPPER), (1.0, LOWER)):
            sheet.fill(_tooth((middle, centre + way * 0.005), half, way * tall * size), bone, 0.95, 0.0012)
            root = (middle, centre + way * tall * size * 0.86)
            sheet.spot(root, (half * 0.8, tall * 0.16), shade, 0.55)
    sheet.fill(stroke(GRIN, (0.0, 0.008, 0.010, 0.010, 0.010, 0.008, 0.0)), ink, 0.95)
    tips = np.asarray([(-0.47, 0.315), GRIN[0], GRIN[1]], np.float32)
    sheet.fill(both(stroke(tips, (0.0, 0.008, 0.010))), ink, 0.9, 0.001)


def _tooth(root: tuple[float, float], half: float, tall: float) -> np.ndarray:
    """A rounded tooth that stands on the line between the rows and narrows towards its root."""
    shape = [(-half, 0), (-half, tall * 0.45), (-half * 0.72, tall * 0.92), (0, tall), (half * 0.72, tall * 0.92)]
    return placed(smooth([*shape, (half, tall * 0.45), (half, 0)]), root)


def _cracks(sheet: Sheet, ink: str, rng: np.random.Generator) -> None:
    """Fine cracks from the sockets and down the brow."""
    starts = (((-0.12, -0.36), (0.03, 0.14)), ((0.30, -0.27), (-0.05, 0.10)), ((0.40, 0.11), (-0.02, 0.10)))
    for start, run in starts:
        path = np.asarray(start) + np.linspace(0, 1, 6)[:, None] * np.asarray(run)
        path[1:] += rng.normal(0, 0.010, (5, 2))
        sheet.fill(stroke(path, (0.001, 0.006, 0.001), 3), ink, 0.8)
        side = path[2] + np.asarray([[0, 0], [0.025, 0.012], [0.04, 0.035]]) * np.sign(-start[0])
        sheet.fill(stroke(side, (0.004, 0.001), 3), ink, 0.7)


def _petals(sheet: Sheet, petals: str, leaf: str, ink: str) -> None:
    """A ring of petals that the sockets lie in."""
    rim = np.vstack([SOCKET, SOCKET_BELOW])
    ring = along(np.vstack([rim, rim[:1]]), 17)[:-1]
    towards = ring - np.asarray(EYE)
    centres = [(float(x), float(y)) for x, y in np.asarray(EYE) + towards * 1.06]
    sheet.fill(both(*(disc(centre, 0.040) for centre in centres)), ink, 0.9)
    for index, centre in enumerate(centres):
        sheet.fill(both(disc(centre, 0.034)), petals if index % 2 else leaf, 0.95)
        inner = np.asarray(EYE) + (np.asarray(centre) - EYE) * 1.07
        sheet.fill(both(disc((float(inner[0]), float(inner[1])), 0.008)), "#fff3d0", 0.9)


def _ornaments(sheet: Sheet, petals: str, leaf: str, ink: str) -> None:
    """A flower and scrolls on the forehead, a flower on the chin, scrolls and dots on the cheeks."""
    _flower(sheet, (0.0, -0.27), 0.075, petals, ink)
    for sign in (-1, 1):
        for angle, length in ((-160, 0.10), (-195, 0.09)):
            turned = angle if sign < 0 else 180 - angle
            sheet.fill(petal((sign * 0.085, -0.265), turned, length, 0.045), leaf, 0.92)
    scrolls = (
        ((-0.03, -0.16), (-0.055, -0.20), (-0.10, -0.19), (-0.09, -0.165)),
        ((-0.42, 0.20), (-0.36, 0.27), (-0.28, 0.26), (-0.29, 0.21), (-0.33, 0.22)),
        ((-0.43, 0.24), (-0.38, 0.315), (-0.30, 0.325)),
        ((-0.06, 0.60), (-0.13, 0.60), (-0.19, 0.545), (-0.15, 0.53)),
    )
    for points in scrolls:
        sheet.fill(both(stroke(points, (0.001, 0.009, 0.008, 0.002))), ink, 0.9)
    sheet.fill(both(*discs(along(((-0.40, -0.20), (-0.30, -0.245), (-0.19, -0.25)), 7), 0.0085)), petals, 0.95)
    sheet.fill(both(*discs(along(((-0.44, 0.10), (-0.42, 0.155), (-0.37, 0.19)), 4), 0.0075)), leaf, 0.95)
    sheet.fill(heart((0.0, 0.625), 0.055), petals, 0.95)
    sheet.fill(discs(np.asarray([(-0.055, 0.655), (0.055, 0.655), (0.0, 0.575)]), 0.007), leaf, 0.95)
    sheet.fill(discs(np.asarray([(0.0, -0.145), (0.0, -0.115), (0.0, -0.09)]), 0.008), petals, 0.95)


def _flower(sheet: Sheet, centre: tuple[float, float], size: float, colour: str, ink: str) -> None:
    angles = np.arange(6) * 60 + 30.0
    sheet.fill([petal(centre, angle, size * 1.1, size * 0.95) for angle in angles], ink, 0.9)
    sheet.fill([petal(centre, angle, size, size * 0.78) for angle in angles], colour, 0.97)
    sheet.fill([petal(centre, angle, size * 0.6, size * 0.25) for angle in angles], "#ff8ab5", 0.6, 0.003)
    sheet.fill(disc(centre, size * 0.26), "#ffc83d", 0.97)
