"""What lies around a neck on shoulders and chest: a broad beaded collar, a fur. Knows where the neck is, no person.

Polar places: `far` is the distance from the neck in face heights as if seen from above, `turn` goes
around it, 0 in front.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, parse_rgb, smoothstep, to_linear
from generation.engines.retouch.layer import Box
from generation.face.face import Face

FLAT = 0.62
"""How high a circle around the neck looks, of its width: shoulders fall away from the camera."""
HAIRS = 5200
BELOW_CHIN = 0.20
"""Where the neck meets the chest, down from the chin, in face heights."""


@dataclass(frozen=True, slots=True)
class Around:
    """A box about a neck.

    Args:
        far: (h, w) face heights from the neck's middle. turn: (h, w) radians, 0 downwards, + to the right.
        centre: (2,) px. unit_px: a face height.
    """

    box: Box
    far: np.ndarray
    turn: np.ndarray
    centre: np.ndarray
    unit_px: float


def around_neck(face: Face, reach: float, person: np.ndarray) -> Around | None:
    """The box of a collar that wide, in face heights; None when the frame ends above it.

    Args:
        person: (H, W) the matte: a turned head looks over a shoulder, the neck is where the body is.
    """
    (height, width), unit = person.shape, face.height_px
    centre = face.points[152] - BELOW_CHIN * unit * (0.35 * face.up + np.asarray([0, -0.65], np.float32))
    if 0 < centre[1] < height:
        row = person[min(int(centre[1] + 0.10 * unit), height - 1)]
        near = np.abs(np.arange(width) - centre[0]) < 0.75 * unit
        there = np.flatnonzero((row > 0.5) & near)
        if len(there):
            centre[0] += float(np.clip(there.mean() - centre[0], -0.5 * unit, 0.5 * unit))
    low, high = centre - np.asarray([reach, 0.5 * reach]) * unit, centre + np.asarray([reach, FLAT * reach]) * unit
    if not 0 < centre[1] < height + 0.10 * unit:
        return None
    box = Box(int(low[0]), int(low[1]), int(high[0]) + 1, int(high[1]) + 1).clipped(height, width)
    x = (np.arange(box.x0, box.x1, dtype=np.float32)[None] - np.float32(centre[0])) / np.float32(unit)
    y = (np.arange(box.y0, box.y1, dtype=np.float32)[:, None] - np.float32(centre[1])) / np.float32(unit * FLAT)
    return Around(box, np.hypot(x, y), np.arctan2(x, y), centre, unit)


def beads(around: Around, inner: float, rows: tuple[tuple[str, float], ...]) -> tuple[np.ndarray, np.ndarray]:
    """Rows of beads from the neck outwards: linear light (h, w, 3) in a white light, and their mask.

    Args:
        inner: where the first row begins, in face heights. rows: the colour and the width of each.
    """
    far, turn = around.far, around.turn
    soft = np.float32(1.3 / around.unit_px)
    light = np.zeros((*far.shape, 3), np.float32)
    at = inner
    for number, (colour, wide) in enumerate(rows):
        place = np.nonzero((far > at - soft) & (far < at + wide + soft))
        out, around_it = far[place], turn[place]
        inside = np.clip((out - at) / soft + 0.5, 0, 1) * np.clip((at + wide - out) / soft + 0.5, 0, 1)
        count = np.round(2 * np.pi * (at + wide / 2) / (0.62 * wide if number % 2 else 1.1 * wide))
        across = (out - at - wide / 2) / np.float32(wide / 2)
        along = 2 * np.abs((around_it * np.float32(count / (2 * np.pi))) % 1 - 0.5)
        bulge = np.sqrt(np.clip(1 - 0.80 * across**2 - 0.55 * along**4, 0.04, 1))
        slant = 0.62 - across * (0.42 * np.cos(around_it) + 0.22 * np.sin(around_it))
        lit = np.clip(slant, 0.1, 1.2) * (0.35 + 0.65 * bulge)
        shine = np.exp(-(((across + 0.35) / 0.28) ** 2 + ((along - 0.35) / 0.5) ** 2)) * np.float32(0.5)
        base = to_linear(parse_rgb(colour)[None, None])[0, 0]
        bead = lit[..., None] * base * np.float32(1.35) + shine[..., None] * (0.25 + 0.75 * base)
        light[place] += inside[..., None] * (bead - light[place])
        at += wide
    mask = np.clip((far - inner) / soft + 0.5, 0, 1) * np.clip((at - far) / soft + 0.5, 0, 1)
    return light, np.asarray(mask, np.float32)


def fur(
    around: Around, inner: float, outer: float, colours: tuple[str, str], seed: int, hollow: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """A pelt's long hair around the neck: sRGB (h, w, 3), and its mask (h, w); its outline is ragged.

    Args:
        hollow: (h, w) bool: where no person is; in front of the neck the pelt's dark inside shows there.
    """
    random = np.random.default_rng((seed, 33))
    box, unit = around.box, around.unit_px
    dark, pale = (parse_rgb(colour) for colour in colours)
    picture = np.empty((box.height, box.width, 3), np.uint8)
    picture[:] = (dark * 200).astype(np.uint8)
    inside = (around.far > inner) & (around.far < outer - 0.02)
    inside |= hollow & (around.far <= inner) & (np.abs(around.turn) < 2.6)
    mask = np.where(inside, 255, 0).astype(np.uint8)
    places = inner + (outer - inner) * np.sort(random.random(HAIRS))[::-1] ** 0.8
    angles = random.uniform(-np.pi, np.pi, HAIRS)
    paths = _hairs(around, random, places, angles)
    locks = 0.5 + 0.5 * np.sin(angles * 11 + places * 17) * np.cos(angles * 5 - places * 23)
    depths = smoothstep(places.astype(np.float32), inner - 0.05, inner + 0.20)
    tones = np.clip((0.20 + 0.62 * locks + random.normal(0, 0.14, HAIRS)) * (0.45 + 0.55 * depths), 0, 1)
    tints = (255 * (dark + (pale - dark) * tones[:, None])).astype(int).tolist()
    thick = max(1, round(0.010 * unit))
    first, last = paths[:, :, 0].min(1), paths[:, :, 0].max(1)
    shown = (last > -16 * thick).all(1) & (first < 16 * np.asarray([box.width, box.height])).all(1)
    for index in np.flatnonzero(shown).tolist():
        path, colour = paths[index], tuple(tints[index])
        cv2.polylines(mask, [path], False, (255,), max(1, thick // 2), cv2.LINE_AA, 4)
        cv2.polylines(picture, [path[:4]], False, colour, thick, cv2.LINE_AA, 4)
        cv2.polylines(picture, [path[3:]], False, colour, max(1, thick // 2), cv2.LINE_AA, 4)
    light = blur(picture.astype(np.float32) * np.float32(1 / 255), 0.5)
    return light, blur(mask.astype(np.float32) * np.float32(1 / 255), 0.6)


def _hairs(around: Around, random: np.random.Generator, places: np.ndarray, angles: np.ndarray) -> np.ndarray:
    """(N, 6, 1, 2) hairs as points for OpenCV's lines, in sixteenths of a px: they bend with their lock, and down."""
    steps = np.linspace(0, 1, 6)[None]
    long = random.uniform(0.09, 0.21, len(places))[:, None]
    lean = 0.20 * np.sin(8 * angles + 12 * places)[:, None]
    bent = angles[:, None] + lean * steps + random.normal(0, 0.03, len(places))[:, None]
    reach = places[:, None] + long * steps
    paths = np.stack([np.sin(bent) * reach, np.cos(bent) * reach * FLAT + 0.30 * long * steps**2], 2)
    paths = paths * around.unit_px + around.centre - around.box.origin
    return np.asarray(np.round(paths * 16).astype(np.int32)[:, :, None])
