"""What may be wished of a face's shape, each as bumps on a sculptor. Knows landmarks, no recipe.

Amounts are 0 to 1, where 1 is the most that leaves a person looking like themselves; small negative ones do the
opposite. Lengths are in face heights.
"""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.colour import blur, smoothstep
from generation.engines.retouch.scene import FIELD_STEP_PX, Field, Scene, bend_person
from generation.engines.retouch.warp import Sculptor
from generation.face.face import Face
from generation.face.regions import OVAL

# From the ear to the chin, at the picture's left and right of an upright face.
JAWS = (
    (234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152),
    (454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152),
)
BRIDGE = 168
CHIN = 152
EYES = (((33, 133), (159, 145)), ((263, 362), (386, 374)))
BESIDE = 0.03
"""A field that moves the outline by more than this would bend lines behind it, too."""
HALF_WIDTH = 0.33
"""From the mid line to the jaw of a face seen from the front."""
JAW = ((-0.02, 0), (0.12, 0.30), (0.34, 1.0), (0.50, 0.85), (0.66, 0))
JAW_LINE = ((0.10, 0), (0.24, 0.35), (0.42, 1.0), (0.54, 0.95), (0.70, 0))
CHEEKS = ((-0.06, 0), (0.10, 0.55), (0.30, 1.0), (0.50, 0.9), (0.68, 0))
"""How far down from the nose's bridge the contour moves, and how much."""


def sculptor_of(scene: Scene) -> Sculptor:
    return Sculptor(scene.face, scene.height, scene.width, scene.glasses)


def bend_of(scene: Scene, sculptor: Sculptor) -> Field:
    """The sculptor's field; if it moves the face's outline, one that leaves the background where it is."""
    nodes = np.clip(np.round(scene.face.points[list(OVAL)] / FIELD_STEP_PX).astype(int), 0, None)
    rows = np.minimum(nodes[:, 1], sculptor.field.shape[0] - 1)
    cols = np.minimum(nodes[:, 0], sculptor.field.shape[1] - 1)
    moved = float(np.abs(sculptor.field[rows, cols]).max()) / scene.face.height_px
    return bend_person(sculptor.field, scene.person) if moved > BESIDE else sculptor.field


def larger_eyes(sculptor: Sculptor, face: Face, amount: float) -> None:
    """Behind glasses only what their frames leave room for."""
    reach = 0.68 if sculptor.glasses else 1.0
    for corners, rim in EYES:
        width = distance(face, *corners)
        centre = face.points[[*corners, *rim]].mean(axis=0)
        sculptor.magnify(centre, 0.24 * amount, (width * 1.25 * reach, width * 1.06 * reach))


def slimmer_jaw(sculptor: Sculptor, face: Face, amount: float, heights: tuple[tuple[float, float], ...] = JAW) -> None:
    """Draw the jaw's contour inwards, nothing at the mid line; the far side of a turned face by less."""
    across, along = sculptor.coordinates(face.points[BRIDGE])
    left, right = (_contour(face, jaw, along) for jaw in JAWS)
    nose = (face.points[[CHIN, 1]].mean(axis=0) - face.points[BRIDGE]) @ face.right / face.height_px
    middle = (left + right) / 2 * 0.35 + nose * 0.65
    places, shares = zip(*heights, strict=True)
    share = blur(np.interp(-along, places, shares).astype(np.float32), 0.04 * face.height_px / FIELD_STEP_PX)
    for edge, sign in ((right, 1), (left, -1)):
        half = np.maximum((edge - middle) * sign, 0.06)
        place = (across - middle) * sign / half  # 0 at the mid line, 1 at the contour
        # beyond the contour it fades within one more half width: hair and neck stay whole
        profile = np.where(place < 1, smoothstep(place, 0.12, 1.0), 1 - smoothstep(place, 1.0, 1.95))
        reach = 0.068 * amount * sign * np.minimum(half / HALF_WIDTH, 1)
        sculptor.add(profile * share * reach, np.zeros_like(share))


def shorter_chin(sculptor: Sculptor, face: Face, amount: float) -> None:
    sculptor.push(face.points[CHIN], 0, 0.035 * amount, (0.24, 0.22))


def slimmer_nose(sculptor: Sculptor, face: Face, amount: float) -> None:
    half = max(0.125, 0.75 * distance(face, 129, 358))
    sculptor.magnify(face.points[[4, 2]].mean(axis=0), -0.22 * amount, (half, 0.75 * half), sideways=True)
    sculptor.magnify(face.points[197], -0.12 * amount, (0.10, 0.13), sideways=True)


def fuller_lips(sculptor: Sculptor, face: Face, amount: float) -> None:
    width = distance(face, 61, 291)
    sculptor.magnify(face.points[[0, 13]].mean(axis=0), 0.26 * amount, (width * 0.55, width * 0.12))
    sculptor.magnify(face.points[[17, 14]].mean(axis=0), 0.35 * amount, (width * 0.50, width * 0.16))


def smile(sculptor: Sculptor, face: Face, amount: float) -> None:
    """Corners up and out, cheeks and lower lids with them; an open mouth, which cannot smile wider, does little."""
    gap = np.float32(distance(face, 13, 14))
    amount *= 1 - 0.75 * float(smoothstep(gap, 0.05, 0.13))
    width = distance(face, 61, 291)
    for corner, cheek, lid, sign in ((61, 205, 145, -1), (291, 425, 374, 1)):
        sculptor.push(face.points[corner], sign * 0.026 * amount, 0.030 * amount, (width * 0.58, width * 0.48))
        between = face.points[[corner, cheek]].mean(axis=0) + face.up * face.height_px * 0.02
        sculptor.push(between, sign * 0.008 * amount, 0.016 * amount, (0.20, 0.18))
        sculptor.push(face.points[lid] - face.up * face.height_px * 0.015, 0, 0.0075 * amount, (0.13, 0.053))
    sculptor.push(face.points[[13, 0]].mean(axis=0), 0, 0.006 * amount, (width * 0.53, 0.072))


def sadness(sculptor: Sculptor, face: Face, amount: float) -> None:
    """Corners of the mouth down, the lower lip up, the inner ends of the brows up and together, the outer lids down."""
    width = distance(face, 61, 291)
    brows = 0.0 if sculptor.glasses else amount
    for corner, inner, outer, lid, sign in ((61, 107, 70, 246, -1), (291, 336, 300, 466, 1)):
        sculptor.push(face.points[corner], -sign * 0.006 * amount, -0.028 * amount, (width * 0.50, width * 0.42))
        sculptor.push(face.points[inner], -sign * 0.008 * brows, 0.026 * brows, (0.13, 0.09))
        sculptor.push(face.points[outer], 0, -0.014 * brows, (0.12, 0.08))
        sculptor.push(face.points[lid], 0, -0.008 * brows, (0.10, 0.05))
    sculptor.push(face.points[17], 0, 0.010 * amount, (width * 0.5, 0.08))


def surprise(sculptor: Sculptor, face: Face, amount: float) -> None:
    """Brows up, eyes wider open, a rounder mouth; closed lips stay closed."""
    for brow, (corners, rim) in zip(((107, 105, 63), (336, 334, 293)), EYES, strict=True):
        for place, share in zip(brow, (0.016, 0.018, 0.012), strict=True):
            sculptor.push(face.points[place], 0, share * (0 if sculptor.glasses else amount), (0.20, 0.13))
        width = distance(face, *corners) * (0.7 if sculptor.glasses else 1.0)
        centre = face.points[[*corners, *rim]].mean(axis=0)
        across, along = sculptor.coordinates(centre)
        bump = 0.30 * amount * np.clip(1 - (across / (1.1 * width)) ** 2 - (along / (0.8 * width)) ** 2, 0, None) ** 2
        sculptor.add(np.zeros_like(bump), -bump * along)
    width = distance(face, 61, 291)
    middle = face.points[[13, 14]].mean(axis=0)
    across, along = sculptor.coordinates(middle)
    bump = amount * np.clip(1 - (across / (0.75 * width)) ** 2 - (along / (0.55 * width)) ** 2, 0, None) ** 2
    sculptor.add(0.16 * bump * across, -0.22 * bump * along)


def rounder_cheeks(sculptor: Sculptor, face: Face, amount: float) -> None:
    """The contour outwards and the cheeks towards the viewer."""
    slimmer_jaw(sculptor, face, -amount, CHEEKS)
    for cheek in ((50, 205), (280, 425)):
        sculptor.magnify(face.points[list(cheek)].mean(axis=0), 0.10 * amount, (0.24, 0.22))


def lifted_corners_of_eyes(sculptor: Sculptor, face: Face, amount: float) -> None:
    for corner in (33, 263):
        sculptor.push(face.points[corner], 0, 0.022 * amount, (0.12, 0.10))


def sagging(sculptor: Sculptor, face: Face, amount: float) -> None:
    """What age lets go: jowls, corners of the mouth, outer lids and brows down; thinner lips, a longer nose."""
    width = distance(face, 61, 291)
    for corner, jowl, lid, brow, sign in ((61, 150, 159, 105, -1), (291, 379, 386, 334, 1)):
        sculptor.push(face.points[jowl], sign * 0.012 * amount, -0.020 * amount, (0.20, 0.16))
        sculptor.push(face.points[corner], 0, -0.012 * amount, (width * 0.40, width * 0.34))
        sculptor.push(face.points[lid], 0, -0.005 * amount, (0.13, 0.055))
        sculptor.push(face.points[brow], 0, -0.010 * amount, (0.20, 0.10))
    sculptor.push(face.points[4], 0, -0.012 * amount, (0.14, 0.14))
    sculptor.magnify(face.points[4], 0.07 * amount, (0.16, 0.16))
    fuller_lips(sculptor, face, -0.55 * amount)


def distance(face: Face, first: int, second: int) -> float:
    """In face heights."""
    return float(np.linalg.norm(face.points[first] - face.points[second])) / face.height_px


def _contour(face: Face, jaw: tuple[int, ...], along: np.ndarray) -> np.ndarray:
    """How far right of the bridge the jaw's contour is at each node's height, in face heights."""
    away = (face.points[list(jaw)] - face.points[BRIDGE]) / face.height_px
    right, up = away @ face.right, away @ face.up
    order = np.argsort(up)
    return np.asarray(np.interp(along, up[order], right[order]))
