"""The hair matte: cells of hair refined to strands. Knows no style and learns nothing."""

from __future__ import annotations

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, resize, smoothstep, to_canvas, to_oklab
from generation.engines.retouch.hair import HairCells
from generation.engines.retouch.matting import carry_over, lines_of, solve

WORK_PX = 560
"""The longer side of the head's crop while strands are worked out."""
ROUNDS = 24


def hair_matte(pixels: np.ndarray, found: HairCells) -> np.ndarray:
    """(H, W) float32: how much of each pixel is hair; all 0 for a bald head."""
    out = np.zeros(pixels.shape[:2], np.float32)
    if found.share.max(initial=0) < 0.5:
        return out
    crop = np.ascontiguousarray(pixels[found.cells.box.rows_cols])
    scale = min(1.0, WORK_PX / max(crop.shape[:2]))
    rows, cols = round(crop.shape[0] * scale), round(crop.shape[1] * scale)
    small = resize(crop, rows, cols)
    guess = _guess(small, found)
    cell = cols / found.cells.shape[1]
    widen = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * max(2, round(cell * 2)) + 1,) * 2)
    inside = cv2.erode((guess > 0.8).astype(np.uint8), widen, borderValue=1) > 0
    outside = cv2.erode((guess < 0.2).astype(np.uint8), widen, borderValue=1) > 0
    known = inside | outside
    if known.all():
        matte = guess
    else:
        image = blur(to_canvas(small), 0.6) - np.float32(0.5)
        lines = lines_of(image, 1, 0.008)
        hint = np.where(inside, 1, np.where(outside, 0, guess)).astype(np.float32)
        weight = np.where(known, 20, 0.003).astype(np.float32)
        alpha = np.clip(solve(lines, hint, weight, ROUNDS), 0, 1)
        matte = np.where(known, hint, alpha * 0.85 + blur(guess, cell) * 0.15).astype(np.float32)
        if scale < 1:
            matte = carry_over(lines, matte, to_canvas(crop) - np.float32(0.5))
    matte = resize(matte, *crop.shape[:2])
    out[found.cells.box.rows_cols] = smoothstep(matte, 0.06, 0.92)
    return out


def _guess(small: np.ndarray, found: HairCells) -> np.ndarray:
    """The cells' share at the crop's size, without ears and without what has the skin's colour."""
    rows, cols = small.shape[:2]
    cell = cols / found.cells.shape[1]
    guess = np.clip(cv2.resize(found.share, (cols, rows), interpolation=cv2.INTER_CUBIC), 0, 1)
    lab = to_oklab(blur(small, max(0.8, cell * 0.4)))
    core = guess > 0.9
    if core.sum() > 50:
        guess *= 1 - _towards_skin(lab, np.median(lab[core], 0), found.skin_lab)
    ears = resize(_ears(found), rows, cols)
    skin = smoothstep(resize(found.skin, rows, cols), 8, 5)
    lit = smoothstep(np.ascontiguousarray(lab[..., 0]), 0.25, 0.4)
    plain = smoothstep(resize(found.cells.texture, rows, cols), 1.1, 0.55)
    return np.asarray(guess * (1 - ears * skin * lit * plain), np.float32)


def _towards_skin(lab: np.ndarray, hair: np.ndarray, skin: np.ndarray) -> np.ndarray:
    """How far each colour lies from the hair's towards the skin's, where the two differ enough to tell."""
    scale = np.asarray([1, 2.2, 2.2], np.float32)
    way = (skin - hair) * scale
    length = float(way @ way)
    if length < 0.02 or skin[0] - hair[0] < 0.2:
        return np.zeros(lab.shape[:2], np.float32)
    from_hair = (lab - hair) * scale
    along = from_hair @ way / length
    off = np.linalg.norm(from_hair - along[..., None] * way, axis=-1) / np.sqrt(length)
    return smoothstep(along, 0.45, 0.72) * (1 - smoothstep(off, 0.5, 0.9))


def _ears(found: HairCells) -> np.ndarray:
    """(rows, cols) of the cells: where the ears are or would be."""
    cells = found.cells
    face, drawn = cells.face, np.zeros(cells.shape, np.float32)
    angle = float(np.degrees(np.arctan2(face.right[1], face.right[0])))
    for near, far in ((234, 454), (454, 234)):
        out = face.points[near] - face.points[far]
        out /= np.linalg.norm(out) + 1e-6
        centre = (face.points[near] + out * 0.05 * face.height_px - cells.box.origin) * cells.scale
        unit = face.height_px * cells.scale
        axes = (float(0.26 * unit), float(0.40 * unit))
        cv2.ellipse(drawn, ((float(centre[0]), float(centre[1])), axes, angle), (1.0,), -1)
    return blur(drawn, 1)
