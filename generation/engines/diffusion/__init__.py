"""Engines that paint from words and selfies by diffusion, many people's pictures together, none seeing another's face.

Knows no chat, no catalogue and no label. Needs the extra `diffusion`.
"""

import importlib
from pathlib import Path

from generation.engine import BatchedEngine
from generation.painter import Painter, PainterName, PainterUnusable

MODULES = {PainterName.FLUX2_KLEIN: "klein", PainterName.SDXL_IP: "sdxl"}


def load(painter: Painter, device: str, models: Path) -> BatchedEngine:
    """Args:
        device: as torch names them: "cpu", "cuda:0".
        models: the folder of the face models.

    Raises:
        PainterUnusable: with a sentence for the operator.
    """
    try:
        module = importlib.import_module(f"{__name__}.{MODULES[painter.name]}")
    except ImportError as error:
        raise PainterUnusable(
            f"Painting needs more packages ({error}). Run: pip install 'selfiebot[diffusion]'"
        ) from error
    engine: BatchedEngine = module.load(painter, device, models)
    return engine
