"""What stays when a person is bent: the background behind them, and what is seen of it where they draw back.

Knows no face and no effect: a picture, how much of each pixel is the person, and how far each pixel was moved.
"""

from __future__ import annotations

import cv2
import numpy as np

from generation.engines.retouch.colour import blur

FAINT = 0.04
"""A pixel with more of the person than this tells nothing of the background."""
SIDEWAYS = 3
"""Faces are bent sideways, so what is beside a seam continues it better than what is above or below."""


def hold(image: np.ndarray, bent: np.ndarray, person: np.ndarray, maps: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """The bent picture with its background put back where it was.

    bent = a' F' + (1 - a') B', so (1 - a') (B - B') is added: wherever the matte says nobody is, that gives the
    photo back, and where it errs on an even background it does no harm.

    Args:
        image: (h, w, ...) float32, before. bent: after, remapped by `maps` (cubic).
        person: (h, w) float32, before: how much of each pixel is the person.
        maps: (h, w) float32 px each, x and y: where in `image` each pixel of `bent` comes from.
    """
    behind = without_person(image, person)
    moved = cv2.remap(behind, *maps, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101)
    matte = cv2.remap(person, *maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    free = (1 - matte).reshape(matte.shape + (1,) * (image.ndim - 2))
    return np.asarray(bent + free * (behind - moved), np.float32)


def without_person(image: np.ndarray, person: np.ndarray) -> np.ndarray:
    """The background, continued under the person by mirroring it across their outline: good for a narrow seam."""
    near = (cv2.dilate(person, np.ones((5, 5), np.uint8)) > FAINT).astype(np.uint8)
    if not near.any() or near.all():
        return image
    edge_x, edge_y = _nearest_free(near)
    y, x = np.mgrid[0 : near.shape[0], 0 : near.shape[1]].astype(np.float32)
    mirror_x, mirror_y = 2 * edge_x - x, 2 * edge_y - y
    beyond = cv2.remap(near, mirror_x, mirror_y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_CONSTANT, borderValue=(1,))
    for at, stop in ((mirror_x, edge_x), (mirror_y, edge_y)):
        np.copyto(at, stop, where=beyond > 0)  # a notch has no other side: its edge is drawn out instead
    found = cv2.remap(image, mirror_x, mirror_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    soft = blur(found, max(1.0, near.shape[1] / 400))  # neighbours may mirror different places
    inside = near.reshape(near.shape + (1,) * (image.ndim - 2))
    return np.asarray(np.where(inside > 0, soft, image), np.float32)


def _nearest_free(near: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each pixel the x and y of the nearest one where nobody is; up and down counts SIDEWAYS times as far."""
    tall = np.repeat(near, SIDEWAYS, axis=0)
    _, labels = cv2.distanceTransformWithLabels(tall, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    free = np.flatnonzero(tall == 0)
    place = np.zeros(int(labels.max()) + 1, np.int64)
    place[labels.ravel()[free]] = free
    rows, cols = np.divmod(place[labels[SIDEWAYS // 2 :: SIDEWAYS]], near.shape[1])
    return cols.astype(np.float32), (rows // SIDEWAYS).astype(np.float32)
