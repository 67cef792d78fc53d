"""Puts drawn things on a person in a photo: shadow under them, hair over them, the photo's light and grain on them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from generation.engines.retouch.colour import LUMA, blur, resize, smoothstep, to_linear, to_srgb
from generation.engines.retouch.lamps import near_of
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.light import Light, read_light
from generation.engines.retouch.media.film import grain
from generation.engines.retouch.objects.draw import Drawing, shadow
from generation.engines.retouch.scene import Scene

SHADOW_TINT = np.asarray([0.36, 0.24, 0.22], np.float32)
"""What is left of each colour in full shadow on skin: shadows on skin are warm."""

GREY = 5.0
"""A photo whose channels differ by less than this on average is black and white."""
DIM = (0.14, 1.2)
"""A white thing is at most so bright, linear: a floor, and so much of the brightest near the face."""


def photo_light(scene: Scene) -> Light:
    """The light of the photo, as the face shows it; in a dim room nothing worn may shine."""
    near = near_of(scene)
    light = read_light(near.pixels, near.skin, near.normals)
    brightest = float(np.percentile(to_linear(resize(near.pixels, 64, 64)) @ LUMA, 97))
    return replace(light, level=min(light.level, DIM[0] + DIM[1] * brightest))


def thrown(light: Light, distance_px: float) -> np.ndarray:
    """(2,) px: where the shadow of something that far in front of a surface falls."""
    slant = -light.towards[:2] / max(-float(light.towards[2]), 0.45)
    away = np.clip(slant, -1.2, 1.2) * distance_px
    return np.asarray([away[0], max(float(away[1]), 0.25 * distance_px)], np.float32)


def hands(scene: Scene) -> np.ndarray | None:
    """(H, W) the hands before the head; None when there are none."""
    return scene.in_front if scene.face.hands else None


class Fitting:
    """A crop of the canvas things are laid on one after another, and a record of where they were laid.

    Args:
        canvas: (H, W, 3) float32; it is not written to.
        box: nothing can be laid outside.
        before: (H, W) of the canvas: hands, nothing is laid over them.
    """

    def __init__(self, canvas: np.ndarray, box: Box, before: np.ndarray | None = None) -> None:
        self.box = box
        self.free = None if before is None else 1 - before[box.rows_cols]
        self.picture = canvas[box.rows_cols].copy()
        self.touched = np.zeros(self.picture.shape[:2], np.float32)
        grey = float(np.ptp(self.picture[::4, ::4], axis=2).mean()) < GREY / 255
        self.tint = SHADOW_TINT.mean() if grey else SHADOW_TINT

    def shade(self, drawing: Drawing, offset: np.ndarray, blur_px: float, amount: float, on: np.ndarray) -> None:
        """Throw a drawing's shadow; `on` (H, W of the whole canvas, or of the box) is what can catch it."""
        height, width = self.box.y1, self.box.x1
        box, mask = shadow(drawing, height, width, offset, blur_px)
        box, mask = _common(self.box, box, mask)
        catch = on[box.rows_cols] if on.shape[:2] != self.touched.shape else on[self._inside(box)]
        at = self._inside(box)
        take = (self._unhidden(mask * catch * np.float32(amount), at))[..., None]
        self.picture[at] *= 1 - take * (1 - self.tint)
        self.touched[at] = np.maximum(self.touched[at], take[..., 0])

    def lay(self, drawing: Drawing, shown: np.ndarray | None = None) -> None:
        """Lay a drawing; `shown` (h, w of its box) is what of it is not hidden."""
        alpha = drawing.alpha if shown is None else drawing.alpha * shown
        colour = np.dstack([drawing.colour, alpha])
        box, mixed = _common(self.box, drawing.box, colour)
        at = self._inside(box)
        alpha = self._unhidden(mixed[..., 3], at)
        self.picture[at] += alpha[..., None] * (mixed[..., :3] - self.picture[at])
        self.touched[at] = np.maximum(self.touched[at], alpha)

    def _unhidden(self, mask: np.ndarray, at: tuple[slice, slice]) -> np.ndarray:
        return mask if self.free is None else np.asarray(mask * self.free[at])

    def layer(self) -> Layer:
        """All of it as one layer; its mask is 1 wherever anything was laid."""
        return Layer(self.box, self.picture, smoothstep(self.touched, 0.0, 0.01))

    def _inside(self, box: Box) -> tuple[slice, slice]:
        x, y = self.box.x0, self.box.y0
        return slice(box.y0 - y, box.y1 - y), slice(box.x0 - x, box.x1 - x)


def grained(scene: Scene, drawing: Drawing, seed: int) -> Drawing:
    """The drawing with the photo's noise and softness, grey in a grey photo: what differs there looks pasted on."""
    near = scene.pixels[scene.near.rows_cols]
    if float(np.ptp(near[::4, ::4], axis=2).mean()) < GREY:
        grey_light = to_linear(drawing.colour) @ LUMA
        drawing = replace(drawing, colour=to_srgb(np.repeat(grey_light[..., None], 3, axis=2)))
    grey = near[..., 1].astype(np.float32) / 255
    fine = grey - blur(grey, 1.0)
    on_skin = fine[scene.skin > 0.6]
    noise = float(np.median(np.abs(on_skin))) * 1.48 if on_skin.size > 50 else 0.0
    pattern = grain(drawing.box.height, drawing.box.width, 1.4, seed)[..., None]
    colour = np.clip(drawing.colour + pattern * np.float32(min(noise * 1.2, 0.03)), 0, 1)
    soft_px = _softness_px(grey)
    if soft_px < 0.35:
        return Drawing(drawing.box, colour, drawing.alpha, drawing.depth)
    alpha = blur(drawing.alpha, soft_px)
    spread = blur(colour * drawing.alpha[..., None], soft_px) / np.maximum(alpha, 1e-3)[..., None]
    return Drawing(drawing.box, spread, alpha, drawing.depth)


def _softness_px(grey: np.ndarray) -> float:
    """How blurred a crop is: sigma in px, 0 to 2, from how fast its strongest edges rise."""
    steep = np.abs(np.diff(grey, axis=1)).max(initial=0.0)
    edges = np.abs(np.diff(grey, axis=1))
    strong = edges[edges > 0.35 * steep]
    rise = float(np.median(strong)) if strong.size else 0.1
    return float(np.clip(0.22 / max(rise, 0.05) - 0.9, 0, 2.0))


def _common(outer: Box, inner: Box, values: np.ndarray) -> tuple[Box, np.ndarray]:
    """The part of a box, and of the values in it, that lies in another box."""
    x0, y0 = max(outer.x0, inner.x0), max(outer.y0, inner.y0)
    x1, y1 = max(min(outer.x1, inner.x1), x0), max(min(outer.y1, inner.y1), y0)
    part = values[y0 - inner.y0 : y1 - inner.y0, x0 - inner.x0 : x1 - inner.x0]
    return Box(x0, y0, x1, y1), part
