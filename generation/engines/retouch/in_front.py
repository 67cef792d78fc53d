"""What is before the head: hands with their arms, and what they hold. Knows no effect.

A hand is first drawn from its 21 landmarks (a palm, and a capsule a finger bone), then fitted to the photo's own
edges: closed-form matting decides between what is surely hand and what is surely not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, resize, smoothstep, to_canvas, to_oklab
from generation.engines.retouch.layer import Box
from generation.engines.retouch.mattes.matting import Lines, carry_over, lines_of, solve
from generation.face import handshape
from generation.face.regions import (
    BROW_LEFT,
    BROW_RIGHT,
    EYE_LEFT,
    EYE_RIGHT,
    LIPS_OUTER,
    OVAL,
    fill_polygons,
    spline,
)

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene
    from generation.face.face import Hand

WORK_PX = 288
"""The longer side of a hand's crop while its edge is worked out."""
ROUNDS = 24

ARM, ARM_HALF_WIDTH = 1.3, 0.24
"""How far the arm is followed behind the wrist, and half its width, in palm lengths."""

REACH, INNER, LEAST_HELD = 0.10, 0.8, 0.002
"""Held things: looked for so far about the face, they hide at least so much, in face heights, of its inner part."""

SHOWN = 0.5
"""The least likeness of a finger's bone to its hand."""

BARE = 0.6
"""An arm's least likeness to its hand."""


def hands(scene: Scene) -> np.ndarray:
    """(H, W) float32: hands and arms near the face; all 0 when there are none."""
    mask = np.zeros((scene.height, scene.width), np.float32)
    for hand in scene.face.hands:
        box, found = _hand(scene, hand)
        part = mask[box.rows_cols]
        np.maximum(part, found, out=part)
    return mask


def _hand(scene: Scene, hand: Hand) -> tuple[Box, np.ndarray]:
    unit = hand.size_px
    box = Box.around(
        np.vstack([hand.points, hand.points[0] - ARM * unit, hand.points[0] + ARM * unit]),
        0.35 * unit,
        scene.height,
        scene.width,
    )
    crop = np.ascontiguousarray(scene.pixels[box.rows_cols])
    scale = min(1.0, WORK_PX / max(crop.shape[:2]))
    small = resize(crop, max(8, round(box.height * scale)), max(8, round(box.width * scale)))
    at = (hand.points - box.origin) * scale
    oval = (scene.face.points[list(OVAL)] - box.origin) * scale
    face = fill_polygons(small.shape, [oval]) > 0.5
    alpha, lines = _fitted(small, at, face, unit * scale)
    if scale < 1:
        alpha = carry_over(lines, alpha, to_canvas(crop) - np.float32(0.5))
    return box, smoothstep(resize(alpha, box.height, box.width), 0.15, 0.85)


def _fitted(small: np.ndarray, at: np.ndarray, face: np.ndarray, unit: float) -> tuple[np.ndarray, Lines]:
    """Alpha of a hand in a small picture. at: (21, 2) px in it; face: bool; unit: the palm's length there."""
    lab = to_oklab(blur(small, max(0.6, 0.02 * unit)))
    drawn = _shown(lab, at, unit)
    within = cv2.distanceTransform(drawn.astype(np.uint8), cv2.DIST_L2, 5) / np.float32(unit)
    beyond = cv2.distanceTransform((~drawn).astype(np.uint8), cv2.DIST_L2, 5) / np.float32(unit)
    alike = _alike(lab, within > 0.04)
    arm = _arm(alike, at, face, unit)
    buried = _large((within > 0) & (alike < 0.15) & (lab[..., 0] < _lightness(lab, within > 0.04) - 0.12), unit)
    inside = (within > 0.045) & ~buried
    nails = handshape.nails(small.shape, at, unit)
    outside = (beyond > 0.10) & (arm < 0.05) & ~nails
    guess = smoothstep(within - beyond, -0.07, 0.05) * (0.35 + 0.65 * alike)
    guess = np.maximum(np.where(buried, alike, guess), arm)
    known = inside | outside
    hint = np.where(inside, 1, np.where(outside, 0, guess)).astype(np.float32)
    lines = lines_of(blur(to_canvas(small), 0.6) - np.float32(0.5), 1, 0.008)
    weight = np.where(known, 20, 0.02).astype(np.float32)
    return np.clip(solve(lines, hint, weight, ROUNDS), 0, 1), lines


def _shown(lab: np.ndarray, at: np.ndarray, unit: float) -> np.ndarray:
    """(h, w) bool: the palm and the finger bones that have its colour: the others are buried, or were but guessed."""
    everything = handshape.drawn(lab.shape, at, unit)
    alike = _alike(lab, everything)
    shown = []
    for bone in handshape.BONES:
        flesh = np.zeros(lab.shape[:2], np.uint8)
        handshape.draw_bone(flesh, at, 0.7 * unit, *bone)
        if not flesh.any() or alike[flesh > 0].mean() > SHOWN:
            shown.append(bone)
    return handshape.drawn(lab.shape, at, unit, tuple(shown))


def _alike(lab: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """(h, w) 0 to 1: how much each place has the colours found inside."""
    samples = lab[inside] if inside.sum() > 20 else lab.reshape(-1, 3)
    middle = np.median(samples, axis=0)
    spread = np.maximum(1.4826 * np.median(np.abs(samples - middle), axis=0), [0.05, 0.012, 0.012])
    away = ((lab - middle) / spread * np.asarray([0.7, 1, 1])).astype(np.float32)
    return np.asarray(np.exp(-np.maximum((away * away).sum(-1) - 4, 0) / 10), np.float32)


def _lightness(lab: np.ndarray, inside: np.ndarray) -> float:
    return float(np.median(lab[..., 0][inside])) if inside.any() else 0.0


def _arm(alike: np.ndarray, at: np.ndarray, face: np.ndarray, unit: float) -> np.ndarray:
    """(h, w) 0 to 1: the bare arm behind the wrist. Wrists bend, so several ways are tried; sleeves are none.

    Args:
        face: (h, w) bool: where no arm is, for it would be taken for one.
    """
    back = at[0] - at[[5, 9, 13]].mean(0)
    angle = float(np.arctan2(back[1], back[0]))
    best, found = BARE, np.zeros(alike.shape, np.float32)
    for turn in np.radians(np.arange(-75, 76, 15)):
        way = np.asarray([np.cos(angle + turn), np.sin(angle + turn)])
        band = np.zeros(alike.shape, np.uint8)
        handshape.line(band, at[0] + np.stack([0.25 * way, ARM * way]) * unit, ARM_HALF_WIDTH * unit)
        inside = band > 0
        if not inside.any() or face[inside].mean() > 0.05:
            continue
        share = float(alike[inside].mean()) - 0.15 * abs(float(turn))
        if share > best:
            best, found = share, band.astype(np.float32)
    widened = cv2.dilate(found, np.ones((2 * max(1, round(0.12 * unit)) + 1,) * 2, np.uint8))
    return np.asarray(widened * alike * ~face, np.float32)


def _large(where: np.ndarray, unit: float) -> np.ndarray:
    """The parts of a mask that are larger than a nail or a ring."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(where.astype(np.uint8))
    keep = stats[:, cv2.CC_STAT_AREA] > 0.05 * unit * unit
    keep[0] = False
    return np.asarray(keep[labels])


def before_head(scene: Scene) -> np.ndarray:
    """(H, W) float32: hands and what they hold before the face; all 0 when there are none."""
    mask = hands(scene)
    if scene.face.hands:
        part = mask[scene.near.rows_cols]
        np.maximum(part, _held(scene, part), out=part)
    return mask


def _held(scene: Scene, hand: np.ndarray) -> np.ndarray:
    """(near) float32: what is unlike skin, begins at a hand and lies over the face: a microphone, a cup, a telephone.

    Args:
        hand: (near) float32.
    """
    look, unit = scene.complexion, scene.face.height_px * scene.complexion.scale
    shape = look.likeness.shape
    at = (scene.face.points - scene.near.origin) * look.scale
    small = resize(hand, *shape)
    over = cv2.dilate(_filled(shape, at, OVAL), _disc(REACH * unit)) > 0
    around = over | (cv2.dilate((small > 0.5).astype(np.uint8), _disc(REACH * unit)) > 0)
    own = np.zeros(shape, np.uint8)
    for part in (EYE_RIGHT, EYE_LEFT, BROW_RIGHT, BROW_LEFT, LIPS_OUTER):
        own |= _filled(shape, at, part)
    strange = around & (look.likeness < 0.3) & (small < 0.5) & (cv2.dilate(own, _disc(0.02 * unit)) == 0)
    strange = cv2.morphologyEx(strange.astype(np.uint8), cv2.MORPH_OPEN, _disc(0.015 * unit))
    touched = cv2.dilate((small > 0.5).astype(np.uint8), _disc(0.04 * unit))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(strange)
    begins = np.bincount(labels[touched > 0], minlength=count) > 0.05 * unit
    middle = at[4] + INNER * (at - at[4])  # hair hangs about the edge of the face
    begins &= np.bincount(labels[_filled(shape, middle, OVAL) > 0], minlength=count) > LEAST_HELD * unit * unit
    begins[0] = False
    found = cv2.morphologyEx((begins[labels] & over).astype(np.uint8), cv2.MORPH_CLOSE, _disc(0.05 * unit))
    return resize(blur(found.astype(np.float32), 0.8), scene.near.height, scene.near.width)


def _filled(shape: tuple[int, ...], at: np.ndarray, part: tuple[int, ...]) -> np.ndarray:
    return (fill_polygons(shape, [spline(at[list(part)])]) > 0.5).astype(np.uint8)


def _disc(radius_px: float) -> np.ndarray:
    side = 2 * max(1, round(radius_px)) + 1
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
