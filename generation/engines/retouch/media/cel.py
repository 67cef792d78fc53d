"""Flat skin and hair as cel painters lay them: where they are, and their few tones. Draws no features."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, resize, smooth, smoothstep
from generation.engines.retouch.lids import Eye, eyes_in, eyes_of
from generation.engines.retouch.media.abstraction import along, flow, tones
from generation.engines.retouch.media.sheet import Sheet, shaded_skin
from generation.engines.retouch.paint import box_around
from generation.face.regions import BROW_LEFT, BROW_RIGHT, LIPS_OUTER, OVAL, fill_polygons, spline

if TYPE_CHECKING:
    from generation.engines.retouch.scene import Scene

HIDDEN = 0.25
"""An eye that faces us less than this is hidden: by the nose, by hair, by dark lenses, or by deep shade."""
LEAST_BEARD, LARGE_BEARD = 0.0042, 0.10
"""In squared face heights: what is smaller is no beard, what is larger need not be paler than skin."""
SHADE_PALE, SHADE_DARK = -0.07, 0.45
"""How much less colour for its lightness than the skin around it a beard has at least, and how dark shade is."""


@dataclass(frozen=True, slots=True)
class Masks:
    """(h, w) of the sheet. bare: skin that is drawn flat. front: what lies over the face. plain: skin for sure."""

    bare: np.ndarray
    hair: np.ndarray
    face: np.ndarray
    front: np.ndarray
    plain: np.ndarray


def masks_of(scene: Scene, sheet: Sheet, lab: np.ndarray, seen: dict[int, Eye]) -> Masks:
    shape, unit, points = (sheet.height, sheet.width), sheet.unit_px, sheet.points

    def whole(mask: np.ndarray) -> np.ndarray:
        full = np.zeros((scene.height, scene.width), np.float32)
        full[scene.near.rows_cols] = mask
        return resize(full, *shape)

    face = fill_polygons(shape, [spline(points[list(OVAL)])])
    front = np.maximum(whole(scene.occluders), sheet.worn)
    strands = resize(scene.hair, *shape) * (1 - sheet.worn)
    hair = smoothstep(blur(strands, 0.006 * unit), 0.20, 0.42)
    plain = np.clip(whole(scene.skin), 0, 1)
    hulls = [spline(points[list(LIPS_OUTER)])]
    for eye in seen.values():
        hull = cv2.convexHull(np.vstack([eye.crease, eye.hollow, eye.outline]).astype(np.float32))[:, 0] * sheet.scale
        hulls.append(hull)
        if eye.facing <= HIDDEN:  # what lies over it is but shade
            front *= 1 - blur(fill_polygons(shape, [hull]), 0.01 * unit) * (1 - sheet.worn)
    for brow in (BROW_RIGHT, BROW_LEFT):
        hulls.append(spline(points[list(brow)]))
    nose = cv2.convexHull(points[[6, 98, 327, 2, 64, 294, 129, 358]].astype(np.float32))[:, 0]
    reach = max(3, round(0.026 * unit) | 1)
    cover = cv2.dilate(
        fill_polygons(shape, [*hulls, nose]), cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    )
    inner = blur(cv2.erode(face, np.ones((3, 3), np.uint8)), 0.01 * unit)
    cover = blur(cover, 0.006 * unit) * smoothstep(inner, 0.3, 0.8) * (1 - front) * (1 - hair)
    tidy = smoothstep(blur(np.maximum(sheet.skin, plain), 0.010 * unit), 0.36, 0.60)
    bare = np.maximum(tidy * (1 - np.clip(1.2 * front, 0, 1) * face), smoothstep(cover, 0.2, 0.7))
    shade = shaded_skin(lab, scene.complexion.tone) * smoothstep(inner, 0.2, 0.6)
    bare = np.maximum(bare, shade * (1 - np.clip(1.2 * front, 0, 1)))
    bare *= 1 - _beard(sheet, lab, plain, face) * (1 - fill_polygons(shape, [spline(points[list(LIPS_OUTER)])]))
    bare *= smoothstep(sheet.person, 0.3, 0.7) * (1 - hair)
    return Masks(np.asarray(bare, np.float32), hair * smoothstep(sheet.person, 0.3, 0.7), face, front, plain)


def eyes_to_draw(scene: Scene) -> dict[int, Eye]:
    """The eyes that show, 0 the right and 1 the left: not behind hair, hands or dark lenses; shade hides none."""
    found = {}
    judged = eyes_in(scene)
    for side, (eye, known) in enumerate(zip(eyes_of(scene.face), judged, strict=True)):
        shaded = eye.facing > HIDDEN and judged[1 - side].facing > HIDDEN
        if known.facing > HIDDEN or (shaded and _hair_over(scene, eye) < 0.4):
            found[side] = known
    return found


def _hair_over(scene: Scene, eye: Eye) -> float:
    """How much of an eye lies under hair or a hand, 0 to 1."""
    box = box_around(scene, eye.outline, 0.01)
    inside = fill_polygons((box.height, box.width), [eye.outline - box.origin])
    over = np.maximum(scene.hair, scene.in_front)[box.rows_cols]
    return float((inside * over).sum() / max(float(inside.sum()), 1.0))


def _beard(sheet: Sheet, lab: np.ndarray, plain: np.ndarray, face: np.ndarray) -> np.ndarray:
    """Hair on cheeks, chin and lip: much darker or greyer than the skin around it, and of some size."""
    unit = sheet.unit_px
    calm = blur(lab, 0.008 * unit)
    weight = (plain + np.float32(1e-4))[..., None]
    around = blur(calm * weight, 0.12 * unit) / blur(weight[..., 0], 0.12 * unit)[..., None]
    darker = 1 - calm[..., 0] / np.maximum(around[..., 0], 0.1)
    own = np.hypot(around[..., 1], around[..., 2])
    greyer = 1 - np.hypot(calm[..., 1], calm[..., 2]) / np.maximum(own, 0.01)
    likely = smoothstep(darker + np.float32(0.35) * np.clip(greyer, -0.3, 0.6), 0.14, 0.25)
    y, x = np.mgrid[0 : sheet.height, 0 : sheet.width].astype(np.float32)
    down = (sheet.points[152] - sheet.points[10]) / np.float32(unit)
    below = (x - sheet.points[2][0]) * down[0] + (y - sheet.points[2][1]) * down[1]
    likely *= smoothstep(below, 0.0, 0.015 * unit) * smoothstep(blur(face, 0.02 * unit), 0.15, 0.4)
    solid = blur(likely, 0.012 * unit) > 0.5
    count, labels, stats, _ = cv2.connectedComponentsWithStats(solid.astype(np.uint8))
    area = np.maximum(stats[:, cv2.CC_STAT_AREA], 1) / np.float32(unit * unit)
    # shade makes a skin's colour deeper for its lightness, hair does not; only a large one, not very dark, may be red
    paler = 1 - (1 - greyer) * around[..., 0] / np.maximum(calm[..., 0], 0.05)
    dark, pale = (
        np.bincount(labels.ravel(), np.clip(each, -1, 1).ravel(), count) / (area * unit * unit)
        for each in (darker, paler)
    )
    hairy = (area > LEAST_BEARD) & ((pale > SHADE_PALE) | (area > LARGE_BEARD) & (dark < SHADE_DARK))
    hairy[0] = False
    return blur(hairy[labels].astype(np.float32), 0.008 * unit)


def skin_tone(lab: np.ndarray, masks: Masks, scene: Scene) -> np.ndarray:
    """(3,) OKLab: the middle of the skin as it is to be drawn; never lighter than the (well lit) photo has it."""
    inside = lab[masks.plain > 0.8]
    if len(inside) < 30:
        return scene.complexion.tone
    lit = inside[inside[:, 0] >= np.quantile(inside[:, 0], 0.45)]  # in shade a skin's colour is not its own
    tone = np.asarray(np.median(lit, axis=0), np.float32)
    tone[0] = min(float(tone[0]), float(np.median(inside[:, 0])) + 0.015)
    strength = float(np.hypot(tone[1], tone[2]))
    if 0.012 < strength < 0.052:  # a flash bleaches skin; a black and white photo stays one
        tone[1:] *= min(0.052 / strength, 1.35)
    return tone


def cel_skin(sheet: Sheet, lab: np.ndarray, masks: Masks, tone: np.ndarray, blush: float) -> np.ndarray:
    """Skin in three flat tones of its own colour, by the photo's own light. OKLab."""
    unit = sheet.unit_px
    weight = np.maximum(masks.plain, 0.9 * sheet.skin * (1 - masks.face)) * (1 - sheet.detail) + np.float32(1e-4)
    light = np.ascontiguousarray(lab[..., 0])
    calm = smooth(light, 0.035 * unit, 0.05, step=2)
    wide = 0.020 * unit
    filled = blur(calm * weight, wide) / (blur(weight, wide) + np.float32(1e-5))
    far = 0.09 * unit
    sure = smoothstep(blur(weight, wide), 0.05, 0.30)
    around = blur(calm * weight, far) / (blur(weight, far) + np.float32(1e-5))
    filled = np.where(sure > 0, around + sure * (filled - around), around)
    ratio = blur(filled, 0.010 * unit) / np.float32(max(float(tone[0]), 0.15))
    # a shadow under the brows, below the nose and the chin is drawn even in flat light
    ratio = ratio - _form_shadow(sheet, masks)
    level = tones(ratio, (0.64, 0.865, 1.13), (0.70, 0.850, 1.0, 1.05), 0.010)
    depth = np.clip(1 - level, 0, 1)
    shade = np.empty_like(lab)
    shade[..., 0] = np.minimum(tone[0] * level, np.float32(0.965))
    chroma = (np.float32(1.14) + np.float32(0.45) * depth) * np.sqrt(level)
    shade[..., 1] = tone[1] * chroma + np.float32(0.055) * depth * np.float32(
        min(1.0, 18 * float(np.hypot(tone[1], tone[2])))
    )
    shade[..., 2] = tone[2] * chroma - np.float32(0.035) * depth
    coloured = np.float32(min(1.0, 20 * float(np.hypot(tone[1], tone[2]))))
    for cheek in (50, 280):
        centre = sheet.points[cheek] * 0.75 + sheet.points[205 if cheek == 50 else 425] * 0.25
        y, x = np.mgrid[0 : sheet.height, 0 : sheet.width].astype(np.float32)
        spot = np.exp(-((x - centre[0]) ** 2 + 1.5 * (y - centre[1]) ** 2) / np.float32(2 * (0.075 * unit) ** 2))
        shade[..., 1] += np.float32(0.055 * blush) * spot * coloured
        shade[..., 0] -= np.float32(0.015 * blush) * spot
    return shade


def _form_shadow(sheet: Sheet, masks: Masks) -> np.ndarray:
    """How much darker a cartoonist makes what chin and hair hang over."""
    unit = sheet.unit_px
    down = sheet.points[152] - sheet.points[10]
    down = down / np.linalg.norm(down)
    size = (sheet.width, sheet.height)

    def moved(mask: np.ndarray, far: float) -> np.ndarray:
        shift = np.asarray([[1, 0, down[0] * far], [0, 1, down[1] * far]], np.float32)
        return np.asarray(cv2.warpAffine(mask, shift, size), np.float32)

    chin = np.clip(moved(masks.face, 0.11 * unit) - 1.5 * masks.face, 0, 1)
    hair = np.clip(moved(masks.hair, 0.035 * unit) - masks.hair, 0, 1) * masks.face
    return np.asarray(np.float32(0.20) * blur(chin, 0.012 * unit) + np.float32(0.17) * blur(hair, 0.008 * unit))


def cel_hair(sheet: Sheet, lab: np.ndarray, masks: Masks) -> np.ndarray:
    """Flat shapes with bands of light that follow the strands. OKLab."""
    inside = masks.hair > 0.8
    if inside.sum() < 200:
        return lab
    unit = sheet.unit_px
    rows, columns = sheet.height // 2, sheet.width // 2
    core = smoothstep(masks.hair, 0.85, 1.0)
    core = cv2.erode(core, np.ones((3, 3), np.uint8)) + np.float32(1e-4)
    # towards its edge hair is mixed with skin and sky: bands of light come from inside
    light = np.ascontiguousarray(lab[..., 0])
    spread = blur(light * core, 0.02 * unit) / blur(core, 0.02 * unit)
    sure = cv2.erode(core, np.ones((9, 9), np.uint8))
    half = resize(spread + blur(sure, 2.0) * (light - spread), rows, columns)
    way = flow(half, max(2.0, unit / 60))
    strands = along(blur(half, max(0.8, 0.006 * unit)), way, max(4.0, 0.045 * unit), 2.0)
    light = resize(strands, sheet.height, sheet.width)
    low, high = (float(v) for v in np.percentile(light[inside][::5], (6, 96)))
    place = (light - low) / np.float32(max(high - low, 0.05))
    own = np.median(lab[inside][::5], axis=0)
    base = float(np.clip(1.06 * own[0], 0.235, 0.90))
    contrast = float(np.clip((high - low) / 0.20, 0.75, 1.0))
    wanted = (0.60 * base, 0.87 * base, 1.12 * base + 0.02, 1.32 * base + 0.12)
    levels = tuple(base + contrast * (level - base) for level in wanted)
    new = tones(place, (0.26, 0.58, 0.86), levels, 0.028)
    shade = np.empty_like(lab)
    shade[..., 0] = np.minimum(new, np.float32(0.97))
    # dyed ends and grey strands keep their own colour
    calm = (
        blur(lab[..., 1:], 0.05 * unit)
        * masks.hair[..., None]
        / np.maximum(blur(masks.hair, 0.05 * unit), 0.05)[..., None]
    )
    shade[..., 1:] = (np.float32(0.5) * calm + np.float32(0.5) * own[1:]) * np.float32(1.32)
    shine = smoothstep(place, 0.80, 0.92) * smoothstep(np.float32(0.40) - np.float32(base), 0, 0.15)
    shade[..., 2] -= np.float32(0.020) * shine  # the lights of black hair are blue
    return shade
