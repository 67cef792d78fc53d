"""A window of stained glass: pieces of coloured glass in lead, features painted on, light from behind."""

from __future__ import annotations

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, from_oklab, parse_colour, resize, smooth, smoothstep
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.media.abstraction import flow, ink
from generation.engines.retouch.media.cells import means, nearest, seams, spread
from generation.engines.retouch.media.film import clouds
from generation.engines.retouch.media.sheet import Sheet, exposed, grown, sheet_of
from generation.engines.retouch.scene import Scene
from generation.face.regions import OVAL, fill_polygons, spline

NEEDS = ("person", "hair")
WORK_PX = 1000
RINGS = (0.98, 1.22, 1.62, 2.1, 2.7, 3.4, 4.2)
"""Radii of the window's rings around the head, in face heights."""
# fmt: off
CUTS = (
    (127, 70, 105, 66, 107, 9), (9, 336, 296, 334, 300, 356), (10, 151, 9),
    (107, 193, 122, 174, 198, 129, 64), (336, 417, 351, 399, 420, 358, 294),
    (64, 165, 61), (294, 391, 291), (61, 211, 176), (291, 431, 400),
    (234, 117, 118, 101, 129), (454, 346, 347, 330, 358),
)
"""Where a glazier cuts a face: over the brows, along the nose, under the eyes, from the mouth to the jaw."""
# fmt: on
GLASS = ["#123a8c", "#0f6a86", "#7a1230", "#c8791a", "#2c6a3a", "#4a2378"]


def apply(
    scene: Scene,
    canvas: np.ndarray,
    *,
    seed: int,
    window: bool = True,
    glass: list[str] = GLASS,
    lead: float = 1.0,
    light: float = 0.6,
) -> Layer:
    """The person in pieces of glass that follow face, hair and clothes; eyes and mouth painted as glass painters do.

    Args:
        window: a rose of coloured glass behind the person; else the photo's own background in pieces.
        glass: the colours of the rose. lead: how thick the lead is. light: how brightly the sun shines through, 0 to 1.
    """
    sheet = sheet_of(scene, canvas, WORK_PX, hair=True)
    rng = np.random.default_rng(seed)
    lab = exposed(sheet, scene, 0.5)
    hair = resize(scene.hair, sheet.height, sheet.width) * (1 - sheet.worn)
    regions = _regions(sheet, lab, hair)
    numbers, count, behind = _pieces(sheet, regions, window, rng)
    colours = _glazed(means(numbers, lab, count), scene)
    if window:
        colours = _rose(colours, behind, numbers, glass, rng)
    pane = _panes(colours, numbers, sheet, seed)
    painted = _matting(sheet, lab, numbers, count)
    pane[..., 0] = np.clip(pane[..., 0] * painted, 0, 0.985)
    # eyes and mouth are stained and painted in their own colours
    own = lab * np.asarray([1, 1.5, 1.5], np.float32)
    pane += (smoothstep(sheet.detail, 0.25, 0.75) * np.float32(0.85))[..., None] * (own - pane)
    picture = from_oklab(pane)
    trace = _trace(sheet, lab) * sheet.person
    picture *= 1 - trace[..., None] * np.float32(0.93)
    came, shine = _lead(sheet, numbers, lead)
    glow = blur(picture, 0.10 * sheet.unit_px) * np.float32(0.30 * light)
    picture = 1 - (1 - picture) * (1 - glow * picture.max(2, keepdims=True))
    metal = np.asarray([0.075, 0.075, 0.085], np.float32) + shine[..., None] * np.float32(0.33)
    picture = picture + came[..., None] * (metal + 0.14 * glow - picture)
    return Layer(Box.whole(scene.height, scene.width), grown(np.clip(picture, 0, 1).astype(np.float32), scene), None)


def _regions(sheet: Sheet, lab: np.ndarray, hair: np.ndarray) -> np.ndarray:
    """(H, W) uint8: 0 behind, 1 clothes, 2 hair, 3 skin, 4 lips, and lighter and darker parts of each above 8."""
    unit = sheet.unit_px
    solid = (blur(sheet.person, 0.015 * unit) > 0.5).astype(np.uint8)
    lines, _ = cv2.findContours(solid, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    regions = cv2.drawContours(np.zeros_like(solid), [line for line in lines if len(line) > 8], -1, (1,), cv2.FILLED)
    regions[(blur(hair, 0.012 * unit) > 0.5) & (regions > 0)] = 2

    skin = blur(np.maximum(sheet.skin, sheet.detail * sheet.person), 0.012 * unit) > 0.5
    regions[skin & (regions != 2) & (regions > 0)] = 3
    broad = max(unit, 0.32 * min(sheet.height, sheet.width))  # a small face makes no small panes of a coat
    calm = blur(smooth(np.ascontiguousarray(lab[..., 0]), 0.06 * broad, 0.08, step=2), 0.03 * broad)
    face = fill_polygons(regions.shape, [spline(sheet.points[list(OVAL)])]) > 0.5
    for part, levels in ((1, 3), (2, 3), (3, 2)):
        inside = regions == part
        if inside.sum() < 50:
            continue
        if part == 3:
            inside &= ~face
        edges = np.percentile(calm[inside], [100 * level / levels for level in range(1, levels)])
        regions[inside] += (8 * np.digitize(calm[inside], edges)).astype(np.uint8)
    return _cut_face(sheet, cv2.medianBlur(regions, max(3, int(0.05 * broad) | 1)), face)


def _cut_face(sheet: Sheet, regions: np.ndarray, face: np.ndarray) -> np.ndarray:
    """The face's own pieces, numbered above 64 in eights: what CUTS leave together."""
    whole = (face & ((regions & 7) == 3)).astype(np.uint8)
    for cut in CUTS:
        line = np.round(spline(sheet.points[list(cut)], closed=False)).astype(np.int32)
        cv2.polylines(whole, [line.reshape(-1, 1, 2)], False, (0,), 2)
    count, labels = cv2.connectedComponents(whole, connectivity=4)
    out = regions.astype(np.int32)
    inside = face & ((regions & 7) == 3)
    _, near = cv2.distanceTransformWithLabels(
        (labels == 0).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    of_label = np.zeros(int(near.max()) + 1, np.int32)
    of_label[near[labels > 0]] = labels[labels > 0]
    out[inside] = 64 + 8 * of_label[near][inside] + 3
    return out


def _pieces(
    sheet: Sheet, regions: np.ndarray, window: bool, rng: np.random.Generator
) -> tuple[np.ndarray, int, np.ndarray]:
    """Numbers of the pieces of glass; how many there are; and (count,) which piece of the rose each is, or -1."""
    unit = sheet.unit_px
    part = regions & 7
    broad = max(unit, 0.32 * min(sheet.height, sheet.width))
    density = np.full(regions.shape, 1 / (0.30 * broad) ** 2, np.float32)
    density[part == 2] = 1 / (0.30 * unit) ** 2
    density[part == 3] = 1 / (0.36 * unit) ** 2
    points = spread(density, max(8, round(float(density.sum()))), rng, rounds=4)
    cut = nearest(points, *regions.shape)
    rose = _rings(sheet) if window else cut
    cut = np.where(regions >= 64, 0, cut)
    raw = np.where(part == 0, rose + len(points) * 4096, cut + len(points) * regions)
    _, numbers = np.unique(raw.ravel(), return_inverse=True)
    numbers = _whole(numbers.reshape(regions.shape).astype(np.int32), int((0.05 * broad) ** 2))
    count = int(numbers.max()) + 1
    behind = np.full(count, -1, np.int64)
    outside = part == 0
    behind[numbers[outside]] = rose[outside]
    behind[means(numbers, outside[..., None].astype(np.float32), count)[:, 0] < 0.5] = -1
    return numbers, count, behind


def _whole(numbers: np.ndarray, smallest: int) -> np.ndarray:
    """Pieces too small to be cut are given to their neighbours."""
    sizes = np.bincount(numbers.ravel())
    small = (sizes[numbers] < smallest).astype(np.uint8)
    if not small.any() or small.all():
        return numbers
    _, labels = cv2.distanceTransformWithLabels(small, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    of_label = np.zeros(int(labels.max()) + 1, np.int32)
    kept = small == 0
    of_label[labels[kept]] = numbers[kept]
    _, renumbered = np.unique(of_label[labels].ravel(), return_inverse=True)
    return renumbered.reshape(numbers.shape).astype(np.int32)


def _rings(sheet: Sheet) -> np.ndarray:
    """(H, W) int: pieces of a rose window around the head, ring by ring."""
    centre = sheet.points[9] * 0.75 + sheet.points[4] * 0.25
    y, x = np.mgrid[0 : sheet.height, 0 : sheet.width].astype(np.float32)
    far = np.hypot(x - centre[0], y - centre[1]) / np.float32(sheet.unit_px)
    angle = np.arctan2(y - centre[1], x - centre[0]) / np.float32(2 * np.pi) + np.float32(0.5)
    ring = np.digitize(far, RINGS)
    parts = np.asarray([8, 24, 16, 16, 24, 24, 32, 32])[ring]
    turn = np.where(ring % 2, 0.5, 0.0)
    return np.asarray(ring * 64 + ((angle * parts + turn) % parts).astype(int), np.int64)


def _glazed(colours: np.ndarray, scene: Scene) -> np.ndarray:
    """Glass is more coloured than what it shows; skin keeps its own tone."""
    chroma = np.hypot(colours[:, 1], colours[:, 2])
    more = np.clip(1.9 - 4.5 * chroma, 1.15, 1.9)[:, None]
    glazed = colours.copy()
    glazed[:, 1:] *= more
    glazed[:, 0] = np.clip(0.02 + 0.97 * colours[:, 0], 0.17, 0.95)
    return glazed


def _rose(
    colours: np.ndarray, behind: np.ndarray, numbers: np.ndarray, glass: list[str], rng: np.random.Generator
) -> np.ndarray:
    tones = np.stack([parse_colour(text) for text in glass])
    ring, piece = behind // 64, behind % 64
    which = (ring * 2 + (piece % 2) * (1 + ring % 2)) % len(tones)
    painted = tones[which].copy()
    painted[:, 0] += rng.normal(0, 0.035, len(painted))
    painted[ring == 1] = tones[3 % len(tones)] + np.stack(
        [rng.normal(0.06, 0.03, int((ring == 1).sum()))] + [np.zeros(int((ring == 1).sum()))] * 2, 1
    )
    out = colours.copy()
    out[behind >= 0] = painted[behind >= 0]
    return np.asarray(out, np.float32)


def _panes(colours: np.ndarray, numbers: np.ndarray, sheet: Sheet, seed: int) -> np.ndarray:
    """(H, W, 3) OKLab: uneven glass, lighter where the sun stands."""
    height, width = numbers.shape
    pane = np.asarray(colours[numbers], np.float32)
    waves = clouds(height, width, 26, seed) - np.float32(0.5)
    streaks = clouds(height, width, 7, seed + 1, 2) - np.float32(0.5)
    y = np.linspace(1, 0, height, dtype=np.float32)[:, None]
    pane[..., 0] += np.float32(0.09) * waves + np.float32(0.10) * streaks + np.float32(0.05) * (y - 0.4)
    return pane


def _matting(sheet: Sheet, lab: np.ndarray, numbers: np.ndarray, count: int) -> np.ndarray:
    """The painter's brown wash on the glass: light and shade inside a piece, as a factor of lightness."""
    unit = sheet.unit_px
    tone = blur(np.ascontiguousarray(lab[..., 0]), 0.012 * unit)
    flat = means(numbers, tone[..., None], count)[numbers][..., 0]
    shade = np.clip(tone / np.maximum(flat, 0.12), 0.30, 1.6) ** np.float32(1.25)
    share = np.float32(0.95) * np.maximum(blur(np.maximum(sheet.skin, sheet.detail), 0.01 * unit), 0.45) * sheet.person
    return np.asarray(1 + share * (shade - 1), np.float32)


def _trace(sheet: Sheet, lab: np.ndarray) -> np.ndarray:
    """Trace lines in black paint: features firmly, folds and strands of hair lightly."""
    unit = sheet.unit_px
    tone = np.ascontiguousarray(lab[..., 0])
    even = tone / (blur(tone, 0.10 * unit) + np.float32(0.10)) * np.float32(0.62)
    way = flow(sheet.pixels, max(1.5, unit / 120))
    lines = ink(even, way, float(np.clip(unit / 70, 1.4, 6)), floor=0.017)
    share = np.clip(0.30 * (1 - sheet.skin) + 0.16 + 1.1 * sheet.detail, 0, 1)
    deep = smoothstep(even, 0.40, 0.28) * smoothstep(sheet.detail, 0.2, 0.6)
    lines = np.maximum(lines, deep)
    return np.asarray(np.clip(lines * share, 0, 1), np.float32)


def _lead(sheet: Sheet, numbers: np.ndarray, lead: float) -> tuple[np.ndarray, np.ndarray]:
    """Where the cames are (H, W), and their shine: round bars, lit from the upper left."""
    half = max(1.6, 0.0095 * sheet.unit_px * lead)
    outline = seams((blur(sheet.person, 2.0) > 0.5).astype(np.int32))
    far = cv2.distanceTransform((~seams(numbers)).astype(np.uint8), cv2.DIST_L2, 5)
    thick = cv2.distanceTransform((~outline).astype(np.uint8), cv2.DIST_L2, 5) - np.float32(0.6 * half)
    far = cv2.GaussianBlur(np.minimum(far, thick), (0, 0), 0.8)
    # features are painted, not leaded
    far = far + np.float32(3 * half) * smoothstep(sheet.detail, 0.25, 0.6)
    far = far + np.float32(0.42 * half) * blur(sheet.skin, 0.01 * sheet.unit_px) * (thick > 2 * half)
    round_bar = np.clip(1 - np.square(far / half), 0, 1)
    slope = -cv2.Sobel(round_bar, cv2.CV_32F, 1, 0) - 1.3 * cv2.Sobel(round_bar, cv2.CV_32F, 0, 1)
    shine = np.clip(-slope * np.float32(0.10), 0, 1) * (round_bar > 0)
    return smoothstep(half - far, -0.7, 0.7), np.asarray(shine, np.float32)
