"""Cut from layers of coloured paper: each tone a sheet of its own, with its shadow on the one below."""

from __future__ import annotations

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, from_oklab, parse_colour, resize, smooth, smoothstep
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.media.film import grain
from generation.engines.retouch.media.sheet import Sheet, exposed, grown, sheet_of
from generation.engines.retouch.scene import Scene

NEEDS = ("person", "hair")
WORK_PX = 1000
SKIN_STEPS = (0.0, 0.70, 0.92, 1.12)
"""From which share of the skin's own lightness each sheet of it reaches."""


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    paper: str = "#f2d7b6",
    rings: str = "#e2725b",
    depth: float = 1.0,
    colour: float = 1.3,
) -> Layer:
    """The person in sheets of paper over rings of paper.

    Args:
        paper, rings: the background's inner and outer colour. depth: how far the sheets stand apart.
        colour: chroma, 1 is the photo's.
    """
    sheet = sheet_of(scene, canvas, WORK_PX, hair=True)
    lab = exposed(sheet, scene, 0.6)
    unit = sheet.unit_px
    picture = np.empty_like(sheet.pixels)
    picture[:] = from_oklab(parse_colour(rings)[None, None])[0, 0]
    lift = 0.010 * unit * depth
    for share, mask in _rings(sheet, seed):
        tone = parse_colour(rings) + np.float32(share) * (parse_colour(paper) - parse_colour(rings))
        picture = _laid(picture, mask, from_oklab(tone[None, None])[0, 0], 1.6 * lift)
    hair = resize(scene.hair, sheet.height, sheet.width) * (1 - sheet.worn)
    for mask, tone in _sheets(scene, sheet, lab, hair, colour):
        picture = _laid(picture, mask, from_oklab(tone[None, None])[0, 0], lift)
    tooth = grain(sheet.height, sheet.width, 1.8, seed + 9)
    picture = picture * (1 + np.float32(0.016) * tooth)[..., None]
    return Layer(Box.whole(scene.height, scene.width), grown(np.asarray(picture, np.float32), scene), None)


def _rings(sheet: Sheet, seed: int) -> list[tuple[float, np.ndarray]]:
    """Wavy rings around the head, from the outermost: which share of the inner colour, and where."""
    centre = sheet.points[9]
    y, x = np.mgrid[0 : sheet.height, 0 : sheet.width].astype(np.float32)
    angle = np.arctan2(y - centre[1], x - centre[0])
    far = np.hypot(x - centre[0], y - centre[1]) / np.float32(sheet.unit_px)
    turns = np.random.default_rng(seed).uniform(0, 6.28, 5)
    found = []
    for number, (reach, turn) in enumerate(zip((2.6, 2.1, 1.7, 1.35, 1.05), turns, strict=True)):
        wave = reach * (1 + 0.05 * np.sin(3 * angle + turn) + 0.03 * np.sin(7 * angle - turn))
        found.append(((number + 1) / 5, smoothstep((wave - far).astype(np.float32) * sheet.unit_px, -0.8, 0.8)))
    return found


def _sheets(
    scene: Scene, sheet: Sheet, lab: np.ndarray, hair: np.ndarray, colour: float
) -> list[tuple[np.ndarray, np.ndarray]]:
    """The person's sheets from below: mask (h, w) and OKLab (3,)."""
    unit = sheet.unit_px
    light = np.ascontiguousarray(lab[..., 0])
    weight = 1 - np.clip(1.3 * sheet.detail, 0, 0.995)  # eyes and mouth throw no shade on the skin around them
    calm = blur(smooth(light, 0.05 * unit, 0.06, step=2) * weight, 0.022 * unit) / blur(weight, 0.022 * unit)
    person = _cut(sheet.person, unit)
    hair_mask = _cut(hair, unit) * person
    skin = _cut(np.maximum(sheet.skin, sheet.detail * sheet.person), unit) * person * (1 - hair_mask)
    cloth = person * (1 - skin) * (1 - hair_mask)
    sheets = _part(lab, calm, cloth, (15, 45, 78), unit, colour, person)
    tone = np.median(lab[skin > 0.8], axis=0) if (skin > 0.8).sum() > 50 else scene.complexion.tone
    ratio = calm / np.float32(max(float(tone[0]), 0.15))
    levels = (0.62, 0.84, 1.0, 1.12)
    for edge, level in zip(SKIN_STEPS, levels, strict=True):
        mask = skin if edge == 0 else skin * _knife(ratio, edge, 0.008 * unit)
        sheets.append((mask, np.asarray([min(tone[0] * level, 0.96), *(tone[1:] * colour * level**0.3)], np.float32)))
    sheets += _part(lab, calm, hair_mask, (30, 75), unit, colour, hair_mask)
    return sheets + _features(scene, sheet, light, lab, person)


def _features(
    scene: Scene, sheet: Sheet, light: np.ndarray, lab: np.ndarray, person: np.ndarray
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Lips, teeth and whites of the eyes, then what is dark: brows, lashes, irises, nostrils."""
    unit, rows, columns = sheet.unit_px, sheet.height, sheet.width

    def near(name: str) -> np.ndarray:
        whole = np.zeros((scene.height, scene.width), np.float32)
        whole[scene.near.rows_cols] = getattr(scene, name)
        return resize(whole, rows, columns)

    found = []
    lips = _cut(near("lips"), 0.35 * unit)
    if (lips > 0.8).sum() > 20:
        own = np.median(lab[lips > 0.8], axis=0)
        found.append((lips, np.asarray([own[0], own[1] * 1.25 + 0.012, own[2] * 1.25], np.float32)))
    even = light / (blur(light, 0.10 * unit) + np.float32(0.10)) * np.float32(0.62)
    opening = np.maximum(near("eyes"), near("mouth"))
    found.append((_cut(opening, 0.25 * unit), np.asarray([0.90, 0.004, 0.012], np.float32)))
    dark = np.where(opening > 0.5, smoothstep(light, 0.62, 0.48), smoothstep(even, 0.47, 0.40))
    dark = _cut(dark * smoothstep(sheet.detail, 0.2, 0.5), 0.22 * unit) * person
    found.append((dark, np.asarray([0.20, 0.015, 0.01], np.float32)))
    return found


def _part(
    lab: np.ndarray,
    calm: np.ndarray,
    mask: np.ndarray,
    ranks: tuple[int, ...],
    unit: float,
    colour: float,
    below: np.ndarray,
) -> list[tuple[np.ndarray, np.ndarray]]:
    """A part in as many tones as `ranks` (percentiles) has, and one; the darkest lies below."""
    inside = mask > 0.7
    if inside.sum() < 100:
        return []
    edges = [float(edge) for edge in np.percentile(calm[inside][::3], ranks)]
    found = []
    for number, low in enumerate([-1.0, *edges]):
        high = edges[number] if number < len(edges) else 2.0
        band = inside & (calm >= low) & (calm < high)
        if band.sum() < 40:
            continue
        tone = np.median(lab[band], axis=0)
        cut = mask if number == 0 else mask * _knife(calm, low, 0.008 * unit)
        found.append((cut, np.asarray([np.clip(tone[0], 0.16, 0.96), *(tone[1:] * colour)], np.float32)))
    return found


def _cut(mask: np.ndarray, unit: float) -> np.ndarray:
    """A mask with an edge as smooth as scissors make it."""
    return smoothstep(blur(mask, 0.010 * unit), 0.44, 0.56)


def _knife(values: np.ndarray, edge: float, soft_px: float) -> np.ndarray:
    above = blur((values > edge).astype(np.float32), max(1.0, soft_px))
    return smoothstep(above, 0.42, 0.58)


def _laid(picture: np.ndarray, mask: np.ndarray, colour: np.ndarray, lift_px: float) -> np.ndarray:
    """One more sheet: its shadow falls down and to the right, its upper edge catches light."""
    size = (mask.shape[1], mask.shape[0])
    move = np.asarray([[1, 0, 0.7 * lift_px], [0, 1, lift_px]], np.float32)
    moved = np.asarray(cv2.warpAffine(mask, move, size, borderMode=cv2.BORDER_REPLICATE))
    thrown = blur(moved, max(0.8, 0.8 * lift_px))
    picture = picture * (1 - np.float32(0.42) * (thrown * (1 - mask))[..., None])
    back = np.asarray([[1, 0, 1.0], [0, 1, 1.2]], np.float32)
    rim = np.clip(mask - np.asarray(cv2.warpAffine(mask, back, size, borderMode=cv2.BORDER_REPLICATE)), 0, 1)
    top = colour * (1 + np.float32(0.10) * rim[..., None])
    return np.asarray(picture + mask[..., None] * (top - picture), np.float32)
