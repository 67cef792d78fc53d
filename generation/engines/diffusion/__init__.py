"""Engines that paint from words and selfies by diffusion, many people's pictures together, none seeing another's face.

Knows no chat, no catalogue and no label. Needs the extra `diffusion`.
"""

import importlib
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from generation.engine import BatchedEngine
from generation.painter import Painter, PainterName, PainterUnusable
from generation.styles.style import Style
from generation.weights.permission import check_licence

MODULES = {PainterName.FLUX2_KLEIN: "klein", PainterName.SDXL_IP: "sdxl"}


def load(painter: Painter, device: str, models: Path) -> BatchedEngine:
    """Args:
        device: as torch names them: "cpu", "cuda:0".
        models: the folder of the face models.

    Raises:
        PainterUnusable: with a sentence for the operator.
    """
    check_licence(painter)
    family = _module(painter)
    if device == "cpu":
        _round_to_zero()
    engine: BatchedEngine = family.load(painter, device, models)
    return engine


def embed_all(painter: Painter, device: str, styles: Iterable[Style]) -> int:
    """Have a text encoder read the words of all these styles once, so that painting does without it.

    Returns:
        How many prompts were not in the painter's cache yet.

    Raises:
        PainterUnusable: with a sentence for the operator.
    """
    check_licence(painter)
    added: int = _module(painter).embed_all(painter, device, styles)
    return added


def _round_to_zero() -> None:
    """Have this thread, and those it starts, take numbers below 1e-38 for 0.

    Attention and norms make many such; a processor takes up to a hundred times as long for one of them. A setting of
    the process, which paints and does nothing else.
    """
    importlib.import_module("torch").set_flush_denormal(True)


def _module(painter: Painter) -> ModuleType:
    """A family's module, which has both functions."""
    try:
        return importlib.import_module(f"{__name__}.{MODULES[painter.name]}")
    except ImportError as error:
        raise PainterUnusable(
            f"Painting needs more packages ({error}). Run: pip install 'selfiebot[diffusion]'"
        ) from error
