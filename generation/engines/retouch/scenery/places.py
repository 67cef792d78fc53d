"""All the places there are: what each looks like and how it lights a person. Knows no person but where one stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import cv2
import numpy as np

from generation.engines.retouch.colour import LUMA, to_srgb
from generation.engines.retouch.scenery import graphic, rooms, streets, vistas, woods
from generation.engines.retouch.scenery.frame import Frame
from generation.engines.retouch.scenery.lens import developed, fine_grain

VIVID, BRIGHTER = 1.12, 1.2


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere to stand.

    Args:
        paint: linear light on a frame; what takes colours gets them too.
        key: the colour of its strongest lamp. height: where that lamp stands, 0 level with the face, 1 overhead.
        lamps: 1 lamp beyond the more open side of the picture, 2 for one on each side, the second of `second`.
        ambient: the colour of the light from everywhere.
        exposure: how bright a person is there, 1 as in daylight.
        rim: how strongly the key light catches the person's edge. shape: how strongly it models the face.
        side_px: the longer side it is painted at; out of focus needs few.
        takes: how many colours a style may choose.
    """

    paint: Callable[..., np.ndarray]
    key: str
    ambient: str
    height: float = 0.4
    second: str = ""
    exposure: float = 1.0
    rim: float = 0.4
    shape: float = 0.2
    side_px: int = 420
    takes: int = 0


PLACES: Mapping[str, Place] = MappingProxyType(
    {
        "studio": Place(rooms.studio, "#fff6ea", "#e6e8ec", rim=0.0, shape=0.1, takes=1),
        "neon_city": Place(
            streets.neon_city, "#22d3ff", "#b2aec6", 0.2, second="#ff2bd6", exposure=0.78, rim=0.75, shape=0.12
        ),
        "forest": Place(woods.forest, "#fff0b0", "#e6efcf", 0.6, exposure=0.95, rim=0.6, shape=0.25),
        "autumn": Place(woods.autumn, "#ffd89a", "#f3dfc4", 0.6, exposure=0.97, rim=0.6, shape=0.25),
        "blossom": Place(woods.blossom, "#fff3e4", "#f6e6ea", 0.6, exposure=1.05, rim=0.4, shape=0.15),
        "night_wood": Place(woods.night_wood, "#b8dcec", "#bfcacf", 0.7, exposure=0.86, rim=0.55, shape=0.25),
        "snow": Place(woods.snow, "#ffffff", "#dde6f2", 0.8, exposure=1.06, rim=0.25, shape=0.08),
        "beach": Place(vistas.beach, "#ffc878", "#f1e3cf", 0.15, exposure=1.02, rim=0.65, shape=0.3),
        "mountains": Place(vistas.mountains, "#ffb070", "#ddc6cf", 0.1, exposure=0.9, rim=0.65, shape=0.3),
        "desert": Place(vistas.desert, "#ffc680", "#f3e0c6", 0.2, exposure=1.0, rim=0.6, shape=0.3),
        "aurora": Place(vistas.aurora, "#5dffb0", "#bfc5cd", 0.7, exposure=0.79, rim=0.5, shape=0.2, side_px=640),
        "space": Place(vistas.space, "#ffd6b8", "#b4b2dd", 0.4, exposure=0.8, rim=0.6, shape=0.3, side_px=900),
        "library": Place(rooms.library, "#ffbe74", "#f2e3cf", 0.5, exposure=0.88, rim=0.45, shape=0.2),
        "fairy_lights": Place(rooms.fairy_lights, "#ffc07a", "#f2dfca", 0.5, exposure=0.84, rim=0.5, shape=0.2),
        "gradient": Place(rooms.gradient, "#fff8f0", "#f0eef2", 0.5, rim=0.0, shape=0.08, takes=3),
        "synthwave": Place(
            graphic.synthwave,
            "#ff4fb4",
            "#b79ae0",
            0.1,
            second="#2fd6ff",
            exposure=0.8,
            rim=0.7,
            shape=0.2,
            side_px=900,
        ),
        "vaporwave": Place(graphic.vaporwave, "#ffd0ea", "#e3d6f4", 0.3, rim=0.35, shape=0.1, side_px=900),
    }
)


def paint(
    name: str, size: tuple[int, int], head: tuple[float, float], chin: float, seed: int, *colours: str
) -> np.ndarray:
    """A place as the camera shows it.

    Args:
        size: (height, width) px. head, chin: as in a Frame. colours: as many as the place takes.

    Returns:
        (H, W, 3) float32 sRGB, 0 to 1.
    """
    place, (height, width) = PLACES[name], size
    scale = min(1.0, place.side_px / max(height, width))
    frame = Frame(max(24, round(height * scale)), max(24, round(width * scale)), head, chin, seed)
    if place.takes:
        light = place.paint(frame, colours[0] if place.takes == 1 else colours)
    else:
        light = developed(_vivid(place.paint(frame)))
    picture = cv2.resize(to_srgb(light), (width, height), interpolation=cv2.INTER_CUBIC)
    picture += fine_grain(picture.shape, seed)
    return np.clip(picture, 0, 1, out=picture)


def _vivid(light: np.ndarray) -> np.ndarray:
    """Brighter and a little more colourful, which makes up for what bending the highlights takes."""
    grey = cv2.transform(light, LUMA[None])[..., None]
    return np.asarray((grey + (light - grey) * np.float32(VIVID)) * np.float32(BRIGHTER), np.float32)
