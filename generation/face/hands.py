"""From a face to the hands near it: 21 landmarks each, by MediaPipe's palm and hand networks. Knows no gate.

Decoding after MediaPipe's palm_detection and hand_landmark graphs (Zhang et al., "MediaPipe Hands", 2020): anchors,
the square turned along wrist and middle finger, and a second look from the first look's landmarks.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from generation.face.detect import Detection, keep_best, letterbox
from generation.face.face import Face, Hand
from generation.face.mesh import Crop
from generation.face.nets import Net
from generation.face.regions import OVAL

PALM_PX, HAND_PX = 192, 224
PALM_THRESHOLD = 0.25
"""The least palm score: what is no hand is told by the second network."""

PRESENCE, PRESENCE_ON_FACE = 0.6, 0.9
"""The least presence of a hand, and of one whose wrist lies before the face: noses pass for hands with 0.63."""

LOST = 0.25
"""Below this a look sees no hand, and another will not either."""

REACH = 1.7
"""Half the side of the square around the face in which palms are looked for, in face heights."""

MOST_HANDS = 4
PALM_MARGIN, PALM_SHIFT = 2.6, 0.5
HAND_MARGIN, HAND_SHIFT = 2.0, 0.1
"""The square's side over the palm's or hand's, and how far it moves towards the fingers, in palm or hand sides."""

WRIST, MIDDLE = 0, 2
"""Key points of a palm: its wrist, and where the middle finger starts."""

KNUCKLES = (0, 1, 2, 3, 5, 6, 9, 10, 13, 14, 17, 18)
"""Landmarks that say where a hand is, whatever its fingers do."""


@dataclass(frozen=True)
class HandFinder:
    """The two networks."""

    palms: Net
    hands: Net

    def find(self, pixels: np.ndarray, face: Face) -> tuple[Hand, ...]:
        """The hands near a face of a picture, (H, W, 3) uint8 sRGB."""
        height, width = pixels.shape[:2]
        centre = (face.points[10] + face.points[152]) / 2
        x0, y0 = np.clip(np.floor(centre - REACH * face.height_px), 0, [width - 1, height - 1]).astype(int)
        x1, y1 = np.clip(np.ceil(centre + REACH * face.height_px), [x0 + 1, y0 + 1], [width, height]).astype(int)
        hands: list[Hand] = []
        for palm in self._palms(pixels[y0:y1, x0:x1]):
            hand = self._settle(pixels, _crop_of_palm(palm.moved(x0, y0)))
            if hand is None or hand.presence < (PRESENCE_ON_FACE if _wrist_on(face, hand) else PRESENCE):
                continue
            if not any(_same(hand, other) for other in hands):
                hands.append(hand)
        return tuple(hands)

    def _palms(self, pixels: np.ndarray) -> list[Detection]:
        """With seven key points each; the surest first."""
        square, share, pad = letterbox(pixels, PALM_PX, 0.0)
        raw, logits = self.palms(square[None])
        scores = 1 / (1 + np.exp(-np.clip(logits[0, :, 0], -80, 80)))
        above = np.flatnonzero(scores > PALM_THRESHOLD)
        if not len(above):
            return []
        raw, centres = raw[0][above], _anchors()[above] * PALM_PX
        middle, half = raw[:, :2] + centres, raw[:, 2:4] / 2
        corners = np.stack([middle - half, middle + half], 1)
        points = raw[:, 4:].reshape(-1, 7, 2) + centres[:, None]
        places = (np.concatenate([corners, points], 1) - pad) / share
        found = [
            Detection(at[:2].ravel(), at[2:], float(score)) for at, score in zip(places, scores[above], strict=True)
        ]
        return keep_best(found)[:MOST_HANDS]

    def _settle(self, pixels: np.ndarray, crop: Crop) -> Hand | None:
        """Look, and look again from where the first look saw the hand."""
        hand = None
        for _ in range(2):
            flat, presence, *_ = self.hands((crop.cut(pixels, HAND_PX).astype(np.float32) / 255)[None])
            if float(presence[0, 0]) < LOST:
                return None
            to_photo, landmarks = crop.to_photo(HAND_PX), flat.reshape(21, 3).astype(np.float64)
            landmarks[:, :2] = landmarks[:, :2] @ to_photo[:, :2].T + to_photo[:, 2]
            landmarks[:, 2] *= crop.side_px / HAND_PX
            hand = Hand(landmarks.astype(np.float32), float(presence[0, 0]))
            crop = _crop_of_hand(hand)
        return hand


def _anchors() -> np.ndarray:
    """(2016, 2) in shares of the square: 2 a cell at stride 8, 6 at stride 16."""
    grids = []
    for cells, each in ((24, 2), (12, 6)):
        at = (np.arange(cells, dtype=np.float32) + np.float32(0.5)) / cells
        grids.append(np.repeat(np.stack([np.tile(at, cells), np.repeat(at, cells)], 1), each, 0))
    return np.concatenate(grids)


def _crop_of_palm(palm: Detection) -> Crop:
    low, high = palm.box[:2].astype(np.float64), palm.box[2:].astype(np.float64)
    ahead = (palm.keypoints[MIDDLE] - palm.keypoints[WRIST]).astype(np.float64)
    return _square((low + high) / 2, float(max(high - low)), ahead, PALM_MARGIN, PALM_SHIFT)


def _crop_of_hand(hand: Hand) -> Crop:
    """After MediaPipe's hand_landmarks_to_rect: along wrist and the middle of the fingers' roots."""
    points = hand.points.astype(np.float64)
    ahead = (points[5] + points[13]) / 4 + points[9] / 2 - points[0]
    turn = _turn(ahead)
    axes = np.asarray([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    upright = points[list(KNUCKLES)] @ axes
    low, high = upright.min(0), upright.max(0)
    return _square(axes @ ((low + high) / 2), float(max(high - low)), ahead, HAND_MARGIN, HAND_SHIFT)


def _square(centre: np.ndarray, side: float, ahead: np.ndarray, margin: float, shift: float) -> Crop:
    """A crop in which `ahead` points up."""
    ahead = ahead / max(float(np.linalg.norm(ahead)), 1e-6)
    return Crop(centre + shift * side * ahead, margin * side, _turn(ahead))


def _turn(ahead: np.ndarray) -> float:
    """The angle of a crop's x axis when `ahead` shall point up in it."""
    return float(np.arctan2(ahead[0], -ahead[1]))


def _wrist_on(face: Face, hand: Hand) -> bool:
    outline = face.points[list(OVAL)].reshape(-1, 1, 2)
    x, y = hand.points[0].tolist()
    return cv2.pointPolygonTest(outline, (x, y), False) >= 0


def _same(one: Hand, other: Hand) -> bool:
    """Two palms may settle on one hand."""
    size = np.ptp(one.points, axis=0).max()
    return bool(np.linalg.norm(one.points - other.points, axis=1).mean() < 0.2 * size)
