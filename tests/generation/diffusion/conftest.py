"""The tiny klein, stock and ours, and what both are shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from generation.engine import load_painter
from generation.engines.diffusion.engine import DiffusionEngine
from generation.painter import Dtype, Painter, PainterName
from tests.engines.tiny_models import save_tiny_klein
from tests.engines.tiny_sdxl import save_tiny_sdxl


@pytest.fixture(scope="session", autouse=True)
def _small() -> Iterator[None]:
    """Tiny random weights make denormal numbers, which some processors are a hundred times slower with."""
    threads = torch.get_num_threads()
    torch.set_flush_denormal(True)
    torch.set_num_threads(1)
    yield
    torch.set_flush_denormal(False)
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def klein_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_klein(tmp_path_factory.mktemp("models") / "tiny-klein")


@pytest.fixture(scope="session")
def sdxl_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_sdxl(tmp_path_factory.mktemp("models") / "tiny-sdxl")


@pytest.fixture
def painter(klein_folder: Path, tmp_path: Path) -> Painter:
    return small_painter(klein_folder, tmp_path / "words")


@pytest.fixture(scope="session")
def engine(klein_folder: Path, models: Path, tmp_path_factory: pytest.TempPathFactory) -> DiffusionEngine[Any, Any]:
    """One for all tests, for it keeps nothing of a job that ended."""
    loaded = load_painter(small_painter(klein_folder, tmp_path_factory.mktemp("words")), "cpu", models)
    assert isinstance(loaded, DiffusionEngine)
    return loaded


def small_painter(folder: Path, words: Path) -> Painter:
    return Painter(PainterName.FLUX2_KLEIN, str(folder), dtype=Dtype.FP32, size_px=64, ref_side_px=64, text_cache=words)
