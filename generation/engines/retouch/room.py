"""Makes room above a head whose hat would be cut by the frame. Knows no hat."""

from __future__ import annotations

import math
from dataclasses import replace

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, resize, smoothstep, to_canvas, to_pixels
from generation.engines.retouch.hairtop import hair_above
from generation.engines.retouch.scene import Scene

BELOW_CHIN = 0.12
"""What stays visible below the chin, in face heights."""

STRIP = 0.06
"""What of the photo's sides is mirrored to go on beyond them, in widths."""


def make_room(scene: Scene, needed_px: float) -> Scene:
    """The scene moved down by that much, and shrunk as far as the chin would leave the picture; same size."""
    height = scene.height
    chin = min(float(scene.face.points[152][1]) + BELOW_CHIN * scene.face.height_px, float(height))
    scale = min(1.0, height / (chin + needed_px))
    across = (1 - scale) * float(scene.face.points[168][0])
    down = float(math.ceil(needed_px * scale))
    if scale > 0.995:
        scale, across = 1.0, 0.0
    moved = np.asarray([[scale, 0, across], [0, scale, down]], np.float64)
    pixels = _moved(scene, moved)
    shift = np.asarray([across, down, 0], np.float32)
    points = scene.face.landmarks * np.float32(scale) + shift
    box = scene.face.box * np.float32(scale) + np.asarray([across, down] * 2, np.float32)
    hands = tuple(replace(hand, landmarks=hand.landmarks * np.float32(scale) + shift) for hand in scene.face.hands)
    face = replace(scene.face, landmarks=points, box=box.astype(np.float32), hands=hands)
    return Scene(pixels, face, scene.finder, added_px=round(down))


def _moved(scene: Scene, moved: np.ndarray) -> np.ndarray:
    height, width = scene.height, scene.width
    if moved[0, 0] == 1 and moved[0, 2] == 0:  # a plain shift: the photo's pixels stay as they are
        photo = np.zeros_like(scene.pixels)
        photo[round(moved[1, 2]) :] = scene.pixels[: height - round(moved[1, 2])]
    else:
        flags, edge = cv2.INTER_AREA, cv2.BORDER_REPLICATE
        photo = cv2.warpAffine(scene.pixels, moved, (width, height), flags=flags, borderMode=edge)
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    xs = (xs - np.float32(moved[0, 2])) / np.float32(moved[0, 0])
    ys = (ys - np.float32(moved[1, 2])) / np.float32(moved[1, 1])
    outside = np.maximum(np.maximum(-xs, xs - (width - 1)), np.maximum(-ys, ys - (height - 1)))
    new = outside > -1
    if not new.any():
        return photo
    clean = _without_person(scene)
    far = _mirrored(xs, width), _mirrored(ys, height)
    fill: np.ndarray = cv2.remap(clean, *far, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    soft = cv2.remap(blur(clean, 0.02 * height), *far, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    fill += (0.7 * smoothstep(outside, 0, 0.2 * height))[..., None] * (soft - fill)  # softer away: no mirror is seen
    aside = np.maximum(-xs, xs - (width - 1))
    if (aside > 0).any():  # who is cut by the side goes on a little, ever softer
        strip = np.abs((np.maximum(aside, 0) + STRIP * width) % (2 * STRIP * width) - STRIP * width)
        inward = np.clip(np.where(xs < 0, strip, width - 1 - strip), 0, width - 1)
        near = cv2.remap(to_canvas(scene.pixels), inward.astype(np.float32), far[1], cv2.INTER_LINEAR)
        near = blur(near, 0.012 * width)
        share = smoothstep(aside, 2.2 * STRIP * width, 0.4 * STRIP * width) * (aside > -1) * smoothstep(ys, -2, 2)
        fill += share[..., None] * (near - fill)
    if (head := hair_above(scene, xs, ys)) is not None:
        grown = cv2.remap(scene.pixels, head[0], head[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        fill += head[2][..., None] * (to_canvas(grown) - fill)
    inside = smoothstep(outside, 0.5, -1.0)[..., None]
    return to_pixels(fill + inside * (to_canvas(photo) - fill))


def _mirrored(at: np.ndarray, size: int) -> np.ndarray:
    """Coordinates beyond an edge mirrored back inside."""
    inside = np.clip(at, 0, size - 1)
    return np.asarray(np.clip(2 * inside - at, 0, size - 1), np.float32)


def _without_person(scene: Scene) -> np.ndarray:
    """(H, W, 3) float32: the photo, the soft background in the person's place."""
    likely = cv2.dilate(scene.raw_person, np.ones((5, 5), np.uint8))  # single hairs stand out a little
    person = smoothstep(resize(likely, scene.height, scene.width), 0.04, 0.3)[..., None]
    photo = to_canvas(scene.pixels)
    photo += person * (_backdrop(scene) - photo)
    return photo


def _backdrop(scene: Scene) -> np.ndarray:
    """(H, W, 3) float32: the background alone, very soft, continued behind the person."""
    height, width = scene.height, scene.width
    rows, cols = max(8, height // 8), max(8, width // 8)
    small = to_canvas(resize(scene.pixels, rows, cols))
    weight = 1 - smoothstep(resize(scene.raw_person, rows, cols), 0.02, 0.3)
    total = np.zeros((rows, cols, 3), np.float32)
    weights = np.full((rows, cols), 1e-6, np.float32)
    for sigma, share in ((0.02, 1.0), (0.08, 1e-2), (0.3, 1e-4)):
        total += share * blur(small * weight[..., None], sigma * rows)
        weights += share * blur(weight, sigma * rows)
    total += np.float32(1e-6) * blur(small, 0.1 * rows)  # where nothing else is known: the photo's own colours
    return resize(total / (weights[..., None] + np.float32(1e-6)), height, width)
