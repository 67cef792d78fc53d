"""From a picture to boxes with six key points, by MediaPipe's two face detectors. Knows no mesh.

Decoding after MediaPipe's face_detection graphs: anchors, letterbox, score-weighted suppression.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from generation.face.nets import Net

SAME_IN_ONE = 0.3
"""Raw boxes of one detector that overlap more than this (IoU) are one face and are averaged."""

SAME_IN_ALL = 0.4
"""The same between detectors and tiles, where the better one is kept."""


@dataclass(frozen=True)
class Detection:
    """A face as a detector sees it.

    Args:
        box: (4,) float32 px, x0 y0 x1 y1; brows to chin, ear to ear.
        keypoints: (6, 2) float32 px: the person's right eye, left eye, nose tip, mouth, right ear, left ear.
        score: 0 to 1.
    """

    box: np.ndarray
    keypoints: np.ndarray
    score: float

    def moved(self, x: float, y: float) -> Detection:
        shift = np.asarray([x, y], np.float32)
        return replace(self, box=self.box + np.tile(shift, 2), keypoints=self.keypoints + shift)

    def upended(self, width: int, height: int) -> Detection:
        """The same face, seen in a picture of that size that stood on its head."""
        corner = np.asarray([width, height], np.float32)
        box = np.concatenate([corner - self.box[2:], corner - self.box[:2]])
        return replace(self, box=box, keypoints=corner - self.keypoints)


@dataclass(frozen=True)
class Detector:
    """One of the two networks. `anchors`: (N, 2) in shares of its square input of `side_px`."""

    net: Net
    side_px: int
    anchors: np.ndarray

    def detect(self, pixels: np.ndarray, threshold: float) -> list[Detection]:
        """The faces it sees in (H, W, 3) uint8, best first."""
        square, share, pad = letterbox(pixels, self.side_px, -1.0)
        raw, logits = self.net(square[None])
        scores = 1 / (1 + np.exp(-np.clip(logits[0, :, 0], -80, 80)))
        above = scores > threshold
        if not above.any():
            return []
        raw, anchors, scores = raw[0][above], self.anchors[above] * self.side_px, scores[above]
        centres, halves = raw[:, :2] + anchors, raw[:, 2:4] / 2
        corners = np.stack([centres - halves, centres + halves], 1)
        keypoints = raw[:, 4:16].reshape(-1, 6, 2) + anchors[:, None]
        places = (np.concatenate([corners, keypoints], 1) - pad) / share
        return _average(places.astype(np.float32), scores)


def short_range(net: Net) -> Detector:
    """For faces that fill much of the picture: 128 px, 2 anchors a cell at stride 8, 6 at stride 16."""
    return Detector(net, 128, np.concatenate([np.repeat(_cells(16), 2, 0), np.repeat(_cells(8), 6, 0)]))


def full_range(net: Net) -> Detector:
    """For smaller faces too: 192 px, one anchor a cell at stride 4."""
    return Detector(net, 192, _cells(48))


def keep_best(found: list[Detection]) -> list[Detection]:
    """Non-maximum suppression: of detections that overlap, the one with the best score. Best first."""
    kept: list[Detection] = []
    for detection in sorted(found, key=lambda each: -each.score):
        if all(_overlap(detection.box, other.box[None])[0] < SAME_IN_ALL for other in kept):
            kept.append(detection)
    return kept


def _cells(count: int) -> np.ndarray:
    """(count * count, 2) float32: the centres of a square grid's cells, row by row."""
    at = (np.arange(count, dtype=np.float32) + np.float32(0.5)) / count
    return np.stack([np.tile(at, count), np.repeat(at, count)], 1)


def letterbox(pixels: np.ndarray, side_px: int, low: float) -> tuple[np.ndarray, float, np.ndarray]:
    """The picture inside a square, black at `low` and white at 1, its scale, and (2,) px where it starts."""
    height, width = pixels.shape[:2]
    share = side_px / max(height, width)
    wide, high = max(1, round(width * share)), max(1, round(height * share))
    small = cv2.resize(pixels, (wide, high), interpolation=cv2.INTER_AREA if share < 1 else cv2.INTER_LINEAR)
    x, y = (side_px - wide) // 2, (side_px - high) // 2
    square = np.zeros((side_px, side_px, 3), np.float32)
    square[y : y + high, x : x + wide] = small * np.float32((1 - low) / 255) + np.float32(low)
    return square, share, np.asarray([x, y], np.float32)


def _average(places: np.ndarray, scores: np.ndarray) -> list[Detection]:
    """Join what overlaps, weighted by score. places: (N, 8, 2) px, two corners and six key points."""
    found = []
    boxes = places[:, :2].reshape(-1, 4)
    free = np.ones(len(scores), bool)
    for best in np.argsort(-scores, kind="stable"):
        if not free[best]:
            continue
        same = free & (_overlap(boxes[best], boxes) > SAME_IN_ONE)
        same[best] = True
        free &= ~same
        mean = np.average(places[same], axis=0, weights=scores[same]).astype(np.float32)
        found.append(Detection(mean[:2].ravel(), mean[2:], float(scores[best])))
    return found


def _overlap(box: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Intersection over union of one box with (N, 4) others."""
    low, high = np.maximum(box[:2], others[:, :2]), np.minimum(box[2:], others[:, 2:])
    shared = np.prod(np.clip(high - low, 0, None), axis=1)
    areas = np.prod(others[:, 2:] - others[:, :2], axis=1) + np.prod(box[2:] - box[:2])
    return np.asarray(shared / (areas - shared + 1e-9))
