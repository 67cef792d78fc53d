"""Places under an open sky: the sea at sunset, mountains, aurora, space. Knows no person but where one stands."""

from __future__ import annotations

import numpy as np

from generation.engines.retouch.colour import blur, smoothstep
from generation.engines.retouch.scenery.frame import Frame, clouds, light_of, over, ramp, ridge, spread, strewn
from generation.engines.retouch.scenery.lens import out_of_focus


def beach(frame: Frame) -> np.ndarray:
    """The sea a little before sunset: (rows, cols, 3) linear light."""
    line, sun_x = frame.horizon, 0.5 + 0.30 * frame.open_side
    sun = (sun_x, line - 0.11)
    sky_y = np.clip(frame.y / line, 0, 1.2) * np.ones_like(frame.x)
    light = ramp(sky_y, (0, "#5a8fc4"), (0.45, "#a9bfd0"), (0.75, "#f3c893"), (1, "#ffdf9f"))
    wisps = smoothstep(clouds(frame, 1, 1.4, 5.0), 0.5, 0.85) * (1 - 0.5 * sky_y)
    over(light, wisps * np.float32(0.75), light_of("#ffd2ae") * np.float32(1.15))
    glow = np.exp(-frame.away(*sun) / 0.16) * 1.3 + 6 * np.exp(-((frame.away(*sun) / 0.040) ** 4))
    light += glow[..., None] * light_of("#ffc46b")
    _sea(frame, light, line, sun_x)
    _shore(frame, light, line)
    light = out_of_focus(light, 0.011 * frame.unit)
    light += _glitter(frame, line, sun_x)
    return light + 0.18 * blur(light, 0.12 * frame.unit)


def _sea(frame: Frame, light: np.ndarray, line: float, sun_x: float) -> None:
    """Water to the horizon: the sky's colour, darker near, with swell and the sun's road."""
    depth = np.clip((frame.y - line) / (0.86 - line), 0, 1) * np.ones_like(frame.x)
    water = ramp(depth, (0, "#d9b48a"), (0.12, "#8fa6a3"), (0.5, "#3f8087"), (1, "#5fa8a2"))
    swell = clouds(frame, 2, 2.2, 9.0)
    water *= (0.72 + 0.6 * swell)[..., None]
    road = np.exp(-(((frame.x - sun_x) / (0.05 + 0.16 * depth)) ** 2)) * smoothstep(swell, 0.35, 0.75)
    water += (road * (1.1 - 0.75 * depth))[..., None] * light_of("#ffc879")
    over(light, np.clip((frame.y - line) * frame.rows + 0.5, 0, 1) * np.ones_like(frame.x), water)


def _shore(frame: Frame, light: np.ndarray, line: float) -> None:
    """Two lines of foam and wet sand."""
    wave = 0.02 * (clouds(frame, 3, 1.6, 0.5)[:1] - 0.5)
    edge = line + 0.74 * (1 - line) + wave + 0.05 * (frame.x - 0.5)
    sand = np.clip((frame.y - edge) / 0.012, 0, 1)
    dry = smoothstep(frame.y - edge, 0.02, 0.16)[..., None]
    grain = (0.85 + 0.3 * clouds(frame, 4, 9.0, 2.0))[..., None]
    over(light, sand, (light_of("#a88a6c") * (1 - dry) + light_of("#e0c198") * dry) * grain)
    for offset, wide, bright in ((0.0, 0.012, 0.9), (-0.085, 0.009, 0.55)):
        ragged = 0.016 * (clouds(frame, 5, 5.0)[:1] - 0.5)
        foam = np.exp(-(((frame.y - edge - offset - ragged) / wide) ** 2)) * (0.5 + 0.5 * clouds(frame, 6, 6.0))
        over(light, (foam * bright).astype(np.float32), light_of("#fff3e2") * np.float32(1.1))


def _glitter(frame: Frame, line: float, sun_x: float) -> np.ndarray:
    """Sun on the waves, each glint a disc."""
    random = frame.random(7)
    down = random.random(170) ** 1.5
    across = random.normal(0, 0.05 + 0.16 * down)
    at = np.stack([sun_x + across, line + 0.012 + down * 0.3], 1)
    size = light_of("#ffd58c") * (0.9 * random.gamma(1.0, 0.6, 170) * (1 - 0.6 * down))[:, None].astype(np.float32)
    return np.asarray(
        strewn(frame, at, size, 0.008) + strewn(frame, at[::5], size[::5] * np.float32(0.6), 0.017), np.float32
    )


def mountains(frame: Frame) -> np.ndarray:
    """Ridge behind ridge in the last light."""
    line, sun = frame.horizon, (0.5 + 0.3 * frame.open_side, frame.horizon - 0.10)
    sky_y = np.clip(frame.y / line, 0, 1.3) * np.ones_like(frame.x)
    light = ramp(sky_y, (0, "#3f4f8f"), (0.4, "#a86f9c"), (0.72, "#f59a6c"), (1, "#ffd28a"))
    wisps = smoothstep(clouds(frame, 1, 1.2, 4.5), 0.48, 0.82) * smoothstep(sky_y, 1.0, 0.4)
    over(light, wisps * np.float32(0.7), light_of("#ff9f86"))
    away = frame.away(*sun)
    light += (1.2 * np.exp(-away / 0.17) + 4 * np.exp(-((away / 0.032) ** 4)))[..., None] * light_of("#ffbe74")
    haze = np.exp(-away / 0.5)[..., None]
    for number, (drop, swing, colour) in enumerate(
        (
            (-0.02, 0.20, "#b3779a"),
            (0.05, 0.18, "#8a5c8f"),
            (0.13, 0.16, "#5f4a80"),
            (0.22, 0.13, "#3d3565"),
            (0.33, 0.10, "#241f42"),
        )
    ):
        mask = ridge(frame, 10 + number, line + drop, swing, 1.3 + 0.5 * number)
        mist = smoothstep(frame.y, line + drop - 0.05, line + drop + 0.20)[..., None] * np.float32(0.30)
        warm = haze * np.float32(0.55 - 0.1 * number)
        colours = light_of(colour) * (1 - warm) + light_of("#ffab78") * warm
        over(
            light, blur(mask, 0.002 * frame.unit), colours * (1 - mist) + light_of("#e39c9c") * mist * (1 - number / 6)
        )
    light = out_of_focus(light * np.float32(1.15), 0.008 * frame.unit)
    return light + 0.15 * blur(light, 0.12 * frame.unit)


def desert(frame: Frame) -> np.ndarray:
    """Dunes and far pyramids in the evening sun."""
    line, sun = frame.horizon, (0.5 + 0.34 * frame.open_side, frame.horizon - 0.16)
    sky_y = np.clip(frame.y / line, 0, 1.2) * np.ones_like(frame.x)
    light = ramp(sky_y, (0, "#5f7fae"), (0.5, "#d9b48e"), (1, "#ffcf86"))
    away = frame.away(*sun)
    light += (1.0 * np.exp(-away / 0.22) + 5 * np.exp(-((away / 0.045) ** 4)))[..., None] * light_of("#ffc878")
    for middle, tall in ((0.5 - 0.30 * frame.open_side, 0.27), (0.5 + 0.16 * frame.open_side, 0.17), (0.5, 0.12)):
        _pyramid(frame, light, middle, line + 0.03, tall)
    for number, (drop, colour) in enumerate(((0.02, "#d9a566"), (0.10, "#c98f4f"), (0.22, "#a86f38"))):
        dune = blur(ridge(frame, 10 + number, line + drop, 0.07, 0.7), 0.003 * frame.unit)
        ripples = (0.86 + 0.28 * clouds(frame, 20 + number, 3.0, 5.0))[..., None]
        over(light, dune, light_of(colour) * ripples)
    light = out_of_focus(light * np.float32(1.1), 0.009 * frame.unit)
    return np.asarray(light + 0.15 * blur(light, 0.12 * frame.unit), np.float32)


def _pyramid(frame: Frame, light: np.ndarray, middle: float, foot: float, tall: float) -> None:
    """One side in the sun, the other in shade, paler the farther away."""
    down = (frame.y - (foot - tall)) * (frame.rows / frame.unit)
    across = (frame.x - middle) * (frame.cols / frame.unit)
    inside = smoothstep(np.abs(across) - 0.78 * down, 0.004, -0.004) * (frame.y < foot)
    lit = np.clip(across * frame.open_side - 0.12 * down, -0.004, 0.004) / 0.008 + 0.5
    haze = np.float32(np.clip(1.1 - 3.2 * tall, 0.2, 0.7))
    stone = light_of("#8a6440") + lit[..., None] * (light_of("#f0c07c") - light_of("#8a6440"))
    over(light, inside.astype(np.float32), stone * (1 - haze) + light_of("#f2c68e") * haze)


def aurora(frame: Frame) -> np.ndarray:
    """Northern lights over snow and dark hills."""
    line = frame.horizon + 0.10
    light = ramp(frame.y * np.ones_like(frame.x), (0, "#050a1c"), (0.5, "#0b2238"), (0.8, "#123a4a"))
    stars(frame, light, 420, 0.9)
    for number, (foot, colour, top, strength) in enumerate(
        ((0.42, "#2dffa0", "#7a4dff", 0.9), (0.30, "#35ffc8", "#ff4fc3", 0.6), (0.54, "#5dff7d", "#2f9bff", 0.55))
    ):
        light += _curtain(frame, number, foot * line / 0.56, colour, top) * np.float32(strength)
    light += np.exp(-np.abs(frame.y - line) / 0.10)[..., None] * light_of("#2a8f78") * np.float32(0.25)
    over(light, blur(ridge(frame, 20, line - 0.01, 0.16, 1.6), 0.004 * frame.unit), light_of("#0b1c2a"))
    ground = blur(ridge(frame, 21, line + 0.07, 0.04, 1.0), 0.008 * frame.unit)
    fall = (1.25 - 0.9 * smoothstep(frame.y, line + 0.05, 1.0)) * (0.6 + 0.8 * clouds(frame, 22, 1.4, 4.0))
    over(light, ground, light_of("#3f7d80") * fall[..., None].astype(np.float32))
    return out_of_focus(light * np.float32(1.35), 0.004 * frame.unit)


def _curtain(frame: Frame, number: int, foot: float, colour: str, top: str) -> np.ndarray:
    """One ribbon of light: sharp at its foot, drawn out in rays upwards."""
    random = frame.random(30 + number)
    at = np.linspace(0, 1, frame.cols)
    wave = blur(random.random((1, 9)).astype(np.float32), 0.8)[0] - 0.5
    line = foot + 0.30 * np.interp(at, np.linspace(0, 1, 9), wave)
    line = blur(line[None].astype(np.float32), 0.04 * frame.unit)
    rays = np.interp(at, np.linspace(0, 1, 90), blur(random.random((1, 90)).astype(np.float32), 0.8)[0])[None]
    swell = np.interp(at, np.linspace(0, 1, 7), random.uniform(0.25, 1.2, 7))[None]
    above = line - frame.y
    strength = np.exp(-np.clip(above, 0, 1) / (0.10 + 0.16 * rays)) * smoothstep(above, -0.03, 0.01)
    strength = (strength * swell * (0.5 + rays)).astype(np.float32)
    up = np.clip(above / 0.30, 0, 1)[..., None]
    return np.asarray(strength[..., None] * (light_of(colour) * (1 - up) + light_of(top) * up), np.float32)


def stars(frame: Frame, light: np.ndarray, count: int, bright: float) -> None:
    """Strew stars, most of them faint, in place; the brightest glow a little."""
    random = frame.random(90)
    at = spread(random, count, (0, 0), (1, 1))
    tint = ramp(random.random((1, count)), (0, "#9fc2ff"), (0.5, "#ffffff"), (1, "#ffdcb0"))[0]
    size = tint * (bright * random.pareto(1.6, count).clip(0, 12) * 0.35)[:, None].astype(np.float32)
    row, column = (at[:, 1] * (frame.rows - 1)).astype(int), (at[:, 0] * (frame.cols - 1)).astype(int)
    points = np.zeros_like(light)
    np.add.at(points, (row, column), size)
    light += blur(points, 0.7) * np.float32(3.0) + blur(points, 2.4) * np.float32(2.5)


def space(frame: Frame) -> np.ndarray:
    """A nebula, stars, and a planet's lit edge."""
    light = np.empty((frame.rows, frame.cols, 3), np.float32)
    light[:] = light_of("#04050f")
    bend = clouds(frame, 1, 1.6)
    band = np.exp(-(((frame.y - 0.42 + 0.35 * (frame.x - 0.5) + 0.7 * (bend - 0.5)) / 0.26) ** 2))
    gas = smoothstep(clouds(frame, 2, 2.4, octaves=7), 0.35, 0.9) * band
    dust = smoothstep(clouds(frame, 3, 3.4, octaves=7), 0.5, 0.78) * band
    hue = clouds(frame, 4, 1.1)
    colours = ramp(hue, (0.2, "#1f6fff"), (0.42, "#6a3cff"), (0.6, "#ff3fa0"), (0.8, "#ff9a5a"))
    light += colours * (0.95 * gas + 0.10 * band)[..., None]
    light += (gas**3)[..., None] * light_of("#ffe6f2") * np.float32(0.7)
    light *= (1 - 0.75 * dust)[..., None]
    stars(frame, light, 900, 1.0)
    _planet(frame, light)
    return light


GIANTS = (
    ("#8c5a3c", "#d9a878", "#f4e0c4"),
    ("#2f5f8f", "#6fb2d8", "#d8f0f4"),
    ("#6a3f7a", "#c48ac0", "#f6d8e4"),
    ("#7a4a2c", "#d8884c", "#f6d49a"),
)
"""Three colours of each gas giant's bands."""


def _planet(frame: Frame, light: np.ndarray) -> None:
    """A gas giant half in the dark, beside the head or cut off by the frame; size, place and colours by the seed."""
    side, random = frame.open_side, frame.random(9)
    centre = (0.5 + float(random.uniform(0.36, 0.46)) * side, float(random.uniform(0.12, 0.27)))
    radius, tints = float(random.uniform(0.11, 0.21)), GIANTS[int(random.integers(len(GIANTS)))]
    right = (frame.x - centre[0]) * (frame.cols / frame.unit) / radius
    down = (frame.y - centre[1]) * (frame.rows / frame.unit) / radius
    far = np.hypot(right, down)
    towards = np.sqrt(np.clip(1 - far * far, 0, 1))
    lit = np.clip(0.72 * side * right - 0.45 * down + 0.42 * towards, 0, 1) ** 0.8
    turn = down + 0.25 * right + 0.16 * (clouds(frame, 8, 5.0, 3.0) - 0.5)
    bands = 0.5 + 0.5 * np.sin(turn * 9.0 + 2.2 * np.sin(turn * 4.0))
    body = ramp(bands, (0, tints[0]), (0.5, tints[1]), (1, tints[2])) * (lit * 1.25 + 0.006)[..., None]
    over(light, smoothstep(far, 1.0 + 0.006 / radius, 1.0 - 0.006 / radius), body)
    air = np.exp(-np.clip(far - 1, 0, 2) / 0.05) * (far >= 0.985) * np.clip(0.3 + side * right - 0.5 * down, 0, 1)
    light += air[..., None].astype(np.float32) * light_of("#ffb98a") * np.float32(0.6)
