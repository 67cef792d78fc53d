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

CALM = 0.54
"""Half of what about the face is not stretched, in face widths."""
STRETCH = 2.2
"""How much wider than high the photo's sides may be drawn, so that a smaller picture still fills the frame."""

MOST = 0.86
"""So small it may always become: a narrow side is stretched more."""


def make_room(scene: Scene, needed_px: float) -> Scene:
    """The scene moved down by that much, and shrunk as far as the chin would leave the picture; same size.

    It shrinks only as far as its sides can be stretched to the frame unnoticed; beyond that the room is less than
    asked for, and the frame cuts the hat, as it cut the head.
    """
    scale, down = _shares(scene, needed_px)
    widths = _widths(scene, scale)
    pixels = _moved(scene, widths, scale, down)

    def placed(points: np.ndarray) -> np.ndarray:
        moved = points * np.float32(scale)
        moved[..., 0] = np.interp(points[..., 0], *widths)
        moved[..., 1] += np.float32(down)
        return moved

    hands = tuple(replace(hand, landmarks=placed(hand.landmarks)) for hand in scene.face.hands)
    box = placed(scene.face.box.reshape(2, 2)).reshape(4).astype(np.float32)
    face = replace(scene.face, landmarks=placed(scene.face.landmarks), box=box, hands=hands)
    return Scene(pixels, face, scene.finder, added_px=round(down))


def granted_px(scene: Scene, needed_px: float) -> float:
    """How many of the px asked for `make_room` would make."""
    scale, down = _shares(scene, needed_px)
    return min(down / scale, needed_px)


def _shares(scene: Scene, needed_px: float) -> tuple[float, float]:
    """How small the photo becomes, and how many px it then moves down."""
    height = scene.height
    chin = min(float(scene.face.points[152][1]) + BELOW_CHIN * scene.face.height_px, float(height))
    scale = max(min(1.0, height / (chin + needed_px)), _least(scene))
    if scale > 0.995:
        scale = 1.0
    return scale, float(math.ceil(min(needed_px * scale, height - scale * chin)))


def _sides(scene: Scene) -> tuple[float, float, float]:
    """The middle of the face, half of what about it is not stretched, and the photo's last column, px."""
    face = scene.face
    width = float(np.ptp(face.points[:, 0]))
    return float(np.clip(face.points[168][0], 1, scene.width - 2)), CALM * width, float(scene.width - 1)


def _least(scene: Scene) -> float:
    """How small the photo may become."""
    middle, calm, last = _sides(scene)
    scales = [far / (STRETCH * max(far - calm, 0.0) + min(calm, far)) for far in (middle, last - middle)]
    return float(min(max(scales), MOST))


def _widths(scene: Scene, scale: float) -> tuple[np.ndarray, np.ndarray]:
    """Columns of the photo and where they go: the face shrinks evenly, the sides still reach the frame."""
    middle, calm, last = _sides(scene)
    known = np.linspace(-0.3 * last, 1.3 * last, max(64, round(last / 2)))
    away = known - middle
    moved = away * scale
    for sign, far in ((-1.0, middle), (1.0, last - middle)):
        inner = min(calm, 0.8 * far)
        beyond = np.maximum(sign * away - inner, 0.0) / max(far - inner, 1.0)
        moved += sign * far * (1 - scale) * beyond**1.35
    return known, middle + moved


def _moved(scene: Scene, widths: tuple[np.ndarray, np.ndarray], scale: float, down: float) -> np.ndarray:
    height, width = scene.height, scene.width
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    if scale < 1:
        xs[:] = np.interp(np.arange(width), widths[1], widths[0])
    ys = (ys - np.float32(down)) / np.float32(scale)
    if scale == 1:  # a plain shift: the photo's pixels stay as they are
        photo = np.zeros_like(scene.pixels)
        photo[round(down) :] = scene.pixels[: height - round(down)]
    else:
        photo = cv2.remap(scene.pixels, xs, ys, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    rows = min(math.ceil(down) + 2, height)  # below them all is the photo's
    xs, ys = xs[:rows], ys[:rows]
    clean = _without_person(scene)
    far = np.clip(xs, 0, width - 1), _mirrored(ys, height)
    fill: np.ndarray = cv2.remap(clean, *far, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    soft = cv2.remap(blur(clean, 0.02 * height), *far, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    fill += (0.7 * smoothstep(-ys, 0, 0.2 * height))[..., None] * (soft - fill)  # softer away: no mirror is seen
    if (head := hair_above(scene, xs, ys)) is not None:
        grown = cv2.remap(scene.pixels, head[0], head[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        fill += head[2][..., None] * (to_canvas(grown) - fill)
    inside = smoothstep(-ys, 0.5, -1.0)[..., None]
    photo[:rows] = to_pixels(fill + inside * (to_canvas(photo[:rows]) - fill))
    return photo


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
