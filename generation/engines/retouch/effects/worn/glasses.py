"""Glasses and sunglasses: a frame in space on the nose, lenses that tint and mirror, and the shadow they throw."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.colour import blur, parse_rgb, smoothstep, to_linear, to_oklab
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.light import Light
from generation.engines.retouch.objects.draw import Drawing, Paint, draw
from generation.engines.retouch.objects.dress import face_in
from generation.engines.retouch.objects.frames import (
    OUTLINES,
    PAD,
    RIM,
    TEMPLE,
    Fit,
    fit,
    frame_solid,
    rim_path,
    temple_solid,
)
from generation.engines.retouch.objects.head import depth_in
from generation.engines.retouch.objects.lens import Glass, through
from generation.engines.retouch.objects.materials import metal, plastic
from generation.engines.retouch.objects.wear import Fitting, grained, hands, photo_light, thrown
from generation.engines.retouch.scene import Scene
from generation.errors import StyleNeeds
from generation.face.regions import fill_polygons

NEEDS = ("hair",)
SIDES = (0, 1)
WEIGHTS = np.asarray([1.0, 2.0, 2.0], np.float32)
"""Of lightness and colour when hair and skin are told apart: light falls on both unevenly."""

HANGING = (0.03, 0.10)
"""From this to that share of a lens under hair, the hair hangs before the frame rather than beside the face."""


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    shape: str = "round",
    frame: str = "#1b1a1e",
    material: str = "plastic",
    thickness: float = 0.05,
    lens_top: str = "#f6faf7",
    lens_bottom: str = "#fbfdfb",
    mirror: float = 0.03,
    sheen: str = "#dfeaff",
) -> Layer | None:
    """A pair of glasses.

    Raises:
        StyleNeeds: the person wears glasses already.

    Args:
        shape: "round", "square", "aviator" or "cat". material: "plastic" or "metal".
        thickness: of the rim, in eye distances.
        lens_top, lens_bottom: what the lenses let through. mirror: how strongly they mirror. sheen: in what colour.
    """
    if scene.glasses:
        raise StyleNeeds("face without glasses")
    fitted = fit(scene.face)
    light = photo_light(scene)
    colour = to_linear(parse_rgb(frame))
    paint: Paint = metal(colour) if material == "metal" else plastic(colour)
    paints = {RIM: paint, TEMPLE: paint, PAD: plastic(np.asarray([0.75, 0.72, 0.68], np.float32), 0.9)}
    size = scene.height, scene.width
    front = draw(frame_solid(fitted, shape, thickness, pads=material == "metal"), paints, light, *size)
    temples = draw(temple_solid(fitted, shape, thickness), paints, light, *size)
    if front is None or temples is None:
        return None
    unit = fitted.eye_px
    reach = int(0.5 * unit)
    low = np.minimum(front.box.origin, temples.box.origin).astype(int) - reach
    high = np.maximum([front.box.x1, front.box.y1], [temples.box.x1, temples.box.y1]) + reach
    fitting = Fitting(canvas, Box(int(low[0]), int(low[1]), int(high[0]), int(high[1])).clipped(*size), hands(scene))
    glass = Glass(
        to_linear(parse_rgb(lens_top)), to_linear(parse_rgb(lens_bottom)), mirror, to_linear(parse_rgb(sheen))
    )
    _throw(scene, fitting, front, light, unit)
    clear = _in_front(scene, fitting.box, fitted, shape)
    _glaze(fitting, fitted, shape, glass, clear)
    shown = _uncovered(scene, temples, fitted) * _clear(scene, temples.box, 0.2, 0.7)
    fitting.lay(grained(scene, temples, seed), shown * (1 - _long_hair(scene, temples.box)))
    fitting.lay(grained(scene, front, seed), _of(clear, fitting.box, front.box))
    return fitting.layer()


def check(shape: str = "round", material: str = "plastic", **_: object) -> None:
    """Raises ValueError if a recipe asks for a shape or a material there is not."""
    if shape not in OUTLINES:
        raise ValueError(f'there is no shape "{shape}"; there are: {", ".join(OUTLINES)}.')
    if material not in ("plastic", "metal"):
        raise ValueError(f'material must be "plastic" or "metal", not "{material}".')


def _throw(scene: Scene, fitting: Fitting, front: Drawing, light: Light, unit: float) -> None:
    """A tight shadow where the frame touches, and a wide one a little lower."""
    catch = np.zeros((scene.height, scene.width), np.float32)
    catch[scene.near.rows_cols] = np.clip(scene.face_oval, 0, 1)
    fitting.shade(front, thrown(light, 0.05 * unit), 0.018 * unit, 0.42, catch)
    fitting.shade(front, thrown(light, 0.11 * unit), 0.055 * unit, 0.38, catch)


def _glaze(fitting: Fitting, fitted: Fit, shape: str, glass: Glass, clear: np.ndarray) -> None:
    axes = fitted.head.axes[:2, :2]
    if fitting.free is not None:
        clear = clear * fitting.free
    for side in SIDES:
        rim = _rim(fitted, shape, side)
        centre = fitted.head.place(fitted.lenses[side : side + 1], fitted.origin)[0, :2]
        half = 0.36 * fitted.eye_px
        colour, mask = through(fitting.picture, fitting.box, rim, centre, axes, half, glass)
        mask = mask * clear
        fitting.picture += mask[..., None] * (colour - fitting.picture)
        np.maximum(fitting.touched, mask, out=fitting.touched)


def _clear(scene: Scene, box: Box, low: float, high: float) -> np.ndarray:
    """(h, w) 0 where hair falls over the face, 1 elsewhere."""
    return 1 - smoothstep(scene.hair[box.rows_cols], low, high)


def _in_front(scene: Scene, box: Box, fitted: Fit, shape: str) -> np.ndarray:
    """(h, w) 0 where hair falls over the frame's front, 1 elsewhere.

    Hair beside the face lies behind a frame that stands out beyond it; only where it hangs over a lens does it hang
    over the rim on that side too.
    """
    covered = 1 - _clear(scene, box, 0.55, 0.95)
    inside = face_in(scene, box)
    inside = smoothstep(blur(inside, 0.03 * scene.face.height_px), 0.75, 0.95)
    y, x = np.mgrid[box.y0 : box.y1, box.x0 : box.x1].astype(np.float32)
    right = fitted.head.axes[:2, 0]
    away = (x - np.float32(fitted.origin[0])) * right[0] + (y - np.float32(fitted.origin[1])) * right[1]
    for side in SIDES:
        rim = _rim(fitted, shape, side) - np.asarray(box.origin, np.float32)
        lens = fill_polygons(covered.shape, [rim]) * inside
        over = float((lens * covered).sum()) / max(float(lens.sum()), 1.0)
        half = away > 0 if side else away <= 0
        covered[half] *= smoothstep(np.float32(over), *HANGING)
    return np.asarray(1 - covered, np.float32)


def _of(values: np.ndarray, outer: Box, inner: Box) -> np.ndarray:
    """The part of a box's values that lies in another box within it."""
    x, y = inner.x0 - outer.x0, inner.y0 - outer.y0
    return values[y : y + inner.height, x : x + inner.width]


def _rim(fitted: Fit, shape: str, side: int) -> np.ndarray:
    """(N, 2) px: a lens's rim in the picture."""
    return fitted.head.place(rim_path(fitted, shape, side), fitted.origin)[:, :2]


def _long_hair(scene: Scene, box: Box) -> np.ndarray:
    """(h, w) 1 where long hair hangs over cheek and ear, by its colour: the matte often ends at the cheek.

    Short hair is left out: there a temple passes over it.
    """
    mouth = int(scene.face.points[13][1])
    below = scene.hair[mouth : mouth + int(0.4 * scene.face.height_px)]
    inside = scene.hair[::4, ::4] > 0.9
    if not below.size or below.sum() < 0.03 * scene.face.height_px**2 or inside.sum() < 50:
        return np.zeros((box.height, box.width), np.float32)
    hair = np.median(to_oklab(scene.pixels[::4, ::4][inside][:, None]), axis=0)[0]
    lab = to_oklab(scene.pixels[box.rows_cols])
    from_hair = np.linalg.norm((lab - hair) * WEIGHTS, axis=2)
    from_skin = np.linalg.norm((lab - scene.complexion.tone) * WEIGHTS, axis=2)
    return smoothstep(blur(from_skin - from_hair, 0.012 * scene.face.height_px), 0.0, 0.08)


def _uncovered(scene: Scene, temples: Drawing, fitted: Fit) -> np.ndarray:
    """(h, w) 0 where the temple on the far side of a turned head passes behind the face, 1 elsewhere."""
    box, unit = temples.box, fitted.eye_px
    behind = smoothstep(temples.depth - depth_in(scene.face, box), 0.10 * unit, 0.20 * unit)
    y, x = np.mgrid[box.y0 : box.y1, box.x0 : box.x1].astype(np.float32)
    right = fitted.head.axes[:2, 0]
    away = (x - np.float32(fitted.origin[0])) * right[0] + (y - np.float32(fitted.origin[1])) * right[1]
    yaw = fitted.head.yaw_deg
    far = away * np.float32(np.sign(yaw)) > -0.3 * unit  # behind the nose's root it is still the far one's
    return np.asarray(1 - behind * far * smoothstep(np.float32(abs(yaw)), 8.0, 18.0), np.float32)
