"""Rich black and white: one strong soft lamp from the side, deep background, silver grain."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.colour import blur, smooth, smoothstep
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.light import lambert, read_light
from generation.engines.retouch.media.film import bloom, curve, grain, screen, vignette
from generation.engines.retouch.objects.head import normals_in
from generation.engines.retouch.scene import Scene

NEEDS = ("person",)
MIX = np.asarray([0.40, 0.46, 0.14], np.float32)
"""Red, green and blue in the grey: more red than the eye has, as panchromatic film gives skin its glow."""
CURVE = ((0.0, 0.0), (0.10, 0.035), (0.30, 0.25), (0.50, 0.52), (0.72, 0.78), (0.90, 0.935), (1.0, 0.985))


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    drama: float = 0.7,
    contrast: float = 0.6,
    grain_amount: float = 0.5,
    corners: float = 0.6,
    warmth: float = 0.35,
) -> Layer:
    """Everything in grey.

    Args:
        drama: how far the lamp models the face and the background falls into the dark. contrast: of fine forms.
        corners: how dark they get. warmth: 0 is neutral, 1 is a warm print.
    """
    height, width = scene.height, scene.width
    unit_px = scene.face.height_px
    grey = canvas @ MIX
    grey = _exposed(scene, grey)
    base = smooth(grey, 0.05 * unit_px, 0.07, step=4)
    grey = _lit(scene, base + (grey - base) * np.float32(1 + 0.8 * contrast), drama)
    person = blur(scene.person, 0.012 * unit_px)
    grey *= 1 - np.float32(0.55 * drama) * (1 - person)
    # dark hair and dark cloth keep their forms before the dark: a print's open shadows, on the person only
    dark = smoothstep(grey, 0.26, 0.02) * person
    grey += dark * (np.float32(0.9) * (grey - base) + np.float32(0.035))
    grey = curve(grey, CURVE)
    grey = screen(grey, np.float32(0.30) * bloom(grey, 0.62, 0.09 * unit_px))
    grey *= vignette(height, width, scene.face.points[4], corners, reach=1.1)
    noise = grain(height, width, max(0.9, 0.0032 * unit_px), seed)
    grey += noise * (np.float32(0.042 * grain_amount) * (0.35 + 2.4 * grey * (1 - grey)))
    tone = np.clip(grey, 0, 1)[..., None]
    tint = np.asarray([0.030, 0.006, -0.034], np.float32) * np.float32(warmth)
    return Layer(Box.whole(height, width), tone + tint * (4 * tone * (1 - tone)), None)


def _exposed(scene: Scene, grey: np.ndarray) -> np.ndarray:
    """Brings a dull or glaring face towards good print tones, but never one skin to another's."""
    skin = scene.skin
    tones = grey[scene.near.rows_cols][skin > 0.6]
    if not tones.size:
        return grey
    middle = float(np.clip(np.median(tones), 0.08, 0.92))
    wanted = middle + 0.65 * max(0.44 - middle, 0) + 0.5 * min(0.62 - middle, 0)
    return np.asarray(np.power(np.clip(grey, 0, 1), np.float32(np.log(wanted) / np.log(middle))), np.float32)


def _lit(scene: Scene, grey: np.ndarray, drama: float) -> np.ndarray:
    """One lamp high on the side the light already comes from; the far cheek falls into shadow."""
    box = scene.near
    unit_px = scene.face.height_px
    normals = normals_in(scene.face, box)
    side = 1.0 if read_light(scene.pixels[box.rows_cols], scene.skin, normals).towards[0] >= 0 else -1.0
    lamp = lambert(normals, (0.78 * side, -0.55, -0.50), wrap=0.35)
    ratio = (0.42 + 1.02 * lamp) / 1.04
    near = np.zeros((box.height, box.width), np.float32)
    margin = max(2, int(0.16 * unit_px))
    near[margin:-margin, margin:-margin] = 1
    share = blur(near, 0.4 * margin) * blur(scene.person[box.rows_cols], 0.01 * unit_px)
    grey[box.rows_cols] *= 1 + (ratio - 1) * (share * np.float32(drama))
    return grey
