"""The two small real nets, where the checkout has them beside it: they are tried, never shipped."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from generation.engines.stylenet.oklab import to_oklab
from generation.styles.nets import read_nets
from tests.generation.stylenet.conftest import Draw, far
from tests.generation.test_every_style import small

WEIGHTS = Path(__file__).parents[4] / "shared" / "weights"
pytestmark = pytest.mark.skipif(not (WEIGHTS / "magenta").is_dir(), reason="the real nets are not here")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files under the names they came with; a picture of red and black waves."""
    from PIL import Image

    folder = tmp_path_factory.mktemp("real") / "painted"
    shutil.copytree(WEIGHTS / "magenta", folder / "transfer")
    shutil.copytree(WEIGHTS / "cartoongan_light", folder / "generators")
    (folder / "transfer" / "pictures").mkdir()
    y, x = np.mgrid[0:256, 0:256]
    waves = (np.sin(x / 6 + 3 * np.sin(y / 30)) > 0)[..., None] * np.asarray([220, 40, 30])
    Image.fromarray(waves.astype(np.uint8)).save(folder / "transfer" / "pictures" / "red-waves.png")
    return folder


@pytest.mark.parametrize("name", ["red-waves", "light-shinkai", "light-paprika"])
def test_a_real_net_draws_a_picture_and_keeps_dark_skin(folder: Path, draw: Draw, name: str) -> None:
    styles = {style.name: style for style in read_nets(folder)}
    photo = small("dark")
    picture = draw(styles[name], pixels=photo).pixels
    assert picture.shape == photo.shape
    assert far(picture, photo) > 3
    face = np.s_[110:150, 105:150]
    assert abs(float(np.median(to_oklab(picture)[face][..., 0] - to_oklab(photo)[face][..., 0]))) < 0.08
