"""What media tell apart before they draw: beards from shade, cloth from skin, one cloth from another."""

import numpy as np
import pytest

from generation.engines.retouch.colour import from_oklab, to_canvas, to_oklab
from generation.engines.retouch.effects import load_effect
from generation.engines.retouch.layer import Layer
from generation.engines.retouch.media.cel import masks_of
from generation.engines.retouch.media.likeness import colours_of
from generation.engines.retouch.media.sheet import sheet_of
from generation.engines.retouch.scene import Scene
from generation.face.face import Face
from generation.face.finder import FaceFinder

CHEST = np.s_[340:500, 120:330]
"""Of the astronaut: her suit."""


@pytest.fixture(scope="module")
def scene(astronaut: np.ndarray, astronaut_face: Face, finder: FaceFinder) -> Scene:
    return Scene(astronaut, astronaut_face, finder)


def recoloured(scene: Scene, lab: np.ndarray) -> Scene:
    return Scene(np.round(from_oklab(lab) * 255).astype(np.uint8), scene.face, scene.finder)


@pytest.mark.parametrize(("colour", "is_beard"), [(1.0, False), (0.3, True)])
def test_a_beard_is_paler_than_its_skin_and_shade_is_not(scene: Scene, colour: float, is_beard: bool) -> None:
    sheet = sheet_of(scene, to_canvas(scene.pixels), 2048)
    lab, points = to_oklab(sheet.pixels), sheet.points
    y, x = np.mgrid[0 : sheet.height, 0 : sheet.width]
    middle, unit = (points[152] + points[17]) / 2, sheet.unit_px  # between the lower lip and the chin
    chin = np.hypot((x - middle[0]) / 1.4, y - middle[1]) < 0.09 * unit
    lab[chin] *= np.asarray([0.6, colour, colour], np.float32)
    bare = masks_of(scene, sheet, lab, {}).bare
    assert (float(bare[chin].mean()) < 0.5) == is_beard


@pytest.mark.parametrize(("iris", "is_blue"), [((0.30, -0.006, -0.030), True), ((0.24, 0.006, -0.022), False)])
def test_a_dark_eye_that_mirrors_the_sky_is_brown_and_a_blue_eye_in_shade_blue(
    scene: Scene, iris: tuple[float, float, float], is_blue: bool
) -> None:
    sheet = sheet_of(scene, to_canvas(scene.pixels), 2048)
    lab = to_oklab(sheet.pixels)
    y, x = np.mgrid[0 : sheet.height, 0 : sheet.width]
    for eye in (468, 473):
        lab[np.hypot(x - sheet.points[eye][0], y - sheet.points[eye][1]) < 0.06 * sheet.unit_px] = iris
    found = colours_of(sheet, lab, scene.complexion.tone, sheet.points).iris
    assert (found[2] < 0) == is_blue


def test_pale_cloth_of_another_hue_is_no_skin(scene: Scene) -> None:
    tone = scene.complexion.tone
    for hue, is_skin in (((tone[1], tone[2]), True), ((-0.02, 0.012), False)):
        lab = to_oklab(scene.pixels)
        lab[CHEST] = tone[0], *hue
        dressed = recoloured(scene, lab)
        skin = sheet_of(dressed, to_canvas(dressed.pixels), 2048).skin[CHEST]
        assert (float(np.median(skin)) > 0.5) == is_skin


def test_paper_of_two_clothes_keeps_two_colours(scene: Scene) -> None:
    lab = to_oklab(scene.pixels)
    lab[250:, :225], lab[250:, 225:] = (0.55, -0.03, -0.12), (0.55, 0.01, 0.11)
    dressed = recoloured(scene, lab)
    layer = load_effect("paper_cut").apply(dressed, to_canvas(dressed.pixels), seed=1)
    assert isinstance(layer, Layer)
    drawn = to_oklab(layer.colour)[CHEST][..., 2]
    assert float(np.median(drawn[60:, 20:85])) < -0.06
    assert float(np.median(drawn[60:, 125:190])) > 0.06
