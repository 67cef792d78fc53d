"""Draws styles by small feed-forward nets that the operator brings, on the CPU. Knows no chat and no label.

Needs the extra `stylenet`; generators of PyTorch need the extra `diffusion` besides.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generation.engines.stylenet.engine import StyleNetEngine


def load(device: str, models: Path) -> StyleNetEngine:
    """The engine, with the face models loaded and no net yet: each is loaded when a style first asks for it.

    Raises:
        ImportError: the extra is not installed; the text says how to.
    """
    try:
        from generation.engines.stylenet.engine import load as load_here
    except ModuleNotFoundError as error:
        raise ImportError(
            f"Style nets need another package ({error}). Run: pip install 'selfiebot[stylenet]'"
        ) from error
    return load_here(models)
