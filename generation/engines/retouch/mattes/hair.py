"""Which pixels are hair of the head, learned from the photo itself. Knows no style.

No net was ever taught hair here. A few cells that must be hair (the outer half between the face and
the head's silhouette), skin, cloth and background teach a small learner, which then grows hair along
like colours and textures, four times over (RETOUCH.md calls this the hair matte).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from generation.engines.retouch.mattes.hairtrim import Shell, Skin, as_if_lit, fringe_of, locks_of, touching, trimmed
from generation.engines.retouch.mattes.headcells import LAB_UNIT, HeadCells, cells_of
from generation.engines.retouch.mattes.headgear import is_cloth
from generation.engines.retouch.mattes.learn import FAR, Waves, mixture_of

if TYPE_CHECKING:
    from generation.face.face import Face
    from generation.face.finder import FaceFinder

BACKGROUND, SKIN, HAIR, CLOTH = range(4)
SHAVED = 3.3
"""Less unlike skin than this, what covers the head is stubble."""
EXAMPLES = 700
"""Cells of each class that teach; more are thinned out evenly."""
GROWTH = ((-0.55, -0.8), (-1.0, -1.4), (-1.7, -2.2))
"""How far down hair may have grown after each round, in face heights: by the learner, and by colour."""


@dataclass(frozen=True)
class HairCells:
    """Hair on the grid.

    Args:
        share: (rows, cols) float32, how likely hair; all 0 when there is none to be seen.
        skin: (rows, cols) float32, how unlike the face's skin each cell's colour is; skin is below 2.
        seeds: (rows, cols) int, the classes of the last round's examples, -1 for none.
        skin_lab: (3,) OKLab, the face's median skin.
        hair_lab: (N, 3) OKLab of cells that are surely hair.
        evidence: how much the head's shell looks like hair, 0 to 1; bald below 0.42.
    """

    cells: HeadCells
    share: np.ndarray
    skin: np.ndarray
    seeds: np.ndarray
    skin_lab: np.ndarray
    hair_lab: np.ndarray
    evidence: float


def find_hair(pixels: np.ndarray, face: Face, finder: FaceFinder, likelihood: np.ndarray) -> HairCells:
    """Hair on the grid of the head and shoulders."""
    cells = cells_of(pixels, face, finder, likelihood)
    oval = cells.oval(1, 1, 1)
    skin = _skin(cells)
    shell = _shell(cells, oval, skin)
    known = cells.soft[shell.sure] / LAB_UNIT
    if shell.evidence < 0.40 or shell.sure.sum() < 30 or float(np.median(skin.distance[shell.sure])) < SHAVED:
        nothing = np.zeros(cells.shape, np.float32)
        return HairCells(cells, nothing, skin.distance, np.full(cells.shape, -1), skin.middle, known, shell.evidence)
    locks = locks_of(cells, skin, shell)
    if locks.any():
        skin = _skin(cells, locks)
    fringe = fringe_of(cells, skin, shell)
    beside = cv2.dilate(fringe.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    skin = _with_hands_and_ears(cells, oval, replace(skin, sure=skin.sure & ~beside), shell)
    shell = replace(shell, fringe=fringe)
    chances, seeds = _learn(cells, oval, skin, shell)
    share = trimmed(cells, oval, skin, shell, chances[..., HAIR])
    if is_cloth(pixels, cells, share):
        share = np.zeros_like(share)
    return HairCells(cells, share, skin.distance, seeds, skin.middle, known, shell.evidence)


def placed(found: HairCells, shape: tuple[int, ...]) -> np.ndarray:
    """The cells' share in a picture of that shape, of the whole photo."""
    rows, cols = shape[:2]
    box, cells = found.cells.box, found.cells
    scale = np.asarray([cols / cells.photo_width, rows / cells.photo_height])
    low, high = np.round([box.x0, box.y0] * scale).astype(int), np.round([box.x1, box.y1] * scale).astype(int)
    whole = np.zeros((rows, cols), np.float32)
    size = (max(1, int(high[0] - low[0])), max(1, int(high[1] - low[1])))
    whole[low[1] : low[1] + size[1], low[0] : low[0] + size[0]] = cv2.resize(
        found.share, size, interpolation=cv2.INTER_AREA if size[0] < found.share.shape[1] else cv2.INTER_LINEAR
    )[: rows - low[1], : cols - low[0]]
    return whole


def _skin(cells: HeadCells, locks: np.ndarray | None = None) -> Skin:
    """Cheeks and nose first, then what of the forehead agrees with them. locks: bool, hair over the face."""
    up, soft = cells.up, cells.soft
    inner, plain = cells.oval(0.88, 0.84, 0.94), cells.marks < 0.1
    if locks is not None:
        plain = plain & ~locks
    cheeks = soft[(inner > 0.9) & plain & (up < 0.12) & (up > -0.42)]
    if not len(cheeks):
        cheeks = soft[inner > 0.5].reshape(-1, 3)
    middle = np.median(cheeks, 0)
    hue_off = np.linalg.norm(cheeks[:, 1:] - np.median(cheeks[:, 1:], 0), axis=1)
    cheeks = cheeks[(np.abs(cheeks - middle).max(1) < 25) & (hue_off < 14)]  # red hair may lie over a cheek
    lightness, hue = float(np.median(cheeks[:, 0])), np.median(cheeks[:, 1:], 0)
    hue_away = np.linalg.norm(soft[..., 1:] - hue, axis=-1)
    forehead = (cells.oval(0.9, 0.97, 0.9) > 0.9) & (up > 0.1) & plain & (hue_away < 9)
    forehead &= (cells.texture < 1.1) & (soft[..., 0] > lightness - 16)
    samples = np.concatenate([cheeks, soft[forehead]]) if forehead.sum() > 40 else cheeks
    distance = np.sqrt(np.maximum(mixture_of(samples, 4, (10, 4, 4)).distance(soft) - 2, 0))
    face = ((inner > 0.9) & plain & (distance < 4)) | ((inner > 0.95) & (up < 0.1) & plain & (distance < 4.5))
    person = cells.person > 0.9
    neck = person & (up < -0.6) & (up > -1.05) & (np.abs(cells.sideways) < 0.25) & (distance < 2.6)
    body = person & (up < -0.75) & (distance < 1.8) & (cells.texture < 0.55)
    median = np.asarray(np.median(samples, 0) / LAB_UNIT, np.float32)
    return Skin(distance, hue_away, lightness, median, forehead | face | neck | body, np.zeros(cells.shape, bool))


def _shell(cells: HeadCells, oval: np.ndarray, skin: Skin) -> Shell:
    up = cells.up
    around = (cells.oval(1.3, 1.9, 0.5) > 0.5) & (cells.oval(1.04, 1.12, 1.0) < 0.3)
    around &= (cells.person > 0.8) & (up > 0.1)
    from_face = cv2.distanceTransform((oval < 0.5).astype(np.uint8), cv2.DIST_L2, 3)
    from_edge = cv2.distanceTransform((cells.person > 0.5).astype(np.uint8), cv2.DIST_L2, 3)
    around &= from_face / (from_face + from_edge + np.float32(1e-3)) > 0.42
    darker = np.clip((skin.lightness - cells.softer[..., 0] - 14) / 12, 0, 1)
    signs = np.clip((cells.texture - 1.0) / 1.2, 0, 1) + darker + np.clip((skin.hue_away - 7) / 6, 0, 1)
    evidence = float((np.clip(signs, 0, 1) * around).sum() / max(1, int(around.sum())))
    sure = around & (skin.distance > 3) & (signs > 0.25)
    if sure.sum() <= 50:
        none = np.zeros_like(sure)
        return Shell(sure, none, np.full(cells.shape, FAR, np.float32), -99.0, evidence, none)
    distance, reach, like = _alike(cells, sure)
    return Shell(sure, like, distance, reach, evidence, np.zeros_like(sure))


def _alike(cells: HeadCells, sure: np.ndarray) -> tuple[np.ndarray, float, np.ndarray]:
    """Distance to the colours of sure cells, that distance for most of these, and what has their colour and texture."""
    core = cv2.erode(sure.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    samples = cells.soft[core if core.sum() > 80 else sure]
    distance = mixture_of(samples, 4, (6, 2, 2)).distance(cells.soft)
    reach = float(np.percentile(distance[sure], 85))
    like = (distance < reach) & (cells.texture > 0.45 * np.median(cells.texture[sure]))
    return distance, reach, like


def _dense(where: np.ndarray) -> np.ndarray:
    return np.asarray(cv2.blur(where.astype(np.float32), (5, 5)) > 0.55)


def _with_hands_and_ears(cells: HeadCells, oval: np.ndarray, skin: Skin, shell: Shell) -> Skin:
    """Skin that is lit otherwise than the face: smooth, of no hair's colour, of skin's hue once it is as light."""
    hue_away = as_if_lit(cells, skin)
    smooth = cells.texture < 0.5 * max(0.3, float(np.median(cells.texture[shell.sure])))
    plain = (cells.person > 0.8) & (oval < 0.5) & (shell.distance > shell.reach) & ~shell.sure
    hands = plain & (hue_away < 5) & (skin.distance < 4) & smooth
    hands = cv2.morphologyEx(hands.astype(np.uint8), cv2.MORPH_OPEN, np.ones((5, 5), np.uint8)) > 0
    strange = (skin.distance < 6) & (shell.distance > shell.reach + 5)
    found = hands
    for ear, side in zip(_ears(cells), (-1, 1), strict=True):
        # a shaded ear looks like fair hair, but no hair hangs below it
        across = cells.sideways * side - np.float32(cells.half_width)
        below = (across > 0) & (across < 0.2) & (cells.up < -0.42) & (cells.up > -0.6)
        free = below.sum() > 20 and float(cells.person[below].mean()) < 0.5
        plainly = (ear > 0.5) & plain & (skin.distance < 3.2)
        shaded = strange if free else strange & (shell.distance > shell.reach + 8) & (hue_away < 7)
        # fair hair that hangs over an ear is like a shaded ear all over: some of an ear is plainly skin
        shaded &= free or plainly.sum() > 0.03 * (ear > 0.5).sum()
        shown = (ear > 0.5) & plain & ((skin.distance < 3.2) | shaded)
        if shown.sum() > 0.3 * ((ear > 0.5) & (cells.person > 0.8) & (oval < 0.5)).sum():
            found = found | shown
    return replace(skin, sure=skin.sure | found, limbs=found)


def _ears(cells: HeadCells) -> list[np.ndarray]:
    """Where each ear is or would be."""
    face, ears = cells.face, []
    angle = float(np.degrees(np.arctan2(face.right[1], face.right[0])))
    for near, far in ((234, 454), (454, 234)):
        out = face.points[near] - face.points[far]
        out = out / (np.linalg.norm(out) + 1e-6)
        centre = (face.points[near] + out * 0.05 * face.height_px - cells.box.origin) * cells.scale
        unit = face.height_px * cells.scale
        axes = (float(0.26 * unit), float(0.40 * unit))
        drawn = np.zeros(cells.shape, np.float32)
        cv2.ellipse(drawn, ((float(centre[0]), float(centre[1])), axes, angle), (1.0,), -1)
        ears.append(drawn)
    return ears


def _cloth(cells: HeadCells, skin: Skin, shell: Shell) -> tuple[np.ndarray, np.ndarray]:
    """The chest and the outer shoulders unless they look like hair, and the distance to cloth's colours."""
    up, aside = cells.up, np.abs(cells.sideways)
    chest = (cells.person > 0.9) & (((aside < 0.35) & (up < -1.05)) | ((up < -1.35) & (aside > 1.25)))
    chest &= skin.distance > 2.6
    if chest.sum() > 60:
        distance = mixture_of(cells.soft[chest], 4, (6, 2, 2)).distance(cells.soft)
    else:
        distance = np.full(cells.shape, 40, np.float32)
    hairy = cv2.blur(shell.like.astype(np.float32), (7, 7)) > 0.5
    return chest & ~hairy & ((shell.distance > distance) | (shell.distance > shell.reach)), distance


def _learn(cells: HeadCells, oval: np.ndarray, skin: Skin, shell: Shell) -> tuple[np.ndarray, np.ndarray]:
    """Chances (rows, cols, classes), and the last examples."""
    up, person = cells.up, cells.person
    cloth, cloth_distance = _cloth(cells, skin, shell)
    empty = person < 0.05
    judged = ~empty
    judged.ravel()[_thinned(np.flatnonzero(empty))] = True  # of the background a few will do
    place = np.cumsum(judged.ravel()) - 1
    waves = Waves(_features(cells, skin, shell, cloth_distance)[judged.ravel()])
    chances = np.zeros((*cells.shape, 4), np.float32)
    never = ((np.abs(cells.sideways) < 0.28) & (up < -0.42) & (up > -0.95)) | (cells.oval(1.0, 0.2, 1.0) > 0.5)
    colour_like, least = _dense(shell.like), 1.6
    seeds = _painted(cells.shape, cloth, empty, skin.sure, shell.sure | shell.fringe)
    for by_learner, by_colour in (*GROWTH, (None, None)):
        examples = [_thinned(np.flatnonzero((seeds == number) & judged)) for number in range(4)]
        chances[judged] = waves.classify([place[index] for index in examples])
        if by_learner is None or by_colour is None:
            break
        outside = (oval < 0.5) & ~never
        sure = (chances[..., HAIR] > 0.5) & (person > 0.5) & (up > by_learner) & outside & (skin.distance > 2)
        alike = colour_like & (person > 0.6) & (up > by_colour) & outside & (skin.distance > least)
        grown = touching(sure | alike | shell.sure, shell.sure, 10) & (sure | alike)
        cloth_now = cloth | ((chances[..., CLOTH] > 0.8) & (up < -1) & (person > 0.8) & (shell.distance > shell.reach))
        skin_now = skin.sure | ((chances[..., SKIN] > 0.8) & (person > 0.8) & (skin.distance < 3))
        hair = grown | shell.sure | shell.fringe
        seeds = _painted(cells.shape, cloth_now & ~(grown & alike), empty, skin_now, hair)
        # fair ends differ from dark roots: what has been found teaches what to look for next
        least = 2.4
        colour_like = _dense(_alike(cells, hair & (skin.distance > 2.5))[2])
    return chances, seeds


def _features(cells: HeadCells, skin: Skin, shell: Shell, cloth: np.ndarray) -> np.ndarray:
    to_cloth = np.clip((cloth - shell.distance) / 10, -3, 3)
    to_skin = np.clip((skin.distance**2 - shell.distance) / 10, -3, 3)
    planes = [cells.roughness / 2, to_cloth, to_skin, np.abs(cells.sideways)]
    rows = [*cells.features[1:], cells.soft.reshape(-1, 3) / 10, cells.softer.reshape(-1, 3) / 10]
    return np.concatenate([*rows, *(plane.reshape(-1, 1) for plane in planes)], 1).astype(np.float32)


def _painted(
    shape: tuple[int, int], cloth: np.ndarray, empty: np.ndarray, skin: np.ndarray, hair: np.ndarray
) -> np.ndarray:
    seeds = np.full(shape, -1)
    for number, where in ((CLOTH, cloth), (BACKGROUND, empty), (SKIN, skin), (HAIR, hair)):
        seeds[where] = number
    return seeds


def _thinned(index: np.ndarray) -> np.ndarray:
    if len(index) <= EXAMPLES:
        return index
    return np.sort(np.random.default_rng(0).choice(index, EXAMPLES, replace=False))
