"""A charcoal drawing on toned paper: smudged darks, bold contours, white chalk where the light falls."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.colour import blur, parse_rgb, smooth, smoothstep
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.media.abstraction import along, edges, flow
from generation.engines.retouch.media.film import clouds, grain
from generation.engines.retouch.media.sheet import Sheet, exposed, grown, sheet_of
from generation.engines.retouch.scene import Scene

NEEDS = ("person",)
WORK_PX = 950


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    coal: str = "#1d1a1b",
    paper: str = "#b9a88f",
    chalk: str = "#f6f0e4",
    lights: float = 0.8,
    background: float = 0.35,
) -> Layer:
    """The whole picture redrawn.

    Args:
        coal, paper, chalk: their colours. lights: how much chalk, 0 to 1.
        background: how much of what is behind the person is drawn.
    """
    sheet = sheet_of(scene, canvas, WORK_PX)
    unit = sheet.unit_px
    tone = np.ascontiguousarray(exposed(sheet, scene, 0.5)[..., 0])
    flat = smooth(tone, 0.015 * unit, 0.05, step=2)
    flat += np.clip(1.2 * sheet.detail, 0, 1) * (tone - flat)
    noise = [grain(sheet.height, sheet.width, max(1.2, unit / 260), seed + number) for number in range(2)]
    marks = along(np.dstack(noise), flow(sheet.pixels, max(2.0, unit / 70)), max(6.0, unit / 26), 2.0)
    marks /= marks.std() + np.float32(1e-6)
    tooth = grain(sheet.height, sheet.width, 1.5, seed + 5)
    drawn = _drawn_part(sheet, seed, background)
    dark = _coal(sheet, tone, flat, marks[..., 0], tooth) * drawn
    white = _chalk(sheet, scene, flat, marks[..., 1], tooth) * np.float32(lights)
    ground = (
        parse_rgb(paper)
        * (1 + np.float32(0.030) * tooth + np.float32(0.05) * (clouds(*_shape(sheet), 9, seed) - 0.5))[..., None]
    )
    picture = ground + dark[..., None] * (parse_rgb(coal) - ground)
    picture = picture + (white * (1 - dark))[..., None] * (parse_rgb(chalk) - picture)
    return Layer(Box.whole(scene.height, scene.width), grown(np.asarray(picture, np.float32), scene), None)


def _shape(sheet: Sheet) -> tuple[int, int]:
    return sheet.height, sheet.width


def _coal(sheet: Sheet, tone: np.ndarray, flat: np.ndarray, marks: np.ndarray, tooth: np.ndarray) -> np.ndarray:
    """How much coal lies on each place: rubbed in softly, hatched where it is darker, pressed on contours."""
    unit = sheet.unit_px
    rubbed = np.float32(0.94) * smoothstep(flat, 0.78, 0.08) ** np.float32(1.15)
    hatched = smoothstep(marks, -0.4, 1.2) * smoothstep(flat, 0.66, 0.25) * np.float32(0.45)
    even = tone / (blur(tone, 0.10 * unit) + np.float32(0.12)) * np.float32(0.66)
    lines = edges(even, flow(sheet.pixels, max(1.5, unit / 120)), float(np.clip(unit / 75, 1.4, 6)))
    pressed = smoothstep(lines, 0.010, 0.055) * np.clip(0.45 + sheet.detail + 0.3 * (1 - sheet.skin), 0, 1)
    whole = 1 - (1 - rubbed) * (1 - hatched) * (1 - np.float32(0.9) * pressed)
    grainy = np.float32(0.26) * tooth * whole * (1 - whole) * 2
    return np.asarray(np.clip(whole + grainy, 0, 0.97), np.float32)


def _chalk(sheet: Sheet, scene: Scene, flat: np.ndarray, marks: np.ndarray, tooth: np.ndarray) -> np.ndarray:
    """Chalk on the lights of each thing: of skin by its own tone, so that dark skin has its lights too."""
    own = np.float32(np.clip(scene.complexion.lightness, 0.30, 0.80))
    lights = smoothstep(flat, 0.80, 0.97)
    on_skin = smoothstep(flat / own, 1.04, 1.26) * (np.float32(0.35) + np.float32(0.65) * smoothstep(flat, 0.40, 0.80))
    share = lights + sheet.skin * (np.maximum(lights, on_skin) - lights)
    share *= np.float32(0.72) + np.float32(0.16) * marks + np.float32(0.20) * tooth
    return np.asarray(np.clip(share, 0, 1) * smoothstep(sheet.person, 0.3, 0.8), np.float32)


def _drawn_part(sheet: Sheet, seed: int, background: float) -> np.ndarray:
    """Where the coal went: all of the head, less of the rest, with smeared edges."""
    y, x = np.mgrid[0 : sheet.height, 0 : sheet.width].astype(np.float32)
    centre = sheet.points[4]
    far = np.hypot((x - centre[0]) * 1.05, (y - centre[1]) * 0.82) / np.float32(sheet.unit_px)
    ragged = far + np.float32(0.7) * (clouds(sheet.height, sheet.width, 12, seed + 3) - np.float32(0.5))
    near = smoothstep(ragged, 2.3, 1.3)
    behind = np.float32(background) * smoothstep(ragged, 1.9, 0.9)
    return np.asarray(near * (sheet.person + (1 - sheet.person) * behind), np.float32)
