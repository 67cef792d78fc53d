"""Cut from layers of coloured paper: each tone a sheet of its own, with its shadow on the one below."""

from __future__ import annotations

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, from_oklab, parse_colour, resize, smooth, smoothstep
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.lids import Eye
from generation.engines.retouch.media.board import ellipse
from generation.engines.retouch.media.cel import eyes_to_draw
from generation.engines.retouch.media.features import LOWER_LIP, UPPER_LIP
from generation.engines.retouch.media.film import grain
from generation.engines.retouch.media.likeness import mouth_of
from generation.engines.retouch.media.sheet import Sheet, exposed, grown, sheet_of
from generation.engines.retouch.scene import Scene
from generation.face.regions import LIPS_OUTER, OVAL, fill_polygons, spline

NEEDS = ("person", "hair")
WORK_PX = 1000
SKIN_STEPS = (0.0, 0.70, 0.92, 1.12)
"""From which share of the skin's own lightness each sheet of it reaches."""
ABOUT = 0.07
"""How far from the face a beard or the shade beside an ear reaches, in face heights."""
TWO_COLOURS = 0.06
"""So far apart, in OKLab's a and b, two clothes have two colours."""
PALE, DARK = np.asarray([0.90, 0.004, 0.012], np.float32), np.asarray([0.20, 0.015, 0.01], np.float32)
"""OKLab of the paper for teeth and eyes, and of that for lashes and nostrils."""


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
    beard = _about_face(sheet, cloth)
    sheets: list[tuple[np.ndarray, np.ndarray]] = []
    for kind in _kinds(lab, cloth * (1 - beard), unit):
        sheets += _part(lab, calm, kind, (15, 45, 78), unit, colour, kind if sheets else person)
    sheets += _part(lab, calm, cloth * beard, (40,), unit, colour, cloth * beard)
    tone = np.median(lab[skin > 0.8], axis=0) if (skin > 0.8).sum() > 50 else scene.complexion.tone
    ratio = calm / np.float32(max(float(tone[0]), 0.15))
    levels = (0.62, 0.84, 1.0, 1.12)
    for edge, level in zip(SKIN_STEPS, levels, strict=True):
        mask = skin if edge == 0 else skin * _knife(ratio, edge, 0.008 * unit)
        sheets.append((mask, np.asarray([min(tone[0] * level, 0.96), *(tone[1:] * colour * level**0.3)], np.float32)))
    sheets += _part(lab, calm, hair_mask, (30, 75), unit, colour, hair_mask)
    return sheets + _features(scene, sheet, light, lab, person)


def _kinds(lab: np.ndarray, cloth: np.ndarray, unit: float) -> list[np.ndarray]:
    """Cloth (h, w), parted in two where it has two colours: the shirt under a blue coat may be yellow."""
    inside = cloth > 0.7
    if inside.sum() < 400:
        return [cloth]
    ab = blur(np.ascontiguousarray(lab[..., 1:]), 0.012 * unit)
    found = ab[inside][::7]
    middle = found.mean(0)
    along = (found - middle) @ np.linalg.eigh(np.cov(found.T))[1][:, 1].astype(np.float32)
    second = along > np.float32(np.percentile(along, (10, 90)).mean())
    for _ in range(6):
        if second.all() or not second.any():
            return [cloth]
        first_ab, second_ab = found[~second].mean(0), found[second].mean(0)
        second = ((found - second_ab) ** 2).sum(1) < ((found - first_ab) ** 2).sum(1)
    if float(np.linalg.norm(first_ab - second_ab)) < TWO_COLOURS:
        return [cloth]
    other = ((ab - second_ab) ** 2).sum(2) < ((ab - first_ab) ** 2).sum(2)
    other_cloth = _cut(other.astype(np.float32), unit) * cloth
    return sorted([cloth * (1 - other_cloth), other_cloth], key=lambda mask: -float(mask.sum()))


def _about_face(sheet: Sheet, cloth: np.ndarray) -> np.ndarray:
    """What is neither skin nor hair and hangs together about the face alone is no cloth: beards, deep shade. (h, w)."""
    reach = 2 * max(1, round(ABOUT * sheet.unit_px)) + 1
    face = fill_polygons(cloth.shape, [spline(sheet.points[list(OVAL)])])
    face = cv2.dilate(face, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))) > 0.5
    count, labels, stats, _ = cv2.connectedComponentsWithStats((cloth > 0.05).astype(np.uint8))
    inside = np.bincount(labels[face], minlength=count) > 0.7 * stats[:, cv2.CC_STAT_AREA]
    inside[0] = False
    return np.asarray(inside[labels], np.float32)


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
    seen = eyes_to_draw(scene)
    eyes = [cut_eye(seen[side], sheet) for side in seen if not seen[side].closed]
    free = person * (1 - np.clip(1.3 * near("occluders"), 0, 1)) * (1 - sheet.worn)
    lids, whites, irises = (
        np.maximum.reduce([np.zeros_like(light), *(eye[part] for eye in eyes)]) * free for part in range(3)
    )
    lines = np.maximum(smoothstep(sheet.detail, 0.2, 0.5), smoothstep(near("occluders"), 0.3, 0.6))  # with glasses
    lips_hull = fill_polygons(light.shape, [spline(sheet.points[list(LIPS_OUTER)])])
    dark = _cut(smoothstep(even, 0.47, 0.40) * lines * (1 - lips_hull), 0.22 * unit) * person
    hole, teeth = cut_mouth(sheet, lab)
    found += [(hole * free, DARK), (teeth * free, PALE), (dark * (1 - whites), DARK)]
    return [*found, (lids, DARK), (whites, PALE), (irises, DARK)]


def cut_eye(eye: Eye, sheet: Sheet) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Three sheets (h, w) of an open eye: lids, white, iris. Small eyes in bad light are cut as clearly as others."""
    scale, shape = np.float32(sheet.scale), (sheet.height, sheet.width)
    wide = eye.width_px
    t = np.linspace(0, 1, len(eye.upper), dtype=np.float32)[:, None]
    least = np.float32(max(0.0, 0.34 - eye.openness) * 0.5 * wide)
    rounded = np.sin(np.pi * t) * eye.up
    top, bottom = eye.upper + rounded * least, eye.lower - rounded * least
    lid = top + eye.up * np.float32(0.085 * wide) * (1.15 - 0.6 * t) * np.minimum(1, 6 * t + 0.4)
    tip = top[:1] + (0.09 * eye.out + 0.02 * eye.up) * np.float32(wide)
    under = (bottom - eye.up * np.float32(0.022 * wide))[::-1]
    outline = spline(np.vstack([top, bottom[-2:0:-1]]) * scale)
    radius = float(max(1.08 * eye.iris_px, 0.20 * wide))
    middle = eye.iris + eye.up * np.float32(0.02 * wide)
    white = fill_polygons(shape, [outline])
    iris = fill_polygons(shape, [ellipse(middle * scale, eye.up, radius * sheet.scale, radius * sheet.scale)])
    return fill_polygons(shape, [np.vstack([tip, lid, under]) * scale]), white, iris * white


def cut_mouth(sheet: Sheet, lab: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Two sheets (h, w): what is dark between the lips, a seam at the least; and what teeth the photo shows."""
    shape, unit, points = (sheet.height, sheet.width), sheet.unit_px, sheet.points
    mouth = mouth_of(sheet, lab, points)
    upper, lower = (spline(points[list(lip)], closed=False) for lip in (UPPER_LIP, LOWER_LIP))
    open_px = max(0.0, 0.014 * unit - float(np.linalg.norm(points[13] - points[14])))
    bulge = np.sin(np.pi * np.linspace(0, 1, len(lower), dtype=np.float32))[:, None]
    down = (points[152] - points[10]) / np.float32(unit)
    lower = lower + bulge * down * np.float32(open_px)
    hole = fill_polygons(shape, [np.vstack([upper, lower[::-1]])])
    if mouth.gap < 0.02 or mouth.light < 0.12:
        return hole, np.zeros_like(hole)
    depth = np.float32(np.clip(2.0 * mouth.light, 0.30, 0.88))
    rim = bulge * down * np.float32(0.004 * unit)
    return hole, fill_polygons(shape, [np.vstack([upper + rim, (upper + (lower - upper) * depth)[::-1]])]) * hole


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
    """One more sheet: its shadow falls down and to the right, its upper edge catches light. In place."""
    left, top, wide, high = cv2.boundingRect((mask > 0.002).astype(np.uint8))
    if wide == 0:
        return picture
    reach = round(6 * lift_px) + 4
    box = Box(
        max(0, left - 2),
        max(0, top - 2),
        min(mask.shape[1], left + wide + reach),
        min(mask.shape[0], top + high + reach),
    )
    own, under = np.ascontiguousarray(mask[box.rows_cols]), picture[box.rows_cols]
    size = (box.width, box.height)
    move = np.asarray([[1, 0, 0.7 * lift_px], [0, 1, lift_px]], np.float32)
    moved = np.asarray(cv2.warpAffine(own, move, size, borderMode=cv2.BORDER_REPLICATE))
    thrown = blur(moved, max(0.8, 0.8 * lift_px))
    under *= 1 - np.float32(0.42) * (thrown * (1 - own))[..., None]
    back = np.asarray([[1, 0, 1.0], [0, 1, 1.2]], np.float32)
    rim = np.clip(own - np.asarray(cv2.warpAffine(own, back, size, borderMode=cv2.BORDER_REPLICATE)), 0, 1)
    lit = colour * (1 + np.float32(0.10) * rim[..., None])
    under += own[..., None] * (lit - under)
    return picture
