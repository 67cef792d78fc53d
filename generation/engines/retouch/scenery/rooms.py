"""Places indoors and flat ones: a painted cloth, a library, fairy lights, a gradient. Knows no person."""

from __future__ import annotations

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, oklab_to_linear, parse_colour, smoothstep
from generation.engines.retouch.scenery.frame import Frame, clouds, light_of, over, ramp, spread, strewn
from generation.engines.retouch.scenery.lens import out_of_focus

BINDINGS = (
    "#6b2a1e",
    "#8a4a26",
    "#3f2a20",
    "#20403a",
    "#24345a",
    "#7a6238",
    "#b59a6a",
    "#511c28",
    "#d8c7a2",
    "#2b2320",
)


def studio(frame: Frame, colour: str) -> np.ndarray:
    """A painted cloth lit from behind the head: (rows, cols, 3) linear light."""
    away = np.hypot((frame.x - frame.head[0]) * frame.cols / frame.rows, (frame.y - frame.head[1] - 0.05) * 0.85)
    brushed = 0.24 * (clouds(frame, 1, 2.0) - 0.5) + 0.16 * (clouds(frame, 2, 4.5, 0.6, octaves=6) - 0.5)
    fall = np.exp(-((away / 0.58) ** 2)) + brushed
    base = parse_colour(colour)
    lightness = base[0] * (0.46 + 0.64 * fall)
    tinge = 1.0 + 0.25 * (1 - fall)
    return oklab_to_linear(np.stack([lightness, base[1] * tinge, base[2] * tinge], -1).astype(np.float32))


def gradient(frame: Frame, colours: tuple[str, str, str]) -> np.ndarray:
    """Three colours that flow into each other from the upper left to the lower right."""
    along = 0.5 + 0.42 * (frame.x - 0.5) + 0.72 * (frame.y - 0.5)
    along = along + 0.22 * (clouds(frame, 1, 0.9, octaves=2) - 0.5)
    glow = 0.10 * np.exp(-((frame.away(*frame.head) / 0.55) ** 2))
    light = ramp(along, (0.08, colours[0]), (0.5, colours[1]), (0.92, colours[2]))
    return light * (1 + glow)[..., None]


def library(frame: Frame) -> np.ndarray:
    """Between two walls of books that lead to a lit room; brass lamps."""
    vanish = (0.5 + 0.10 * frame.open_side, frame.horizon - 0.08)
    light = _walls(frame, vanish)
    away = frame.away(*vanish)
    light *= (0.55 + 0.8 * np.exp(-((away / 0.5) ** 2)))[..., None]
    light += np.exp(-((away / 0.20) ** 2))[..., None] * light_of("#ffc27a") * np.float32(0.85)
    light = out_of_focus(light, 0.014 * frame.unit)
    light += _lamps(frame, vanish)
    return light + 0.30 * blur(light, 0.09 * frame.unit)


def _walls(frame: Frame, vanish: tuple[float, float]) -> np.ndarray:
    """Shelves on both sides, a wooden floor and ceiling, drawn in perspective."""
    rows, cols = frame.rows, frame.cols
    light = ramp(frame.y * np.ones_like(frame.x), (0, "#1b110b"), (0.5, "#4a2f1a"), (1, "#3a2413"))
    middle = np.asarray([vanish[0] * cols, vanish[1] * rows], np.float32)
    door = np.asarray([0.075 * frame.unit, 0.16 * frame.unit], np.float32)
    for side in (-1, 1):
        shelf = _shelf(frame, 10 + side)
        high, wide = shelf.shape[:2]
        edge = -0.35 * cols if side < 0 else 1.35 * cols
        reach = abs(edge - middle[0]) / door[0]
        inner = middle[0] + side * door[0]
        target = np.asarray(
            [
                [edge, middle[1] - door[1] * reach],
                [inner, middle[1] - door[1]],
                [inner, middle[1] + door[1]],
                [edge, middle[1] + door[1] * reach],
            ],
            np.float32,
        )
        source = np.asarray([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
        turn = cv2.getPerspectiveTransform(source, target)
        wall = cv2.warpPerspective(shelf, turn, (cols, rows), flags=cv2.INTER_AREA)
        there = cv2.warpPerspective(np.ones((high, wide), np.float32), turn, (cols, rows))
        light += there[..., None] * (wall - light)
    return light


def _shelf(frame: Frame, what: int) -> np.ndarray:
    """(300, 900, 3) linear light: six shelves of books seen from the front."""
    random, high, wide, boards = frame.random(what), 300, 900, 7
    shelf = np.empty((high, wide, 3), np.float32)
    shelf[:] = light_of("#120b07")
    pitch = high // boards
    for board in range(boards):
        x, foot = 0, (board + 1) * pitch - 5
        while x < wide:
            thick, tall = int(random.integers(9, 26)), int(random.uniform(0.62, 0.95) * (pitch - 7))
            colour = light_of(BINDINGS[int(random.integers(len(BINDINGS)))]) * np.float32(random.uniform(0.6, 1.5))
            if random.random() < 0.94:
                shelf[foot - tall : foot, x : x + thick - 1] = colour
                if random.random() < 0.5:  # a band of gilt
                    at = foot - int(tall * random.uniform(0.3, 0.8))
                    shelf[at : at + 4, x : x + thick - 1] = light_of("#d9a94e")
            x += thick
        shelf[foot : foot + 5] = light_of("#6b431f")
    for post in range(0, wide, 225):
        shelf[:, post : post + 12] = light_of("#4f2f17")
    return shelf


def _lamps(frame: Frame, vanish: tuple[float, float]) -> np.ndarray:
    """Warm lamps down the aisle, bigger and higher the nearer they hang."""
    random = frame.random(40)
    light = np.zeros((frame.rows, frame.cols, 3), np.float32)
    for side in (-1, 1):
        for step in (0.10, 0.19, 0.34):
            at = np.asarray([[vanish[0] + side * step * 1.15, vanish[1] - step * 0.95]], np.float32)
            at += random.normal(0, 0.006, at.shape).astype(np.float32)
            colour = light_of("#ffb870")[None] * np.float32(1.9)
            light += strewn(frame, at, colour, 0.014 + 0.10 * step)
            halo = np.exp(-((frame.away(*at[0].tolist()) / (0.08 + 0.25 * step)) ** 2))
            light += halo[..., None] * light_of("#ffa040") * np.float32(0.22)
    at = spread(random, 26, (0, vanish[1] - 0.25), (1, vanish[1] + 0.2))
    return np.asarray(
        light + strewn(frame, at, light_of("#ffca80") * np.full((26, 1), 0.22, np.float32), 0.012), np.float32
    )


def fairy_lights(frame: Frame) -> np.ndarray:
    """An evening café: strings of warm bulbs before dark green and brown."""
    dusk = frame.y + 0.35 * (clouds(frame, 1, 1.5) - 0.5)
    light = ramp(dusk, (0.0, "#0a1730"), (0.35, "#151624"), (0.6, "#21160f"), (1.0, "#150d08"))
    leaves = smoothstep(clouds(frame, 3, 3.0), 0.52, 0.72) * smoothstep(np.abs(frame.x - 0.5), 0.15, 0.45)
    over(light, (0.75 * leaves).astype(np.float32), light_of("#16281c"))
    warm = np.exp(-((frame.away(0.5, frame.horizon) / 0.5) ** 2))[..., None]
    light += warm * light_of("#8a4d22") * np.float32(0.28)
    table = smoothstep(frame.y, frame.horizon + 0.22, frame.horizon + 0.30) * np.ones_like(frame.x)
    over(light, table * np.float32(0.8), light_of("#3a2415"))
    light = out_of_focus(light, 0.03 * frame.unit)
    random = frame.random(2)
    at = spread(random, 60, (0, 0.1), (1, frame.horizon + 0.28))
    light += strewn(frame, at, _warm(random, 60) * np.float32(0.20), 0.017)
    for string in range(5):
        light += _string(frame, random, string)
    return light + 0.22 * blur(light, 0.10 * frame.unit) + 0.22 * blur(light, 0.025 * frame.unit)


def _string(frame: Frame, random: np.random.Generator, string: int) -> np.ndarray:
    """One string of bulbs hanging across the frame; near ones are larger discs."""
    count = int((9 + 3 * string) * max(1.0, frame.cols / frame.unit))
    along = np.linspace(-0.1, 1.1, count) + random.normal(0, 0.006, count)
    ends = 0.02 + 0.11 * string + random.uniform(-0.04, 0.04, 2)
    sag = random.uniform(0.06, 0.16)
    down = ends[0] + (ends[1] - ends[0]) * along + sag * 4 * along * (1 - along)
    radius = (0.044, 0.034, 0.027, 0.021, 0.016)[string]
    return strewn(frame, np.stack([along, down], 1), _warm(random, count) * np.float32(0.85), radius)


def _warm(random: np.random.Generator, count: int) -> np.ndarray:
    """(count, 3) linear light of bulbs."""
    colours = ramp(random.random((1, count)), (0, "#ff9a3c"), (0.6, "#ffc677"), (1, "#ffe2b0"))[0]
    return np.asarray(colours * random.uniform(0.6, 1.3, (count, 1)), np.float32)
