"""Pointed ears in the place of the person's own, in their skin and light; out of the hair where hair hides them.

What neither shows an ear's skin nor hair, a scarf or a phone, stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from generation.engines.retouch.colour import blur, resize, smoothstep, to_linear
from generation.engines.retouch.effects import Skip
from generation.engines.retouch.layer import Box, Layer
from generation.engines.retouch.objects.crest import crest
from generation.engines.retouch.objects.draw import Drawing, draw
from generation.engines.retouch.objects.dress import face_in, growth_box, rooted
from generation.engines.retouch.objects.elf import SKIN, TRAGUS, elf_ear, skin
from generation.engines.retouch.objects.head import Head, head_of
from generation.engines.retouch.objects.solid import join
from generation.engines.retouch.objects.wear import Fitting, grained, hands, photo_light, thrown
from generation.engines.retouch.scene import Scene
from generation.job import Note

NEEDS = ("person", "hair")
FAR_DEG = 24.0
"""Beyond this the ear on the far side of a turned head cannot be seen."""
LEAST = 0.22
"""So much skin and hair must show where an ear is; less is a scarf, a collar, a phone."""
OWN_WIDTH = 0.13
"""How far an ear usually stands out, in face heights: what the drawn one covers."""
CHEEKS = ((234, 93, 132, 123, 117), (454, 323, 361, 352, 346))


@dataclass(frozen=True, slots=True)
class Ear:
    """What the photo shows where an ear should be.

    Args:
        shown: how much of it is skin. hair: how much is hair. width: how far it stands out, in face heights.
        tone: (3,) linear, its skin.
    """

    shown: float
    hair: float
    width: float
    tone: np.ndarray

    @property
    def is_seen(self) -> bool:
        """Or hair lies over it."""
        return self.shown >= min(0.30, 0.8 * self.hair)


def apply(scene: Scene, canvas: np.ndarray, *, seed: int, length: float = 1.0) -> Layer | None:
    """Both ears, or the one that can be seen.

    Args:
        length: of the points, 0.5 (a hint) to 1.3 (far out).

    Raises:
        Skip: neither ear's place shows skin or hair.
    """
    head = head_of(scene.face)
    light = photo_light(scene)
    drawn = []
    for side, sign in ((0, -1.0), (1, 1.0)):
        if sign * head.yaw_deg > FAR_DEG:
            continue
        ear = _own_ear(scene, head, side)
        if ear.shown + ear.hair < LEAST or (not ear.is_seen and _is_cloth(scene, head)):
            continue
        hidden = not ear.is_seen
        out = _hair_width(scene, side) if hidden else 0.0
        broad = 1.0 if hidden else float(np.clip(ear.width / OWN_WIDTH, 0.6, 1.45))
        solid = elf_ear(scene.face, head, side, length * (1.2 if hidden else 1.0), broad, out)
        drawing = draw(solid, {SKIN: skin(ear.tone * (1.25 if hidden else 1.0))}, light, scene.height, scene.width)
        if drawing is not None:
            drawn.append((side, ear, solid, drawing))
    if not drawn:
        raise Skip(Note.EARS_HIDDEN)
    fitting = Fitting(
        canvas, growth_box(scene, join(*(solid for _, _, solid, _ in drawn)), head.height_px), hands(scene)
    )
    for side, ear, _, drawing in drawn:
        shown = _shown(scene, head, side, ear, drawing)
        part = Drawing(drawing.box, drawing.colour, drawing.alpha * shown, drawing.depth)
        unit = head.height_px
        catch = scene.person * (1 - face_in(scene, Box.whole(scene.height, scene.width)))
        fitting.shade(part, thrown(light, 0.035 * unit), 0.03 * unit, 0.5, catch)
        fitting.lay(grained(scene, drawing, seed), shown)
    return fitting.layer()


def _own_ear(scene: Scene, head: Head, side: int) -> Ear:
    """Look at the strip beside the face, from the lobe to the upper rim."""
    look, near = scene.complexion, scene.near
    sign = 1.0 if side else -1.0
    unit = head.height_px
    tragus = scene.face.points[TRAGUS[side]].astype(np.float64)
    right, up = head.axes[:2, 0] / np.linalg.norm(head.axes[:2, 0]), head.axes[:2, 1]
    across, high = np.meshgrid(np.linspace(0.015, 0.20, 25), np.linspace(-0.10, 0.11, 15))
    at = tragus + (sign * across[..., None] * right + high[..., None] * up) * unit
    columns = np.clip(((at[..., 0] - near.x0) * look.scale).astype(int), 0, look.likeness.shape[1] - 1)
    rows = np.clip(((at[..., 1] - near.y0) * look.scale).astype(int), 0, look.likeness.shape[0] - 1)
    x = np.clip(at[..., 0].astype(int), 0, scene.width - 1)
    y = np.clip(at[..., 1].astype(int), 0, scene.height - 1)
    hair, person = scene.hair[y, x], scene.person[y, x]
    like = look.likeness[rows, columns] * (person > 0.5)
    bare = (like > 0.25) & (hair < 0.6)
    beside = across < 0.09
    reach = np.cumprod(bare | (across < 0.03), axis=1).sum(1)
    width = float(across[0, np.clip(int(np.percentile(reach, 80)) - 1, 0, 24)])
    seen = bare & (across < width)
    lab = to_linear(scene.pixels[y, x][seen].reshape(-1, 1, 3))[:, 0] if seen.sum() > 20 else np.zeros((0, 3))
    cheek = _cheek(scene, side)
    tone = np.median(lab, axis=0) if len(lab) else cheek
    tone = np.clip(tone, 0.55 * cheek, 1.35 * cheek)
    return Ear(float(bare[beside].mean()), float((hair[beside] > 0.5).mean()), width, np.asarray(tone, np.float32))


def _is_cloth(scene: Scene, head: Head) -> bool:
    """Whether a scarf lies where hair would: it has no strands, and it goes round below the chin."""
    unit = head.height_px
    chin = scene.face.points[152]
    box = Box.around((chin - scene.face.up * np.float32(0.16 * unit))[None], 0.07 * unit, scene.height, scene.width)
    near = scene.near
    skin = resize(scene.complexion.likeness, near.height, near.width)
    whole = np.zeros((scene.height, scene.width), np.float32)
    whole[near.rows_cols] = skin
    if float(whole[box.rows_cols].mean()) > 0.25:
        return False
    hair = scene.hair[near.rows_cols] > 0.8
    if hair.sum() < 50:
        return True
    grey = scene.pixels[near.rows_cols].astype(np.float32).mean(2)
    strands = np.abs(grey - blur(grey, 0.012 * unit)) / (blur(grey, 0.05 * unit) + 12)
    return float(np.median(strands[hair])) < 0.030


def _hair_width(scene: Scene, side: int) -> float:
    """How far hair over an ear holds a point of it off the face, in face heights."""
    found = crest(scene)
    if found.is_lost:
        return 0.0
    reach = float(found.reach[-2 if side else 1])
    ear = scene.face.landmarks[TRAGUS[side]].astype(np.float64) - found.middle
    beside = abs(float(ear @ found.head.axes[:, 0]))
    return float(np.clip((reach - beside) / found.unit_px - 0.16, 0.0, 0.12))


def _cheek(scene: Scene, side: int) -> np.ndarray:
    """(3,) linear: the skin beside the ear."""
    at = scene.face.points[list(CHEEKS[side])]
    middle = at.mean(0) + (scene.face.points[4] - at.mean(0)) * 0.2
    radius = 0.05 * scene.face.height_px
    box = Box.around(middle[None], radius, scene.height, scene.width)
    return np.asarray(np.median(to_linear(scene.pixels[box.rows_cols]).reshape(-1, 3), axis=0))


def _shown(scene: Scene, head: Head, side: int, ear: Ear, drawing: Drawing) -> np.ndarray:
    """(h, w) what of a drawn ear is in front: the cheek is before it, and hair that hangs over the person's own."""
    box, unit = drawing.box, head.height_px
    tragus = scene.face.points[TRAGUS[side]]
    y, x = np.mgrid[box.y0 : box.y1, box.x0 : box.x1].astype(np.float32)
    up = head.axes[:2, 1].astype(np.float32)
    above = (x - tragus[0]) * up[0] + (y - tragus[1]) * up[1]
    free = 1 - face_in(scene, box)
    hair = scene.hair[box.rows_cols]
    if ear.is_seen:
        own = smoothstep(above, 0.13 * unit, 0.05 * unit)
        lobe = smoothstep(above, -0.125 * unit, -0.055 * unit)  # the lobe stays the person's own
        return np.asarray(free * lobe * (1 - smoothstep(hair, 0.45, 0.9) * own))
    ragged = rooted(scene, box, above - np.float32(0.10 * unit), 0.12 * unit)
    return np.asarray(
        free * (1 - (1 - ragged) * smoothstep(blur(hair, 1.0), 0.2, 0.6)) * smoothstep(above, 0.02 * unit, 0.08 * unit)
    )
