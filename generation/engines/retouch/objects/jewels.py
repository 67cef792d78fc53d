"""Hoops, drops, chains and rings as solids. Knows no head, no photo and no colour.

Jewel space: x to the side, y down (things hang along it), z away from the camera; sizes are in px of the picture.
"""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.objects.solid import Solid, ball, join, tube

METAL, STONE, PEARL = 0, 1, 2
DOWN = np.asarray([0.0, 1.0, 0.0])


def hoop(radius: float, thick: float, front: np.ndarray) -> Solid:
    """A ring hanging from the origin, open above where an ear hides it.

    Args:
        front: (3,) horizontal unit vector from the ring's middle to the side that comes out of the ear's front.
    """
    turn = np.radians(np.linspace(-8, 300, 72))
    path = DOWN * radius * (1 - np.cos(turn))[:, None] + front * (radius * np.sin(turn))[:, None]
    return tube(path, thick * (0.75 + 0.25 * np.sin(turn / 2) ** 2), METAL, sides=10)


def pearl_drop(size: float) -> Solid:
    """A small pearl on the lobe, and a larger one below it on a wire with a golden cap."""
    stud = ball(np.asarray([0, 0, 0]), np.full(3, 0.62 * size), PEARL, rows=14, columns=18)
    path = DOWN * np.linspace(0.5, 1.9, 6)[:, None] * size
    drop = ball(DOWN * 2.9 * size, np.asarray([0.95, 1.05, 0.95]) * size, PEARL, rows=18, columns=24)
    cap = ball(DOWN * 1.92 * size, np.asarray([0.30, 0.22, 0.30]) * size, METAL, rows=8, columns=12).lifted(size)
    return join(tube(path, 0.07 * size, METAL, sides=6), drop, cap, stud.lifted(size))


def stone_drop(size: float) -> Solid:
    """A round stone in a setting on the lobe, and a long one hanging from it, pointed above."""
    stud = ball(np.zeros(3), np.asarray([0.5, 0.5, 0.3]) * size, STONE, rows=10, columns=14).lifted(0.6 * size)
    turn = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    ring = np.stack([np.cos(turn), np.sin(turn), 0 * turn], 1)
    setting = tube(ring * 0.52 * size, 0.10 * size, METAL, closed=True, sides=6).lifted(0.5 * size)
    path = DOWN * np.linspace(0.5, 1.25, 4)[:, None] * size
    wire = tube(path, 0.07 * size, METAL, sides=6)
    body = teardrop(DOWN * 1.2 * size, 2.3 * size, 0.78 * size, STONE)
    edge = _outline(DOWN * 1.2 * size, 2.3 * size, 0.80 * size)
    frame = tube(edge, 0.085 * size, METAL, closed=True, sides=6).lifted(0.25 * size)
    return join(wire, body, frame, setting, stud)


def pendant(size: float) -> Solid:
    """A stone in gold that hangs from a small ring at the origin."""
    turn = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    ring = np.stack([0.7 * np.cos(turn), np.sin(turn) + 0.6, 0.3 * np.cos(turn)], 1) * 0.42 * size
    top = DOWN * 0.62 * size
    body = teardrop(top, 2.0 * size, 0.82 * size, STONE)
    frame = tube(_outline(top, 2.0 * size, 0.84 * size), 0.10 * size, METAL, closed=True, sides=6).lifted(0.3 * size)
    return join(tube(ring, 0.09 * size, METAL, closed=True, sides=6), body, frame).lifted(0.5 * size)


def teardrop(top: np.ndarray, length: float, half: float, part: int) -> Solid:
    """A drop: pointed above, round below."""
    along = np.linspace(0, 1, 16)
    return tube(top + DOWN * along[:, None] * length, np.maximum(half * _width(along), 0.01 * half), part, sides=18)


def chain(path: np.ndarray, thick: float) -> Solid:
    """Fine links along a path (N, 3): every other one seen from its edge."""
    places = spaced(path, 2.1 * thick)
    links = []
    for number, (here, ahead) in enumerate(zip(places[:-1], places[1:], strict=True)):
        wide = 0.95 if number % 2 == 0 else 0.55
        links.append(_bead((here + ahead) / 2, ahead - here, 1.45 * thick, wide * thick))
    return join(*links)


def string_of_pearls(path: np.ndarray, size: float) -> Solid:
    """Pearls side by side along a path (N, 3), a little larger in the middle."""
    places = spaced(path, 2.02 * size)
    middle = (len(places) - 1) / 2
    sizes = size * (1.0 - 0.12 * (np.abs(np.arange(len(places)) - middle) / max(middle, 1)) ** 2)
    return join(
        *(ball(at, np.full(3, each), PEARL, rows=10, columns=14) for at, each in zip(places, sizes, strict=True))
    )


def horseshoe(radius: float, thick: float, spread: np.ndarray, hang: np.ndarray, balls: bool) -> Solid:
    """A ring from the origin, open above; with balls it is open below as well, and they are its ends.

    Args:
        spread, hang: (3,) unit vectors of its plane, to the side and down.
    """
    first = 28 if balls else 0
    halves = []
    for side in (-1, 1):
        turn = np.radians(np.linspace(first, 165, 30))
        path = hang * radius * (0.86 + np.cos(turn))[:, None] + spread * (side * radius * np.sin(turn))[:, None]
        halves.append(tube(path, thick, METAL, sides=10))
        if balls:
            halves.append(ball(path[0], np.full(3, 1.75 * thick), METAL, rows=10, columns=14).lifted(thick))
    return join(*halves)


def spaced(path: np.ndarray, step: float) -> np.ndarray:
    """Points (M, 3) about `step` apart along a path (N, 3)."""
    lengths = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    at = np.linspace(0, lengths[-1], max(2, round(lengths[-1] / step) + 1))
    return np.stack([np.interp(at, lengths, path[:, axis]) for axis in range(3)], 1)


def _bead(centre: np.ndarray, ahead: np.ndarray, length: float, half: float) -> Solid:
    long = ahead / max(float(np.linalg.norm(ahead)), 1e-9)
    side = np.cross(long, [0, 0, 1.0])
    side = side / max(float(np.linalg.norm(side)), 1e-9)
    axes = np.stack([side * half, long * length, np.cross(side, long) * half], 1)
    return ball(np.zeros(3), np.ones(3), METAL, rows=6, columns=8).placed(axes, centre)


def _width(along: np.ndarray) -> np.ndarray:
    """Half the width of a drop from its point (0) to its end (1), at most 1."""
    return np.asarray(1.30 * along**0.9 * np.sqrt(np.maximum(1 - along**3, 0)))


def _outline(top: np.ndarray, length: float, half: float) -> np.ndarray:
    along = np.concatenate([np.linspace(0, 1, 24), np.linspace(1, 0, 24)[1:-1]])
    side = np.concatenate([np.ones(24), -np.ones(22)])
    return np.asarray(top + DOWN * along[:, None] * length + np.outer(side * half * _width(along), [1.0, 0, 0]))


def stud(size: float) -> Solid:
    """A brilliant in a rim, in head space: it looks along z."""
    turn = np.linspace(0, 2 * np.pi, 20, endpoint=False)
    rim = np.stack([np.cos(turn), np.sin(turn), 0 * turn], 1) * size
    gem = ball(np.zeros(3), np.asarray([0.92, 0.92, 0.55]) * size, STONE, rows=10, columns=14).lifted(0.5 * size)
    return join(tube(rim, 0.20 * size, METAL, closed=True, sides=8), gem)


def lip_ring(height: float, thick: float) -> Solid:
    """In head space: a ring from the skin below a lip over the lip's front, as high as the lip; seen from beside."""
    turn = np.radians(np.linspace(-100, 80, 30))
    up = 0.5 * height * (1.25 + 1.25 * np.sin(turn)) - 0.12 * height
    path = np.stack([0.22 * height * np.cos(turn), up, 0.55 * height * np.cos(turn)], 1)
    return tube(path, thick, METAL, sides=10)


def barbell(above: np.ndarray, below: np.ndarray, radius: float) -> Solid:
    """The two balls of a bar that is under the skin, in picture space."""
    return join(*(ball(at, np.full(3, radius), METAL, rows=12, columns=16) for at in (above, below)))
