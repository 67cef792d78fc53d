"""A glowing ring above the head that lights the hair below it."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.colour import blur, parse_rgb, smoothstep, to_linear, to_srgb
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.objects.crest import Crest, crest, grown_crest
from generation.engines.retouch.objects.draw import outline
from generation.engines.retouch.objects.dress import check_room, growing_room
from generation.engines.retouch.objects.solid import Solid, tube
from generation.engines.retouch.scene import Scene

NEEDS = ("person",)
LEAN_DEG = 17.0
"""How far the ring leans towards the camera at least, so that it is a ring and no line."""


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    colour: str = "#ffd873",
    radius: float = 0.36,
    height: float = 0.17,
    glow: float = 0.8,
) -> Layer | None:
    """The ring.

    Args:
        colour: of its light. radius: of the ring, height: over the hair, in face heights. glow: 0 to 1.

    Raises:
        Skip: the picture does not show where the head ends.
    """
    head = grown_crest(scene)
    ring = _ring(head, radius, height)
    check_room(head, ring)
    unit = head.unit_px
    box = Box.around(ring.points[:, :2], 1.0 * unit, scene.height, scene.width)
    drawn = outline(ring, box)
    linear = to_linear(np.ascontiguousarray(canvas[box.rows_cols]))
    tint = to_linear(parse_rgb(colour))
    spread = np.float32(glow) * _glow(drawn, unit)
    person = scene.person[box.rows_cols]
    dark = 1 - smoothstep(linear.mean(2), 0.5, 1.0)
    air = np.clip(0.5 * spread, 0, 1.5) * (1 - 0.75 * person)
    lit = np.clip(2.0 * _below(head, box, ring, spread), 0, 1.6) * person
    shown = linear * (1 + (lit * 2.2)[..., None] * tint) + ((0.05 * lit) * dark)[..., None] * tint
    shown += (air * (0.30 + 0.70 * dark))[..., None] * tint
    bare = to_srgb(shown)
    core = blur(drawn, 0.006 * unit)
    heart = to_srgb(np.clip(0.55 + 0.75 * tint, 0, 1.0))
    hot = smoothstep(core, 0.35, 0.95)[..., None]
    body = to_srgb(np.clip(tint * 1.08, 0, 1)) * (1 - hot) + heart * hot
    picture = bare + np.clip(1.15 * core, 0, 1)[..., None] * (body - bare)
    touched = smoothstep(np.abs(picture - canvas[box.rows_cols]).max(2), 0.0, 0.006)
    return Layer(box, np.asarray(picture, np.float32), blur(touched, 1.0) * _inside(box, unit))


def headroom(scene: Scene, radius: float = 0.36, height: float = 0.17, **_: object) -> float:
    """px the ring needs above the picture's upper edge."""
    head = crest(scene)
    return growing_room(scene, head, _ring(head, radius, height), margin=0.10)


def _ring(head: Crest, radius: float, height: float) -> Solid:
    unit = head.unit_px
    angle = np.linspace(0, 2 * np.pi, 96, endpoint=False)
    path = np.stack([np.cos(angle), 0 * angle, np.sin(angle)], 1) * radius * unit
    pitch = np.degrees(np.arcsin(np.clip(-head.head.axes[2, 1], -1, 1)))
    turn = np.radians(max(LEAN_DEG - pitch, 0.0) if pitch > -5 else LEAN_DEG - pitch)
    lean = np.asarray([[1, 0, 0], [0, np.cos(turn), -np.sin(turn)], [0, np.sin(turn), np.cos(turn)]])
    middle = head.at(0.0) + np.asarray([0, height * unit, 0])
    return tube(path @ lean.T + middle, 0.020 * unit, closed=True, sides=10).placed(head.head.axes, head.middle)


def _glow(drawn: np.ndarray, unit: float) -> np.ndarray:
    """(h, w) the light around the ring, ever wider and weaker."""
    near, wide, far = (blur(drawn, sigma * unit) for sigma in (0.02, 0.07, 0.20))
    return np.asarray(0.9 * near + 1.3 * wide + 2.2 * far, np.float32)


def _below(head: Crest, box: Box, ring: Solid, spread: np.ndarray) -> np.ndarray:
    """(h, w) the ring's light on what lies under it: from above, so it fades down the head."""
    y = np.arange(box.y0, box.y1, dtype=np.float32)[:, None]
    low = float(ring.points[:, 1].max())
    return np.asarray(spread * smoothstep(y - np.float32(low), 0.75 * head.unit_px, 0.0), np.float32)


def _inside(box: Box, unit: float) -> np.ndarray:
    """(h, w) fading out towards the box's edges, so that no edge of the glow is seen."""
    y, x = np.mgrid[0 : box.height, 0 : box.width].astype(np.float32)
    edge = np.minimum(np.minimum(x, box.width - 1 - x), box.height - 1 - y)
    return smoothstep(edge, 0, 0.25 * unit)
