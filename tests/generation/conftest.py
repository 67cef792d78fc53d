"""What many picture tests share: the models, a finder with them, and the one face we may ship tests with."""

from pathlib import Path

import numpy as np
import pytest
from skimage import data

from generation.face.face import Face
from generation.face.finder import FaceFinder
from generation.face.models import default_folder, fetch_models


@pytest.fixture(scope="session")
def models() -> Path:
    """The folder with the models; fetched by pip the first time, kept in the user's cache."""
    folder = default_folder()
    fetch_models(folder)
    return folder


@pytest.fixture(scope="session")
def finder(models: Path) -> FaceFinder:
    return FaceFinder(models).load()


@pytest.fixture(scope="session")
def astronaut() -> np.ndarray:
    """(512, 512, 3) uint8 sRGB: Eileen Collins, NASA, public domain. Read-only, for every test sees the same array."""
    pixels: np.ndarray = data.astronaut()
    pixels.setflags(write=False)
    return pixels


@pytest.fixture(scope="session")
def astronaut_face(finder: FaceFinder, astronaut: np.ndarray) -> Face:
    (face,) = finder.find(astronaut)
    return face
