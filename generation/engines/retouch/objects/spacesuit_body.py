"""The cloth of a space suit below its collar: torso, arms and legs, with what is sewn on. Knows no person.

Places are those of `spacesuit`, but y is counted from where the helmet meets the collar.
"""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.colour import blur, parse_rgb, smoothstep, to_linear
from generation.engines.retouch.objects.spacesuit import Suit, edge, shade
from generation.engines.retouch.scenery.frame import Frame, clouds

WAIST, CROTCH, WRIST = 2.10, 2.75, 2.45
ELBOW, KNEE = 1.55, 4.10
"""The middles of their pleats."""


def cloth(suit: Suit, seed: int, colour: str, stripe: str) -> tuple[np.ndarray, np.ndarray]:
    """Shoulders, chest, arms and legs: linear light and mask."""
    x, y = suit.body_x, suit.body_y - suit.foot
    half = 0.70 + 0.85 * smoothstep(y, -0.14, 0.74) + 0.10 * np.clip(y, 0, 0.75)
    far, lean, seam = _limbs(x, y)
    low = smoothstep(y, 0.62, 0.90)  # where one silhouette becomes torso and arms
    outside = (np.abs(x) - half) * 0.8
    mask = edge(np.where(y > 0.75, far, outside), suit.soft) * smoothstep(y, -0.12, -0.08)
    frame = Frame(x.shape[0], x.shape[1], (0.5, 0.4), 0.6, seed)
    folds = clouds(frame, 1, 3.0, 0.7, 3) - 0.5
    crease_x, crease_y = np.gradient(blur(folds, 0.02 * suit.unit_px))[::-1]
    crease = np.float32(0.10 * suit.unit_px)
    whole = np.clip(x / half, -1, 1)
    right = 0.85 * (whole**3 + low * (lean**3 - whole**3)) + np.clip(crease * crease_x, -0.35, 0.35)
    down = -0.45 * smoothstep(y, 0.75, 0.0) + np.clip(crease * crease_y, -0.35, 0.35) + _pleats(x, y)
    length = np.maximum(np.hypot(right, down), 1)
    base = to_linear(parse_rgb(colour)[None, None])[0, 0]
    light = shade((right / length, down / length), base, 0.02, 0.30)
    light *= (1 - np.float32(0.6) * np.exp(-((seam / 0.03) ** 2)) * smoothstep(y, 0.5, 0.75))[..., None]
    sewn = to_linear(parse_rgb(stripe)[None, None])[0, 0]
    _trimmings(suit, light, x, y, sewn)
    _gloves(suit, light, x, y, sewn)
    contact = np.exp(-np.clip(y - 0.12 + 0.18 * x * x, 0, 2) / 0.12)[..., None]
    return np.asarray(light * (1 - np.float32(0.65) * contact), np.float32), mask


def _limbs(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """How far outside torso, arms and legs a place is, how far aside on its limb (-1 to 1), how far from an arm's
    inner edge."""
    aside = np.abs(x)
    axis, thick = _arm(y)
    arm = np.maximum(np.abs(aside - axis) - thick, y - WRIST - 0.1)
    hand = (np.hypot((aside - axis) / 0.27, (y - WRIST - 0.24) / 0.36) - 1) * 0.3
    arm = np.minimum(arm, hand)
    wide = 1.0 - 0.12 * smoothstep(y, 0.8, WAIST) + 0.10 * smoothstep(y, WAIST, CROTCH)
    torso = np.maximum(aside - wide, y - CROTCH)
    stout = 0.48 - 0.10 * smoothstep(y, CROTCH, 6.0)
    leg = np.maximum(np.abs(aside - 0.50) - stout, CROTCH - 0.06 - y)
    on_arm = (aside > axis - thick) & (y < WRIST + 0.7) & (arm < torso + 0.4)
    on_leg = y > CROTCH
    lean = np.where(
        on_arm, (aside - axis) / thick * np.sign(x), np.where(on_leg, (aside - 0.5) / stout * np.sign(x), x / wide)
    )
    seam = np.where(y < WRIST, aside - axis + thick, 1.0)
    return np.minimum(np.minimum(arm, torso), leg), np.clip(lean, -1, 1), np.asarray(seam, np.float32)


def _arm(y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How far aside an arm's middle is, and half its thickness."""
    return 1.27 + 0.09 * np.clip(y - 0.6, 0, 2.4), 0.35 - 0.06 * np.clip((y - 0.8) / 1.8, 0, 1)


def _pleats(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """How far the folds at elbows and knees lean down."""
    aside = np.abs(x)
    elbow = np.exp(-(((y - ELBOW) / 0.22) ** 2)) * smoothstep(aside, 0.98, 1.06)
    knee = np.exp(-(((y - KNEE) / 0.28) ** 2))
    return np.asarray(0.45 * (elbow + knee) * np.sin(2 * np.pi * y / 0.13), np.float32)


def _gloves(suit: Suit, light: np.ndarray, x: np.ndarray, y: np.ndarray, cuff: np.ndarray) -> None:
    """Grey gloves under coloured cuffs, in place."""
    on_arm = smoothstep(np.abs(x), 0.98, 1.04)
    glove = (smoothstep(y, WRIST - 0.01, WRIST + 0.01) * smoothstep(y, WRIST + 0.65, WRIST + 0.60) * on_arm)[..., None]
    light *= 1 - np.float32(0.55) * glove
    ring = (edge(np.abs(y - WRIST + 0.05) - 0.06, suit.soft) * on_arm)[..., None]
    light += ring * (cuff * light.mean(2, keepdims=True) / np.float32(0.75) - light)


def _trimmings(suit: Suit, light: np.ndarray, x: np.ndarray, y: np.ndarray, stripe: np.ndarray) -> None:
    """Seams, a stripe on each shoulder, a zip and a round badge, in place."""
    level = light.mean(2, keepdims=True) / np.float32(0.75)
    for side in (-1, 1):
        on_arm = 0.30 * smoothstep(y, 0.7, 1.4)  # from the shoulder down the arm
        along = side * x - 0.70 - 0.42 * np.minimum(y, 0.7) - 0.05 * y - on_arm
        band = (edge(np.abs(along) - 0.075, suit.soft) * edge(y - WRIST + 0.12, suit.soft))[..., None]
        light += band * (stripe * level - light)
        for seam in (-0.10, 0.10):
            light *= (
                1
                - np.float32(0.5)
                * (np.exp(-(((along - seam) / 0.008) ** 2)) * edge(y - WRIST + 0.12, suit.soft))[..., None]
            )
    zip_line = np.exp(-((x / 0.012) ** 2))[..., None] + 0.5 * np.exp(-(((np.abs(x) - 0.055) / 0.007) ** 2))[..., None]
    light *= 1 - np.float32(0.55) * zip_line * smoothstep(y, WAIST, WAIST - 0.05)[..., None]
    belt = edge(np.abs(y - WAIST) - 0.05, suit.soft) * edge(np.abs(x) - 0.90, suit.soft)
    light *= 1 - np.float32(0.45) * belt[..., None]
    right, down = x - 0.52, y - 0.86
    far = np.hypot(right, down)
    badge = edge(far - 0.20, suit.soft)[..., None]
    night = to_linear(parse_rgb("#16305e")[None, None])[0, 0]
    light += badge * (night * level - light)
    light += edge(np.abs(far - 0.19) - 0.012, suit.soft)[..., None] * (stripe * level - light)
    planet = edge(np.hypot(right + 0.02, down - 0.02) - 0.085, suit.soft)[..., None]
    light += planet * (np.asarray([0.9, 0.62, 0.3], np.float32) * level - light)
    orbit = edge(np.abs(np.hypot(right * 0.75 + 0.35 * down, (down - 0.35 * right) * 2.6) - 0.14) - 0.014, suit.soft)
    light += (orbit * badge[..., 0])[..., None] * (np.float32(0.9) * level - light)
