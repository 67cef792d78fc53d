"""A printed comic: flat tones, ink lines, halftone dots. Skin, hair and cloth keep their own darkness and order."""

from __future__ import annotations

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, from_oklab, parse_rgb, resize, smoothstep, to_oklab
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.media.abstraction import dots, flow, ink, kuwahara, length, tones
from generation.engines.retouch.scene import Scene
from generation.face.regions import fill_polygons, spline

NEEDS = ("person", "hair")
WORK_PX = 800
DETAILS = ("eyes", "brows", "lips", "mouth")


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    lines: float = 0.8,
    screen: float = 0.7,
    paper: str = "#2fb4e6",
    print_dots: str = "#ffe65c",
    outline: float = 0.8,
) -> Layer:
    """The whole picture redrawn.

    Args:
        lines: how much ink. screen: how strong the halftone. paper, print_dots: the background's two colours.
        outline: how thick the contour around the person.
    """
    height, width = canvas.shape[:2]
    scale = min(1.0, WORK_PX / max(height, width))
    small = resize(canvas, round(height * scale), round(width * scale))
    unit_px = scene.face.height_px
    flat = kuwahara(small, int(np.clip(round(unit_px * scale / 62), 3, 5)))
    lab = cv2.resize(to_oklab(np.clip(flat, 0, 1)), (width, height), interpolation=cv2.INTER_CUBIC)
    skin = _skin(scene, lab)
    hair = smoothstep(scene.hair, 0.35, 0.65)
    drawn, shade = _coloured(scene, lab, skin, hair)
    distance = dots(height, width, max(4.0, 0.021 * unit_px))
    drawn = _screened(drawn, shade, distance, screen)
    drawn = _on_paper(scene, drawn, distance, parse_rgb(paper), parse_rgb(print_dots), outline)
    pen = _pen(scene, small, skin, scale, lines)
    drawn *= 1 - pen[..., None] * np.asarray([0.94, 0.95, 0.90], np.float32)
    return Layer(Box.whole(height, width), drawn, None)


def _skin(scene: Scene, lab: np.ndarray) -> np.ndarray:
    """(H, W): skin of face, neck and hands, by its likeness to the face's."""
    tone = scene.complexion.tone
    away = lab - tone
    far = (away[..., 0] / 0.20) ** 2 + (away[..., 1] / 0.035) ** 2 + (away[..., 2] / 0.035) ** 2
    likeness = np.exp(-np.maximum(far - 1.0, 0) / 3)
    holes = np.zeros((scene.near.height, scene.near.width), np.float32)
    for name in DETAILS:
        holes = np.maximum(holes, getattr(scene, name))
    oval = scene.face_oval * (1 - holes)
    likeness[scene.near.rows_cols] = np.maximum(
        likeness[scene.near.rows_cols] * (1 - holes), oval * smoothstep(likeness[scene.near.rows_cols], 0.02, 0.3)
    )
    return np.asarray(likeness * scene.person * (1 - scene.hair), np.float32)


def _coloured(scene: Scene, lab: np.ndarray, skin: np.ndarray, hair: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The flat colours, sRGB, and where they are in shade (H, W)."""
    light, tone = lab[..., 0], scene.complexion.tone
    own = float(np.clip(tone[0], 0.2, 0.92))
    print_light = own + 0.35 * (float(np.clip(own, 0.52, 0.80)) - own)  # a dim photo is printed lighter, in order
    ratio = light / own
    skin_light = print_light * tones(ratio, (0.62, 0.84, 1.09), (0.58, 0.80, 1.0, 1.09), 0.018)
    hair_light, sheen = _hair_tones(light, hair)
    rest = tones(light, (0.16, 0.30, 0.45, 0.60, 0.76, 0.90), (0.13, 0.25, 0.40, 0.56, 0.71, 0.85, 0.97), 0.012)
    new = rest + hair * (hair_light - rest)
    on_skin = smoothstep(skin, 0.3, 0.7)
    new = new + on_skin * (skin_light - new)
    colour = lab[..., 1:] * np.float32(1.75)
    # skin is printed in its own one colour, warmer where it is in shade: shine and camera noise have no hue here
    warm = (0.45 * lab[..., 1:] + 0.55 * tone[1:]) * np.float32(1.35)
    colour += on_skin[..., None] * (warm - colour)
    strength = length(colour[..., 0], colour[..., 1])
    colour *= (np.float32(0.19) * np.tanh(strength / np.float32(0.19)) / np.maximum(strength, 1e-4))[..., None]
    # printers draw black hair with blue lights
    blue = sheen * hair * smoothstep(strength, 0.07, 0.02)
    colour[..., 1] -= np.float32(0.045) * blue
    shade = on_skin * smoothstep(ratio, 0.90, 0.70) + (1 - on_skin) * (1 - hair) * smoothstep(light, 0.62, 0.25) * 0.6
    return from_oklab(np.dstack([np.clip(new, 0, 0.985), colour])), shade


def _hair_tones(light: np.ndarray, hair: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Three tones of the hair's own range, the darkest still lighter than ink; and where it shines."""
    inside = light[hair > 0.8]
    if inside.size < 200:
        return light, np.zeros_like(light)
    low, middle, high = (float(v) for v in np.percentile(inside[::7], (8, 50, 94)))
    span = max(high - low, 0.05)
    place = (light - low) / span
    base = max(middle, 0.19)
    levels = (max(0.70 * base, 0.15), base, min(1.22 * base + 0.05, 0.95), min(1.42 * base + 0.13, 0.97))
    return tones(place, (0.30, 0.66, 0.93), levels, 0.03), smoothstep(place, 0.60, 0.70)


def _screened(drawn: np.ndarray, shade: np.ndarray, distance: np.ndarray, amount: float) -> np.ndarray:
    """Dots of a deeper colour where it is in shade."""
    radius = 0.50 * np.sqrt(np.clip(shade, 0, 1))
    dot = smoothstep(radius - distance, -0.05, 0.06) * np.float32(0.42 * amount)
    return drawn * (1 - dot[..., None] * np.asarray([0.62, 1.0, 0.85], np.float32))


def _on_paper(
    scene: Scene, drawn: np.ndarray, distance: np.ndarray, paper: np.ndarray, dot: np.ndarray, outline: float
) -> np.ndarray:
    """The person cut out with a white and a black contour, on printed paper."""
    height, width = drawn.shape[:2]
    unit_px = scene.face.height_px
    person = scene.person
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    grown = np.clip(0.60 * (1 - y) + 0.02, 0, 0.6)
    share = smoothstep(grown - distance, -0.05, 0.05)[..., None]
    ground = paper + share * (dot - paper)
    spread = max(1.5, 0.016 * unit_px * outline)
    solid = smoothstep(blur(person, max(0.8, 0.006 * unit_px)), 0.45, 0.60)
    rim = smoothstep(blur(solid, 2.0 * spread), 0.05, 0.12)
    ground += rim[..., None] * (np.float32(0.99) - ground)
    contour = smoothstep(blur(solid, spread), 0.13, 0.24)
    ground *= 1 - contour[..., None] * np.float32(0.93)
    result: np.ndarray = ground + solid[..., None] * (drawn - ground)
    return result


def _pen(scene: Scene, small: np.ndarray, skin: np.ndarray, scale: float, lines: float) -> np.ndarray:
    """Ink lines of the person (H, W): bold on eyes, mouth, hair and cloth, sparing on skin."""
    height, width = scene.height, scene.width
    unit_px = scene.face.height_px * scale
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    # lines are seen against what is around them: a fold in a black coat is a line too
    even = grey / (blur(grey, 0.10 * unit_px) + np.float32(0.10)) * np.float32(0.62)
    way = flow(small, max(1.5, unit_px / 130))
    bold = ink(even, way, float(np.clip(unit_px / 95, 1.3, 4.5)), floor=0.030 - 0.014 * lines)
    fine = ink(even, way, float(np.clip(unit_px / 190, 0.9, 2.4)), floor=0.026 - 0.012 * lines)
    skin_small = resize(skin, *grey.shape)
    detail = resize(_detail(scene), *grey.shape)
    share = np.clip(0.34 * skin_small + (1 - skin_small) * 0.85 + detail, 0, 1) * resize(scene.person, *grey.shape)
    black = smoothstep(even, 0.17, 0.10) * detail
    drawn = np.maximum(np.maximum(bold, fine * 0.8) * share, black)
    grown = cv2.resize(drawn, (width, height), interpolation=cv2.INTER_CUBIC)
    return smoothstep(grown, 0.22, 0.62)


def _detail(scene: Scene) -> np.ndarray:
    """(H, W): eyes, brows, nostrils and mouth, softly: where ink says who it is."""
    points = scene.face.points
    nose = fill_polygons((scene.height, scene.width), [spline(points[[98, 97, 2, 326, 327, 294, 19, 64]])])
    near = np.zeros((scene.near.height, scene.near.width), np.float32)
    for name in DETAILS:
        near = np.maximum(near, getattr(scene, name))
    nose[scene.near.rows_cols] = np.maximum(nose[scene.near.rows_cols], near)
    return np.clip(1.4 * blur(nose, 0.018 * scene.face.height_px), 0, 1)
