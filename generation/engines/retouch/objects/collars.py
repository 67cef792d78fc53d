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


def around_neck(face: Face, reach: float, height: int, width: int) -> Around | None:
    """The box of a collar that wide, in face heights; None when the frame ends above it."""
    unit = face.height_px
    centre = face.points[152] - BELOW_CHIN * unit * (0.35 * face.up + np.asarray([0, -0.65], np.float32))
    low, high = centre - np.asarray([reach, 0.5 * reach]) * unit, centre + np.asarray([reach, FLAT * reach]) * unit
    if not 0 < centre[1] < height - 0.05 * unit:
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
        inside = np.clip((far - at) / soft + 0.5, 0, 1) * np.clip((at + wide - far) / soft + 0.5, 0, 1)
        count = np.round(2 * np.pi * (at + wide / 2) / (0.62 * wide if number % 2 else 1.1 * wide))
        across = (far - at - wide / 2) / np.float32(wide / 2)
        along = 2 * np.abs((turn * np.float32(count / (2 * np.pi))) % 1 - 0.5)
        bulge = np.sqrt(np.clip(1 - 0.80 * across**2 - 0.55 * along**4, 0.04, 1))
        lit = np.clip(0.62 - 0.42 * across * np.cos(turn) - 0.22 * np.sin(turn) * across, 0.1, 1.2) * (
            0.35 + 0.65 * bulge
        )
        shine = np.exp(-(((across + 0.35) / 0.28) ** 2 + ((along - 0.35) / 0.5) ** 2)) * np.float32(0.5)
        base = to_linear(parse_rgb(colour)[None, None])[0, 0]
        bead = lit[..., None] * base * np.float32(1.35) + shine[..., None] * (0.25 + 0.75 * base)
        light += inside[..., None] * (bead - light)
        at += wide
    mask = np.clip((far - inner) / soft + 0.5, 0, 1) * np.clip((at - far) / soft + 0.5, 0, 1)
    return light, np.asarray(mask, np.float32)


def fur(
    around: Around, inner: float, outer: float, colours: tuple[str, str], seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """A pelt's long hair around the neck: sRGB (h, w, 3), and its mask (h, w); its outline is ragged."""
    random = np.random.default_rng((seed, 33))
    box, unit = around.box, around.unit_px
    dark, pale = (parse_rgb(colour) for colour in colours)
    picture = np.empty((box.height, box.width, 3), np.uint8)
    picture[:] = (dark * 200).astype(np.uint8)
    inside = (around.far > inner) & (around.far < outer - 0.02)
    mask = np.where(inside, 255, 0).astype(np.uint8)
    count = 5200
    places = inner + (outer - inner) * np.sort(random.random(count))[::-1] ** 0.8
    for place in places.tolist():
        angle, long = float(random.uniform(-np.pi, np.pi)), float(random.uniform(0.09, 0.21))
        path = _hair(around, random, (place, angle, long))
        lock = 0.5 + 0.5 * np.sin(angle * 11 + place * 17) * np.cos(angle * 5 - place * 23)
        depth = float(smoothstep(np.float32(place), inner - 0.05, inner + 0.20))
        tone = np.float32(np.clip((0.20 + 0.62 * lock + random.normal(0, 0.14)) * (0.45 + 0.55 * depth), 0, 1))
        colour = tuple(int(255 * value) for value in (dark + (pale - dark) * tone).tolist())
        thick = max(1, round(0.010 * unit))
        cv2.polylines(mask, [path], False, (255,), max(1, thick // 2), cv2.LINE_AA, 4)
        cv2.polylines(picture, [path[:4]], False, colour, thick, cv2.LINE_AA, 4)
        cv2.polylines(picture, [path[3:]], False, colour, max(1, thick // 2), cv2.LINE_AA, 4)
    light = blur(picture.astype(np.float32) * np.float32(1 / 255), 0.5)
    return light, blur(mask.astype(np.float32) * np.float32(1 / 255), 0.6)


def _hair(around: Around, random: np.random.Generator, where: tuple[float, float, float]) -> np.ndarray:
    """One hair as points for OpenCV's lines, in sixteenths of a px: it bends with its lock, and down."""
    place, angle, long = where
    steps = np.linspace(0, 1, 6)
    bent = angle + 0.20 * np.sin(8 * angle + 12 * place) * steps + random.normal(0, 0.03)
    reach = place + long * steps
    path = np.stack([np.sin(bent) * reach, np.cos(bent) * reach * FLAT + 0.30 * long * steps**2], 1)
    path = path * around.unit_px + around.centre - around.box.origin
    return np.asarray(np.round(path * 16).astype(np.int32)[:, None])
