"""A machine with a human face: panel seams along its bones, one cheek open on its works, a lamp at the temple."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from generation.engines.retouch.layer import Layer
from generation.engines.retouch.painting.pigments import sheet_for, worn
from generation.engines.retouch.painting.sheet import Sheet
from generation.engines.retouch.painting.strokes import Points, both, disc, mirrored, smooth, stroke

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

NEEDS = ("hair",)
GROOVE = 0.0030
# Seams of the right side; their mirror images are drawn too.
SEAMS: tuple[tuple[tuple[float, float], ...], ...] = (
    (
        (-0.035, -0.13),
        (-0.09, -0.175),
        (-0.17, -0.205),
        (-0.26, -0.205),
        (-0.35, -0.175),
        (-0.43, -0.115),
        (-0.49, -0.03),
    ),
    ((-0.075, 0.085), (-0.11, 0.125), (-0.17, 0.150), (-0.25, 0.150), (-0.33, 0.120), (-0.41, 0.065), (-0.49, -0.03)),
    ((-0.105, 0.265), (-0.150, 0.305), (-0.180, 0.36), (-0.190, 0.43), (-0.180, 0.51), (-0.155, 0.59), (-0.125, 0.68)),
    ((-0.188, 0.45), (-0.25, 0.452), (-0.32, 0.43), (-0.39, 0.385), (-0.46, 0.31)),
)
MIDDLE = ((0.0, -0.46), (0.0, -0.36), (0.0, -0.26), (0.0, -0.15))
CHIN = ((0.0, 0.50), (0.0, 0.55), (0.0, 0.60))
HATCH = (
    *((-0.415, 0.02), (-0.335, 0.075), (-0.245, 0.135), (-0.155, 0.185), (-0.11, 0.25), (-0.12, 0.335)),
    *((-0.15, 0.42), (-0.17, 0.50), (-0.23, 0.565), (-0.325, 0.50), (-0.405, 0.33), (-0.455, 0.15)),
)
SCREWS = ((-0.35, -0.225), (-0.055, -0.215), (-0.165, 0.565), (-0.235, 0.492))
TEMPLE = (0.425, -0.155)


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    metal: str = "#23282f",
    steel: str = "#aab4be",
    glow: str = "#37d5ff",
    copper: str = "#c07a3e",
    amount: float = 1.0,
    open_cheek: bool = True,
) -> Layer:
    """Build the machine.

    Args:
        metal: of its dark inside. steel: of rods and screws. glow: of its lamps. copper: of its wires.
        amount: 0 to 1, how opaque. open_cheek: one cheek's panel is taken off.
    """
    sheet = sheet_for(scene)
    for path in SEAMS:
        _seam(sheet, path)
    for x, y in SCREWS:
        _screw(sheet, (x, y), steel)
        _screw(sheet, (-x, y), steel)
    _groove(sheet, [stroke(MIDDLE, (GROOVE, GROOVE)), stroke(CHIN, (0.001, GROOVE, 0.001))])
    if open_cheek:
        _works(sheet, (metal, steel, glow, copper))
    _lamp(sheet, glow)
    return worn(scene, canvas, sheet, amount)


def _seam(sheet: Sheet, path: Points) -> None:
    _groove(sheet, both(stroke(path, (GROOVE, GROOVE, GROOVE))))


def _groove(sheet: Sheet, shapes: list[np.ndarray]) -> None:
    """Two panels meet in it: each rounds off towards it, shade lies in it, its lower lip catches the light."""
    sheet.fill([shape + (0.0, -0.010) for shape in shapes], "#ffffff", 0.16, 0.006)
    sheet.fill(shapes, "#2c2422", 0.30, 0.009)
    sheet.fill([shape + (0.0008, 0.0050) for shape in shapes], "#ffffff", 0.34, 0.0016)
    sheet.fill(shapes, "#241c1c", 0.62, 0.0014)


def _screw(sheet: Sheet, at: tuple[float, float], steel: str) -> None:
    sheet.fill(disc((at[0], at[1] + 0.002), 0.0125), "#0c0d10", 0.6, 0.002)
    sheet.fill(disc(at, 0.0098), steel, 0.95)
    sheet.fill(disc((at[0] - 0.002, at[1] - 0.002), 0.005), "#eef4f8", 0.6, 0.002)
    slot = np.asarray([(at[0] - 0.007, at[1] + 0.004), (at[0] + 0.007, at[1] - 0.004)], np.float32)
    sheet.fill(stroke(slot, (0.0028, 0.0028)), "#15181c", 0.95)


def _works(sheet: Sheet, colours: tuple[str, str, str, str]) -> None:
    """What is under the panel of one cheek: ribs, rods, wires, a bearing, a lit core."""
    metal, steel, glow, copper = colours
    hatch = smooth(HATCH)
    middle = hatch.mean(0)
    sheet.fill((hatch - middle) * 1.045 + middle, "#eef1f3", 0.60, 0.003)
    sheet.fill((hatch - middle) * 1.02 + middle, "#0b0c0f", 0.97, 0.0012)
    sheet.fill((hatch - middle) * 0.975 + middle, metal, 0.98, 0.0015)
    sheet.spot((-0.355, 0.22), (0.06, 0.12), "#000000", 0.55, 20)
    plate = smooth(((-0.235, 0.155), (-0.165, 0.20), (-0.13, 0.255), (-0.15, 0.32), (-0.21, 0.315), (-0.26, 0.24)))
    jaw = smooth(((-0.17, 0.40), (-0.19, 0.485), (-0.235, 0.535), (-0.31, 0.475), (-0.32, 0.40), (-0.245, 0.39)))
    for shape in (plate, jaw):
        centre = shape.mean(0)
        sheet.fill(shape + (0.003, 0.006), "#050607", 0.85, 0.004)
        sheet.fill(shape, steel, 0.96, 0.0008)
        sheet.fill((shape - centre) * 0.82 + centre + (0.004, 0.008), "#59636d", 0.75, 0.008)
        sheet.fill((shape - centre) * (0.8, 0.35) + centre + (0.0, -0.022), "#f3f7fa", 0.55, 0.008)
    for offset in (0.0, 0.034, 0.068):
        rod = ((-0.4 + offset, 0.12), (-0.382 + offset, 0.22), (-0.353 + offset, 0.32), (-0.315 + offset, 0.41))
        sheet.fill(stroke(rod, (0.022, 0.022, 0.020)), "#060709", 0.9, 0.002)
        sheet.fill(stroke(rod, (0.015, 0.015, 0.013)), steel, 0.94)
        sheet.fill(stroke(np.asarray(rod, np.float32) - (0.0034, 0.0), (0.004, 0.005, 0.003)), "#f8fbfd", 0.8, 0.001)
    for number, bow in enumerate((0.0, 0.015, 0.030)):
        wire = (
            (-0.385, 0.10 + bow),
            (-0.325, 0.19 + bow),
            (-0.275, 0.30 + bow),
            (-0.22, 0.355 + bow),
            (-0.155, 0.355 + bow),
        )
        sheet.fill(stroke(wire, (0.011, 0.012, 0.011)), "#060709", 0.8, 0.002)
        sheet.fill(stroke(wire, (0.0065, 0.0075, 0.0065)), (copper, "#b3262e", "#2f66bd")[number], 0.96)
        sheet.fill(stroke(np.asarray(wire, np.float32) - (0, 0.0016), (0.0015, 0.002, 0.0015)), "#ffffff", 0.45, 0.0006)
    for radius, colour in ((0.044, "#060709"), (0.038, steel), (0.029, "#15181d"), (0.020, steel), (0.012, glow)):
        sheet.fill(disc((-0.31, 0.315), radius), colour, 0.97)
    sheet.spot((-0.31, 0.315), (0.034, 0.034), glow, 0.45)
    sheet.spot((-0.322, 0.298), (0.010, 0.006), "#ffffff", 0.65, 40)
    for x, y in ((-0.22, 0.195), (-0.155, 0.285), (-0.205, 0.42), (-0.28, 0.455), (-0.24, 0.505)):
        _screw(sheet, (x, y), steel)


def _lamp(sheet: Sheet, glow: str) -> None:
    """A ring of light at the temple."""
    sheet.spot(TEMPLE, (0.060, 0.060), glow, 0.40)
    sheet.fill(disc(TEMPLE, 0.037), "#0c0d10", 0.75, 0.002)
    sheet.fill(disc(TEMPLE, 0.032), glow, 0.97)
    sheet.fill(disc(TEMPLE, 0.026), "#e9fbff", 0.75, 0.003)
    sheet.fill(disc(TEMPLE, 0.021), "#2a3138", 0.97)
    mark = mirrored(np.asarray([(-TEMPLE[0] - 0.010, TEMPLE[1]), (-TEMPLE[0] + 0.010, TEMPLE[1])], np.float32))
    sheet.fill(stroke(mark, (0.005, 0.005)), glow, 0.9, 0.001)
