"""Takes away from found hair what is face, neck, ear, hand or cloth, and adds strands over the cheeks.

Knows what a head looks like; learns nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, smoothstep
from generation.engines.retouch.mattes.headcells import LAB_UNIT, HeadCells

FRINGE_HUE = 7.0
"""How far, in LAB_UNITs, a fringe's hue at least is from skin's."""
LITTLE = 0.12
"""Less hair than this below the chin, in squared face heights, may be a collar's edge."""
BLACK = 21.0
"""The lightness, in LAB_UNITs, below which a camera tells no hair from a wall behind it."""


@dataclass(frozen=True)
class Skin:
    """The face's skin: its distance everywhere, its median lightness and hue, the cells that are surely it."""

    distance: np.ndarray
    hue_away: np.ndarray
    lightness: float
    middle: np.ndarray
    sure: np.ndarray
    limbs: np.ndarray  # bool: ears, hands and arms


@dataclass(frozen=True)
class Shell:
    """The cells that must be hair if there is any, and what follows from them."""

    sure: np.ndarray
    like: np.ndarray  # bool: of hair's colour and texture
    distance: np.ndarray  # to hair's colours
    reach: float  # that distance for most of the sure cells
    evidence: float
    fringe: np.ndarray  # bool: hair that hangs over the forehead


def as_if_lit(cells: HeadCells, skin: Skin) -> np.ndarray:
    """How far each hue is from skin's once it is as light as the face: shadow takes from chroma as from lightness."""
    gain = np.clip(skin.lightness / np.maximum(cells.soft[..., 0], 5), 0.5, 2.5)
    return np.asarray(np.linalg.norm(cells.soft[..., 1:] * gain[..., None] - skin.middle[1:] * LAB_UNIT[1:], axis=-1))


def fringe_of(cells: HeadCells, skin: Skin, shell: Shell) -> np.ndarray:
    """Bool: hair that hangs over the forehead, which a fair fringe's shadowed ends would else be taken for."""
    like = (shell.distance < 2 * shell.reach) & (as_if_lit(cells, skin) > FRINGE_HUE)
    like &= (cells.soft[..., 0] < skin.lightness - 10) & (cells.marks < 0.1) & (cells.person > 0.8)
    like &= cells.texture > 0.45 * float(np.median(cells.texture[shell.sure]))
    like = (cv2.morphologyEx(like.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)) > 0) & (cells.up > 0.03)
    hanging = touching(like | shell.like & (cells.up > 0.03), shell.sure, 15)
    fringe = hanging & like & (cells.oval(1, 1, 1) > 0.5) & (skin.distance < 4.2)  # what is farther is told anyway
    least = 0.015 * (cells.scale * cells.face.height_px) ** 2
    return np.asarray(fringe if fringe.sum() > least else np.zeros_like(fringe))


def locks_of(cells: HeadCells, skin: Skin, shell: Shell) -> np.ndarray:
    """Bool: hair that hangs over a cheek, which would else be learned as skin. None unless there is much of it."""
    like = (shell.distance < 1.5 * shell.reach) & (cells.soft[..., 0] < skin.lightness - 9)
    like &= (cells.texture > 0.45 * float(np.median(cells.texture[shell.sure]))) & (cells.person > 0.8)
    like &= cells.marks < 0.1
    solid = cv2.morphologyEx(like.astype(np.uint8), cv2.MORPH_OPEN, np.ones((5, 5), np.uint8)) > 0
    locks = touching(solid, shell.sure, 15) & (cells.oval(0.95, 1.0, 0.95) > 0.5) & (cells.up > -0.45)
    least = 0.03 * (cells.scale * cells.face.height_px) ** 2
    return np.asarray(locks if locks.sum() > least else np.zeros_like(locks))


def touching(where: np.ndarray, sure: np.ndarray, least: int) -> np.ndarray:
    """The connected parts of `where` that hold more than `least` sure cells."""
    bridged = cv2.dilate(where.astype(np.uint8), np.ones((3, 3), np.uint8))
    count, labels = cv2.connectedComponents(bridged, connectivity=4)
    labels = np.where(where, labels, 0)
    held = np.bincount(labels[sure & where], minlength=count)
    held[0] = 0
    return np.asarray((held > least)[labels])


def trimmed(cells: HeadCells, oval: np.ndarray, skin: Skin, shell: Shell, share: np.ndarray) -> np.ndarray:
    """What is connected with the shell, without what is face, neck, ear, hand or smooth skin."""
    up, aside, distance = cells.up, np.abs(cells.sideways), skin.distance
    throat = ((aside < 0.28) & (up < -0.42) & (up > -0.95)) | (cells.oval(1.0, 0.2, 1.0) > 0.5)
    long = _long_sides(cells, skin, shell, share)
    over = _over_face(cells, skin, shell, long, share)
    reach = touching((share > 0.35) & (cells.person > 0.3) & ~(throat & ~(over > 0.5)), shell.sure, 15)
    reach |= _strays((share > 0.5) & ~throat, cells, skin, shell)
    near = blur(cv2.dilate(reach.astype(np.float32), np.ones((5, 5), np.uint8)), 1.5)
    above = np.clip((up - 0.02) / 0.12, 0, 1)
    in_face = 1 - cells.oval(0.93, 1.0, 0.96) * (1 - above) * (1 - over) * 0.92
    strip = np.clip((0.30 - aside) / 0.06, 0, 1) * np.clip((-0.44 - up) / 0.08, 0, 1)
    in_neck = 1 - strip * np.clip((up + 1.05) / 0.1, 0, 1) * np.clip(3.2 - distance, 0, 1)
    in_forehead = 1 - oval * above * np.clip((2.6 - distance) / 1.2, 0, 1)
    smooth_skin = np.clip((3.5 - distance) / 1.5, 0, 1) * (1 - np.clip((cells.texture - 0.18) / 0.3, 0, 1))
    on_body = 1 - np.clip((-0.62 - up) / 0.2, 0, 1) * smooth_skin
    bald = np.clip((shell.evidence - 0.40) / 0.12, 0, 1)
    limbs = cv2.dilate(skin.limbs.astype(np.float32), np.ones((3, 3), np.uint8))
    in_limbs = (1 - blur(limbs, 0.8)) * (1 - np.maximum(cells.eyes_and_lips, cells.marks * (1 - over)))
    left = np.maximum(share, over) * on_body * near * in_face * in_neck * in_forehead * in_limbs * bald
    left = left * _short_sides(cells, long)
    left = left * _out_of_the_dark(cells, left)
    left = left * _above_the_waist(cells, left)
    return np.asarray(left * _without_collar(cells, shell, left), np.float32)


def _without_collar(cells: HeadCells, shell: Shell, share: np.ndarray) -> np.ndarray:
    """0 below the chin where the little that is there is of another colour than hair, or much smoother: a collar."""
    low = (share > 0.5) & (cells.up < -0.6)
    high = (share > 0.5) & (cells.up > -0.25)
    area = low.sum() / (cells.scale * cells.face.height_px) ** 2
    if area > LITTLE or low.sum() < 6 or high.sum() < 6:
        return np.ones(cells.shape, np.float32)
    smooth = float(np.median(cells.texture[low])) < 0.52 * float(np.median(cells.texture[high]))
    other = cv2.dilate((shell.distance > shell.reach + 28).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    begins = smoothstep(cells.up, -0.46, -0.56)
    return np.asarray(1 - begins * (1.0 if smooth else blur(other.astype(np.float32), 1)), np.float32)


def _above_the_waist(cells: HeadCells, share: np.ndarray) -> np.ndarray:
    """0 below where hair narrows to almost nothing and widens again: what widens is cloth of its colour."""
    steps = np.floor((-cells.up - 0.40) / 0.04).astype(int)
    there = (steps >= 0) & (steps < 40) & (share > 0.5)
    widths = np.bincount(steps[there], minlength=40).astype(np.float32)
    narrow = int(np.argmin(np.where(np.arange(40) < 22, widths, np.inf)))
    above, below = widths[: narrow + 1].max(), widths[narrow:].max()
    if widths[narrow] > min(0.5 * above, 0.4 * below) or below < 40:
        return np.ones(cells.shape, np.float32)
    return np.asarray(np.clip((cells.up + 0.40 + 0.04 * (narrow + 1)) / 0.04, 0, 1), np.float32)


def _long_sides(cells: HeadCells, skin: Skin, shell: Shell, share: np.ndarray) -> dict[int, bool]:
    """Whether hair comes down past the ear, for the picture's left (-1) and right (1)."""
    half, up, long = cells.half_width, cells.up, {}
    for side in (-1, 1):
        across = cells.sideways * side
        beside = (across > half) & (across < half + 0.17) & (up < -0.30) & (up > -0.50)
        dense = beside.sum() < 6 or float((share * np.clip(cells.person, 0, 1))[beside].mean()) >= 0.25
        long[side] = dense or _hangs(cells, skin, shell, share, across)
    return long


def _hangs(cells: HeadCells, skin: Skin, shell: Shell, share: np.ndarray, across: np.ndarray) -> bool:
    """Whether most rows beside the jaw hold some hair, wherever it lies: heads turn."""
    half = cells.half_width
    alike = (share > 0.5) & (shell.distance < shell.reach + 6) & (skin.distance > 2.5) & (cells.oval(1, 1, 1) < 0.5)
    beside = (across > 0.6 * half) & (across < 1.6 * half) & (cells.person > 0.7)
    steps = np.floor((-cells.up - 0.35) / 0.02).astype(int)
    rows = np.bincount(steps[beside & alike & (steps >= 0) & (steps < 15)], minlength=15)
    return bool((rows > 2).mean() > 0.75)


def _over_face(cells: HeadCells, skin: Skin, shell: Shell, long: dict[int, bool], share: np.ndarray) -> np.ndarray:
    """Strands that fall over the cheeks: of hair's colour, far from skin's, on a side where hair is long."""
    like = (shell.distance < shell.reach) & (skin.distance > 3.5) & (cells.up > -0.5)
    like |= (share > 0.6) & (skin.distance > 2.5) & (cells.up > -0.4)
    like &= cells.eyes_and_lips < 0.1
    like &= (cells.oval(1, 1, 1) > 0.3) & (cells.oval(0.55, 1.0, 0.9) < 0.5)
    for side, hangs in long.items():
        if not hangs:
            like &= cells.sideways * side < 0
    like = touching(like | shell.sure | (cells.oval(1, 1, 1) < 0.5) & shell.like, shell.sure, 15) & like
    solid = cv2.morphologyEx(like.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    return np.clip(blur(solid.astype(np.float32), 0.7) * 1.2, 0, 1)


def _strays(where: np.ndarray, cells: HeadCells, skin: Skin, shell: Shell) -> np.ndarray:
    """Hair that a hand, an ear or the frame cuts off from the rest: of its colour, and beginning beside the face."""
    count, labels, sizes, _ = cv2.connectedComponentsWithStats(where.astype(np.uint8), connectivity=4)
    keep = np.zeros(count, bool)
    much = 0.10 * (cells.scale * cells.face.height_px) ** 2
    for number in range(1, count):
        size = sizes[number, cv2.CC_STAT_AREA]
        if size > 60:
            part = labels == number
            far, top = float(skin.distance[part].mean()), float(cells.up[part].max())
            plainly = shell.like[part].mean() > 0.5 and far > 4 and top > -0.3
            # the frame may cut the crown off, and with it what joins the two sides
            side = size > much and far > 2.4 and top > 0.15 and np.median(shell.distance[part]) < 1.6 * shell.reach
            keep[number] = plainly or side
    return np.asarray(keep[labels])


def _short_sides(cells: HeadCells, long: dict[int, bool]) -> np.ndarray:
    """0 below the ear on a side where no hair comes down past it: what is there is neck, beard or collar."""
    keep = np.ones(cells.shape, np.float32)
    for side, hangs in long.items():
        if not hangs:
            below = np.clip((-0.37 - cells.up) / 0.1, 0, 1)
            keep *= 1 - np.clip((cells.sideways * side + 0.05) / 0.1, 0, 1) * below
    return keep


def _out_of_the_dark(cells: HeadCells, share: np.ndarray) -> np.ndarray:
    """0 below the ears on a side where there is but little hair, as black as the wall behind: that is a guess."""
    keep = np.ones(cells.shape, np.float32)
    light, wall = cells.soft[..., 0], (cells.person < 0.05).astype(np.float32)
    walls = blur(wall, 8)
    beside = blur(light * wall, 8) / np.maximum(walls, 1e-3)
    lit = cv2.dilate(((share < 0.15) & (light > BLACK + 4)).astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    low = (share > 0.3) & (cells.up < -0.3) & (cells.up > -1.0)
    judged = low & (walls > 0.03) & ~lit  # blur carries a lit neck over to its edge
    unseen = (light < BLACK) & (np.abs(light - beside) < 6)
    for side in (-1, 1):
        across = cells.sideways * side
        here = judged & (across > 0)
        if here.sum() > 20:
            area = float((low & (across > 0)).sum()) / (cells.scale * cells.face.height_px) ** 2
            black = smoothstep(np.float32(unseen[here].mean()), 0.35, 0.5) * smoothstep(np.float32(area), 0.22, 0.14)
            keep *= 1 - black * smoothstep(cells.up, -0.20, -0.30) * np.clip(across / 0.05, 0, 1)
    return keep
