"""The lower face as the ground that whiskers grow on: its own axes, outlines of growth, what is bare. Draws no hair."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from generation.engines.retouch.colour import blur, resize, smoothstep, to_oklab
from generation.engines.retouch.layer import Box
from generation.engines.retouch.scene import Scene
from generation.face.regions import BROW_LEFT, BROW_RIGHT, LIPS_INNER, LIPS_OUTER, fill_polygons, spline

# fmt: off
MIDLINE = (168, 4, 2, 0, 17, 200, 152)
NOSE_RIGHT, NOSE_LEFT = (98, 97), (326, 327)
BORDER_RIGHT, BORDER_LEFT = (61, 185, 40, 39, 37), (267, 269, 270, 409, 291)
"""The upper lip's border, from the corner to the middle and from the middle to the corner."""
JAW_RIGHT = (127, 234, 93, 132, 58, 172, 136, 150, 149, 176, 148)
JAW_LEFT = (356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377)
CHEEK_RIGHT = ((116, 123), (147, 147), (147, 192), (213, 192), (216, 212), (186, 186), (92, 92), (165, 165))
CHEEK_LEFT = ((345, 352), (376, 376), (376, 416), (433, 416), (436, 432), (410, 410), (322, 322), (391, 391))
"""The upper edge of a beard from the ear to the moustache; each point lies halfway between two landmarks."""
WING_RIGHT, WING_LEFT = ((61, 57), (186, 57), (186, 92), (165, 92)), ((291, 287), (410, 287), (410, 322), (391, 322))
"""The sides of a moustache from the mouth's corner upwards, likewise."""
# fmt: on
CORNERS = (61, 291)
STRANGE_HUE = (0.07, 0.11)
"""In OKLab's a and b: skin in shadow stays within the first, red hair is beyond the second."""


@dataclass(frozen=True, eq=False)
class Ground:
    """A box around the lower face. Points are px of the picture; planes are (h, w) float32 of the box."""

    scene: Scene
    box: Box

    @property
    def unit(self) -> float:
        return self.scene.face.height_px

    @property
    def points(self) -> np.ndarray:
        return self.scene.face.points

    @cached_property
    def _axes(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The midline's heights and places aside, from below upwards, and how far from it the mouth's corners are."""
        across, up = self._plain(self.points[list(MIDLINE)])
        order = np.argsort(up)
        heights, middles = up[order], across[order]
        corner_across, corner_up = self._plain(self.points[list(CORNERS)])
        half = np.abs(corner_across - np.interp(corner_up, heights, middles))
        return heights, middles, np.maximum(half, 0.05)

    def _plain(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        away = (points - self.points[168]) / np.float32(self.unit)
        return away @ self.scene.face.right, away @ self.scene.face.up

    def seats(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where points (N, 2) are: aside of the midline, 1 at a mouth's corner on either side; up, in face heights."""
        heights, middles, half = self._axes
        across, up = self._plain(points)
        away = across - np.interp(up, heights, middles)
        return away / np.where(away < 0, half[0], half[1]), up

    def narrowed(self, points: np.ndarray) -> np.ndarray:
        """How narrow the face's side is on which each point lies, by foreshortening: 1 seen from the front."""
        half = self._axes[2]
        return np.asarray(np.where(self.seats(points)[0] < 0, half[0], half[1]) / np.float32(half.max()))

    def drawn(self, *polygons: np.ndarray, soft: float = 0.0) -> np.ndarray:
        """Polygons filled. soft: of the edge, in face heights."""
        inside = [polygon - self.box.origin for polygon in polygons]
        return fill_polygons((self.box.height, self.box.width), inside, soft * self.unit)

    @cached_property
    def lips(self) -> np.ndarray:
        """Where no hair may hang: the mouth, the lower lip, and the upper one but for its border."""
        outer, inner = self.points[list(LIPS_OUTER)], self.points[list(LIPS_INNER)]
        upper = np.isin(LIPS_OUTER, (*BORDER_RIGHT, 0, *BORDER_LEFT))[:, None]
        return self.drawn(spline(np.where(upper, outer + 0.42 * (inner - outer), outer)), soft=0.004)

    @cached_property
    def beard_line(self) -> np.ndarray:
        """The outline of a full beard and moustache."""
        right, left = (self.points[list(pair)].mean(1) for pair in (np.asarray(CHEEK_RIGHT), np.asarray(CHEEK_LEFT)))
        nose = self._below_nose(0.10)
        top = spline(np.vstack([right, nose, left[::-1]]), 6, closed=False)
        chin = self.points[[152]] - 0.02 * self.unit * self.scene.face.up
        jaw = np.vstack([self._whiskered(JAW_LEFT), chin, self._whiskered(JAW_RIGHT)[::-1]])
        return np.vstack([top, spline(jaw, 6, closed=False)])

    def _whiskered(self, jaw: tuple[int, ...]) -> np.ndarray:
        """A side of the jaw, drawn in before the ear, where the mesh reaches beyond the cheek."""
        at = self.points[list(jaw)]
        inwards = self.points[168] + (at - self.points[168]) @ self.scene.face.up[:, None] * self.scene.face.up - at
        length = np.linalg.norm(inwards, axis=1, keepdims=True) + 1e-6
        share = np.interp(np.arange(len(jaw)), (0, 3, 6), (0.05, 0.03, 0.0))[:, None]
        return np.asarray(at + inwards / length * np.minimum(share * self.unit, 0.25 * length), np.float32)

    @cached_property
    def goatee_line(self) -> np.ndarray:
        """The outline of a moustache that meets a beard on the chin."""
        at = self.points
        right, left = at[[202, 57, 186, 92, 165]], at[[422, 287, 410, 322, 391]]
        chin = at[[148, 152, 377]] - 0.02 * self.unit * self.scene.face.up
        nose = self._below_nose(0.10)
        return spline(np.vstack([right, nose, left[::-1], at[[431, 395]], chin[::-1], at[[170, 211]]]), 6)

    @cached_property
    def moustache_line(self) -> np.ndarray:
        """The outline of what grows between nose and mouth, and a little past its corners."""
        at = self.points
        right, left = (at[np.asarray(pairs)].mean(1) for pairs in (WING_RIGHT, WING_LEFT))
        top = spline(np.vstack([right, self._below_nose(0.16), left[::-1]]), 6, closed=False)
        return np.vstack([top, at[[*BORDER_LEFT[::-1], 0, *BORDER_RIGHT[::-1]]]])

    def _below_nose(self, share: float) -> np.ndarray:
        """Points below the nostrils, from the right to the left, that share of the way to the lip."""
        nose = self.points[[*NOSE_RIGHT, 2, *NOSE_LEFT]]
        lip = self.points[[39, 37, 0, 267, 269]]
        return np.asarray(nose + (lip - nose) * np.float32(share), np.float32)

    @cached_property
    def below_ears(self) -> np.ndarray:
        """0 beside the middle of the ears, 1 from the mouth down: sideburns fade out, as a barber cuts them."""
        y, x = np.mgrid[self.box.y0 : self.box.y1, self.box.x0 : self.box.x1].astype(np.float32)
        up = self.scene.face.up
        height = ((x - self.points[168][0]) * up[0] + (y - self.points[168][1]) * up[1]) / np.float32(self.unit)
        ears = float(self._plain(self.points[[234, 454]])[1].mean())
        jaw = float(self._plain(self.points[[132, 361]])[1].mean())
        return smoothstep(height, ears - 0.15 * (ears - jaw), jaw)

    @cached_property
    def likeness(self) -> np.ndarray:
        """How much each place looks like the face's skin."""
        near = self.scene.near
        whole = resize(self.scene.complexion.likeness, near.height, near.width)
        return self._of_near(whole)

    def _of_near(self, plane: np.ndarray) -> np.ndarray:
        """The box's part of a plane of scene.near, continued beyond it."""
        near, box = self.scene.near, self.box
        rows = np.clip(np.arange(box.y0, box.y1) - near.y0, 0, near.height - 1)
        cols = np.clip(np.arange(box.x0, box.x1) - near.x0, 0, near.width - 1)
        return np.asarray(plane[np.ix_(rows, cols)], np.float32)

    @cached_property
    def _covered_by_hands(self) -> np.ndarray:
        return np.asarray(self.scene.in_front[self.box.rows_cols], np.float32)

    @cached_property
    def in_front(self) -> np.ndarray:
        """What covers the lower face: hands, a microphone, long hair, or a beard that is there already."""
        inside = self.drawn(self.beard_line)
        mouth, rim = self._shade()
        unlike = smoothstep(blur(self.likeness, 0.012 * self.unit), 0.25, 0.05) * (1 - rim)
        foreign = np.maximum(unlike, self._coloured) * inside * (1 - mouth)
        side = max(3, round(0.03 * self.unit))
        foreign = cv2.morphologyEx(foreign, cv2.MORPH_OPEN, np.ones((side, side), np.uint8))
        foreign = foreign * (1 - self.lips)
        return np.asarray(np.maximum(self._covered_by_hands, blur(foreign, 0.008 * self.unit)))

    @cached_property
    def _coloured(self) -> np.ndarray:
        """How far each place's hue, once it is as light as the face, is beyond skin's: red hair, a scarf, no shade."""
        look, near = self.scene.complexion, self.scene.near
        gain = np.clip(look.tone[0] / np.maximum(look.lab[..., 0], 0.05), 0.6, 2.2)
        hue = np.linalg.norm(look.lab[..., 1:] * gain[..., None] - look.tone[1:], axis=-1)
        return self._of_near(resize(smoothstep(blur(hue, 1.0), *STRANGE_HUE), near.height, near.width))

    def _shade(self) -> tuple[np.ndarray, np.ndarray]:
        """Around the lips, and along the jaw: skin is in shadow there, which is unlike skin in the light."""
        at = self.points
        mouth = self.drawn(spline(at[[202, 57, 186, 165, 98, 2, 327, 391, 410, 287, 422, 200]]), soft=0.02)
        jaw = self.drawn(self.beard_line)
        side = 2 * max(1, round(0.05 * self.unit)) + 1
        rim = 1 - cv2.erode(jaw, np.ones((side, side), np.uint8)) > 0.5
        return mouth, np.asarray(rim, np.float32)


def ground_of(scene: Scene, below: float) -> Ground:
    """The lower face and so many face heights below the chin."""
    outline = scene.face.points[[*JAW_RIGHT, *JAW_LEFT, 152, 4]]
    down = scene.face.points[[152]] - scene.face.up * np.float32(below * scene.face.height_px)
    points = np.vstack([outline, down])
    return Ground(scene, Box.around(points, 0.13 * scene.face.height_px, scene.height, scene.width))


def own_colour(scene: Scene) -> np.ndarray:
    """(3,) OKLab of the person's brows: of their darkest part, which is hair and not the skin between."""
    brows = scene.face.points[[*BROW_RIGHT, *BROW_LEFT]]
    box = Box.around(brows, 2, scene.height, scene.width)
    lab = to_oklab(np.ascontiguousarray(scene.pixels[box.rows_cols]))
    polygons = [spline(scene.face.points[list(brow)]) - box.origin for brow in (BROW_RIGHT, BROW_LEFT)]
    inside = lab[fill_polygons(lab.shape, polygons) > 0.8]
    if len(inside) < 12:
        return np.asarray([0.3, 0.02, 0.03], np.float32)
    dark = inside[inside[:, 0] <= np.percentile(inside[:, 0], 16)]
    colour = np.median(dark, 0)  # a hair or two wide, so a little of the skin beside it is still in it
    return np.asarray([np.clip(0.92 * colour[0], 0.10, 0.75), *(0.9 * colour[1:])], np.float32)
