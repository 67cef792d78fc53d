"""A watercolour: thin washes with wet edges, pigment in the paper's grain, the edges left white."""

from __future__ import annotations

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, from_oklab, parse_rgb, smoothstep
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.media.abstraction import flow, ink, kuwahara, tones
from generation.engines.retouch.media.film import clouds, grain
from generation.engines.retouch.media.sheet import Sheet, exposed, grown, sheet_of
from generation.engines.retouch.scene import Scene

NEEDS = ("person",)
WORK_PX = 900


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    paper: str = "#faf7f0",
    wet: float = 0.7,
    bleed: float = 0.7,
    pencil: float = 0.45,
    reserve: float = 1.0,
) -> Layer:
    """The whole picture in washes (after Bousseau et al., "Interactive watercolor rendering", 2006).

    Args:
        wet: how dark a wash dries at its edge. bleed: how far the background runs. pencil: lines under the paint.
        reserve: how much of the border stays paper.
    """
    sheet = sheet_of(scene, canvas, WORK_PX)
    lab = exposed(sheet, scene, 0.7)
    height, width, unit = sheet.height, sheet.width, sheet.unit_px
    washes = _washes(sheet, lab, bleed, seed)
    washes = _wobbled(washes, 0.007 * unit, seed)
    ink_of = np.clip(1 - from_oklab(washes), 0.01, 1)  # how much light each wash takes: washes multiply
    density = np.float32(0.90) * -np.log(np.clip(1 - 0.94 * ink_of, 0.02, 1))
    density *= _pooling(density, unit, wet)[..., None]
    flowing = clouds(height, width, 8, seed + 2) - np.float32(0.5)
    tooth = grain(height, width, 2.0, seed + 3)
    density *= (1 + np.float32(0.85) * flowing * (1 - 0.5 * sheet.detail) + np.float32(0.075) * tooth)[..., None]
    where = _painted_part(sheet, seed, reserve)
    edge = blur(where, 0.008 * unit)
    dried = np.clip(edge * (1 - edge) * 4, 0, 1) * where
    density *= (where * (1 + np.float32(0.8 * wet) * dried))[..., None]
    lines = (
        _lines(sheet, lab) * np.float32(pencil) * np.maximum(where, 0.35 * smoothstep(blur(where, 0.1 * unit), 0, 0.6))
    )
    density += lines[..., None] * np.asarray([1.0, 1.05, 1.0], np.float32)
    sheet_light = parse_rgb(paper) * (1 + np.float32(0.012) * grain(height, width, 2.6, seed + 4))[..., None]
    picture = sheet_light * np.exp(-np.clip(density, 0, 3.5))
    return Layer(Box.whole(scene.height, scene.width), grown(np.asarray(picture, np.float32), scene), None)


def _washes(sheet: Sheet, lab: np.ndarray, bleed: float, seed: int) -> np.ndarray:
    """Flat colours, lighter and purer than the photo's; the background runs together."""
    unit = sheet.unit_px
    flat = kuwahara(lab, int(np.clip(round(unit / 70), 3, 6)))
    fine = kuwahara(lab, 2)
    near = np.clip(sheet.detail, 0, 1)[..., None]
    flat += near * (fine - flat)
    steps = tones(flat[..., 0], (0.2, 0.34, 0.48, 0.62, 0.76, 0.88), (0.16, 0.28, 0.42, 0.56, 0.69, 0.82, 0.95), 0.035)
    flat[..., 0] += (np.float32(0.6) - np.float32(0.35) * near[..., 0]) * (steps - flat[..., 0])
    behind = 1 - blur(sheet.person, 0.012 * unit)
    share = np.clip(behind * (0.35 + clouds(sheet.height, sheet.width, 5, seed)), 0, 1)[..., None] * np.float32(
        min(1.0, 1.3 * bleed)
    )
    run = blur(flat, 0.09 * unit)
    flat += share * (run - flat)
    flat[..., 1:] *= np.float32(1.32)
    lift = np.float32(0.08) * smoothstep(flat[..., 0], 0.35, 0.70)
    # nobody floods a sheet with black: what is dark behind the person is a thinner wash
    thinned = np.float32(0.04) + np.float32(0.42) * np.clip(0.9 - flat[..., 0], 0, 1)
    flat[..., 0] = np.clip(0.02 + 0.93 * flat[..., 0] + lift + behind * thinned, 0, 0.985)
    return np.asarray(flat, np.float32)


def _wobbled(image: np.ndarray, reach_px: float, seed: int) -> np.ndarray:
    """Edges run with the paper, not with a ruler."""
    height, width = image.shape[:2]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    x += (clouds(height, width, 40, seed + 5, 3) - np.float32(0.5)) * np.float32(2.4 * reach_px)
    y += (clouds(height, width, 40, seed + 6, 3) - np.float32(0.5)) * np.float32(2.4 * reach_px)
    return cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)


def _pooling(density: np.ndarray, unit: float, wet: float) -> np.ndarray:
    """Pigment drifts to the edge of its own wash and is left there when it dries."""
    thick = density.mean(2)
    fine = thick - blur(thick, 0.006 * unit)
    broad = thick - blur(thick, 0.022 * unit)
    pooled = np.clip(1.4 * fine + 0.9 * broad, -0.28, 0.45)
    return np.asarray(1 + np.float32(wet) * pooled, np.float32)


def _painted_part(sheet: Sheet, seed: int, reserve: float) -> np.ndarray:
    """Where the brush went (H, W): all of the head, a loose patch behind it, white towards the borders."""
    height, width, unit = sheet.height, sheet.width, sheet.unit_px
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    inside = np.minimum(np.minimum(x, width - 1 - x), np.minimum(y, height - 1 - y)) / np.float32(min(height, width))
    rough = clouds(height, width, 7, seed + 7) - np.float32(0.5)
    fine = grain(height, width, 0.02 * unit, seed + 8)
    edge = inside + np.float32(0.22) * rough + np.float32(0.006) * fine
    whole = smoothstep(edge, 0.055 * reserve, 0.055 * reserve + 0.012)
    centre = sheet.points[4]
    far = np.hypot(x - centre[0], (y - centre[1]) * 0.9) / np.float32(unit)
    patch = smoothstep(far + np.float32(1.5) * rough, 1.75 + 2.5 * (1 - reserve), 1.55 + 2.5 * (1 - reserve))
    behind = np.maximum(patch, blur(sheet.person, 0.004 * unit))
    face = smoothstep(far, 0.95, 0.75)
    part: np.ndarray = np.maximum(whole * behind, face * blur(sheet.person, 0.004 * unit))
    return part


def _lines(sheet: Sheet, lab: np.ndarray) -> np.ndarray:
    tone = np.ascontiguousarray(lab[..., 0])
    even = tone / (blur(tone, 0.10 * sheet.unit_px) + np.float32(0.10)) * np.float32(0.62)
    way = flow(sheet.pixels, max(1.5, sheet.unit_px / 130))
    lines = ink(even, way, float(np.clip(sheet.unit_px / 170, 1.0, 2.6)), floor=0.018)
    share = np.clip(0.55 + sheet.detail - 0.25 * sheet.skin, 0, 1) * (0.25 + 0.75 * sheet.person)
    return np.asarray(lines * share, np.float32)
