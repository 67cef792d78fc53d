"""Pop art: screen prints in bold flat colours with Ben-Day dots, one or four on a sheet. Skin keeps its darkness."""

from __future__ import annotations

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, from_oklab, parse_colour, resize, smooth, smoothstep
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.media.abstraction import dots, flow, ink, tones
from generation.engines.retouch.media.board import ellipse
from generation.engines.retouch.media.cel import eyes_to_draw
from generation.engines.retouch.media.sheet import Sheet, exposed, sheet_of
from generation.engines.retouch.scene import Scene
from generation.face.regions import fill_polygons

NEEDS = ("person", "hair")
WORK_PX = 900
OFFSET = 0.008
"""How far the colour screens are off the black one, in face heights: prints never fit."""
INKS = (
    ("#ffd400", "#e8308c", "#7ad7f0", "#d81e3a", "#2f6fe0"),
    ("#ff4fa0", "#2cc5c9", "#ffe14a", "#4b1d8f", "#ff7a1a"),
    ("#19b5d8", "#ff8a1f", "#ffb8d2", "#e02d4f", "#ffe14a"),
    ("#7ac943", "#7d3fc4", "#ffc46b", "#f0257c", "#19b5d8"),
)
"""Of each print: background, hair, skin, lips, clothes."""


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    panels: int = 4,
    screen: float = 0.8,
    own_skin: float = 0.0,
) -> Layer:
    """The person printed in flat colours under a black screen.

    Args:
        panels: 1 or 4 prints. screen: how strong the dots are, 0 to 1.
        own_skin: how far the skin's ink keeps the person's own colour, 0 to 1.
    """
    height, width = canvas.shape[:2]
    side = WORK_PX if panels > 1 else 1350
    sheet = sheet_of(scene, canvas, side, hair=True)
    lab = exposed(sheet, scene, 0.8)
    parts = _parts(scene, sheet, lab)
    black = np.maximum(_black(sheet, lab, parts), _irises(scene, sheet) * smoothstep(parts["eyes"], 0.3, 0.6))
    first = seed % len(INKS)
    if panels == 1:
        picture = _print(scene, sheet, lab, parts, black, INKS[first], screen, own_skin)
        return Layer(Box.whole(height, width), _fitted(picture, height, width), None)
    out = np.empty((height, width, 3), np.float32)
    rows, columns = (0, height // 2, height), (0, width // 2, width)
    for number, inks in enumerate(INKS):
        down, right = divmod(number, 2)
        box = Box(columns[right], rows[down], columns[right + 1], rows[down + 1])
        picture = _print(scene, sheet, lab, parts, black, inks, screen, own_skin)
        out[box.rows_cols] = _fitted(picture, box.height, box.width)
    return Layer(Box.whole(height, width), out, None)


def _fitted(picture: np.ndarray, height: int, width: int) -> np.ndarray:
    return np.asarray(np.clip(resize(picture, height, width), 0, 1), np.float32)


def _parts(scene: Scene, sheet: Sheet, lab: np.ndarray) -> dict[str, np.ndarray]:
    """Masks of what is printed in one ink each, cut with a knife: smooth outlines."""
    rows, columns, unit = sheet.height, sheet.width, sheet.unit_px

    def cut(mask: np.ndarray, soft: float = 0.012) -> np.ndarray:
        return smoothstep(blur(mask, soft * unit), 0.40, 0.60)

    def near(name: str) -> np.ndarray:
        whole = np.zeros((scene.height, scene.width), np.float32)
        whole[scene.near.rows_cols] = getattr(scene, name)
        return resize(whole, rows, columns)

    person = cut(sheet.person)
    mouth, lips, eyes = near("mouth"), near("lips"), near("eyes")
    hair = cut(resize(scene.hair, rows, columns) * (1 - sheet.worn)) * person
    skin = cut(np.maximum(sheet.skin, 0.9 * sheet.detail * near("face_oval"))) * person * (1 - hair)
    away = np.abs(lab - scene.complexion.tone)
    alike = (away[..., 0] < 0.25) & (np.hypot(away[..., 1], away[..., 2]) < 0.055)
    skin, hair = knifed(skin, hair, person * (1 - sheet.worn), alike, unit)
    teeth = mouth * smoothstep(lab[..., 0], 0.55, 0.70)
    white = eyes * smoothstep(lab[..., 0], 0.42, 0.58)
    seen = eyes * (1 - np.clip(1.3 * near("occluders"), 0, 1)) * (1 - sheet.worn)
    whites = np.maximum(teeth, white)
    return {"person": person, "hair": hair, "skin": skin, "lips": cut(lips, 0.004), "white": whites, "eyes": seen}


def knifed(
    skin: np.ndarray, hair: np.ndarray, person: np.ndarray, alike: np.ndarray, unit_px: float
) -> tuple[np.ndarray, np.ndarray]:
    """Skin and hair with the scraps between them that are no clothes: nobody would cut those out.

    A light on a finger, within skin, is skin; a seam along the hairline or the outline goes to its neighbour.

    Args:
        skin, hair, person: (h, w) float32 masks, 0 to 1.
        alike: (h, w) bool, where the colour could be that of skin: a dark lens before an eye is not.
    """
    rest = (person > 0.5) & (np.maximum(skin, hair) < 0.5)
    if not rest.any():
        return skin, hair
    side = 2 * max(1, round(0.016 * unit_px)) + 1
    knife = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    broad = cv2.morphologyEx(rest.astype(np.uint8), cv2.MORPH_OPEN, knife)
    scraps = _scraps(broad, skin, alike, knife, (0.5 * unit_px) ** 2)
    near_skin, near_hair, near_end = (blur(each, side / 2) for each in (skin, hair, 1 - person))
    thin = rest & (broad == 0)
    seam = thin & (np.maximum(near_skin, near_hair) > 0.15) & (near_hair + near_end > 0.12)
    to_skin = scraps | (thin & (near_skin > 0.6)) | (seam & (near_skin >= near_hair))
    to_hair = seam & ~to_skin
    # a px more, so that no soft border stays between the two
    more, strands = (
        blur(cv2.dilate(each.astype(np.float32), np.ones((3, 3), np.uint8)), 0.7) for each in (to_skin, to_hair)
    )
    hair = np.maximum(hair, strands * (1 - skin) * person)
    return np.maximum(skin, more * (1 - hair) * person), hair


def _scraps(broad: np.ndarray, skin: np.ndarray, alike: np.ndarray, knife: np.ndarray, most_px: float) -> np.ndarray:
    """(h, w) bool: the pieces of neither that skin surrounds and that are of its colour."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(broad)
    around = (cv2.dilate(labels.astype(np.float32), knife).astype(np.int32) * (broad == 0)).ravel()
    ring = np.maximum(np.bincount(around, minlength=count), 1)
    left, top, wide, high, area = stats.T
    chosen = (left > 1) & (top > 1) & (left + wide < skin.shape[1] - 1) & (top + high < skin.shape[0] - 1)
    chosen &= (area < most_px) & (np.bincount(around, (skin > 0.5).ravel(), count) > 0.7 * ring)
    chosen &= np.bincount(labels.ravel(), alike.ravel(), count) > 0.5 * area
    chosen[0] = False
    return np.asarray(chosen[labels])


def _irises(scene: Scene, sheet: Sheet) -> np.ndarray:
    """(h, w) pupils and the irises' rims: pale eyes would be printed blind."""
    drawn = np.zeros((sheet.height, sheet.width), np.float32)
    for eye in eyes_to_draw(scene).values():
        radius, middle = eye.iris_px * sheet.scale, eye.iris * np.float32(sheet.scale)
        rim, inside, pupil = (
            fill_polygons(drawn.shape, [ellipse(middle, eye.up, share * radius, share * radius)])
            for share in (1.0, 0.88, 0.54)
        )
        drawn = np.maximum(drawn, np.maximum(rim - inside, pupil))
    return drawn


def _black(sheet: Sheet, lab: np.ndarray, parts: dict[str, np.ndarray]) -> np.ndarray:
    """The black screen (H, W): lines and the deepest shadows."""
    unit = sheet.unit_px
    tone = np.ascontiguousarray(lab[..., 0])
    even = tone / (blur(tone, 0.12 * unit) + np.float32(0.10)) * np.float32(0.60)
    way = flow(sheet.pixels, max(1.5, unit / 110))
    bold = ink(even, way, float(np.clip(unit / 70, 1.5, 6)), floor=0.020)
    fine = ink(even, way, float(np.clip(unit / 150, 1.0, 3)), floor=0.024)
    share = np.clip(0.15 + 0.75 * (1 - parts["skin"]) + sheet.detail, 0, 1)
    calm = smooth(even, 0.02 * unit, 0.05)
    deep = smoothstep(calm, 0.37, 0.31) * np.clip(
        0.75 * parts["hair"] + 0.55 * (1 - parts["skin"]) + sheet.detail, 0, 1
    )
    # shadows of a face, by its own middle: of dark skin no more is black than of light skin
    ratio = calm / np.float32(
        max(float(np.median(even[parts["skin"] > 0.8])) if (parts["skin"] > 0.8).any() else 0.5, 0.2)
    )
    shadow = smoothstep(ratio, 0.70, 0.60) * parts["skin"] * (1 - sheet.detail)
    return np.asarray(
        np.clip(np.maximum(np.maximum(bold, 0.85 * fine) * share, np.maximum(deep, shadow)), 0, 1) * parts["person"]
    )


def _print(
    scene: Scene,
    sheet: Sheet,
    lab: np.ndarray,
    parts: dict[str, np.ndarray],
    black: np.ndarray,
    inks: tuple[str, ...],
    screen: float,
    own_skin: float,
) -> np.ndarray:
    """One print (H, W, 3)."""
    unit = sheet.unit_px
    ground, hair, skin, lips, cloth = (parse_colour(text) for text in inks)
    skin = _skin_ink(scene, skin, own_skin)
    distance = dots(sheet.height, sheet.width, max(4.5, 0.030 * unit), 45.0)
    tone = lab[..., 0]
    picture = np.empty((sheet.height, sheet.width, 3), np.float32)
    picture[:] = from_oklab(ground[None, None])[0, 0]
    _lay_ink(
        picture,
        parts["person"] * (1 - parts["skin"]) * (1 - parts["hair"]),
        cloth,
        tones(tone, (0.5,), (-0.10, 0.0), 0.02),
    )
    _lay_ink(picture, parts["hair"], hair, tones(_ranked(tone, parts["hair"]), (0.35, 0.82), (-0.12, 0.0, 0.10), 0.03))
    ratio = tone / np.float32(max(scene.complexion.lightness, 0.30))
    _lay_ink(picture, parts["skin"], skin, tones(ratio, (1.14,), (0.0, 0.055), 0.02))
    shade = parts["skin"] * smoothstep(ratio, 1.02, 0.72)
    dot = smoothstep(np.float32(0.52) * np.sqrt(np.clip(shade, 0, 1)) - distance, -0.06, 0.06) * np.float32(screen)
    deeper = skin * np.asarray([0.74, 1.25, 1.25], np.float32) + np.asarray([0, 0.05, 0], np.float32)
    _lay_ink(picture, dot * parts["skin"], deeper, None)
    _lay_ink(picture, parts["lips"], lips, None)
    shift = np.asarray([[1, 0, OFFSET * unit], [0, 1, 0.6 * OFFSET * unit]], np.float32)
    size = (sheet.width, sheet.height)
    moved = np.asarray(cv2.warpAffine(picture, shift, size, borderMode=cv2.BORDER_REPLICATE), np.float32)
    moved += parts["white"][..., None] * (np.float32(0.97) - moved)
    return np.asarray(
        moved * (1 - smoothstep(black, 0.30, 0.62)[..., None] * np.asarray([0.95, 0.96, 0.92], np.float32))
    )


def _skin_ink(scene: Scene, ink_colour: np.ndarray, own: float) -> np.ndarray:
    """An ink as light as the skin it stands for."""
    tone = scene.complexion.tone
    level = float(np.clip(0.60 + 0.75 * (float(tone[0]) - 0.60), 0.42, 0.88))
    flat = np.asarray([level, ink_colour[1] * 1.15, ink_colour[2] * 1.15], np.float32)
    mine = np.asarray([level, tone[1] * 1.5, tone[2] * 1.5], np.float32)
    return flat + np.float32(own) * (mine - flat)


def _ranked(tone: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Tones of a part in its own range, 0 to 1."""
    inside = tone[mask > 0.8]
    if inside.size < 50:
        return tone
    low, high = np.percentile(inside[::5], (8, 95))
    return np.asarray((tone - np.float32(low)) / np.float32(max(float(high - low), 0.06)), np.float32)


def _lay_ink(picture: np.ndarray, mask: np.ndarray, colour: np.ndarray, lighter: np.ndarray | None) -> None:
    """Print one ink over what is there, in place; `lighter` (H, W) changes its lightness in steps."""
    if lighter is None:
        flat: np.ndarray = from_oklab(np.asarray(colour, np.float32)[None, None])
    else:
        levels = np.linspace(-0.2, 0.2, 17, dtype=np.float32)
        ramp = np.stack([np.clip(colour[0] + levels, 0, 1), np.full(17, colour[1]), np.full(17, colour[2])], 1)
        table = np.zeros((256, 1, 3), np.float32)
        table[:17, 0] = from_oklab(ramp[None].astype(np.float32))[0]
        level = np.clip(np.round((lighter + np.float32(0.2)) * 40), 0, 16).astype(np.uint8)
        flat = np.asarray(cv2.LUT(cv2.merge([level] * 3), table))
    picture += cv2.multiply(flat - picture, cv2.merge([mask] * 3))  # much faster than mask[..., None]
