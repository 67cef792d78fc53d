"""The hair matte: cells of hair refined to strands. Knows no style and learns nothing."""

from __future__ import annotations

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, resize, smoothstep, to_canvas, to_oklab
from generation.engines.retouch.mattes.hair import HairCells
from generation.engines.retouch.mattes.hairtrim import touching
from generation.engines.retouch.mattes.matting import carry_over, lines_of, solve

WORK_PX = 420
"""The longer side of the head's crop while strands are worked out."""
ROUNDS = 18


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
        alpha = np.where(known, hint, alpha * 0.85 + blur(guess, cell) * 0.15).astype(np.float32)
        matte = _agreeing(image, alpha, cell)
        if scale < 1:
            matte = carry_over(lines, matte, to_canvas(crop) - np.float32(0.5))
    matte = resize(matte, *crop.shape[:2])
    out[found.cells.box.rows_cols] = smoothstep(matte, 0.05, 0.97)
    return out


def _agreeing(image: np.ndarray, alpha: np.ndarray, cell: float) -> np.ndarray:
    """Alpha lowered where the colour itself says how much is hair: between hair's and what lies beside it."""
    round_ = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * max(1, round(cell * 1.5)) + 1,) * 2)
    inner = cv2.erode(alpha, round_, borderValue=1.0)
    outer = cv2.dilate(alpha, round_)
    rows, cols = (max(2, side // 2) for side in alpha.shape)  # colours that are spread out have no detail
    small = resize(image, rows, cols)
    hair, beside = (
        resize(_near(small, resize(weight, rows, cols), cell / 2), *alpha.shape)
        for weight in (smoothstep(inner, 0.85, 0.98), smoothstep(outer, 0.15, 0.02))
    )
    way = hair - beside
    length = (way * way).sum(-1)
    share = ((image - beside) * way).sum(-1) / (length + np.float32(1e-4))
    told = smoothstep(np.sqrt(length), 0.10, 0.30)
    mixed = smoothstep(inner, 0.98, 0.5)
    bound = np.clip(share * np.float32(1.06) + np.float32(0.02), 0.4 * alpha, 1)
    return np.asarray(alpha - told * mixed * np.maximum(alpha - bound, 0), np.float32)


def _near(image: np.ndarray, weight: np.ndarray, cell: float) -> np.ndarray:
    """The colour where the weight is, spread to its surroundings."""
    total, weights = np.zeros_like(image), np.full_like(weight, 1e-6)
    for sigma, share in ((1.5, 1.0), (4.0, 0.05), (12.0, 0.002)):
        total += share * blur(image * weight[..., None], sigma * cell)
        weights += share * blur(weight, sigma * cell)
    return np.asarray(total / weights[..., None], np.float32)


def _guess(small: np.ndarray, found: HairCells) -> np.ndarray:
    """The cells' share at the crop's size, without ears and without what has the skin's colour."""
    rows, cols = small.shape[:2]
    cell = cols / found.cells.shape[1]
    guess = np.clip(cv2.resize(found.share, (cols, rows), interpolation=cv2.INTER_CUBIC), 0, 1)
    lab = to_oklab(blur(small, max(0.8, cell * 0.4)))
    like_skin = _towards_skin(lab, found.hair_lab, found.skin_lab)
    # only what touches what is no hair: glossy hair inside hair stays
    parts = (cv2.erode(like_skin, np.ones((3, 3), np.uint8)) > 0.3) | (guess < 0.3)
    like_skin *= cv2.dilate(touching(parts, guess < 0.3, 40).astype(np.float32), np.ones((5, 5), np.uint8))
    # where much of the hair is like skin, and of its hue, it is fair hair, not a hand or a forehead
    sure = guess > 0.9
    share = np.float32((like_skin[sure] > 0.5).mean() if sure.any() else 0.0)
    hues = np.linalg.norm(np.median(found.hair_lab, 0)[1:] - found.skin_lab[1:])
    other = max(float(smoothstep(share, 0.13, 0.07)), float(smoothstep(np.float32(hues), 0.035, 0.05)))
    return np.asarray(guess * (1 - like_skin * np.float32(other)), np.float32)


def _towards_skin(lab: np.ndarray, core: np.ndarray, skin: np.ndarray) -> np.ndarray:
    """How far each colour lies from the hair's towards the skin's, where the two differ enough to tell."""
    hair = np.median(core, 0)
    hues, lift = float(np.linalg.norm(skin[1:] - hair[1:])), float(skin[0] - hair[0])
    # grey and black hair differ from skin in hue, whatever their lights and the light do
    other_hue = float(smoothstep(np.float32(hues), 0.035, 0.055))
    scale = np.asarray([1, 2.2 + 2.8 * other_hue, 2.2 + 2.8 * other_hue], np.float32)
    way = (skin - hair) * scale
    length = float(way @ way)
    if length < 0.02 or (lift < 0.2 and other_hue < 0.5):
        return np.zeros(lab.shape[:2], np.float32)
    low = 0.45
    if lift < 0.3 and other_hue < 0.5:  # fair hair's own lights are like skin: what hair usually has does not count
        low = min(max(low, float(np.percentile((core - hair) * scale @ way / length, 97)) + 0.05), 1.0)
    from_hair = (lab - hair) * scale
    along = from_hair @ way / length
    off = np.linalg.norm(from_hair - along[..., None] * way, axis=-1) / np.sqrt(length)
    return np.asarray(smoothstep(along, low, low + 0.27) * (1 - smoothstep(off, 0.5, 0.9)))
